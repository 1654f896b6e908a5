"""A later version of the tables, as a next program may bring one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from civicbot.records import migrations

LATER = "9000"
_STEP = """
from alembic import op
revision = "{revision}"
down_revision = "{before}"
def upgrade():
    op.execute({statement!r})
"""


def add_step(monkeypatch: pytest.MonkeyPatch, folder: Path, statement: str) -> None:
    """Adds a step to the program's own, in a copy in ``folder``."""
    before = migrations.newest()
    shutil.copytree(Path(migrations.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    step = _STEP.format(revision=LATER, before=before, statement=statement)
    (folder / "versions" / f"{LATER}_later.py").write_text(step, encoding="utf-8")
    monkeypatch.setattr(migrations, "_FOLDER", folder)
