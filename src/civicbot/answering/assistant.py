"""The facade: a question in, an answer out, or its events as they come."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from civicbot import __version__
from civicbot.answering.compose import Compose
from civicbot.answering.context import Candidate, Context, Outcome
from civicbot.answering.events import Event, SentenceReady, StageStarted
from civicbot.answering.evidence import Evidence
from civicbot.answering.followup import FollowUp
from civicbot.answering.intake import Intake
from civicbot.answering.override import Override
from civicbot.answering.pipeline import AnswerPipeline
from civicbot.answering.protocols import Conversations, NoRulings, Rulings, Turn
from civicbot.answering.rehearsal import Rehearsal
from civicbot.answering.retrieve import Retrieve
from civicbot.answering.scope import Scope
from civicbot.answering.suggestions import suggestions
from civicbot.answering.texts import texts
from civicbot.answering.verify import Verify
from civicbot.errors import CivicbotError
from civicbot.language.detect import detect_language
from civicbot.language.personal import label
from civicbot.model import (
    Answer,
    AnswerSentence,
    AnswerStatus,
    Citation,
    Considered,
    Exchange,
    Notice,
    NoticeKind,
    Question,
    Support,
    Versions,
)
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings
from civicbot.tracing import Run, StageTime, Trace

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
    ) -> None:
        self._settings = settings
        self._index = index
        self._conversations = conversations
        self._observe = observe
        self._trace = trace
        retrieve = Retrieve(settings.dense_languages, asked_as=settings.asked_as)
        self._evidence = Evidence(retrieve, asked_as=settings.asked_as)
        self._override = Override(rulings or NoRulings())
        self.pipeline = AnswerPipeline(
            (
                Intake(conversations),
                self._override,
                FollowUp(),
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

    def answer(self, question: Question, *, keep: bool = True, ruled: bool = True) -> Answer:
        """Answers a question.

        Args:
            question: what is asked.
            keep: False for a rehearsal, which no conversation remembers.
            ruled: False where what staff have laid down does not count.

        Raises:
            InvalidQuestionError: the text cannot be asked.
            UnknownConversationError: the conversation is not known.
            IndexMissingError: there is nothing to answer from yet.
            IndexDamagedError: what there is cannot be used.
        """
        for event in self.stream(question, keep=keep, ruled=ruled):
            if isinstance(event, Answer):
                return event
        raise RuntimeError("the pipeline ended without an answer")

    def stream(self, question: Question, *, keep: bool = True, ruled: bool = True) -> Iterator[Event]:
        """Answers a question and tells of it: stages as they start, verified sentences, then the answer.

        Args:
            question: what is asked.
            keep: as for :meth:`answer`.
            ruled: as for :meth:`answer`.

        Raises:
            CivicbotError: as :meth:`answer`, at the first event.
        """
        watch = _Watch(question.channel)
        try:
            for step in self._steps(question, keep, ruled):
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

    def rehearse(self, question: Question, *, earlier: Sequence[Turn] = (), ruled: bool = True) -> Rehearsal:
        """Answers a question for those who must see how; nothing remembers, counts or traces it.

        Args:
            question: what is asked; it continues no conversation.
            earlier: the turns before it, oldest first.
            ruled: as for :meth:`answer`.

        Raises:
            CivicbotError: as :meth:`answer`.
        """
        started, stages = time.perf_counter(), []
        with self._index.reader() as generation:
            context = self._context(question, generation, ruled=ruled, earlier=earlier)
            for step in self._worked_out(context):
                if isinstance(step, StageTime):
                    stages.append(step)
                elif isinstance(step, _Done):
                    seconds = time.perf_counter() - started
                    return Rehearsal(step.context, step.answer, tuple(stages), _considered(step.context), seconds)
        raise RuntimeError("the pipeline ended without an answer")

    def _context(
        self, question: Question, generation: OpenGeneration, *, ruled: bool, earlier: Sequence[Turn] = ()
    ) -> Context:
        return Context(
            question=question,
            generation=generation,
            today=self._settings.current_date(),
            earlier=tuple(earlier),
            ruled=ruled,
        )

    def _worked_out(self, context: Context) -> Iterator[StageStarted | StageTime | _Done]:
        """The stages as they start and end, and what came of them last."""
        try:
            for step in self.pipeline.steps(context):
                if isinstance(step, Context):
                    context = step
                else:
                    yield step
            context = self._override.settle(context)
            answer = self._answer(context)
        except CivicbotError:
            raise
        except Exception:
            # The outermost boundary: whatever went wrong, the resident gets a sentence and the operator a log.
            logger.exception("answer_failed")
            answer = self._failure(context)
        yield _Done(context, answer)

    def _steps(self, question: Question, keep: bool, ruled: bool) -> Iterator[Event | StageTime]:
        started, asked_at = time.perf_counter(), datetime.now(UTC)
        with self._index.reader() as generation:
            for step in self._worked_out(self._context(question, generation, ruled=ruled)):
                if isinstance(step, _Done):
                    context, answer = step.context, step.answer
                else:
                    yield step
        exchange = Exchange(
            # Without a text the question never got through intake, and is not masked.
            question=context.question.text if context.text else "",
            standalone=context.standalone,
            answer=answer,
            considered=_considered(context),
            masked=tuple(kind.value for kind in context.masked),
            asked_at=asked_at,
            seconds=time.perf_counter() - started,
            channel=question.channel,
            site=question.site,
        )
        if keep and not self._conversations.remember(exchange):
            note = Notice(kind=NoticeKind.NOT_RECORDED, text=texts(answer.language).notices[NoticeKind.NOT_RECORDED])
            answer = answer.model_copy(update={"notices": (*answer.notices, note)})
        told: set[int] = set()
        for sentence in answer.sentences:
            new = tuple(c for c in answer.citations if c.number in sentence.citations and c.number not in told)
            told |= {citation.number for citation in new}
            yield SentenceReady(sentence=sentence, new_citations=new)
        yield answer

    def _answer(self, context: Context) -> Answer:
        outcome = context.outcome
        if outcome is None:
            raise RuntimeError("no stage has settled the outcome")
        sentences, citations = _cited(context.generation, outcome.candidates)
        dates = [citation.published for citation in citations if citation.published is not None]
        contact = self._settings.contact if outcome.status in _WITH_CONTACT else None
        return Answer(
            id=uuid.uuid4().hex,
            conversation_id=context.conversation_id,
            status=outcome.status,
            language=context.language,
            text=_text(context, outcome, sentences, contact),
            sentences=sentences,
            citations=citations,
            as_of=max(dates, default=None),
            notices=_notices(context, outcome),
            choices=outcome.choices,
            suggestions=suggestions(context),
            contact=contact,
            confidence=round(outcome.confidence, 4),
            versions=Versions(app=__version__, index=context.generation.name),
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
            versions=Versions(app=__version__, index=context.generation.name),
        )


@dataclass(frozen=True)
class _Done:
    """A question at its end."""

    context: Context
    answer: Answer


class _Watch:
    """What is noted of a question while it is answered."""

    def __init__(self, channel: str) -> None:
        self.stages: list[StageTime] = []
        self.answer: Answer | None = None
        self.error: str | None = None
        self._channel = channel
        self._started, self._clock = time.time_ns(), time.perf_counter_ns()

    def run(self) -> Run:
        """The question as it is told to a trace."""
        answer = self.answer
        return Run(
            started=self._started,
            ended=self._started + time.perf_counter_ns() - self._clock,
            stages=tuple(self.stages),
            channel=self._channel,
            answer=answer.id if answer else None,
            status=answer.status.value if answer else None,
            language=answer.language if answer else None,
            error=self.error,
        )


def _considered(context: Context) -> tuple[Considered, ...]:
    """The sentences weighed for any part, each once, best first."""
    shown = context.outcome.candidates if context.outcome is not None else ()
    used = {(candidate.passage.id, candidate.statement.start) for candidate in shown}
    found: dict[tuple[str, int], Considered] = {}
    for candidate in (*shown, *(candidate for part in context.parts for candidate in part.weighed)):
        key = (candidate.passage.id, candidate.statement.start)
        found.setdefault(
            key,
            Considered(
                document_id=candidate.passage.document_id,
                passage_id=candidate.passage.id,
                text=candidate.statement.text,
                score=round(candidate.score, 4),
                confidence=round(candidate.confidence, 4),
                used=key in used,
            ),
        )
    return tuple(sorted(found.values(), key=lambda one: (not one.used, -one.confidence, -one.score)))


def _cited(
    generation: OpenGeneration, candidates: tuple[Candidate, ...]
) -> tuple[tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """Numbers the quotes in order of first use; the same quote keeps its number."""
    numbers: dict[tuple[str, int, int], Citation] = {}
    sentences = []
    for candidate in candidates:
        used = []
        for support in candidate.statement.supports:
            key = (support.document_id, support.start, support.end)
            if key not in numbers:
                numbers[key] = _citation(generation, support, len(numbers) + 1)
            used.append(numbers[key].number)
        sentences.append(AnswerSentence(text=" ".join(candidate.statement.text.split()), citations=tuple(used)))
    return tuple(sentences), tuple(numbers.values())


def _citation(generation: OpenGeneration, support: Support, number: int) -> Citation:
    document = generation.document(support.document_id)
    return Citation(
        number=number,
        quote=support.quote,
        document_id=document.id,
        passage_id=support.passage_id,
        title=document.title,
        publisher=document.publisher,
        published=document.published or document.updated,
        url=document.url,
        language=document.language,
    )


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
