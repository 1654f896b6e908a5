"""Runs of the regression set: all cases asked again, in the background, one run at a time over all processes."""

from __future__ import annotations

import logging
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from civicbot import __version__
from civicbot.answering.assistant import Assistant
from civicbot.errors import CivicbotError, RecordsUnavailableError
from civicbot.model import Answer, Question
from civicbot.records.tables import ExchangeRow, VerifiedFailureRow, VerifiedRunRow
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.background import Background
from civicbot.review.store import Store
from civicbot.review.verified import VerifiedCases
from civicbot.review.verified_export import lines
from civicbot.review.verified_nouns import VerifiedCase, judge_case
from civicbot.review.verified_run_nouns import (
    CaseCount,
    ExportFormat,
    Failure,
    NoVerifiedCasesError,
    RunState,
    UnknownRunError,
    VerifiedRun,
    VerifiedRunningError,
)
from civicbot.review.verified_tally import Tally

logger = logging.getLogger(__name__)

DEAD_AFTER = timedelta(minutes=2)
"""A run whose process has shown no sign of life for so long is over."""
_BEAT_SECONDS = 2.0
_LONGEST_REST = 0.5
_SLOT = "run"


class VerifiedRuns:
    """Asks all cases and keeps what came of it; thread-safe, and safe beside other processes.

    Args:
        store: the database.
        cases: the cases.
        assistant: the one that residents ask: it is asked without records, and whatever is paused; approved answers
            count, since they are what residents are told.
        work: where runs go on.
    """

    def __init__(self, store: Store, cases: VerifiedCases, assistant: Assistant, work: Background) -> None:
        self._store = store
        self._cases = cases
        self._assistant = assistant
        self._work = work

    @guarded(Action.READ_VERIFIED)
    def counts(self, actor: Actor) -> tuple[CaseCount, ...]:
        """How many cases there are, by verdict and language."""
        del actor
        cases = self._cases.cases()
        all_of = Counter((case.verdict, case.language) for case in cases)
        open_ones = Counter((case.verdict, case.language) for case in cases if case.open)
        return tuple(
            CaseCount(verdict=verdict, language=language, cases=number, open=open_ones[verdict, language])
            for (verdict, language), number in sorted(all_of.items())
        )

    @guarded(Action.READ_VERIFIED)
    def runs(self, actor: Actor, *, limit: int = 30) -> tuple[VerifiedRun, ...]:
        """The newest runs, the newest first; one whose process has died is marked as interrupted."""
        del actor
        newest = select(VerifiedRunRow).order_by(VerifiedRunRow.id.desc()).limit(limit)
        with self._store.reading() as session:
            rows = list(session.scalars(newest))
            if not any(self._dead(row) for row in rows):
                return tuple(_run(row) for row in rows)
        with self._store.writing() as session:
            self._end_dead(session)
            return tuple(_run(row) for row in session.scalars(newest))

    @guarded(Action.READ_VERIFIED)
    def failures(self, actor: Actor, run_id: int) -> tuple[Failure, ...]:
        """The cases that failed in a run, with what was wanted and what they got, in the order of their numbers.

        A case whose words have been deleted since is not among them. The reading is in the audit log, since cases hold
        residents' questions.

        Raises:
            UnknownRunError: there is no such run.
        """
        cases = {case.id: case for case in self._cases.cases()}
        with self._store.writing() as session:
            if session.get(VerifiedRunRow, run_id) is None:
                raise UnknownRunError(f"There is no run {run_id!r}.")
            rows = session.scalars(select(VerifiedFailureRow).where(VerifiedFailureRow.run_id == run_id))
            found = tuple(
                Failure(
                    case_id=row.case_id,
                    language="ko" if row.language == "ko" else "en",
                    outcome=row.outcome,
                    open=row.open,
                    case=cases.get(row.case_id),
                    answer=Answer.model_validate(row.answer),
                )
                for row in rows
            )
            note(session, actor, Action.READ_VERIFIED, f"verified-run:{run_id}", failures=len(found))
        return tuple(sorted(found, key=lambda one: (one.case_id[0] == "a", int(one.case_id[1:]))))

    @guarded(Action.RUN_VERIFIED)
    def start(self, actor: Actor) -> VerifiedRun:
        """Begins a run.

        Raises:
            VerifiedRunningError: one goes on already, in this process or another.
            NoVerifiedCasesError: there are no cases.
            RecordsUnavailableError: the database cannot be used just now.
        """
        cases = self._cases.cases()
        if not cases:
            raise NoVerifiedCasesError("No answer has been judged yet.")
        runner = uuid.uuid4().hex
        try:
            run = self._begin(actor, cases, runner)
        except IntegrityError as error:
            raise VerifiedRunningError("The regression set is being run.") from error
        self._work.run("verified-run", lambda: self._go(run.id, runner, cases))
        return run

    @guarded(Action.EXPORT_VERIFIED)
    def export(self, actor: Actor, form: ExportFormat) -> str:
        """The cases as JSON lines; open ones are left out, since nobody knows their right answer."""
        cases = [case for case in self._cases.cases() if not case.open]
        with self._store.writing() as session:
            note(session, actor, Action.EXPORT_VERIFIED, "verified", format=form.value, cases=len(cases))
        return "".join(lines(cases, form))

    # ------------------------------------------------------------ the run itself

    def _begin(self, actor: Actor, cases: Sequence[VerifiedCase], runner: str) -> VerifiedRun:
        with self._store.writing() as session:
            self._end_dead(session)
            if session.scalar(select(func.count()).where(VerifiedRunRow.slot == _SLOT)):
                raise VerifiedRunningError("The regression set is being run.")
            now = self._store.now()
            row = VerifiedRunRow(
                at=now,
                by=actor.name,
                state=RunState.RUNNING.value,
                slot=_SLOT,
                runner=runner,
                beat_at=now,
                app_version=__version__,
                index_name="",
                asked=0,
                total=len(cases),
                counts={},
                open_counts={},
                languages={},
                verdicts={},
                seconds=0.0,
            )
            session.add(row)
            session.flush()
            note(session, actor, Action.RUN_VERIFIED, f"verified-run:{row.id}", cases=len(cases))
            return _run(row)

    def _go(self, run_id: int, runner: str, cases: Sequence[VerifiedCase]) -> None:
        """Runs to the end; whatever happens is told in the run's row, or the row's silence tells it."""
        tally, state, problem = Tally(), RunState.FAILED, ""
        try:
            state = self._ask_all(run_id, runner, cases, tally)
        except CivicbotError as error:
            problem = error.code
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a thread
            # No traceback: it could tell what was asked.
            problem = "internal_error"
            logger.error("verified_run_failed", extra={"fields": {"problem": type(error).__name__}})  # noqa: TRY400
        try:
            self._end(run_id, runner, tally, state, problem)
        except (CivicbotError, SQLAlchemyError) as error:
            logger.warning("verified_run_not_stored", extra={"fields": {"problem": type(error).__name__}})

    def _ask_all(self, run_id: int, runner: str, cases: Sequence[VerifiedCase], tally: Tally) -> RunState:
        beaten = time.monotonic()
        for case in cases:
            started = time.perf_counter()
            answer = ask(self._assistant, case)
            seconds = time.perf_counter() - started
            tally.add(case, judge_case(case, answer), answer, seconds)
            if time.monotonic() - beaten >= _BEAT_SECONDS:
                beaten = time.monotonic()
                if not self._beat(run_id, runner, tally.asked):
                    return RunState.INTERRUPTED
            # Residents have the processor for themselves for half of the time.
            if self._work.rest(min(seconds, _LONGEST_REST)) and tally.asked < len(cases):
                return RunState.INTERRUPTED
        return RunState.DONE

    def _beat(self, run_id: int, runner: str, asked: int) -> bool:
        """Tells how far it is; False when somebody has taken the run for dead."""
        try:
            return self._note(run_id, runner, asked)
        except RecordsUnavailableError:
            # A database that is away for a moment is no reason to begin again.
            return True

    def _note(self, run_id: int, runner: str, asked: int) -> bool:
        with self._store.writing() as session:
            row = _own_row(session, run_id, runner)
            if row is not None:
                row.asked, row.beat_at = asked, self._store.now()
            return row is not None

    def _end(self, run_id: int, runner: str, tally: Tally, state: RunState, problem: str) -> None:
        done = state is RunState.DONE
        with self._store.writing() as session:
            row = _own_row(session, run_id, runner)
            if row is None:
                return
            row.state, row.slot, row.problem = state.value, None, problem or None
            row.beat_at = row.ended_at = self._store.now()
            row.asked, row.seconds, row.index_name = tally.asked, tally.seconds, ", ".join(tally.indexes)
            if done:
                row.counts, row.open_counts = tally.counts(), tally.counts(open_ones=True)
                row.languages, row.verdicts = tally.languages(), tally.verdicts()
                _keep_failures(session, run_id, tally)
        logger.info("verified_run", extra={"fields": {"run": run_id, "state": state.value, "asked": tally.asked}})

    def _dead(self, row: VerifiedRunRow) -> bool:
        return row.slot == _SLOT and row.beat_at < self._store.now() - DEAD_AFTER

    def _end_dead(self, session: Session) -> None:
        gone = {"state": RunState.INTERRUPTED.value, "slot": None, "ended_at": VerifiedRunRow.beat_at}
        dead = (VerifiedRunRow.slot == _SLOT, VerifiedRunRow.beat_at < self._store.now() - DEAD_AFTER)
        session.execute(update(VerifiedRunRow).where(*dead).values(**gone))


def ask(assistant: Assistant, case: VerifiedCase) -> Answer:
    """What residents are told when they ask a case's question, whatever is paused; nothing is kept of it.

    Raises:
        CivicbotError: there is nothing to answer from.
    """
    question = Question(text=case.asked, language=case.language, channel="page")
    return assistant.rehearse(question, earlier=case.earlier, switches=False).answer


def _own_row(session: Session, run_id: int, runner: str) -> VerifiedRunRow | None:
    """The row of a run, unless somebody has taken the run for dead."""
    row = session.get(VerifiedRunRow, run_id, with_for_update=True)
    return row if row is not None and row.runner == runner and row.slot == _SLOT else None


def _keep_failures(session: Session, run_id: int, tally: Tally) -> None:
    wanted = [case.answer_id for case, _, _ in tally.failures if case.answer_id is not None]
    # Some may be forgotten since; those that are left cannot be until this is over.
    held = select(ExchangeRow.answer_id).where(ExchangeRow.answer_id.in_(wanted))
    there = {None, *session.scalars(held.with_for_update(read=True, key_share=True))}
    session.add_all(
        VerifiedFailureRow(
            run_id=run_id,
            case_id=case.id,
            answer_id=case.answer_id,
            language=case.language,
            outcome=outcome,
            open=case.open,
            answer=answer.model_dump(mode="json"),
        )
        for case, outcome, answer in tally.failures
        if case.answer_id in there
    )


def _run(row: VerifiedRunRow) -> VerifiedRun:
    return VerifiedRun.model_validate(
        {
            "id": row.id,
            "at": row.at,
            "by": row.by,
            "state": row.state,
            "ended_at": row.ended_at,
            "app": row.app_version,
            "index": row.index_name,
            "asked": row.asked,
            "total": row.total,
            "counts": row.counts,
            "open_counts": row.open_counts,
            "languages": row.languages,
            "verdicts": row.verdicts,
            "seconds": row.seconds,
            "problem": row.problem or "",
        }
    )
