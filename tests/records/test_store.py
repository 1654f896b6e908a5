"""The records in a database; every test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.records.conftest import mask
from tests.records.samples import ASKED, exchange

from civicbot.errors import TooManyTicketsError, UnknownAnswerError, UnknownConversationError, UnknownTicketError
from civicbot.model import AnswerStatus, Feedback, TicketState
from civicbot.records.counts import count
from civicbot.records.database import Database
from civicbot.records.store import TURNS, Records
from civicbot.records.tickets import OPEN_TICKETS


def test_a_started_conversation_is_known_and_leaves_no_row(records: Records) -> None:
    identifier = records.start()
    assert len(identifier) == 32
    assert identifier != records.start()
    assert records.earlier(identifier) == ()
    assert records.conversation(identifier) == ()
    assert count(records.database).conversations == 0


def test_an_exchange_comes_back_as_it_was(records: Records) -> None:
    kept = exchange(records.start(), site="gwangju-buk")
    assert records.remember(kept) is True
    assert records.exchange(kept.answer.id) == kept
    assert records.exchange(kept.answer.id).asked_at.tzinfo is not None


def test_times_are_kept_in_utc(records: Records) -> None:
    seoul = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    kept = exchange(records.start(), asked_at=seoul)
    records.remember(kept)
    found = records.exchange(kept.answer.id)
    assert found.asked_at == seoul
    assert found.asked_at.utcoffset() == timedelta(0)


def test_a_conversation_goes_on_in_another_process(records: Records) -> None:
    first, second = exchange(records.start(), "하나"), exchange("", "둘")
    conversation = first.answer.conversation_id
    second = exchange(conversation, "둘")
    records.remember(first)
    records.remember(second)
    other = Records(records.database, mask=mask)
    assert [(turn.question, turn.standalone) for turn in other.earlier(conversation)] == [
        (each.question, each.standalone) for each in (first, second)
    ]
    assert other.conversation(conversation) == (first, second)


def test_a_long_conversation_is_remembered_by_its_end(records: Records) -> None:
    conversation = records.start()
    for number in range(TURNS + 2):
        records.remember(exchange(conversation, str(number)))
    assert [turn.question for turn in records.earlier(conversation)] == [str(n) for n in range(2, TURNS + 2)]
    assert len(records.conversation(conversation)) == TURNS + 2


def test_the_same_exchange_again_changes_nothing(records: Records) -> None:
    kept = exchange(records.start())
    assert records.remember(kept)
    assert records.remember(kept)
    assert records.conversation(kept.answer.conversation_id) == (kept,)


@pytest.mark.parametrize("text", ["'; DROP TABLE exchanges; --", "한글 “따옴표” \\ % _ 👍🏽", "a\tb\nc", "x" * 1000])
def test_any_text_is_kept(records: Records, text: str) -> None:
    kept = exchange(records.start(), text)
    records.remember(kept)
    assert records.exchange(kept.answer.id).question == text


def test_what_is_not_there(records: Records) -> None:
    for action in (
        lambda: records.exchange("a1"),
        lambda: records.feedback("a1"),
        lambda: records.add_feedback("a1", Feedback(helpful=True)),
        lambda: records.open_ticket("a1", None),
    ):
        with pytest.raises(UnknownAnswerError):
            action()
    for conversation in ("0" * 32, "", "'"):
        with pytest.raises(UnknownConversationError):
            records.earlier(conversation)
        with pytest.raises(UnknownConversationError):
            records.conversation(conversation)
    for code in ("K7QX-9M2D-4TVA", "", "%", "no code"):
        with pytest.raises(UnknownTicketError):
            records.ticket(code)
        with pytest.raises(UnknownTicketError):
            records.reply(code, "네")


def test_the_newest_feedback_counts_and_all_is_kept(records: Records) -> None:
    kept = exchange(records.start())
    records.remember(kept)
    assert records.feedback(kept.answer.id) is None
    records.add_feedback(kept.answer.id, Feedback(helpful=True))
    last = Feedback(helpful=False, reasons=("wrong", "old"), comment="작년 값이에요")
    records.add_feedback(kept.answer.id, last)
    assert records.feedback(kept.answer.id) == last
    assert records.feedback_on([kept.answer.id, "a1"]) == {kept.answer.id: last}
    assert count(records.database).feedback == 2


def test_comments_and_messages_are_masked_before_they_are_kept(records: Records) -> None:
    korean, english = exchange(records.start()), exchange(records.start(), language="en")
    for each in (korean, english):
        records.remember(each)
        records.add_feedback(each.answer.id, Feedback(helpful=False, comment="010-1234-5678"))
    assert [records.feedback_on([each.answer.id])[each.answer.id].comment for each in (korean, english)] == [
        "[ko phone]",
        "[en phone]",
    ]
    assert records.open_ticket(english.answer.id, "Call 010-1234-5678").message == "Call [en phone]"


def test_characters_that_no_database_holds_are_replaced(records: Records) -> None:
    kept = exchange(records.start())
    records.remember(kept)
    records.add_feedback(kept.answer.id, Feedback(helpful=True, reasons=("a\0",), comment="a\0b\ud800c"))
    found = records.feedback(kept.answer.id)
    assert found is not None
    assert (found.reasons, found.comment) == (("a\ufffd",), "a\ufffdb?c")


def test_every_ticket_has_a_code_of_its_own_and_is_answered(records: Records) -> None:
    kept = exchange(records.start(), status=AnswerStatus.NO_EVIDENCE)
    records.remember(kept)
    ticket = records.open_ticket(kept.answer.id, None)
    assert (ticket.state, ticket.question, ticket.language) == (TicketState.OPEN, kept.question, "ko")
    second = records.open_ticket(kept.answer.id, "제 번호는 010-1234-5678")
    assert (second.code != ticket.code, second.message) == (True, "제 번호는 [ko phone]")
    third = records.open_ticket(kept.answer.id, "다른 말")
    assert (third.code in {ticket.code, second.code}, third.message) == (False, "다른 말")
    with pytest.raises(TooManyTicketsError) as caught:
        records.open_ticket(kept.answer.id, None)
    assert not any(each.code in str(caught.value) for each in (ticket, second, third))
    assert records.ticket(f" {ticket.code.lower().replace('-', ' ')} ").code == ticket.code
    answered = records.reply(ticket.code, "내년에 정해집니다. 문의 062-613-0000")
    assert (answered.state, answered.reply) == (TicketState.ANSWERED, "내년에 정해집니다. 문의 062-613-0000")
    assert answered.updated_at > ticket.opened_at
    assert records.ticket(ticket.code) == answered
    again = records.open_ticket(kept.answer.id, None)
    assert again.code != ticket.code
    assert records.reply(again.code, "끝", close=True).state is TicketState.CLOSED
    found = records.tickets_on([kept.answer.id])[kept.answer.id]
    assert [each.code for each in found] == [ticket.code, second.code, third.code, again.code]
    assert records.ticket(ticket.code).message is None
    assert count(records.database).open_tickets == 2


def test_exchanges_are_gone_through_in_order_and_chosen(records: Records) -> None:
    asked = [ASKED + timedelta(minutes=number // 2) for number in range(450)]
    for number, time in enumerate(asked):
        english = number % 3 == 0
        records.remember(
            exchange(
                "c1",
                str(number),
                asked_at=time,
                language="en" if english else "ko",
                status=AnswerStatus.PARTIAL if number % 5 == 0 else AnswerStatus.ANSWERED,
                site="buk" if number % 7 == 0 else None,
            )
        )
    everything = list(records.iter_exchanges())
    assert [each.asked_at for each in everything] == asked
    assert len({each.question for each in everything}) == 450

    def chosen(found: object) -> set[int]:
        return {int(each.question) for each in found}  # type: ignore[attr-defined]

    assert chosen(records.iter_exchanges(language="en")) == set(range(0, 450, 3))
    assert chosen(records.iter_exchanges(status=AnswerStatus.PARTIAL, site="buk")) == set(range(0, 450, 35))
    since, before = asked[100], asked[200]
    assert chosen(records.iter_exchanges(since=since, before=before)) == set(range(100, 200))


def test_twenty_threads_at_once(records: Records) -> None:
    conversations = [records.start() for _ in range(5)]

    def work(number: int) -> list[str]:
        codes = []
        for turn in range(10):
            kept = exchange(conversations[(number + turn) % 5], f"{number}.{turn}")
            assert records.remember(kept)
            records.add_feedback(kept.answer.id, Feedback(helpful=True))
            codes.append(records.open_ticket(kept.answer.id, None).code)
            assert records.exchange(kept.answer.id) == kept
        return codes

    with ThreadPoolExecutor(20) as pool:
        codes = [code for part in pool.map(work, range(20)) for code in part]
    assert len(set(codes)) == 200
    found = count(records.database)
    assert (found.conversations, found.exchanges, found.feedback, found.tickets) == (5, 200, 200, 200)
    asked = [each.question for conversation in conversations for each in records.conversation(conversation)]
    assert len(set(asked)) == 200
    for conversation in conversations:
        turns = [each.question for each in records.conversation(conversation)]
        for number in range(20):
            own = [turn for turn in turns if turn.startswith(f"{number}.")]
            assert own == sorted(own)


def test_many_at_once_open_no_more_tickets_than_may_be_open(records: Records) -> None:
    kept = exchange(records.start())
    records.remember(kept)

    def open_one(_: int) -> str | None:
        try:
            return records.open_ticket(kept.answer.id, None).code
        except TooManyTicketsError:
            return None

    with ThreadPoolExecutor(10) as pool:
        codes = [code for code in pool.map(open_one, range(10)) if code]
    assert len(codes) == len(set(codes)) == OPEN_TICKETS == count(records.database).open_tickets


def test_counts_of_nothing(records: Records) -> None:
    found = count(records.database)
    assert (found.exchanges, found.oldest, found.newest) == (0, None, None)


def test_counts_tell_from_when(records: Records) -> None:
    for days in (3, 1, 2):
        records.remember(exchange(records.start(), asked_at=ASKED - timedelta(days=days)))
    found = count(records.database)
    assert (found.oldest, found.newest) == (ASKED - timedelta(days=3), ASKED - timedelta(days=1))
    assert found.conversations == 3


def test_the_clock_may_be_given(database: Database) -> None:
    records = Records(database, mask=mask, now=lambda: datetime(2026, 1, 2, tzinfo=UTC))
    records.open()
    kept = exchange(records.start())
    records.remember(kept)
    assert records.open_ticket(kept.answer.id, None).opened_at == datetime(2026, 1, 2, tzinfo=UTC)
