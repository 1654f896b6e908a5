"""What is counted of exchanges: worked out behind their backs, once, and gone with them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from tests.records.samples import ASKED, exchange

from civicbot.errors import IndexMissingError
from civicbot.records.database import Database
from civicbot.records.facts import Facts
from civicbot.records.forget import forget
from civicbot.records.store import Records
from civicbot.records.tables import Base, CitationRow, FactRow, TopicRow


def topics(text: str) -> Iterable[str]:
    return [name for name in ("총사업비", "모빌리티", "위치") if name in text]


@pytest.fixture
def facts(records: Records) -> Facts:
    return Facts(records.database, topics, lambda: ASKED + timedelta(minutes=1))


def rows(database: Database, table: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_exchange_is_worked_out_once(database: Database, records: Records, facts: Facts) -> None:
    kept = exchange(records.start(), site="demo")
    records.remember(kept)
    assert facts.waiting() == 1
    assert facts.gather() == 1
    assert facts.waiting() == 0
    assert facts.gather() == 0
    with database.reading() as session:
        (fact,) = session.scalars(select(FactRow))
        assert (fact.answer_id, fact.day, fact.asked_at) == (kept.answer.id, "2026-11-22", ASKED)
        assert (fact.language, fact.status, fact.channel, fact.site) == ("ko", "answered", "page", "demo")
        assert fact.seconds == kept.seconds
        assert sorted(session.scalars(select(TopicRow.entity))) == ["모빌리티", "총사업비"]
        (cited,) = session.scalars(select(CitationRow))
        assert (cited.document_id, cited.asked_at) == ("S001-ko", ASKED)


def test_a_day_is_one_of_korea(database: Database, records: Records) -> None:
    times = [datetime(2026, 11, 21, hour, 59, tzinfo=UTC) for hour in (14, 15)]
    for each in times:
        records.remember(exchange(records.start(), asked_at=each))
    Facts(database, topics, lambda: times[-1]).gather()
    with database.reading() as session:
        assert sorted(session.scalars(select(FactRow.day))) == ["2026-11-21", "2026-11-22"]


def test_what_came_in_long_ago_waits_for_a_sweep(records: Records, facts: Facts) -> None:
    records.remember_all([exchange(records.start(), asked_at=ASKED - timedelta(days=age)) for age in (0, 2, 300)])
    assert facts.gather() == 1
    assert facts.waiting() == 2
    assert facts.gather(everything=True) == 2
    assert facts.waiting() == 0


def test_many_are_worked_out_little_by_little(records: Records, facts: Facts) -> None:
    conversation = records.start()
    records.remember_all([exchange(conversation) for _ in range(450)])
    assert [facts.gather(), facts.gather(), facts.gather(), facts.gather()] == [200, 200, 50, 0]


def test_all_of_it_goes_with_the_exchange(database: Database, records: Records, facts: Facts) -> None:
    kept, other = (exchange(records.start()) for _ in range(2))
    records.remember_all([kept, other])
    facts.gather()
    forget(database, kept.answer.id)
    assert [rows(database, table) for table in (FactRow, TopicRow, CitationRow)] == [1, 2, 1]
    records.purge(ASKED + timedelta(days=1))
    assert [rows(database, table) for table in (FactRow, TopicRow, CitationRow)] == [0, 0, 0]


def test_what_is_forgotten_while_it_is_worked_out_is_left_out(database: Database, records: Records) -> None:
    kept, other = (exchange(records.start()) for _ in range(2))
    records.remember_all([kept, other])
    gone: list[bool] = []

    def forgetful(text: str) -> Iterable[str]:
        if not gone:
            gone.append(True)
            forget(database, kept.answer.id)
        return topics(text)

    assert Facts(database, forgetful, lambda: ASKED).gather() == 2
    with database.reading() as session:
        assert session.scalars(select(FactRow.answer_id)).all() == [other.answer.id]
        assert set(session.scalars(select(TopicRow.answer_id))) == {other.answer.id}


def test_two_at_once_do_not_count_twice(database: Database, records: Records, facts: Facts) -> None:
    records.remember(exchange(records.start()))

    def both(text: str) -> Iterable[str]:
        facts.gather()
        return topics(text)

    assert Facts(database, both, lambda: ASKED).gather() == 1
    assert [rows(database, table) for table in (FactRow, TopicRow, CitationRow)] == [1, 2, 1]


def test_nothing_is_counted_while_there_is_no_library(database: Database, records: Records) -> None:
    records.remember(exchange(records.start()))

    def missing(_: str) -> Iterable[str]:
        raise IndexMissingError("The library has not been indexed yet.")

    facts = Facts(database, missing, lambda: ASKED)
    with pytest.raises(IndexMissingError):
        facts.gather()
    assert facts.waiting() == 1


def test_the_background_work_catches_up_and_ends(database: Database, records: Records) -> None:
    records.remember_all([exchange(records.start(), asked_at=ASKED - timedelta(days=age)) for age in (0, 300)])
    facts = Facts(database, topics, lambda: ASKED)
    facts.start()
    try:
        until = time.monotonic() + 60
        while facts.waiting() and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        facts.stop()
    assert rows(database, FactRow) == 2
    facts.stop()
