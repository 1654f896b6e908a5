"""Losing the database never stops an answer, on both kinds: it degrades, tells, recovers and writes what was kept."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.records.conftest import mask
from tests.records.outages import Outage, outage_of
from tests.records.samples import ASKED, Kind, exchange

from civicbot.errors import (
    RecordsUnavailableError,
    UnknownAnswerError,
    UnknownConversationError,
    UnknownTicketError,
)
from civicbot.health import records_check
from civicbot.model import Exchange, Feedback
from civicbot.records.database import Database
from civicbot.records.resilient import ResilientRecords
from civicbot.records.store import Records

QUEUE = 5


class Seen:
    """What the metrics are told."""

    def __init__(self) -> None:
        self.failures = 0
        self.queue: list[int] = []

    def records_failed(self) -> None:
        self.failures += 1

    def records_queue(self, waiting: int) -> None:
        self.queue.append(waiting)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def resilient(database: Database, seen: Seen) -> Iterator[ResilientRecords]:
    resilient = ResilientRecords(Records(database, mask=mask), watch=seen, queue=QUEUE)
    resilient.open()
    assert resilient.problem is None
    yield resilient
    resilient.close()


@pytest.fixture
def outage(request: pytest.FixtureRequest, kind: Kind, database: Database) -> Outage:
    return outage_of(database, request.getfixturevalue("cluster") if kind == "postgresql" else None)


def recovered(records: ResilientRecords) -> bool:
    deadline = time.monotonic() + 30
    while records.problem is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    return records.problem is None


def stored(database: Database) -> list[Exchange]:
    return list(Records(database, mask=mask).iter_exchanges())


def test_while_the_database_works_it_is_used(resilient: ResilientRecords, database: Database) -> None:
    kept = exchange(resilient.start())
    assert resilient.earlier(kept.answer.conversation_id) == ()
    assert resilient.remember(kept) is True
    assert resilient.exchange(kept.answer.id) == kept
    assert resilient.conversation(kept.answer.conversation_id) == (kept,)
    resilient.add_feedback(kept.answer.id, Feedback(helpful=True))
    assert resilient.feedback(kept.answer.id) == Feedback(helpful=True)
    assert resilient.feedback_on([kept.answer.id, "nobody"]) == {kept.answer.id: Feedback(helpful=True)}
    ticket = resilient.open_ticket(kept.answer.id, "010-1234-5678")
    assert ticket.message == "[ko phone]"
    assert resilient.tickets_on([kept.answer.id, "nobody"]) == {kept.answer.id: (ticket,)}
    assert resilient.reply(ticket.code, "네", close=True) == resilient.ticket(ticket.code)
    assert resilient.purge(ASKED).exchanges == 0
    assert stored(database) == [kept]
    assert records_check(resilient).state == "ok"


def test_what_is_unknown_stays_unknown(resilient: ResilientRecords) -> None:
    with pytest.raises(UnknownConversationError):
        resilient.earlier("0" * 32)
    with pytest.raises(UnknownConversationError):
        resilient.conversation("0" * 32)
    with pytest.raises(UnknownAnswerError):
        resilient.exchange("a1")
    with pytest.raises(UnknownTicketError):
        resilient.ticket("K7QX-9M2D-4TVA")
    assert resilient.problem is None


def test_losing_it_and_getting_it_back(
    resilient: ResilientRecords,
    database: Database,
    outage: Outage,
    seen: Seen,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = exchange(resilient.start(), "하나")
    conversation = first.answer.conversation_id
    assert resilient.remember(first)
    outage.begin()
    second, third = exchange(conversation, "둘"), exchange(conversation, "셋")
    try:
        assert resilient.remember(second) is False
        assert resilient.remember(third) is False
        # The conversation goes on, and another one, which only the database knows, goes on without its past.
        assert [turn.question for turn in resilient.earlier(conversation)] == ["하나", "둘", "셋"]
        assert resilient.earlier("0" * 32) == ()
        with pytest.raises(UnknownConversationError):
            resilient.earlier("no id")
        assert [each.answer for each in resilient.conversation(conversation)] == [
            each.answer for each in (first, second, third)
        ]
        assert resilient.exchange(second.answer.id).answer == second.answer
        refused: list[Callable[[], object]] = [
            lambda: resilient.add_feedback(first.answer.id, Feedback(helpful=True)),
            lambda: resilient.feedback(first.answer.id),
            lambda: resilient.feedback_on([first.answer.id]),
            lambda: resilient.tickets_on([first.answer.id]),
            lambda: resilient.open_ticket(first.answer.id, None),
            lambda: resilient.ticket("K7QX-9M2D-4TVA"),
            lambda: resilient.reply("K7QX-9M2D-4TVA", "네"),
            lambda: resilient.purge(ASKED),
            lambda: resilient.exchange("a1"),
            lambda: resilient.conversation("0" * 32),
        ]
        for action in refused:
            with pytest.raises(RecordsUnavailableError):
                action()
        check = records_check(resilient)
        assert (check.name, check.state) == ("records", "warning")
        assert "2 wait" in check.message
        assert (seen.failures, seen.queue[-1]) == (1, 2)
    finally:
        outage.end()
    assert recovered(resilient)
    assert resilient.conversation(conversation) == (first, second, third)
    assert resilient.waiting == seen.queue[-1] == 0
    assert resilient.remember(exchange(conversation, "넷"))
    assert [turn.question for turn in resilient.earlier(conversation)] == ["하나", "둘", "셋", "넷"]
    assert len(stored(database)) == 4
    resilient.close()  # and with it the thread that tells
    told = [record.getMessage() for record in caplog.records]
    assert (told.count("records_lost"), told.count("records_back")) == (1, 1)
    assert "하나" not in caplog.text + repr([record.__dict__.get("fields") for record in caplog.records])


def test_a_start_without_database(resilient: ResilientRecords, database: Database, outage: Outage, seen: Seen) -> None:
    outage.begin()
    late = ResilientRecords(Records(database, mask=mask), watch=seen)
    try:
        late.open()
        assert late.problem is not None
        kept = exchange(late.start())
        assert late.remember(kept) is False
    finally:
        outage.end()
    assert recovered(late)
    assert late.exchange(kept.answer.id) == kept
    del resilient


def test_when_too_many_wait_the_oldest_is_lost(
    resilient: ResilientRecords, database: Database, outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    kept = [exchange("c1", str(number), asked_at=ASKED + timedelta(seconds=number)) for number in range(QUEUE + 3)]
    outage.begin()
    try:
        assert not any(resilient.remember(each) for each in kept)
        assert resilient.waiting == QUEUE
    finally:
        outage.end()
    assert recovered(resilient)
    assert stored(database) == kept[3:]
    resilient.close()  # and with it the thread that tells
    (back,) = (record for record in caplog.records if record.getMessage() == "records_back")
    assert back.__dict__["fields"] == {"written": QUEUE, "lost": 3}


def test_nothing_that_is_answered_around_an_outage_is_lost_or_doubled(
    database: Database, outage: Outage, seen: Seen
) -> None:
    records = ResilientRecords(Records(database, mask=mask), watch=seen)
    records.open()
    asked: list[str] = []
    stop = threading.Event()

    def resident(number: int) -> None:
        conversation = records.start()
        turn = 0
        while not stop.is_set():
            kept = exchange(conversation, f"{number}.{turn}")
            records.remember(kept)
            asked.append(kept.answer.id)
            turn += 1
            stop.wait(0.1)  # eight residents ask more than a server can answer

    with ThreadPoolExecutor(8) as pool:
        residents = [pool.submit(resident, number) for number in range(8)]
        time.sleep(0.2)
        outage.begin()
        time.sleep(0.2)
        outage.end()
        back = recovered(records)
        time.sleep(0.2)
        stop.set()
        for each in residents:
            each.result()
    assert back, (records.problem, records.waiting, len(asked))
    assert recovered(records)
    assert sorted(each.answer.id for each in stored(database)) == sorted(asked)
    records.close()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_locked_file_is_an_outage(kind: Kind, resilient: ResilientRecords, database: Database) -> None:
    del kind
    other = sqlite3.connect(str(database.file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    kept = [exchange("c1", str(number), asked_at=ASKED + timedelta(seconds=number)) for number in range(4)]
    try:
        assert resilient.remember(kept[0]) is False
        assert not any(resilient.remember(each) for each in kept[1:])
        assert records_check(resilient).message.startswith("Exchanges are not stored (OperationalError SQLITE_BUSY)")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert recovered(resilient)
    assert stored(database) == kept


def test_an_exchange_that_cannot_be_stored_is_no_outage(
    resilient: ResilientRecords, kind: Kind, caplog: pytest.LogCaptureFixture
) -> None:
    unfit = exchange(resilient.start(), "s3cret \0") if kind == "postgresql" else _without_status(resilient)
    assert resilient.remember(unfit) is False
    assert resilient.problem is None
    assert resilient.waiting == 0
    (refused,) = (record for record in caplog.records if record.getMessage() == "records_refused")
    assert refused.__dict__["fields"]["answer"] == unfit.answer.id
    assert "s3cret" not in caplog.text + repr(refused.__dict__)


def _without_status(records: ResilientRecords) -> Exchange:
    kept = exchange(records.start())
    return kept.model_copy(update={"question": None})


def test_tables_of_a_newer_program_are_left_alone(
    resilient: ResilientRecords, database: Database, seen: Seen, caplog: pytest.LogCaptureFixture
) -> None:
    del resilient
    with database.changing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    old = ResilientRecords(Records(database, mask=mask), watch=seen)
    old.open()
    assert old.remember(exchange(old.start())) is False
    assert "version '9999'" in records_check(old).message
    assert stored(database) == []
    caplog.set_level(logging.ERROR)
    old.close()
    assert "exchanges_lost" in caplog.text


def test_closing_writes_what_waits(resilient: ResilientRecords, database: Database, outage: Outage, seen: Seen) -> None:
    del resilient
    records = ResilientRecords(Records(database, mask=mask), watch=seen)
    outage.begin()
    kept = exchange(records.start())
    try:
        assert records.remember(kept) is False
    finally:
        outage.end()
    records.close()
    assert stored(database) == [kept]
