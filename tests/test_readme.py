"""README.md and the other documents tell the truth where a program can check it."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import SecretStr

from civicbot import __version__
from civicbot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    if value is None:
        return "—"
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Path):
        return value.relative_to(ROOT).as_posix()
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_settings_table_is_the_settings() -> None:
    rows = re.findall(r"^\| `(CIVICBOT_\w+)` \| `?([^|`]+?)`? \| ([^|]+?) \|$", README, flags=re.MULTILINE)
    table = {name: (default, text) for name, default, text in rows}
    fields = {
        f"CIVICBOT_{name.upper()}": (_default(name), str(field.description))
        for name, field in Settings.model_fields.items()
    }
    assert table == fields


def test_the_first_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    assert block is not None
    commands = block.group(1).strip().splitlines()
    assert commands[0].startswith("git clone")
    assert commands[1:] == ["make run"]


def test_every_make_target_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    assert phony is not None
    for target in phony.group(1).split():
        assert re.search(rf"^{target}:.*## \S", makefile, flags=re.MULTILINE), target


def test_links_in_the_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_changelog_knows_this_version() -> None:
    assert re.search(rf"^## \[{re.escape(__version__)}\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)


def test_the_licence_is_apache_2() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")[:200]
