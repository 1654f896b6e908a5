"""The facade: a question in, an answer out, or its events as they come."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from civicbot.answering.approval import StandingAlone
from civicbot.answering.citing import Citing
from civicbot.answering.compose import Compose
from civicbot.answering.context import Candidate, Context, Outcome
from civicbot.answering.events import Event, SentenceReady, StageStarted
from civicbot.answering.evidence import Evidence
from civicbot.answering.followup import FollowUp
from civicbot.answering.intake import Intake
from civicbot.answering.keeping import considered, exchange_of, left_with
from civicbot.answering.model.opening import LanguageModel
from civicbot.answering.override import Override
from civicbot.answering.pipeline import AnswerPipeline
from civicbot.answering.protocols import Conversations, NoRulings, Rulings, Turn
from civicbot.answering.rehearsal import Rehearsal
from civicbot.answering.retrieve import Retrieve
from civicbot.answering.scope import Scope
from civicbot.answering.searching import LibrarySearch
from civicbot.answering.suggestions import suggestions
from civicbot.answering.texts import texts
from civicbot.answering.verify import Verify
from civicbot.answering.versions import versions_of
from civicbot.answering.watching import Watching
from civicbot.errors import CivicbotError
from civicbot.language.detect import detect_language
from civicbot.language.personal import label
from civicbot.model import (
    Answer,
    AnswerSentence,
    AnswerStatus,
    Notice,
    NoticeKind,
    Question,
)
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings
from civicbot.tracing import StageTime, Trace

logger = logging.getLogger(__name__)

_WITH_CONTACT = frozenset(
    {
        AnswerStatus.NO_EVIDENCE,
        AnswerStatus.OUT_OF_SCOPE,
        AnswerStatus.REFUSED,
        AnswerStatus.ERROR,
        AnswerStatus.PARTIAL,
    }
)


class Assistant:
    """Answers questions from the live index; safe to be called from many threads.

    Args:
        settings: the settings.
        index: the live index.
        conversations: where conversations are kept.
        rulings: what staff have laid down; nothing by default.
        observe: told the name and seconds of every stage run.
        trace: told of every question once it is over, without its words.
        model: writes answers and rewrites follow-ups; without it the library's sentences answer.

    Attributes:
        pipeline: the stages.
        search: looks something up in the library without answering it.
    """

    def __init__(
        self,
        settings: Settings,
        index: LiveIndex,
        conversations: Conversations,
        *,
        rulings: Rulings | None = None,
        observe: Callable[[str, float], None] | None = None,
        trace: Trace | None = None,
        model: LanguageModel | None = None,
    ) -> None:
        self._model = model
        self._settings = settings
        self._index = index
        self._conversations = conversations
        self._observe = observe
        self._trace = trace
        retrieve = Retrieve(settings.dense_languages, asked_as=settings.asked_as)
        self._evidence = Evidence(retrieve, asked_as=settings.asked_as)
        rulings = rulings or NoRulings()
        self._override = Override(rulings)
        self.search = LibrarySearch(settings, index, retrieve, self._evidence, rulings)
        self.pipeline = AnswerPipeline(
            (
                Intake(conversations),
                self._override,
                FollowUp(model.rewriter if model is not None else None),
                StandingAlone(),
                Scope(),
                retrieve,
                self._evidence,
                Compose(),
                Verify(),
            )
        )

    def prepare(self, generation: OpenGeneration) -> None:
        """Works out beforehand what the first questions about each sentence would wait for; takes some seconds."""
        self._evidence.prepare(generation)
        if self._model is not None:
            self._model.prepare(generation)

    def answer(
        self, question: Question, *, keep: bool = True, ruled: bool = True, switches: bool = True, written: bool = True
    ) -> Answer:
        """Answers a question.

        Args:
            question: what is asked.
            keep: False for a rehearsal, which no conversation remembers.
            ruled: False where what staff have laid down does not count.
            switches: False where no switch counts, and all else that staff have laid down does.
            written: False where the language model has no part.

        Raises:
            InvalidQuestionError: the text cannot be asked.
            UnknownConversationError: the conversation is not known.
            IndexMissingError: there is nothing to answer from yet.
            IndexDamagedError: what there is cannot be used.
        """
        for event in self.stream(question, keep=keep, ruled=ruled, switches=switches, written=written):
            if isinstance(event, Answer):
                return event
        raise RuntimeError("the pipeline ended without an answer")

    def stream(
        self, question: Question, *, keep: bool = True, ruled: bool = True, switches: bool = True, written: bool = True
    ) -> Iterator[Event]:
        """Answers a question and tells of it: stages as they start, verified sentences, then the answer.

        Args:
            question: what is asked.
            keep: as for :meth:`answer`.
            ruled: as for :meth:`answer`.
            switches: as for :meth:`answer`.
            written: as for :meth:`answer`.

        Raises:
            CivicbotError: as :meth:`answer`, at the first event.
        """
        watch = Watching(question.channel)
        try:
            context = partial(self._context, question, ruled=ruled, switches=switches, written=written)
            for step in self._steps(context, keep=keep):
                if isinstance(step, StageTime):
                    watch.stages.append(step)
                    if self._observe is not None:
                        self._observe(step.name, step.seconds)
                    continue
                if isinstance(step, Answer):
                    watch.answer = step
                yield step
        except CivicbotError as error:
            watch.error = error.code
            raise
        finally:
            # Also when whoever listened has gone.
            if self._trace is not None:
                self._trace(watch.run())

    def rehearse(
        self,
        question: Question,
        *,
        earlier: Sequence[Turn] = (),
        ruled: bool = True,
        switches: bool = True,
        written: bool = False,
        generation: OpenGeneration | None = None,
    ) -> Rehearsal:
        """Answers a question for those who must see how; nothing remembers, counts or traces it.

        Args:
            question: what is asked; it continues no conversation.
            earlier: the turns before it, oldest first.
            ruled: as for :meth:`answer`.
            switches: False where no switch counts, and all else that staff have laid down does.
            written: True where the language model has its part; rehearsals by the hundred would use up its budget.
            generation: answered from, which whoever asks has borrowed; the live one by default.

        Raises:
            CivicbotError: as :meth:`answer`.
        """
        started, stages = time.perf_counter(), []
        with self._index.reader() if generation is None else nullcontext(generation) as lent:
            context = self._context(question, lent, ruled=ruled, switches=switches, earlier=earlier, written=written)
            for step in self._worked_out(context):
                if isinstance(step, StageTime):
                    stages.append(step)
                elif isinstance(step, _Done):
                    seconds = time.perf_counter() - started
                    return Rehearsal(step.context, step.answer, tuple(stages), considered(step.context), seconds)
        raise RuntimeError("the pipeline ended without an answer")

    def _context(
        self,
        question: Question,
        generation: OpenGeneration,
        *,
        ruled: bool,
        switches: bool = True,
        earlier: Sequence[Turn] = (),
        written: bool = True,
    ) -> Context:
        return Context(
            question=question,
            generation=generation,
            today=self._settings.current_date(),
            earlier=tuple(earlier),
            ruled=ruled,
            switches=switches,
            written=written,
        )

    def _worked_out(self, context: Context) -> Iterator[StageStarted | StageTime | _Told | _Done]:
        """The stages as they start and end, the sentences that the model writes, and what came of them last."""
        try:
            for step in self.pipeline.steps(context):
                if isinstance(step, Context):
                    context = step
                else:
                    yield step
            context = self._override.settle(context)
            # Only now, when it is sure that there is an answer and that it may be told.
            if self._model is not None and self._model.writer.takes(context):
                for written in self._model.writer.run(context, self._override.may_tell):
                    if isinstance(written, Context):
                        context = written
                    else:
                        yield _Told(context, written) if isinstance(written, Candidate) else written
            answer = self._answer(context)
        except CivicbotError:
            raise
        except Exception:
            # The outermost boundary: whatever went wrong, the resident gets a sentence and the operator a log.
            logger.exception("answer_failed")
            answer = self._failure(context)
        yield _Done(context, answer)

    def _steps(self, begin: Callable[[OpenGeneration], Context], *, keep: bool) -> Iterator[Event | StageTime]:
        started, asked_at = time.perf_counter(), datetime.now(UTC)
        with self._index.reader() as generation:
            context, citing, told = begin(generation), Citing(generation), list[Candidate]()
            try:
                for step in self._worked_out(context):
                    if isinstance(step, _Done):
                        context, answer = step.context, step.answer
                    elif isinstance(step, _Told):
                        context = step.context
                        told.append(step.candidate)
                        yield citing.add(step.candidate)
                    else:
                        yield step
            except GeneratorExit:
                # Whoever listened has gone with a part of the answer: staff must be able to see what was told.
                if told and keep:
                    context = left_with(context, told)
                    exchange = exchange_of(context, self._answer(context), asked_at, time.perf_counter() - started)
                    self._conversations.remember(exchange)
                raise
        exchange = exchange_of(context, answer, asked_at, time.perf_counter() - started)
        if keep and not self._conversations.remember(exchange):
            note = Notice(kind=NoticeKind.NOT_RECORDED, text=texts(answer.language).notices[NoticeKind.NOT_RECORDED])
            answer = answer.model_copy(update={"notices": (*answer.notices, note)})
        yield from _events(answer, len(told))
        yield answer

    def _answer(self, context: Context) -> Answer:
        outcome = context.outcome
        if outcome is None:
            raise RuntimeError("no stage has settled the outcome")
        citing = Citing(context.generation)
        citing.add_all(outcome.candidates)
        dates = [citation.published for citation in citing.citations if citation.published is not None]
        contact = self._settings.contact if outcome.status in _WITH_CONTACT else None
        return Answer(
            id=uuid.uuid4().hex,
            conversation_id=context.conversation_id,
            status=outcome.status,
            language=context.language,
            text=_text(context, outcome, citing.sentences, contact),
            sentences=citing.sentences,
            citations=citing.citations,
            as_of=max(dates, default=None),
            notices=_notices(context, outcome),
            choices=outcome.choices,
            suggestions=suggestions(context),
            contact=contact,
            confidence=round(outcome.confidence, 4),
            versions=versions_of(context.generation, context.work),
        )

    def _failure(self, context: Context) -> Answer:
        language = context.question.language or detect_language(context.question.text)
        return Answer(
            id=uuid.uuid4().hex,
            conversation_id=context.conversation_id or context.question.conversation_id or self._conversations.start(),
            status=AnswerStatus.ERROR,
            language=language,
            text=texts(language).status["error"],
            contact=self._settings.contact,
            confidence=0.0,
            versions=versions_of(context.generation),
        )


@dataclass(frozen=True)
class _Done:
    """A question at its end."""

    context: Context
    answer: Answer


@dataclass(frozen=True)
class _Told:
    """A sentence that the model wrote, given to whoever listens before the answer is whole."""

    context: Context
    candidate: Candidate


def _events(answer: Answer, told: int) -> Iterator[SentenceReady]:
    """The sentences that have not been told yet."""
    known = {number for sentence in answer.sentences[:told] for number in sentence.citations}
    for sentence in answer.sentences[told:]:
        new = tuple(c for c in answer.citations if c.number in sentence.citations and c.number not in known)
        known |= {citation.number for citation in new}
        yield SentenceReady(sentence=sentence, new_citations=new)


def _text(context: Context, outcome: Outcome, sentences: tuple[AnswerSentence, ...], contact: str | None) -> str:
    words = texts(context.language)
    pieces = []
    if outcome.text or outcome.text_key:
        pieces.append(outcome.text or words.status[outcome.text_key])
    pieces += [sentence.text + "".join(f"[{number}]" for number in sentence.citations) for sentence in sentences]
    if contact and outcome.status is not AnswerStatus.PARTIAL:
        pieces.append(words.contact.format(contact=contact))
    return " ".join(pieces)


def _notices(context: Context, outcome: Outcome) -> tuple[Notice, ...]:
    words = texts(context.language)
    notices = outcome.notices
    if context.masked:
        kinds = ", ".join(label(kind, context.language) for kind in context.masked)
        notices = (*notices, (NoticeKind.MASKED, {"kinds": kinds}))
    return tuple(Notice(kind=kind, text=words.notices[kind].format(**values)) for kind, values in notices)
