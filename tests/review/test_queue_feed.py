from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.records.conftest import mask
from tests.records.samples import exchange as plain_exchange
from tests.retrieval.libraries import tiny_loader
from tests.review.desks import KIM, OPEN, START, DeskForTests, exchange, open_desk_for_tests

from civicbot.errors import IndexMissingError, RecordsUnavailableError
from civicbot.model import AnswerStatus, Feedback, NoticeKind
from civicbot.records.database import Database
from civicbot.records.store import Records
from civicbot.records.tables import ExchangeRow, ItemRow, MemberRow, SignalRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review.nouns import ItemState, Reason
from civicbot.review.queue_feed import BATCH, OVERLAP, Feed
from civicbot.review.store import Store

QUESTION = "AI 시티 예산이 얼마예요?"
SAME = "AI 시티의 예산은 얼마인가요"


def contents(desk: DeskForTests) -> tuple[list[tuple[object, ...]], ...]:
    """Everything that the feed has written, without the numbers of rows."""
    with desk.store.reading() as session:
        items = session.execute(
            select(
                ItemRow.key, ItemRow.state, ItemRow.risk, ItemRow.asked, ItemRow.residents, ItemRow.representative
            ).order_by(ItemRow.key)
        )
        members = session.execute(
            select(MemberRow.answer_id, MemberRow.risk, MemberRow.search, MemberRow.tickets_seen).order_by(
                MemberRow.answer_id
            )
        )
        signals = session.execute(
            select(SignalRow.answer_id, SignalRow.reason, SignalRow.at).order_by(SignalRow.answer_id, SignalRow.reason)
        )
        return tuple([tuple(row) for row in rows] for rows in (items, members, signals))


def test_what_was_asked_is_counted_and_stays_quiet_without_a_reason(desk: DeskForTests) -> None:
    desk.ask(QUESTION)
    desk.ask(SAME)
    assert desk.feed.run() == 2
    assert desk.queue.page(KIM, OPEN).total == 0
    (items, *_) = contents(desk)
    assert [row[1:5] for row in items] == [("quiet", 0, 2, 2)]


def test_a_thumbs_down_and_a_ticket_bring_a_question_in_with_their_reasons(desk: DeskForTests) -> None:
    answer = desk.ask(QUESTION)
    desk.feed.run()
    desk.clock.move(minutes=1)
    desk.thumb_down(answer, "예산이 틀려요")
    desk.clock.move(minutes=1)
    desk.ticket(answer)
    assert desk.feed.run() == 1
    (item,) = desk.queue.page(KIM, OPEN).items
    assert [(each.reason, each.answers, each.newest) for each in item.reasons] == [
        (Reason.TICKET, 1, START + timedelta(minutes=2)),
        (Reason.THUMBS_DOWN, 1, START + timedelta(minutes=1)),
    ]
    assert (item.question, item.answer_id, item.risk, item.open_tickets) == (QUESTION, answer, 90, 1)
    assert item.opened_at == desk.clock.now


def test_near_identical_questions_are_one_item_shown_by_the_riskiest_latest(desk: DeskForTests) -> None:
    desk.ask(QUESTION, conversation="c1")
    desk.ask(QUESTION, conversation="c1")
    risky = [desk.ask(SAME, notices=(NoticeKind.DISPUTED,)) for _ in range(1)]
    desk.clock.move(hours=1)
    risky.append(desk.ask("AI 시티 예산 얼마야", notices=(NoticeKind.DISPUTED,)))
    desk.clock.move(hours=1)
    desk.ask(QUESTION)
    item = desk.item(wanted=OPEN)
    assert (item.asked, item.residents, item.answer_id) == (5, 4, risky[1])
    assert (item.first_asked, item.last_asked) == (START, START + timedelta(hours=2))
    assert item.reasons[0].answers == 2
    desk.thumb_down(risky[0])
    assert desk.item(wanted=OPEN).answer_id == risky[0]


def test_the_same_words_in_another_language_are_another_item(desk: DeskForTests) -> None:
    desk.ask("AI City", notices=(NoticeKind.DISPUTED,))
    desk.ask("AI City", notices=(NoticeKind.DISPUTED,), language="en")
    desk.feed.run()
    assert desk.queue.page(KIM, OPEN).total == 2


def test_a_question_without_evidence_comes_in_when_another_resident_asks_it(desk: DeskForTests) -> None:
    for conversation in ("c1", "c1"):
        desk.ask(QUESTION, status=AnswerStatus.NO_EVIDENCE, conversation=conversation)
        desk.feed.run()
    assert desk.queue.page(KIM, OPEN).total == 0
    desk.clock.move(minutes=1)
    again = desk.ask(SAME, status=AnswerStatus.NO_EVIDENCE)
    item = desk.item(wanted=OPEN)
    assert [each.reason for each in item.reasons] == [Reason.REPEATED_NO_EVIDENCE]
    assert item.answer_id == again


def test_a_thumbs_down_that_is_taken_back_takes_the_item_back(desk: DeskForTests) -> None:
    answer = desk.ask(QUESTION)
    desk.thumb_down(answer)
    assert desk.item(wanted=OPEN).answer_id == answer
    desk.records.add_feedback(answer, Feedback(helpful=True))
    desk.feed.run()
    assert desk.queue.page(KIM, OPEN).total == 0
    desk.thumb_down(answer)
    assert desk.item(wanted=OPEN).state is ItemState.OPEN


def test_doing_it_again_changes_nothing(desk: DeskForTests) -> None:
    for number in range(BATCH + 5):
        answer = desk.ask(f"AI 시티 {number}번째 예산은?", notices=(NoticeKind.DISPUTED,))
    desk.thumb_down(answer)
    desk.ticket(answer)
    assert desk.feed.run() == BATCH + 5
    before = contents(desk)
    assert desk.feed.run() == 0
    assert desk.feed.run(everything=True) == 0
    assert contents(desk) == before


def test_bit_by_bit_or_at_once_makes_the_same(
    desk: DeskForTests, address_of: object, opened: object, library: LiveIndex
) -> None:
    other = open_desk_for_tests(opened(address_of("sqlite")), library)  # type: ignore[operator]
    for number in range(12):
        kept = exchange(
            f"AI 시티 {number % 3}단계 예산은?",
            status=AnswerStatus.NO_EVIDENCE if number % 2 else AnswerStatus.ANSWERED,
            asked_at=START + timedelta(minutes=number),
        )
        for each in (desk, other):
            each.records.remember(kept)
            if number % 4 == 0:
                each.thumb_down(kept.answer.id)
        desk.feed.run()
    other.feed.run()
    assert contents(desk) == contents(other)


def test_what_is_stored_late_is_found_at_the_latest_by_looking_at_everything(desk: DeskForTests) -> None:
    desk.ask(QUESTION)
    desk.feed.run()
    soon = exchange("AI 모빌리티 위치", asked_at=START - OVERLAP / 2, notices=(NoticeKind.DISPUTED,))
    late = exchange("AI 모빌리티 일정", asked_at=START - 2 * OVERLAP, notices=(NoticeKind.DISPUTED,))
    desk.records.remember_all([soon, late])
    assert desk.feed.run() == 1
    assert desk.feed.run(everything=True) == 1
    assert desk.queue.page(KIM, OPEN).total == 2


def test_a_clock_that_is_ahead_hides_nothing(desk: DeskForTests) -> None:
    desk.records.remember(exchange(QUESTION, asked_at=START + timedelta(days=400)))
    desk.feed.run()
    desk.ask("AI 모빌리티 위치", notices=(NoticeKind.DISPUTED,))
    assert desk.item(wanted=OPEN).question == "AI 모빌리티 위치"


def test_an_exchange_that_cannot_be_read_does_not_hold_up_the_others(
    desk: DeskForTests, caplog: pytest.LogCaptureFixture
) -> None:
    broken = desk.ask(QUESTION, notices=(NoticeKind.DISPUTED,))
    desk.ask("AI 모빌리티 위치", notices=(NoticeKind.DISPUTED,))
    with desk.store.writing() as session:
        session.execute(update(ExchangeRow).where(ExchangeRow.answer_id == broken).values(answer={"id": broken}))
    desk.ticket(broken)
    with caplog.at_level(logging.WARNING):
        assert desk.item(wanted=OPEN).question == "AI 모빌리티 위치"
    assert [record.message for record in caplog.records] == ["exchange_unreadable"]
    assert QUESTION not in caplog.text
    assert desk.feed.run() == 0


def test_an_exchange_with_something_in_every_field(desk: DeskForTests) -> None:
    kept = plain_exchange("c1", "‘뜻’이 \\ 뭐야?\n", site="buk")
    desk.records.remember(kept)
    item = desk.item(wanted=OPEN)
    assert (item.question, item.site) == (kept.question, "buk")


def test_two_at_once_count_nothing_twice(database: Database, address: str, opened: object, library: LiveIndex) -> None:
    desk = open_desk_for_tests(database, library)
    answers = [desk.ask(f"AI 시티 {number % 7}단계 예산은?", notices=(NoticeKind.DISPUTED,)) for number in range(150)]
    feeds = [desk.feed] + [
        Feed(Store(opened(address), now=desk.clock), library, sample=0.0)  # type: ignore[operator]
        for _ in range(3)
    ]
    begin = threading.Barrier(len(feeds))

    def run(feed: Feed) -> None:
        begin.wait()
        for _ in range(3):
            # SQLite lets one process write at a time; who has waited too long tries again, as the background does.
            try:
                feed.run(everything=True)
            except RecordsUnavailableError:
                continue

    with ThreadPoolExecutor(len(feeds)) as pool:
        list(pool.map(run, feeds))
    desk.feed.run(everything=True)
    items, members, signals = contents(desk)
    assert sum(int(str(row[3])) for row in items) == len(members) == len(signals) == len(answers)
    assert len(items) == 7


def test_it_stops_when_it_is_told_and_goes_on_later(desk: DeskForTests) -> None:
    for number in range(3 * BATCH):
        desk.ask(f"AI 시티 {number}번째 예산은?")
    assert desk.feed.run(rest=lambda _: True) == BATCH
    assert desk.feed.run(seconds=0.0) == 0
    assert desk.feed.run() == 2 * BATCH


def test_without_a_library_exchanges_wait(database: Database, tmp_path: Path) -> None:
    records = Records(database, mask=mask)
    records.open()
    index = LiveIndex(tmp_path / "index", tiny_loader())
    feed = Feed(Store(database), index, sample=0.0)
    assert feed.run() == 0
    assert feed.fed_at() is None
    records.remember(exchange(QUESTION))
    with pytest.raises(IndexMissingError):
        feed.run()


def test_without_tables_it_says_so(database: Database, library: LiveIndex) -> None:
    with pytest.raises(RecordsUnavailableError):
        Feed(Store(database), library, sample=0.0).run()
