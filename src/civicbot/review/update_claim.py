"""The right to prepare an update: kept by signs of life, lost to whoever finds none."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from civicbot.errors import RecordsUnavailableError
from civicbot.records.tables import ExchangeRow, LibraryUpdateCaseRow, LibraryUpdateRow
from civicbot.review.store import Store
from civicbot.review.update_rows import case_row
from civicbot.review.updates_nouns import ImpactCase, Report, Stage, UpdateKind, UpdateState

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
"""Between two signs of life, with which the progress is stored."""
LEASE_SECONDS = 30.0
"""Without a sign of life for so long, the process that prepared an update is taken to be dead."""
_KEPT = 20
"""Updates whose cases are kept; of older ones the numbers stay."""


class StoppedError(Exception):
    """Somebody has stopped the preparation, or taken it for dead."""


def bury(session: Session, now: datetime) -> int:
    """Marks updates as failed whose process has died; returns how many."""
    since = now - timedelta(seconds=LEASE_SECONDS)
    dead = (
        select(LibraryUpdateRow)
        .where(LibraryUpdateRow.state == UpdateState.PREPARING.value, LibraryUpdateRow.beat_at < since)
        .with_for_update()
    )
    rows = session.scalars(dead).all()
    for row in rows:
        end(session, row, UpdateState.FAILED, now)
        row.problem = "The process that prepared it ended."
        logger.warning("library_update_died", extra={"fields": {"update": row.id}})
    return len(rows)


def end(session: Session, row: LibraryUpdateRow, state: UpdateState, now: datetime) -> None:
    """Ends a preparation without a result; what it has stored so far goes."""
    row.state, row.slot, row.runner, row.stage, row.finished_at = state.value, None, None, None, now
    session.execute(delete(LibraryUpdateCaseRow).where(LibraryUpdateCaseRow.update_id == row.id))


class Claim:
    """One preparation as its own process sees it; it is also the progress that the ingest tells.

    Args:
        store: the database.
        update_id: of the update.
        runner: who works at it; every write makes sure that it still does.
        stopping: set when this process ends.
        lost: called from another thread when there is nothing left to work for.
    """

    def __init__(
        self, store: Store, update_id: int, runner: str, *, stopping: threading.Event, lost: Callable[[], None]
    ) -> None:
        self._store = store
        self._id = update_id
        self._runner = runner
        self._stopping = stopping
        self._on_loss = lost
        self._lost = False
        self._stage, self._step, self._done, self._total = Stage.INDEXING, "", 0, 0

    @property
    def stopped(self) -> bool:
        """Whether there is nothing left to work for."""
        return self._lost or self._stopping.is_set()

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Gives signs of life for as long as the block lasts."""
        over = threading.Event()
        thread = threading.Thread(target=self._beat, args=(over,), name="library-update-beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def check(self) -> None:
        """Raises StoppedError when there is nothing left to work for."""
        if self.stopped:
            raise StoppedError

    def stage(self, name: str, total: int) -> None:
        """The ingest begins a step."""
        self.check()
        self._step, self._done, self._total = name, 0, total

    def advance(self, steps: int) -> None:
        """The step is so much further."""
        self.check()
        self._done += steps

    def compare(self, total: int) -> None:
        """The comparison begins."""
        self._stage = Stage.COMPARING
        self.stage("", total)

    def made(self, generation: str) -> None:
        """Notes the generation that was made."""
        with self._store.writing() as session:
            self._own(session).generation = generation

    def store(self, cases: Sequence[ImpactCase]) -> None:
        """Stores some cases, but for those whose exchange is deleted by now."""
        if not cases:
            return
        ids = {case.answer_id for case in cases if case.answer_id is not None}
        with self._store.writing() as session:
            self._own(session)
            # Nobody deletes an exchange between this look and the end of the transaction.
            there = select(ExchangeRow.answer_id).where(ExchangeRow.answer_id.in_(ids))
            left = set(session.scalars(there.with_for_update(read=True, key_share=True)))
            session.add_all(
                case_row(self._id, case) for case in cases if case.answer_id is None or case.answer_id in left
            )

    def finish(self, state: UpdateState, report: Report) -> None:
        """Ends the preparation with its result; an update that was ready before is replaced."""
        with self._store.writing() as session:
            row, now = self._own(session), self._store.now()
            row.state, row.slot, row.runner, row.stage = state.value, None, None, None
            row.report, row.finished_at = report.model_dump(mode="json"), now
            if state is UpdateState.READY:
                others = update(LibraryUpdateRow).where(
                    LibraryUpdateRow.id != self._id,
                    LibraryUpdateRow.kind == UpdateKind.UPDATE.value,
                    LibraryUpdateRow.state == UpdateState.READY.value,
                )
                session.execute(others.values(state=UpdateState.REPLACED.value))
            old = LibraryUpdateCaseRow.update_id <= self._id - _KEPT
            session.execute(delete(LibraryUpdateCaseRow).where(old))
        told = {"update": self._id, "state": state.value, "cases": report.total(), "blocked": report.blocked}
        logger.info("library_update_ready", extra={"fields": told})

    def fail(self, problem: str) -> None:
        """Ends the preparation without a result, if it is still ours."""
        with suppress(StoppedError, RecordsUnavailableError), self._store.writing() as session:
            row = self._own(session)
            end(session, row, UpdateState.FAILED, self._store.now())
            row.problem = problem
        logger.warning("library_update_failed", extra={"fields": {"update": self._id}})

    def _own(self, session: Session) -> LibraryUpdateRow:
        row = session.get(LibraryUpdateRow, self._id, with_for_update=True, populate_existing=True)
        if row is None or row.runner != self._runner or row.state != UpdateState.PREPARING.value:
            self._lost = True
            raise StoppedError
        return row

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(BEAT_SECONDS):
            # An outage shorter than the lease does no harm.
            with suppress(StoppedError, RecordsUnavailableError), self._store.writing() as session:
                row = self._own(session)
                row.beat_at, row.stage = self._store.now(), self._stage.value
                row.step, row.done, row.total = self._step, self._done, self._total
            if self.stopped:
                self._on_loss()
