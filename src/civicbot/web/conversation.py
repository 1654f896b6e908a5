"""The chat page's conversation: plain data that grows with every event of an answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from civicbot.answering.events import Event, SentenceReady, StageStarted
from civicbot.errors import (
    CivicbotError,
    EmbedderError,
    IndexDamagedError,
    IndexMissingError,
    InvalidQuestionError,
    UnknownConversationError,
)
from civicbot.model import Answer, AnswerSentence, Question
from civicbot.web.asking import Desk
from civicbot.web.errors import unexpected
from civicbot.web.ports import ServicePort
from civicbot.web.sources import Source, source_of

log = logging.getLogger(__name__)

LONGEST_QUESTION = 1000
KEPT_TURNS = 30


@dataclass(frozen=True)
class Turn:
    """A question and what is known of its answer so far.

    Attributes:
        question: as it was typed.
        stage: the stage that runs, None before the first and after the last.
        sentences: the verified sentences so far.
        sources: the sources that they cite, by rising number.
        answer: the whole answer, once it is there.
        problem: why there is no answer, a key of the texts' ``problems``.
    """

    question: str
    stage: str | None = None
    sentences: tuple[AnswerSentence, ...] = ()
    sources: tuple[Source, ...] = ()
    answer: Answer | None = None
    problem: str | None = None

    @property
    def pending(self) -> bool:
        """Whether the answer is still being made."""
        return self.answer is None and self.problem is None


@dataclass(frozen=True)
class View:
    """What the page shows of a conversation.

    Attributes:
        turns: questions and answers, oldest first.
        first: how many older turns were dropped; numbers turns for good.
        conversation_id: of the assistant's conversation, None before the first answer.
        alert: a message beside the question box, a key of the texts' ``problems``.
    """

    turns: tuple[Turn, ...] = ()
    first: int = 0
    conversation_id: str | None = None
    alert: str | None = None

    def adding(self, turn: Turn) -> View:
        """The view with a new turn; the oldest are dropped when there are too many."""
        turns = (*self.turns, turn)
        dropped = max(0, len(turns) - KEPT_TURNS)
        return replace(self, turns=turns[dropped:], first=self.first + dropped, alert=None)

    def updating(self, turn: Turn) -> View:
        """The view with the newest turn replaced."""
        return replace(self, turns=(*self.turns[:-1], turn))


class Conversations:
    """Carries questions of the page to the desk and folds what comes back into views.

    Args:
        service: looks up cited documents.
        desk: answers.
    """

    def __init__(self, service: ServicePort, desk: Desk) -> None:
        self._service = service
        self._desk = desk

    def ask(self, view: View, question: str) -> Iterator[View]:
        """Asks a question and gives the view after every step; it never raises."""
        complaint = _complaint(question)
        if complaint:
            yield replace(view, alert=complaint)
            return
        turn = Turn(question.strip())
        view = view.adding(turn)
        yield view
        try:
            asked = Question(text=question, conversation_id=view.conversation_id, channel="page")
            for event in self._desk.stream(asked):
                turn = self._fold(turn, event)
                if isinstance(event, Answer):
                    view = replace(view, conversation_id=event.conversation_id)
                view = view.updating(turn)
                yield view
        except CivicbotError as error:
            yield self._failed(view, turn, error)
        except Exception as error:  # noqa: BLE001 - the page's outermost boundary
            unexpected(error, "page")
            yield view.updating(replace(turn, stage=None, problem="other"))

    def _fold(self, turn: Turn, event: Event) -> Turn:
        if isinstance(event, StageStarted):
            return replace(turn, stage=event.stage)
        if isinstance(event, SentenceReady):
            new = tuple(source_of(citation, self._service.document) for citation in event.new_citations)
            return replace(turn, sentences=(*turn.sentences, event.sentence), sources=(*turn.sources, *new))
        known = {source.citation: source for source in turn.sources}
        sources = tuple(
            known.get(citation) or source_of(citation, self._service.document) for citation in event.citations
        )
        return replace(turn, stage=None, sentences=event.sentences, sources=sources, answer=event)

    def _failed(self, view: View, turn: Turn, error: CivicbotError) -> View:
        log.info("question failed", extra={"fields": {"code": error.code, "channel": "page"}})
        failed = view.updating(replace(turn, stage=None, problem=problem_of(error)))
        # A forgotten conversation must not stand in the way of the next question.
        return replace(failed, conversation_id=None) if isinstance(error, UnknownConversationError) else failed


def problem_of(error: CivicbotError) -> str:
    """The key of the text that tells residents about an error."""
    if isinstance(error, IndexMissingError | IndexDamagedError | EmbedderError):
        return "unavailable"
    if isinstance(error, InvalidQuestionError):
        return "invalid_question"
    return error.code


def _complaint(question: str) -> str | None:
    """Why a question is not even asked."""
    if not question.strip():
        return "empty"
    return "too_long" if len(question.strip()) > LONGEST_QUESTION else None
