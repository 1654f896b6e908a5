"""The rooms import only downwards (docs/decisions/0001)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "civicbot"
# From the lowest line up; rooms on one line do not import each other. `generation`, `health` and `wiring` are
# single modules: the layout that both index rooms share, the operator's checks, and the place where rooms meet;
# `commands_*` are commands that cli puts together; three of them need parts of web, which cli itself never imports.
LINES: list[set[str]] = [
    {"model", "errors", "settings", "generation", "statistics", "tracing", "origins", "site", "judging", "recurring"},
    {"language"},
    {"retrieval", "library"},
    {"answering", "records"},
    {"review", "evaluation"},
    {"health"},
    {"wiring"},
    {"commands_verified"},
    {
        "commands_eval",
        "commands_bench",
        "commands_records",
        "commands_updates",
        "commands_users",
        "commands_audit",
        "commands_approved",
        "commands_pause",
    },
    {"commands_eval_approved", "commands_eval_gate"},
    {"web"},
    {"commands_demo", "commands_mcp", "commands_sites"},
    {"cli"},
    {"__main__"},
]
APART = {frozenset({"web", "cli"})}
LEVEL = {room: level for level, rooms in enumerate(LINES) for room in rooms}


def _room(module: str) -> str:
    return module.removeprefix("civicbot.").split(".")[0]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield node.module


def violations(name: str, imported: str) -> bool:
    """Whether module ``name`` must not import ``imported``."""
    if not imported.startswith("civicbot.") or _room(imported) == _room(name):
        return False
    if frozenset({_room(name), _room(imported)}) in APART:
        return True
    own, other = LEVEL[_room(name)], LEVEL[_room(imported)]
    # The lowest line holds plain modules, which may build on each other.
    return other > own or (other == own and own > 0)


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE)))
def test_rooms_import_only_downwards(path: Path) -> None:
    name = "civicbot." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    if name == "civicbot.__init__":
        return
    wrong = [imported for imported in _imports(path) if violations(name, imported)]
    assert not wrong, f"{name} imports {wrong}"


@pytest.mark.parametrize(
    ("name", "imported", "wrong"),
    [
        ("civicbot.library.build", "civicbot.retrieval.live", True),
        ("civicbot.answering.compose", "civicbot.records.memory", True),
        ("civicbot.language.tokens", "civicbot.library.ingest", True),
        ("civicbot.answering.compose", "civicbot.retrieval.live", False),
        ("civicbot.web.api", "civicbot.wiring", False),
        ("civicbot.web.api", "civicbot.cli", True),
        ("civicbot.cli", "civicbot.web.api", True),
        ("civicbot.web.api", "civicbot.commands_demo", True),
        ("civicbot.commands_demo", "civicbot.web.demo.site", False),
    ],
)
def test_the_rule_itself(name: str, imported: str, wrong: bool) -> None:
    assert violations(name, imported) is wrong


def test_every_module_has_a_line() -> None:
    rooms = {path.relative_to(SOURCE).parts[0].removesuffix(".py") for path in SOURCE.rglob("*.py")}
    assert rooms - {"__init__"} <= set(LEVEL)


def test_importing_the_package_does_no_work() -> None:
    # Heavy packages are imported where they are first needed, so that `civicbot --version` is quick.
    import subprocess
    import sys

    code = "import sys, civicbot.cli; print(sorted({'torch', 'gradio', 'chromadb', 'kiwipiepy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
