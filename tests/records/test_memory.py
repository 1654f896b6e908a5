import threading
from datetime import UTC, datetime

import pytest

from civicbot.errors import TooManyTicketsError, UnknownAnswerError, UnknownConversationError, UnknownTicketError
from civicbot.model import Answer, AnswerStatus, Exchange, Feedback, TicketState, Versions
from civicbot.records.memory import MemoryRecords


def answer(identifier: str, conversation: str) -> Answer:
    return Answer(
        id=identifier,
        conversation_id=conversation,
        status=AnswerStatus.OUT_OF_SCOPE,
        language="ko",
        text="범위 밖입니다.",
        confidence=0.5,
        versions=Versions(app="1", index="i"),
    )


def exchange(question: str, standalone: str, given: Answer) -> Exchange:
    now = datetime.now(UTC)
    return Exchange(question=question, standalone=standalone, answer=given, asked_at=now, seconds=0.01)


def known(records: MemoryRecords, conversation: str) -> bool:
    try:
        records.earlier(conversation)
    except UnknownConversationError:
        return False
    return True


def test_a_conversation_is_remembered_in_order() -> None:
    records = MemoryRecords()
    one, other = records.start(), records.start()
    assert one != other
    assert records.earlier(one) == ()
    records.remember(exchange("AI 시티 예산은?", "AI 시티 예산은?", answer("a1", one)))
    records.remember(exchange("언제부터?", "AI 시티는 언제부터?", answer("a2", one)))
    assert [(e.question, e.standalone, e.answer.id) for e in records.earlier(one)] == [
        ("AI 시티 예산은?", "AI 시티 예산은?", "a1"),
        ("언제부터?", "AI 시티는 언제부터?", "a2"),
    ]
    assert records.earlier(other) == ()


def test_an_unknown_conversation_is_refused() -> None:
    with pytest.raises(UnknownConversationError, match="nowhere") as caught:
        MemoryRecords().earlier("nowhere")
    assert caught.value.hint


def test_what_was_read_does_not_change_afterwards() -> None:
    records = MemoryRecords()
    conversation = records.start()
    before = records.earlier(conversation)
    records.remember(exchange("q", "q", answer("a", conversation)))
    assert before == ()


def test_the_least_recently_used_conversation_goes_first() -> None:
    records = MemoryRecords(conversations=2)
    first, second = records.start(), records.start()
    records.remember(exchange("q", "q", answer("a1", first)))
    records.earlier(first)
    third = records.start()
    assert [known(records, each) for each in (first, second, third)] == [True, False, True]


def test_asking_is_using() -> None:
    records = MemoryRecords(conversations=2)
    first, second = records.start(), records.start()
    records.remember(exchange("q", "q", answer("a1", first)))
    records.start()
    assert (known(records, first), known(records, second)) == (True, False)


def test_a_dropped_conversation_starts_again_within_the_limit() -> None:
    records = MemoryRecords(conversations=2)
    dropped, second, third = records.start(), records.start(), records.start()
    records.remember(exchange("q", "q", answer("a1", dropped)))
    assert [known(records, each) for each in (dropped, second, third)] == [True, False, True]


def test_only_the_latest_exchanges_are_kept() -> None:
    records = MemoryRecords(turns=2)
    conversation = records.start()
    for number in range(4):
        records.remember(exchange(f"q{number}", "q", answer(f"a{number}", conversation)))
    assert [exchange.question for exchange in records.earlier(conversation)] == ["q2", "q3"]
    for forgotten in ("a0", "a1"):
        with pytest.raises(UnknownAnswerError):
            records.feedback(forgotten)
    assert records.feedback("a2") is None


def test_the_newest_feedback_counts() -> None:
    records = MemoryRecords()
    records.remember(exchange("q", "q", answer("a", records.start())))
    assert records.feedback("a") is None
    records.add_feedback("a", Feedback(helpful=False, reasons=("wrong",), comment="틀려요"))
    records.add_feedback("a", Feedback(helpful=True))
    assert records.feedback("a") == Feedback(helpful=True)
    assert records.feedback_on(["a", "b"]) == {"a": Feedback(helpful=True)}


def test_feedback_on_an_unknown_answer_is_refused() -> None:
    records = MemoryRecords(conversations=1)
    records.remember(exchange("q", "q", answer("a", records.start())))
    with pytest.raises(UnknownAnswerError, match="'b'"):
        records.add_feedback("b", Feedback(helpful=True))
    records.start()
    with pytest.raises(UnknownAnswerError, match="'a'"):
        records.add_feedback("a", Feedback(helpful=True))


def test_a_ticket_is_found_by_its_code_which_is_its_own() -> None:
    records = MemoryRecords()
    conversation = records.start()
    records.remember(exchange("언제 정해지나요?", "AI 시티는 언제 정해지나요?", answer("a1", conversation)))
    ticket = records.open_ticket("a1", "알려 주세요.")
    assert (ticket.state, ticket.question, ticket.message) == (TicketState.OPEN, "언제 정해지나요?", "알려 주세요.")
    assert (ticket.language, ticket.answer_id, ticket.reply) == ("ko", "a1", None)
    assert ticket.opened_at == ticket.updated_at
    assert records.ticket(ticket.code.lower().replace("-", " ")) == ticket
    others = [records.open_ticket("a1", None) for _ in range(2)]
    assert len({ticket.code, *(other.code for other in others)}) == 3
    assert {other.message for other in others} == {None}
    assert records.tickets_on(["a1", "nobody"]) == {"a1": (ticket, *others)}
    with pytest.raises(TooManyTicketsError):
        records.open_ticket("a1", None)
    for code in ("", "0000-0000-0000", ticket.code[:-1]):
        with pytest.raises(UnknownTicketError) as caught:
            records.ticket(code)
        assert not code or code not in str(caught.value)
    with pytest.raises(UnknownAnswerError):
        records.open_ticket("nobody", None)


def test_what_is_forgotten_takes_its_ticket_with_it() -> None:
    records = MemoryRecords(turns=1)
    conversation = records.start()
    given = exchange("q", "q", answer("a1", conversation))
    records.remember(given)
    ticket = records.open_ticket("a1", None)
    assert records.exchange("a1") == given
    assert records.conversation(conversation) == (given,)
    records.remember(exchange("q", "q", answer("a2", conversation)))
    with pytest.raises(UnknownTicketError):
        records.ticket(ticket.code)
    with pytest.raises(UnknownAnswerError):
        records.exchange("a1")


def test_many_threads_may_ask_at_once() -> None:
    records = MemoryRecords(conversations=20, turns=5)

    def talk(name: int) -> None:
        for number in range(50):
            conversation = records.start()
            records.remember(exchange("q", "q", answer(f"a{name}.{number}", conversation)))
            if known(records, conversation):
                records.remember(exchange("q", "q", answer(f"b{name}.{number}", conversation)))

    threads = [threading.Thread(target=talk, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [
        f"{letter}{name}.{number}"
        for letter in "ab"
        for name in range(8)
        for number in range(50)
        if _has_answer(records, f"{letter}{name}.{number}")
    ]
    assert 20 <= len(kept) <= 100


def _has_answer(records: MemoryRecords, identifier: str) -> bool:
    try:
        records.feedback(identifier)
    except UnknownAnswerError:
        return False
    return True
