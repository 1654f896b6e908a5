from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from tests.web.double import Service

from civicbot.answering.events import Event
from civicbot.errors import RecordsUnavailableError
from civicbot.model import Answer, Exchange, Notice, NoticeKind, Question
from civicbot.settings import load_settings
from civicbot.web.asking import Desk
from civicbot.web.conversation import Conversations
from civicbot.web.metrics import Metrics
from civicbot.web.views import View

TYPED = "총사업비가 얼마야? 내 번호는 010-1234-5678이야."
MASKED = "총사업비가 얼마야? 내 번호는 [휴대전화번호]이야."


@pytest.fixture
def service() -> Iterator[Service]:
    with contextlib.closing(Service(load_settings())) as service:
        yield service


@pytest.fixture
def conversations(service: Service) -> Conversations:
    return Conversations(service, Desk(service, Metrics()))


def ask(conversations: Conversations, question: str, view: View | None = None) -> View:
    return list(conversations.ask(view or View(), question))[-1]


def test_a_recorded_conversation_is_opened_as_it_was(conversations: Conversations) -> None:
    view = ask(conversations, "And when?", ask(conversations, "How much?"))
    assert view.conversation_id is not None
    assert conversations.opened(view.conversation_id) == view


def test_a_conversation_that_is_not_there_or_cannot_be_read_is_said(
    service: Service, conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert conversations.opened("0" * 32) == View(note="conversation_gone")

    def lost(_: str) -> tuple[Exchange, ...]:
        raise RecordsUnavailableError("The records cannot be reached just now.")

    monkeypatch.setattr(service.records, "conversation", lost)
    # What is asked next belongs to it all the same.
    assert conversations.opened("0" * 32) == View(note="conversation_unreadable", conversation_id="0" * 32)


def test_a_page_of_another_process_is_known_by_its_conversation(conversations: Conversations) -> None:
    view = ask(conversations, "How much?")
    assert conversations.known(view, view.conversation_id) is view
    assert conversations.known(view, None) is view
    assert conversations.known(View(), view.conversation_id) == view


def test_an_answer_that_is_being_made_can_be_stopped(conversations: Conversations) -> None:
    begun = next(conversations.ask(View(), "How much?"))
    stopped = conversations.stopped(begun)
    assert stopped.turns[0].problem == "stopped"
    assert conversations.stopped(stopped) is stopped
    assert conversations.stopped(View()) == View()


def test_a_failed_question_is_kept_masked_and_asked_again_in_its_place(conversations: Conversations) -> None:
    view = ask(conversations, f"boom {TYPED}")
    assert "010" not in view.turns[0].question
    assert view.turns[0].problem == "other"
    assert len(ask(conversations, f"boom {TYPED}", view).turns) == 1
    assert len(ask(conversations, view.turns[0].question, view).turns) == 1
    assert len(ask(conversations, "How much?", view).turns) == 2


class MaskingDesk(Desk):
    """A desk whose answers say that something was masked, as the pipeline's do."""

    def stream(self, question: Question) -> Iterator[Event]:
        notice = Notice(kind=NoticeKind.MASKED, text="질문에 있던 개인정보(전화번호)는 가렸습니다.")
        for event in super().stream(question):
            yield event.model_copy(update={"notices": (notice,)}) if isinstance(event, Answer) else event


def test_the_page_shows_no_more_of_a_question_than_the_records_keep(service: Service) -> None:
    conversations = Conversations(service, MaskingDesk(service, Metrics()))
    *before, last = conversations.ask(View(), TYPED)
    assert {view.turns[0].question for view in before} == {TYPED}
    # The double keeps the text as it was, so that this shows where the page's comes from.
    answer = last.turns[0].answer
    assert answer is not None
    assert last.turns[0].question == service.records.exchange(answer.id).question
    service.records = type(service.records)()
    *_, last = conversations.ask(View(), TYPED)
    assert last.turns[0].question == MASKED
