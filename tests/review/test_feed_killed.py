"""A feed that is killed at any moment is gone on with: nothing is lost, and nothing counts twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from tests.review.desks import START, DeskForTests, exchange, open_desk_for_tests

from civicbot.model import AnswerStatus, NoticeKind
from civicbot.records.database import Database
from civicbot.records.tables import ExchangeRow, ItemRow, MemberRow, SignalRow
from civicbot.retrieval.live import LiveIndex

KILLS = 20
EXCHANGES = 1_500
SCRIPT = Path(__file__).with_name("killed_feed.py")
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


def fill(desk: DeskForTests) -> None:
    kept = [
        exchange(
            f"AI 시티 {number % 97}단계 예산은?",
            status=AnswerStatus.NO_EVIDENCE if number % 5 == 0 else AnswerStatus.ANSWERED,
            notices=(NoticeKind.DISPUTED,) if number % 7 == 0 else (),
            asked_at=START + timedelta(seconds=number),
        )
        for number in range(EXCHANGES)
    ]
    desk.records.remember_all(kept)
    for number in range(0, EXCHANGES, 50):
        desk.thumb_down(kept[number].answer.id)
        desk.ticket(kept[number].answer.id)


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_it_is_killed(
    database: Database,
    process: subprocess.Popen[str],
    library: LiveIndex,
    opened: Callable[[str], Database],
    address_of: Callable[[str], str],
) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    desk = open_desk_for_tests(database, library)
    fill(desk)
    moments, killed_amid = random.Random(20261122), 0
    for _ in range(KILLS):
        process.stdin.write("feed\n")
        process.stdin.flush()
        pid = int(process.stdout.readline())
        process.stdout.readline()  # its first batch, or the only look at nothing new
        time.sleep(0.05 * moments.random())
        os.kill(pid, signal.SIGKILL)
        for _ in iter(process.stdout.readline, "ended\n"):
            pass
        killed_amid += members(database) < EXCHANGES
    assert killed_amid > KILLS // 4
    desk.feed = open_desk_for_tests(database, library, sample=0.5).feed
    desk.feed.run(everything=True)
    untouched = open_desk_for_tests(opened(address_of("sqlite")), library, sample=0.5)
    for kept in desk.records.iter_exchanges():
        untouched.records.remember(kept)
    for answer_id in said(database):
        untouched.thumb_down(answer_id)
        untouched.ticket(answer_id)
    untouched.feed.run()
    assert state(database) == state(untouched.database)
    if database.file is not None:
        with database.reading() as session:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def members(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(MemberRow)) or 0


def said(database: Database) -> list[str]:
    with database.reading() as session:
        tickets = select(MemberRow.answer_id).where(MemberRow.tickets_seen > 0).order_by(MemberRow.answer_id)
        return list(session.scalars(tickets))


def state(database: Database) -> dict[str, object]:
    """Everything that the feed writes but the numbers and times that each run gives anew."""
    with database.reading() as session:
        ids = dict(session.execute(select(ItemRow.id, ItemRow.key)).all())
        items = select(
            ItemRow.key, ItemRow.state, ItemRow.risk, ItemRow.priority, ItemRow.asked, ItemRow.residents,
            ItemRow.representative, ItemRow.first_asked, ItemRow.last_asked,
        )  # fmt: skip
        every = select(MemberRow.answer_id, MemberRow.item_id, MemberRow.risk, MemberRow.search)
        signals = select(SignalRow.answer_id, SignalRow.reason, SignalRow.item_id)
        return {
            "exchanges": session.scalar(select(func.count()).select_from(ExchangeRow)),
            "items": sorted(tuple(row) for row in session.execute(items)),
            "members": sorted((row[0], ids[row[1]], *row[2:]) for row in session.execute(every)),
            "signals": sorted((row[0], row[1], ids[row[2]]) for row in session.execute(signals)),
        }
