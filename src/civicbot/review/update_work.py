"""Prepares library updates in the background: indexes, compares, and shows all the while that it is alive."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from sqlalchemy.exc import IntegrityError

from civicbot.errors import CivicbotError
from civicbot.generation import current_name
from civicbot.library.ingest import Summary
from civicbot.library.progress import Progress
from civicbot.library.publishing import held
from civicbot.records.tables import LibraryUpdateRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.impact import report_of
from civicbot.review.impact_asking import Comparison
from civicbot.review.store import Store
from civicbot.review.update_claim import Claim, StoppedError, bury
from civicbot.review.update_rows import PREPARE, StaleUpdateError, UpdateRunningError
from civicbot.review.updates_nouns import Documents, ImpactCase, Stage, UpdateKind, UpdateState

logger = logging.getLogger(__name__)

_TOGETHER = 10
"""Cases that are stored by one transaction."""
_LONGEST_REST = 0.5


class Indexer(Protocol):
    """Makes a generation of the corpus without making it live."""

    def __call__(self, progress: Progress) -> Summary:
        """What is prepared; a CivicbotError says why nothing could be."""

    def stop(self) -> None:
        """Ends the one that is running, from another thread."""


class UpdateWork:
    """Prepares one update at a time, over all processes; thread-safe.

    Args:
        store: the database.
        folder: the folder of all generations.
        index: the live index, which opens the new generation beside the live one.
        indexer: makes the new generation.
        comparison: asks both.
        serving: whether residents ask here at the same time: then there is a rest after each question for as long as it
            took, and what goes live is taken up at once.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        index: LiveIndex,
        indexer: Indexer,
        comparison: Comparison,
        *,
        serving: bool = True,
    ) -> None:
        self._store = store
        self._folder = folder
        self._index = index
        self._indexer = indexer
        self._comparison = comparison
        self._serving = serving
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._running: list[threading.Thread] = []

    @guarded(Action.PREPARE_UPDATE)
    def begin(self, actor: Actor) -> int:
        """Starts to prepare an update; returns its id.

        Raises:
            UpdateRunningError: another one is being prepared.
            RecordsUnavailableError: the database cannot be used just now.
        """
        now, runner = self._store.now(), uuid.uuid4().hex
        row = LibraryUpdateRow(
            kind=UpdateKind.UPDATE.value, state=UpdateState.PREPARING.value, slot=PREPARE, runner=runner,
            base=current_name(self._folder), beat_at=now, stage=Stage.INDEXING.value, step="", done=0, total=0,
            started_by=actor.name, started_at=now,
        )  # fmt: skip
        try:
            with self._store.writing() as session:
                bury(session, now)
                session.add(row)
                session.flush()
                update_id, base = row.id, row.base
                note(session, actor, Action.PREPARE_UPDATE, f"update:{update_id}", base=base)
        except IntegrityError as error:
            raise UpdateRunningError("A library update is being prepared already.") from error
        claim = Claim(self._store, update_id, runner, stopping=self._stopping, lost=self._indexer.stop)
        thread = threading.Thread(target=self._run, args=(claim, base), name="library-update", daemon=True)
        with self._lock:
            self._running = [each for each in self._running if each.is_alive()] + [thread]
        thread.start()
        return update_id

    def stop(self) -> None:
        """Ends what is being prepared here, which is marked as failed; nothing else is begun."""
        self._stopping.set()
        self._indexer.stop()
        with self._lock:
            running = self._running
        for thread in running:
            thread.join()

    def forget(self, name: str | None) -> None:
        """Closes a generation that was compared and is not wanted any more."""
        if name is not None:
            self._index.forget(name)

    def went_live(self) -> None:
        """Takes up what is live now; if that fails, the index says so itself, and serves on with what it has."""
        if not self._serving:
            return
        try:
            self._index.refresh(warm_up=True)
        except CivicbotError as error:
            logger.warning("library_not_taken_up", extra={"fields": {"problem": error.code}})

    def _run(self, claim: Claim, base: str | None) -> None:
        try:
            with claim.alive():
                self._prepare(claim, base)
        except StoppedError:
            claim.fail("It was stopped.")
        except CivicbotError as error:
            claim.fail("It was stopped." if claim.stopped else str(error))
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a thread
            # No traceback: it could tell what residents asked.
            logger.error("library_update_broken", extra={"fields": {"problem": type(error).__name__}})  # noqa: TRY400
            claim.fail(f"Something unexpected went wrong ({type(error).__name__}).")

    def _prepare(self, claim: Claim, base: str | None) -> None:
        claim.check()
        summary = self._indexer(claim)
        claim.check()
        documents = _documents(summary)
        if not summary.new:
            claim.finish(UpdateState.UNCHANGED, report_of(documents, documents.problems, ()))
            return
        live = current_name(self._folder)
        if live != base:
            raise StaleUpdateError(f"The live library became {live!r} meanwhile.")
        claim.made(summary.generation)
        cases = list(self._compared(claim, base, summary.generation)) if base is not None else []
        known = held(self._folder, base)
        claim.finish(UpdateState.READY, report_of(documents, known.problems if known is not None else (), cases))

    def _compared(self, claim: Claim, base: str, name: str) -> Iterator[ImpactCase]:
        with ExitStack() as borrowed:
            live = borrowed.enter_context(self._index.beside(base))
            new = borrowed.enter_context(self._index.beside(name))
            todo = self._comparison.todo()
            claim.compare(todo.total)
            batch: list[ImpactCase] = []
            started = time.monotonic()
            for case in self._comparison.cases(todo, live, new):
                claim.advance(1)
                batch.append(case)
                if len(batch) == _TOGETHER:
                    claim.store(batch)
                    batch = []
                yield case
                if self._serving:
                    self._stopping.wait(min(time.monotonic() - started, _LONGEST_REST))
                started = time.monotonic()
            claim.store(batch)
        if self._serving:
            self._index.make_quick(name)


def _documents(summary: Summary) -> Documents:
    return Documents(
        added=summary.added,
        changed=summary.changed,
        removed=summary.removed,
        unchanged=len(summary.unchanged),
        passages=summary.passages,
        skipped=summary.skipped,
        problems=tuple(str(problem) for problem in summary.problems),
    )
