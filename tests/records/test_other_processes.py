"""Commands run beside a server: what either stores, both see, and nothing is lost when one of them ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.records.conftest import mask
from tests.records.samples import Kind, exchange

from civicbot.records.database import Database
from civicbot.records.sites import SiteBook
from civicbot.records.store import Records
from civicbot.settings import REPOSITORY

A = "https://a.example"


def command(address: str, *arguments: str) -> str:
    """Runs a command of another process, and returns what it says."""
    code = f"from civicbot.cli import main; main({list(arguments)!r})"
    environment = {
        "CIVICBOT_DATABASE_URL": address,
        "PYTHONPATH": str(Path(REPOSITORY) / "src"),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_command_leaves_the_servers_records_whole(
    records: Records, address: str, opened: Callable[[str], Database]
) -> None:
    # A server's threads open several connections, one after the other, while others are in use.
    with records.database.reading() as first, records.database.reading() as second:
        first.connection()
        second.connection()
    book = SiteBook(records.database)
    book.add("one", origins=(A,))
    assert "'one' is off" in command(address, "sites", "disable", "one")
    assert book.named("one").enabled is False
    kept = exchange(records.start())
    records.remember(kept)
    assert "'one' is on" in command(address, "sites", "enable", "one")
    assert book.named("one").enabled is True
    records.remember(exchange(kept.answer.conversation_id))
    # Whoever opens it next finds all of it, though the server has not ended yet.
    other = Records(opened(address), mask=mask)
    assert len(other.conversation(kept.answer.conversation_id)) == 2
    assert command(address, "records", "export", "--format", "jsonl").count("\n") == 2


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_file_is_made_for_its_owner_alone(kind: Kind, database: Database) -> None:
    del kind
    assert database.file is not None
    database.upgrade()
    assert database.file.stat().st_mode & 0o777 == 0o600
