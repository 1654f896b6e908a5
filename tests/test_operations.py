"""docs/operations.md knows every metric, every line of the log and every command of the records."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer import Typer
from typer.main import get_command

from civicbot.commands_audit import audit
from civicbot.commands_records import records
from civicbot.commands_sites import sites
from civicbot.commands_users import users
from civicbot.tracing import ANSWER_SPAN, STAGE_SPAN
from civicbot.web.metrics import PARTS, Metrics

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "civicbot"
TEXT = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def section(heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def log_calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LEVELS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("log", "logger")
            ):
                yield path, node


def test_every_metric_is_documented_and_every_documented_one_exists() -> None:
    families = {family.name + ("_total" if family.type == "counter" else "") for family in Metrics().registry.collect()}
    rows = set(re.findall(r"^\| `(civicbot_\w+)` \| \S", section("Is it well?"), re.MULTILINE))
    assert rows == families
    assert {name.removesuffix("_bucket") for name in re.findall(r"\bcivicbot_\w+", TEXT)} == families
    for part in PARTS:
        assert re.search(rf"^\| {part} \|", section("Is it well?"), re.MULTILINE)
        assert f"`{part}`" in section("Is it well?")


def test_every_event_of_the_log_is_documented() -> None:
    table = re.findall(r"^\| (`[a-z_`, ]+) \| ([^|]+) \| \S", section("Logs"), re.MULTILINE)
    documented = {
        event: set(re.findall(r"`(\w+)`", fields)) for events, fields in table for event in events.split(", ")
    }
    told = {event.strip("`"): fields for event, fields in documented.items()}
    logged = set()
    for path, call in log_calls():
        event = call.args[0]
        assert isinstance(event, ast.Constant), f"{path}:{call.lineno}: an event is a fixed word"
        assert isinstance(event.value, str)
        logged.add(event.value)
    assert set(told) == logged


def test_log_calls_put_nothing_into_the_event_and_only_known_fields() -> None:
    table = section("Logs")
    for path, call in log_calls():
        place = f"{path.relative_to(SOURCE)}:{call.lineno}"
        assert len(call.args) == 1, place
        assert {keyword.arg for keyword in call.keywords} <= {"extra", "exc_info"}, place
        for keyword in call.keywords:
            if keyword.arg != "extra":
                continue
            assert isinstance(keyword.value, ast.Dict), place
            assert [ast.literal_eval(key) for key in keyword.value.keys if key] == ["fields"], place
            (fields,) = keyword.value.values
            for key in fields.keys if isinstance(fields, ast.Dict) else ():
                assert isinstance(key, ast.Constant), place
                assert isinstance(key.value, str), place
                assert f"`{key.value}`" in table, f"{place}: {key.value}"


@pytest.mark.parametrize("name", sorted(get_command(records).commands))  # type: ignore[attr-defined]
def test_every_command_of_the_records_is_documented(name: str) -> None:
    assert re.search(rf"^\| `civicbot records {name}[ `]", section("Back up, restore, purge"), re.MULTILINE)


@pytest.mark.parametrize("name", sorted(get_command(sites).commands))  # type: ignore[attr-defined]
def test_every_command_of_the_sites_is_documented(name: str) -> None:
    assert re.search(rf"^\| `civicbot sites {name}[ `]", section("Other sites"), re.MULTILINE)


@pytest.mark.parametrize("group", [users, audit], ids=["users", "audit"])
def test_every_command_of_staff_is_documented(group: Typer) -> None:
    name = {id(users): "users", id(audit): "audit"}[id(group)]
    for command in get_command(group).commands:  # type: ignore[attr-defined]
        assert f"`civicbot {name} {command}" in section("Staff"), command


def test_spans_are_called_as_documented() -> None:
    assert f"`{ANSWER_SPAN}`" in section("Traces")
    assert f"`{STAGE_SPAN}<name>`" in section("Traces")
