from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.records.conftest import mask
from tests.records.samples import ASKED, Kind, exchange

from civicbot.errors import RecordsUnavailableError
from civicbot.model import Exchange, Feedback
from civicbot.records.counts import count
from civicbot.records.database import Database
from civicbot.records.retention import Purged, Retention, limit
from civicbot.records.store import Records


def add(records: Records, days: float, conversation: str | None = None, question: str = "얼마야?") -> Exchange:
    kept = exchange(conversation or records.start(), question, asked_at=ASKED - timedelta(days=days))
    records.remember(kept)
    return kept


def test_what_is_too_old_goes_with_all_that_was_said_about_it(database: Database) -> None:
    records = Records(database, mask=mask, now=lambda: ASKED - timedelta(days=366))
    records.open()
    old, young = add(records, 366), add(records, 364)
    for each in (old, young):
        records.add_feedback(each.answer.id, Feedback(helpful=True))
        records.open_ticket(each.answer.id, None)
    assert records.purge(limit(365, ASKED)) == Purged(exchanges=1, conversations=1, feedback=1, tickets=1)
    assert list(records.iter_exchanges()) == [young]
    found = count(database)
    assert (found.conversations, found.exchanges, found.feedback, found.tickets) == (1, 1, 1, 1)
    assert records.purge(limit(365, ASKED)) == Purged()


def test_a_conversation_goes_with_its_last_exchange(records: Records) -> None:
    conversation = records.start()
    add(records, 400, conversation)
    kept = add(records, 1, conversation)
    assert records.purge(limit(365, ASKED)) == Purged(exchanges=1)
    assert records.conversation(conversation) == (kept,)
    later = add(records, 0, conversation)
    assert records.conversation(conversation) == (kept, later)


def test_an_exchange_stays_while_its_ticket_is_young(database: Database) -> None:
    now = [ASKED - timedelta(days=400)]
    records = Records(database, mask=mask, now=lambda: now[0])
    records.open()
    old = add(records, 400)
    ticket = records.open_ticket(old.answer.id, None)
    now[0] = ASKED - timedelta(days=10)
    records.reply(ticket.code, "네")
    assert records.purge(limit(365, ASKED)) == Purged()
    assert records.ticket(ticket.code).reply == "네"
    assert records.purge(limit(9, ASKED)).tickets == 1


def test_many_go_in_small_steps(records: Records) -> None:
    for _ in range(450):
        add(records, 400, "c1")
    assert records.purge(limit(365, ASKED)) == Purged(exchanges=450, conversations=1)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_nothing_of_it_is_left_in_the_file(kind: Kind, records: Records) -> None:
    del kind
    add(records, 400, question="아주특별한질문")
    file = records.database.file
    assert file is not None
    folder = file.parent

    def found() -> bool:
        return any("아주특별한질문".encode() in path.read_bytes() for path in folder.iterdir())

    assert found()
    records.purge(limit(365, ASKED))
    assert not found()


def wait_for(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert happened()


def test_it_begins_at_once(tmp_path: Path) -> None:
    del tmp_path
    limits: list[datetime] = []

    def purge(before: datetime) -> Purged:
        limits.append(before)
        return Purged()

    retention = Retention(purge, 30)
    retention.start()
    wait_for(lambda: limits)
    retention.stop()
    assert len(limits) == 1
    assert abs(datetime.now(UTC) - timedelta(days=30) - limits[0]) < timedelta(minutes=1)


def test_a_failure_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    def purge(before: datetime) -> Purged:
        raise RecordsUnavailableError(f"not before {before}")

    retention = Retention(purge, 30)
    retention.start()
    wait_for(lambda: "purge_failed" in caplog.text)
    retention.stop()


def test_stopping_what_never_began() -> None:
    Retention(lambda _: Purged(), 30).stop()
