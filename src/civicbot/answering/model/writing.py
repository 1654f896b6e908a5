"""Last stage, where there is a language model: it writes the answer, sentence by verified sentence."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from civicbot.answering.compose import notices_of, repeats
from civicbot.answering.context import Candidate, Context
from civicbot.answering.distinct import says_again
from civicbot.answering.events import StageStarted
from civicbot.answering.model.caching import Cache, key_of
from civicbot.answering.model.calling import Caller, Spent
from civicbot.answering.model.checking import Checker
from civicbot.answering.model.client import Message, estimated_tokens
from civicbot.answering.model.failures import Failure, ModelFailedError, boundary, log_failure
from civicbot.answering.model.numbered import Numbered, as_data, fenced, within
from civicbot.answering.model.points import points_of, told
from civicbot.answering.model.prompts import Prompts
from civicbot.answering.model.reading import Grade, ReplyReader, Written
from civicbot.answering.model.selection import closest, evidence_of
from civicbot.answering.model.watch import ModelWatch
from civicbot.model import AnswerStatus, JudgedSentence, ModelWork, NoticeKind
from civicbot.settings import Settings
from civicbot.tracing import StageTime

ANSWER_TOKENS = 1200
"""That an answer may have, its JSON included."""
MOST_TOLD = 5
"""Sentences of an answer; what a model writes beyond is left out."""
_MOST_READ = 24
"""A model that writes more sentences than this has run away."""
_ANSWERS = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})
_TRAILING = 40
"""Characters that may follow the whole reply, such as the end of a code fence, before the rest is not waited for."""

Tellable = Callable[[Context, Candidate], bool]


@dataclass(frozen=True)
class _Result:
    """What came of a prompt, kept for the next time that it would be sent."""

    told: tuple[Candidate, ...]
    judged: tuple[JudgedSentence, ...]
    grade: Grade | None
    failure: Failure | None


@dataclass
class _Draft:
    """An answer while it is written.

    Attributes:
        judged: all sentences that came.
        waiting: supported ones that wait for the point of the answer.
        told: those that the reader has.
    """

    spent: Spent
    judged: list[JudgedSentence] = field(default_factory=list)
    waiting: list[Candidate] = field(default_factory=list)
    told: list[Candidate] = field(default_factory=list)
    grade: Grade | None = None


class Writer:
    """Has the model write the answers that the library's sentences would give; thread-safe.

    Args:
        settings: limits and budgets.
        model: the model's name.
        caller: calls it.
        prompts: what it is told.
        watch: told what came of it.
    """

    name = "write"

    def __init__(self, settings: Settings, model: str, caller: Caller, prompts: Prompts, watch: ModelWatch) -> None:
        self._settings = settings
        self._model = model
        self._caller = caller
        self._prompts = prompts
        self._watch = watch
        self._cache: Cache[_Result] = Cache(settings.llm_cache)

    def takes(self, context: Context) -> bool:
        """Whether an answer is written: only one that the library gives, and that nobody has laid down."""
        outcome = context.outcome
        if not context.written or outcome is None or outcome.status not in _ANSWERS:
            return False
        return bool(outcome.candidates) and context.ruling is None and context.approved is None

    def run(self, context: Context, tellable: Tellable) -> Iterator[StageStarted | StageTime | Candidate | Context]:
        """Writes an answer as a stage that tells when it starts and how long it took; else as :meth:`steps`."""
        yield StageStarted(stage=self.name)
        started, clock = time.time_ns(), time.perf_counter_ns()
        # Known from the first sentence on, so that it is kept even where nobody waits for the last one.
        yield replace(context, work=self._work(context, _Draft(Spent()), "written"))
        yield from self.steps(context, tellable)
        yield StageTime(self.name, started, started + time.perf_counter_ns() - clock)

    def steps(self, context: Context, tellable: Tellable) -> Iterator[Candidate | Context]:
        """Writes an answer: each sentence as soon as it may be read, then the context with the whole answer.

        A sentence that was given is part of the answer, whatever happens next. Where the model fails before the point
        of the answer is known to be told, nothing has been given and the answer stays as it came.

        Args:
            context: with the answer of the library's sentences.
            tellable: whether staff let a sentence of the library be told just now.
        """
        before = context.work
        spent = Spent(sent=before.sent, received=before.received) if before else Spent()
        spent.started -= before.seconds if before else 0.0
        draft = _Draft(spent)
        failure: ModelFailedError | None = None
        outcome = "written"
        try:
            evidence, messages = self._prompt(context, tellable)
            key = self._key(context, messages)
            kept = self._cache.get(key)
            if kept is None:
                yield from self._written(context, draft, evidence, messages)
                self._keep(key, draft)
            else:
                outcome = "cached"
                yield from kept.told
                draft.told, draft.judged, draft.grade = list(kept.told), list(kept.judged), kept.grade
                failure = ModelFailedError(kept.failure) if kept.failure else None
        except Exception as error:  # noqa: BLE001 - a boundary
            failure = boundary(error)
            if failure.failure is Failure.NO_POINT:
                self._keep(key, draft)
        outcome = failure.failure.value if failure else outcome
        self._note(draft, failure, outcome)
        yield self._ended(context, draft, outcome, whole=failure is None)

    def _prompt(self, context: Context, tellable: Tellable) -> tuple[list[Numbered], list[Message]]:
        prompt = self._prompts.of("answer", context.language)
        values = {"today": context.today.isoformat(), "question": as_data(context.standalone)}
        bare = sum(estimated_tokens(each.text) for each in prompt.messages(**values, evidence=""))
        left = self._settings.llm_tokens_per_question - ANSWER_TOKENS - bare
        evidence = within(evidence_of(context, tellable), left)
        if not evidence:
            raise ModelFailedError(Failure.QUESTION_BUDGET)
        return evidence, prompt.messages(**values, evidence=fenced(evidence))

    def _key(self, context: Context, messages: list[Message]) -> str:
        # The question as it stands alone and its evidence, so the conversation too, are in the messages.
        texts = [message.text for message in messages]
        return key_of(self._settings.llm, self._prompts.version, context.generation.name, context.language, *texts)

    def _keep(self, key: str, draft: _Draft) -> None:
        failure = None if draft.told else Failure.NO_POINT
        self._cache.put(key, _Result(tuple(draft.told), tuple(draft.judged), draft.grade, failure))

    def _written(
        self, context: Context, draft: _Draft, evidence: list[Numbered], messages: list[Message]
    ) -> Iterator[Candidate]:
        judge = _Judge(context, draft, evidence)
        reader = ReplyReader()
        yield from self._read(messages, draft, judge, reader)
        if not reader.sentences:
            if not reader.text.strip():
                raise ModelFailedError(Failure.EMPTY)
            reader = yield from self._repaired(context, draft, judge, reader, messages)
        if not reader.whole and draft.spent.finished != "stop":
            raise ModelFailedError(Failure.CUT)
        if not draft.told:
            raise ModelFailedError(Failure.NO_POINT)

    def _repaired(
        self, context: Context, draft: _Draft, judge: _Judge, failed: ReplyReader, messages: list[Message]
    ) -> Generator[Candidate, None, ReplyReader]:
        """Asks once more for a reply that could not be read; returns what read it."""
        prompt = self._prompts.of("answer", context.language)
        again = ReplyReader()
        yield from self._read([*messages, prompt.repair(reply=as_reply(failed.text))], draft, judge, again)
        if not again.sentences:
            raise ModelFailedError(Failure.UNREADABLE)
        return again

    def _read(self, messages: list[Message], draft: _Draft, judge: _Judge, reader: ReplyReader) -> Iterator[Candidate]:
        seconds = self._settings.llm_total_seconds
        pieces = self._caller.stream(messages, draft.spent, ANSWER_TOKENS, seconds)
        try:
            for piece in pieces:
                for written in reader.feed(piece):
                    yield from judge.take(written)
                draft.grade = reader.grade
                _bounded(draft, reader)
                if reader.whole and reader.after > _TRAILING:
                    break
        except ModelFailedError as error:
            # What comes after the whole reply, or does not, changes nothing.
            if not reader.whole or error.failure is Failure.DECLINED:
                raise
        finally:
            pieces.close()
        for written in reader.rest():
            yield from judge.take(written)

    def _note(self, draft: _Draft, failure: ModelFailedError | None, outcome: str) -> None:
        self._watch.model_asked("answer", outcome, draft.spent.seconds)
        passed = sum(each.passed for each in draft.judged)
        self._watch.model_sentences(passed, len(draft.judged) - passed)
        if failure is not None:
            log_failure(failure, told=len(draft.told), seconds=draft.spent.seconds)

    def _ended(self, context: Context, draft: _Draft, outcome: str, *, whole: bool) -> Context:
        context = replace(context, work=self._work(context, draft, outcome))
        return _with_told(context, draft.told, whole=whole) if draft.told else context

    def _work(self, context: Context, draft: _Draft, outcome: str) -> ModelWork:
        return ModelWork(
            model=self._model,
            prompt=self._prompts.version,
            outcome=outcome,
            used=bool(draft.told),
            rewritten=context.work is not None and context.work.rewritten,
            completeness=draft.grade,
            sentences=tuple(draft.judged),
            sent=draft.spent.sent,
            received=draft.spent.received,
            seconds=round(draft.spent.seconds, 3),
        )


class _Judge:
    """Lets sentences through once they are supported and the point of the answer is sure to be told."""

    def __init__(self, context: Context, draft: _Draft, evidence: list[Numbered]) -> None:
        self._context = context
        self._draft = draft
        self._checker = Checker(context, evidence)
        self._points = points_of(context)

    def take(self, written: Written) -> Iterator[Candidate]:
        """Takes a sentence of the model; the sentences that may be read now."""
        draft = self._draft
        for judged, candidate in self._checker.check(written):
            draft.judged.append(judged)
            said = (*draft.told, *draft.waiting)
            if candidate is not None and len(said) < MOST_TOLD and not self._says_again(candidate, said):
                draft.waiting.append(candidate)
        texts = [each.statement.text for each in (*draft.told, *draft.waiting)]
        generation, language = self._context.generation, self._context.language
        if draft.told or told(self._points, texts, language, generation):
            ready, draft.waiting = draft.waiting, []
            for candidate in ready:
                draft.told.append(candidate)
                yield candidate

    def _says_again(self, candidate: Candidate, said: Sequence[Candidate]) -> bool:
        parts = self._context.parts
        if any(part.asked.compare for part in parts):
            return candidate.statement.text in {each.statement.text for each in said}
        if says_again(self._context, candidate, said):
            return True
        return len(parts) == 1 and repeats(parts[0], said, candidate)


def _bounded(draft: _Draft, reader: ReplyReader) -> None:
    if draft.grade == "none" and not draft.told:
        raise ModelFailedError(Failure.DECLINED)
    if reader.sentences > _MOST_READ:
        raise ModelFailedError(Failure.RUNAWAY)


def as_reply(text: str) -> str:
    """A reply that could not be read, short enough to be sent back."""
    return as_data(text[: ANSWER_TOKENS * 2])


def _with_told(context: Context, sentences: list[Candidate], *, whole: bool) -> Context:
    """The answer with the model's sentences in the place of the library's.

    After a failure the library's sentences follow that say anything more; those that only come close to a part
    without an answer stand at the end in any case.
    """
    outcome = context.outcome
    if outcome is None:
        return context
    last = closest(context)
    rest = (
        () if whole else tuple(c for c in outcome.candidates if c not in last and not says_again(context, c, sentences))
    )
    kinds = dict.fromkeys(kind for kind, _ in notices_of(context, sentences))
    given = dict(outcome.notices)
    as_it_is = any(candidate.passage.language != context.language for candidate in (*rest, *last))
    notices = tuple(
        (kind, given.get(kind, {}))
        for kind in (*kinds, *(kind for kind in given if kind not in kinds))
        if kind is not NoticeKind.OTHER_LANGUAGE or as_it_is
    )
    return replace(context, outcome=replace(outcome, candidates=(*sentences, *rest, *last), notices=notices))
