"""The chat page's conversation: asked, continued after a reload, stopped."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from civicbot.answering.events import Event, SentenceReady, StageStarted
from civicbot.errors import (
    CivicbotError,
    EmbedderError,
    IndexDamagedError,
    IndexMissingError,
    InvalidQuestionError,
    RecordsUnavailableError,
    UnknownAnswerError,
    UnknownConversationError,
)
from civicbot.language.detect import detect_language
from civicbot.language.personal import mask_personal
from civicbot.model import Answer, Exchange, NoticeKind, Question
from civicbot.web.asking import Desk
from civicbot.web.errors import unexpected
from civicbot.web.ports import ServicePort
from civicbot.web.sources import source_of
from civicbot.web.views import Turn, View

log = logging.getLogger(__name__)

LONGEST_QUESTION = 1000


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
        """Asks a question and gives the view after every step; it never raises.

        A question that is asked again after it has failed takes the place of the failed one.
        """
        complaint = _complaint(question)
        if complaint:
            yield view.alerting(complaint)
            return
        turn = Turn(question.strip())
        view = _without_failed(view, turn.question).adding(turn)
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
            yield view.updating(_ended(turn, "other"))

    def opened(self, conversation_id: str) -> View:
        """The conversation as it was recorded; a note instead where that cannot be read."""
        try:
            exchanges = self._service.records.conversation(conversation_id)
        except UnknownConversationError:
            return View(note="conversation_gone")
        except RecordsUnavailableError:
            # It may well go on: what is asked next belongs to it.
            return View(note="conversation_unreadable", conversation_id=conversation_id)
        view = View(conversation_id=conversation_id)
        for exchange in exchanges:
            view = view.adding(self._recorded(exchange))
        return view

    def known(self, view: View, conversation_id: str | None) -> View:
        """The view itself, or the recorded conversation when the page shows one that this process does not know."""
        if conversation_id is None or conversation_id == view.conversation_id:
            return view
        return self.opened(conversation_id)

    def stopped(self, view: View) -> View:
        """The view after the resident stopped an answer that was being made."""
        if not (view.turns and view.turns[-1].pending):
            return view
        return view.updating(_ended(view.turns[-1], "stopped"))

    def _recorded(self, exchange: Exchange) -> Turn:
        turn = Turn(exchange.question)
        return self._answered(turn, exchange.answer, exchange.question)

    def _fold(self, turn: Turn, event: Event) -> Turn:
        if isinstance(event, StageStarted):
            return replace(turn, stage=event.stage)
        if isinstance(event, SentenceReady):
            new = tuple(source_of(citation, self._service.document) for citation in event.new_citations)
            return replace(turn, sentences=(*turn.sentences, event.sentence), sources=(*turn.sources, *new))
        return self._answered(turn, event, self._kept(turn.question, event))

    def _answered(self, turn: Turn, answer: Answer, question: str) -> Turn:
        known = {source.citation: source for source in turn.sources}
        sources = tuple(
            known.get(citation) or source_of(citation, self._service.document) for citation in answer.citations
        )
        return Turn(question, sentences=answer.sentences, sources=sources, answer=answer)

    def _kept(self, question: str, answer: Answer) -> str:
        """The question as it is kept: the page shows no more of it than the records do."""
        if all(notice.kind is not NoticeKind.MASKED for notice in answer.notices):
            return question
        try:
            return self._service.records.exchange(answer.id).question
        except (UnknownAnswerError, RecordsUnavailableError):
            return mask_personal(question, answer.language).text

    def _failed(self, view: View, turn: Turn, error: CivicbotError) -> View:
        log.info("question_failed", extra={"fields": {"code": error.code, "channel": "page"}})
        failed = view.updating(_ended(turn, problem_of(error)))
        # A forgotten conversation must not stand in the way of the next question.
        return replace(failed, conversation_id=None) if isinstance(error, UnknownConversationError) else failed


def problem_of(error: CivicbotError) -> str:
    """The key of the text that tells residents about an error."""
    if isinstance(error, IndexMissingError | IndexDamagedError | EmbedderError):
        return "unavailable"
    if isinstance(error, InvalidQuestionError):
        return "invalid_question"
    return error.code


def _ended(turn: Turn, problem: str) -> Turn:
    """The turn without an answer; its question was never masked by the pipeline, so it is masked here."""
    masked = mask_personal(turn.question, detect_language(turn.question)).text
    return Turn(masked, problem=problem)


def _without_failed(view: View, question: str) -> View:
    """The view without its newest turn when that was the same question, which failed."""
    newest = view.turns[-1] if view.turns else None
    if newest and newest.problem and newest.question in (question, _ended(Turn(question), "other").question):
        return replace(view, turns=view.turns[:-1])
    return view


def _complaint(question: str) -> str | None:
    """Why a question is not even asked."""
    if not question.strip():
        return "empty"
    return "too_long" if len(question.strip()) > LONGEST_QUESTION else None
