from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from tests.web.double import Service

from civicbot.errors import RecordsUnavailableError
from civicbot.model import Feedback, Question
from civicbot.settings import load_settings
from civicbot.web.acts import Act, Asking, Leaving, Rating, read_act
from civicbot.web.afterwards import NO_MARKS, Afterwards, Mark
from civicbot.web.limits import RateLimit
from civicbot.web.metrics import Metrics
from civicbot.web.tickets import TicketDesk


@pytest.fixture
def service() -> Iterator[Service]:
    with contextlib.closing(Service(load_settings())) as service:
        yield service


@pytest.fixture
def afterwards(service: Service) -> Afterwards:
    metrics = Metrics()
    return Afterwards(service, TicketDesk(service, RateLimit(2), metrics), metrics)


def answered(service: Service) -> str:
    return service.assistant.answer(Question(text="What is the price?")).id


def test_a_yes_is_all_that_is_asked(service: Service, afterwards: Afterwards) -> None:
    answer = answered(service)
    marks = afterwards.rate(NO_MARKS, Rating(language="en", answer=answer, helpful=True))
    assert marks == {answer: Mark(helpful=True, told=True)}
    assert service.records.feedback(answer) == Feedback(helpful=True)


def test_a_no_is_kept_at_once_and_again_with_its_reasons(service: Service, afterwards: Afterwards) -> None:
    answer = answered(service)
    marks = afterwards.rate(NO_MARKS, Rating(language="en", answer=answer, helpful=False))
    assert marks == {answer: Mark(helpful=False)}
    assert service.records.feedback(answer) == Feedback(helpful=False)
    more = Rating(language="en", answer=answer, helpful=False, reasons=("wrong",), comment="  It is 1.6. ")
    assert afterwards.rate(marks, more) == {answer: Mark(helpful=False, told=True)}
    assert service.records.feedback(answer) == Feedback(helpful=False, reasons=("wrong",), comment="It is 1.6.")


def test_a_question_left_for_staff_has_a_code(service: Service, afterwards: Afterwards) -> None:
    answer = answered(service)
    marks = afterwards.leave(NO_MARKS, Leaving(language="en", answer=answer, message="For my school."), "a")
    ticket = marks[answer].ticket
    assert ticket is not None
    assert service.records.ticket(ticket.code).message == "For my school."


def test_what_cannot_be_kept_is_said(service: Service, afterwards: Afterwards, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = afterwards.rate(NO_MARKS, Rating(language="en", answer="nothing", helpful=True))
    assert unknown == {"nothing": Mark(rating_problem="unknown_answer")}
    left = [afterwards.leave(NO_MARKS, Leaving(language="en", answer="nothing"), "a") for _ in range(3)]
    assert [one["nothing"].ticket_problem for one in left] == ["unknown_answer", "unknown_answer", "rate_limited"]

    def lost(*_: object) -> None:
        raise RecordsUnavailableError("The records cannot be reached just now.")

    monkeypatch.setattr(service.records, "add_feedback", lost)
    answer = answered(service)
    marks = afterwards.rate(NO_MARKS, Rating(language="en", answer=answer, helpful=False))
    assert marks == {answer: Mark(rating_problem="records_unavailable")}


@pytest.mark.parametrize("data", [None, [], {}, {"language": "fr"}, {"language": "ko", "conversation": 7}])
def test_what_our_script_does_not_send_is_nothing(data: object) -> None:
    assert read_act(data, Act) is None


def test_what_our_script_sends_is_read() -> None:
    sent = {"language": "ko", "conversation": None, "question": "얼마야?", "component": "html"}
    assert read_act(sent, Asking) == Asking(language="ko", question="얼마야?")
    assert read_act(sent | {"question": "가" * 20_001}, Asking) is None
    assert read_act(sent | {"answer": "a", "helpful": True, "reasons": ["x"] * 21}, Rating) is None


def test_what_the_records_hold_is_shown_again_but_no_code(
    service: Service, afterwards: Afterwards, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, poor, told, left, other = (answered(service) for _ in range(5))
    service.records.add_feedback(good, Feedback(helpful=True))
    service.records.add_feedback(poor, Feedback(helpful=False))
    service.records.add_feedback(told, Feedback(helpful=False, reasons=("wrong",)))
    service.records.open_ticket(left, "For my school.")
    assert afterwards.earlier((good, poor, told, left, other)) == {
        good: Mark(helpful=True, told=True),
        poor: Mark(helpful=False),
        told: Mark(helpful=False, told=True),
        left: Mark(left=True),
    }
    assert afterwards.earlier(()) == NO_MARKS

    def away(*_: object) -> None:
        raise RecordsUnavailableError("The records cannot be read just now.")

    monkeypatch.setattr(service.records, "tickets_on", away)
    assert afterwards.earlier((good, left)) == NO_MARKS
