"""The commands of the sites, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.records.samples import exchange
from typer.testing import CliRunner, Result

from civicbot.cli import application, main
from civicbot.records.database import open_database
from civicbot.records.sites import SiteBook
from civicbot.records.store import Records
from civicbot.settings import Settings

Run = Callable[..., Result]
HERE = "https://www.city.example"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CIVICBOT_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("CIVICBOT_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(application, ["sites", *arguments])
        assert result.exception is None, result.output
        return result

    return invoke


@pytest.fixture
def fail(run: Run, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a command that must not work, and returns what is told."""
    del run

    def invoke(*arguments: str) -> str:
        with pytest.raises(SystemExit) as left:
            main(["sites", *arguments])
        assert left.value.code == 1
        return " ".join(capsys.readouterr().err.split())

    return invoke


def listed(run: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("list", "--json").stdout)
    return found


def test_a_sites_life(run: Run, tmp_path: Path) -> None:
    assert "No site is registered" in run("list").stdout
    told = run("add", "city", "--origin", "https://WWW.City.Example/", "--origin", "https://광주.한국").stdout
    assert "'city' is registered for https://www.city.example, https://xn--hc0bl34c.xn--3e0b707e." in told
    assert '<script src="https://HOST/widget.js" data-site="city"' in told
    (site,) = listed(run)
    assert site["origins"] == [HERE, "https://xn--hc0bl34c.xn--3e0b707e"]
    assert (site["languages"], site["accent"], site["per_minute"], site["enabled"]) == (["ko", "en"], None, 300, True)
    assert "'city' is off" in run("disable", "city").stdout
    assert listed(run)[0]["enabled"] is False
    assert "'city' is on" in run("enable", "city").stdout
    assert listed(run)[0]["enabled"] is True
    records = Records(open_database(Settings(data=tmp_path / "var")), mask=lambda text, _: text)
    records.remember(exchange(records.start(), site="city", asked_at=datetime(2026, 11, 22, 3, 4, tzinfo=UTC)))
    records.close()
    (row,) = [line for line in run("list").stdout.splitlines() if "city " in line and "yes" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "city", "yes", HERE, "ko, en", "—", "300", "1", "2026-11-22 03:04 UTC",
    ]  # fmt: skip
    assert "'city' is removed" in run("remove", "city").stdout
    assert listed(run) == []


def test_everything_at_once(run: Run) -> None:
    run(
        "add", "city", "--origin", "http://city.example", "--allow-http", "--language", "en", "--accent", "#0A5A3C",
        "--title-ko", "물어보세요", "--title-en", "Ask", "--greeting-ko", "안녕하세요?", "--greeting-en", "Hello",
        "--example-ko", "하나?", "--example-ko", "둘?", "--example-en", "One?", "--per-minute", "60",
    )  # fmt: skip
    (site,) = listed(run)
    del site["use"]
    assert site == {
        "name": "city",
        "origins": ["http://city.example"],
        "allow_http": True,
        "languages": ["en"],
        "accent": "#0a5a3c",
        "titles": {"ko": "물어보세요", "en": "Ask"},
        "greetings": {"ko": "안녕하세요?", "en": "Hello"},
        "examples": {"ko": ["하나?", "둘?"], "en": ["One?"]},
        "per_minute": 60,
        "enabled": True,
    }


def test_a_change_leaves_the_rest(run: Run) -> None:
    run("add", "city", "--origin", HERE, "--greeting-ko", "안녕", "--example-ko", "하나?", "--accent", "#000000")
    told = run("edit", "city", "--greeting-en", "Hello", "--per-minute", "5").stdout
    assert "'city' is changed" in told
    (site,) = listed(run)
    assert site["greetings"] == {"ko": "안녕", "en": "Hello"}
    assert (site["per_minute"], site["accent"], site["examples"]) == (5, "#000000", {"ko": ["하나?"]})
    run("edit", "city", "--greeting-ko", "", "--example-ko", "", "--example-en", "One?", "--accent", "none")
    (site,) = listed(run)
    assert (site["greetings"], site["examples"], site["accent"]) == ({"en": "Hello"}, {"en": ["One?"]}, None)
    run("edit", "city", "--origin", "https://other.example", "--language", "en", "--language", "ko")
    (site,) = listed(run)
    assert (site["origins"], site["languages"]) == (["https://other.example"], ["en", "ko"])


def test_a_sites_words_come_from_the_command_alone(run: Run) -> None:
    """Each process reads what another one wrote."""
    run("add", "city", "--origin", HERE, "--title-en", "<b>[red]Ask[/red]</b>")
    run("list")
    assert listed(run)[0]["titles"] == {"en": "<b>[red]Ask[/red]</b>"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "city"), "A site needs at least one --origin"),
        (("add", "City", "--origin", HERE), "The site's name 'City' cannot be used: write 1 to 64 small letters"),
        (("add", "city", "--origin", "https://city.example/page"), "'https://city.example/page' is no web origin"),
        (("add", "city", "--origin", "http://city.example"), "'http://city.example' is without TLS"),
        (("add", "city", "--origin", "null"), "'null' is no web origin"),
        (("add", "city", "--origin", HERE, "--accent", "green"), "accent 'green' cannot be used"),
        (("add", "city", "--origin", HERE, "--language", "fr"), "'fr' is neither ko nor en"),
        (("add", "city", "--origin", HERE, "--per-minute", "0"), "per_minute"),
        (("add", "there", "--origin", HERE), "The site 'there' is registered already"),
        (("edit", "there"), "Nothing to change was given"),
        (("edit", "there", "--origin", "https://*.city.example"), "names no host"),
        (("edit", "none", "--accent", "none"), "There is no site 'none'"),
        (("enable", "none"), "`civicbot sites list` shows what is registered"),
        (("disable", "none"), "There is no site 'none'"),
        (("remove", "none"), "There is no site 'none'"),
    ],
)
def test_what_does_not_work_is_told(
    run: Run, fail: Callable[..., str], arguments: tuple[str, ...], message: str
) -> None:
    run("add", "there", "--origin", HERE)
    before = listed(run)
    assert message in fail(*arguments)
    assert listed(run) == before


def test_a_database_that_is_not_there(fail: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", "postgresql://me:s3cret@127.0.0.1:1/x")
    for arguments in (["list"], ["add", "city", "--origin", HERE], ["disable", "city"]):
        told = fail(*arguments)
        assert "The records cannot be used (OperationalError" in told
        assert "s3cret" not in told


def test_the_register_is_made_with_the_tables(run: Run, tmp_path: Path) -> None:
    run("list")
    database = open_database(Settings(data=tmp_path / "var"))
    assert SiteBook(database).list() == ()
    database.close()
