"""An exchange that was told to be stored is there after a SIGKILL, fifty times at random moments."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from tests.records.conftest import mask

from civicbot.records.database import Database
from civicbot.records.store import Records
from civicbot.records.tables import ConversationRow, ExchangeRow

KILLS = 50
SCRIPT = Path(__file__).with_name("killed_records.py")
ROOT = SCRIPT.parents[2]


@pytest.fixture
def process(address: str) -> Iterator[subprocess.Popen[str]]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    with subprocess.Popen(
        [sys.executable, SCRIPT, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
    ) as process:
        yield process  # it ends with its input


@pytest.mark.slow
def test_what_was_stored_survives_being_killed(database: Database, process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    moments = random.Random(20261122)
    told: set[str] = set()
    for number in range(KILLS):
        process.stdin.write("store\n")
        process.stdin.flush()
        pid = int(process.stdout.readline())
        if number % 5:  # every fifth is hit while it opens the database, or soon after
            told.add(process.stdout.readline().strip())
        time.sleep(0.1 * moments.random())
        os.kill(pid, signal.SIGKILL)
        lines = iter(process.stdout.readline, "ended\n")
        told |= {line.strip() for line in lines}
        database.upgrade()  # the first kills may hit the making of the tables: it begins anew
        with database.reading() as session:
            there = set(session.scalars(select(ExchangeRow.answer_id)))
        assert told <= there
    assert len(told) > KILLS
    _check_whole(database, told)


def _check_whole(database: Database, told: set[str]) -> None:
    records = Records(database, mask=mask)
    kept = list(records.iter_exchanges())
    assert told <= {each.answer.id for each in kept}
    exchanges = select(func.count()).where(ExchangeRow.conversation_id == ConversationRow.id).scalar_subquery()
    with database.reading() as session:
        # One statement sees one state: PostgreSQL may still be committing what the killed process last asked for.
        wrong = select(ConversationRow.id, exchanges).where(ConversationRow.turns != exchanges)
        assert not session.execute(wrong).all()
        assert session.scalar(select(func.count()).select_from(ConversationRow))
        if database.file is not None:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
