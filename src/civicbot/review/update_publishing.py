"""Puts a prepared generation in place, or the one before back: killed at any step, the next start goes on with it.

The row says first that it is being published, then the pointer of the index is moved, then the row says that it is
done. All three happen under the lock of the index folder, which a killed process leaves: so whoever finds such a row
under the lock knows that nobody else is at it, and doing a step twice does it once.
"""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicbot.errors import IndexDamagedError, IndexMissingError
from civicbot.generation import current_name, generation_folder, read_manifest
from civicbot.library.build import file_hashes
from civicbot.library.ingest import made_of
from civicbot.library.publishing import OtherLibraryError, only_publisher, previous_name, put_in_place, tidy
from civicbot.records.tables import LibraryUpdateRow
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.store import Store
from civicbot.review.update_claim import bury
from civicbot.review.update_rows import (
    PUBLISH,
    BlockedUpdateError,
    NoPreviousError,
    StaleUpdateError,
    in_state,
    reason_told,
    row_of,
)
from civicbot.review.updates_nouns import Report, UpdateKind, UpdateState
from civicbot.settings import Settings

logger = logging.getLogger(__name__)


class Publishing:
    """Moves the pointer of the index and keeps the rows in step; safe beside other processes.

    Args:
        store: the database.
        folder: the folder of all generations.
        settings: what the corpus is made into a generation with.
    """

    def __init__(self, store: Store, folder: Path, settings: Settings) -> None:
        self._store = store
        self._folder = folder
        self._settings = settings

    @guarded(Action.PUBLISH_UPDATE)
    def publish(self, actor: Actor, update_id: int, reason: str | None) -> None:
        """Makes a prepared update live.

        Raises:
            UnknownUpdateError: there is none with this id.
            UpdateStateError: it is not ready.
            StaleUpdateError: the live library or the corpus is another one by now.
            BlockedUpdateError: a rule blocks it, and no reason is given.
            IndexDamagedError: the generation is not whole.
        """
        told = reason_told(reason)
        self.recover()
        with self._store.reading() as session:
            self._publishable(session, update_id, told)
        self._current(update_id)
        with only_publisher(self._folder):
            with self._store.writing() as session:
                row = self._publishable(session, update_id, told)
                now = self._store.now()
                row.state, row.slot, row.beat_at = UpdateState.PUBLISHING.value, PUBLISH, now
                row.decided_by, row.decided_at, row.reason = actor.name, now, told
                report = Report.model_validate(row.report)
                overridden = [concern.rule.value for concern in report.concerns if concern.blocks]
                note(
                    session, actor, Action.PUBLISH_UPDATE, f"update:{update_id}", change="publish",
                    generation=row.generation, instead_of=row.base, overridden=overridden, reason=told,
                )  # fmt: skip
            self._finish(update_id)
        tidy(self._folder)

    @guarded(Action.ROLL_BACK)
    def roll_back(self, actor: Actor, reason: str | None) -> int:
        """Brings the generation back that was live before; returns the number of the roll-back.

        Raises:
            NoPreviousError: there is none.
            IndexDamagedError: it is not whole.
        """
        told = reason_told(reason)
        self.recover()
        with only_publisher(self._folder):
            live, before = current_name(self._folder), previous_name(self._folder)
            if before is None or live is None:
                raise NoPreviousError("There is no earlier library to go back to.")
            whole(self._folder, before)
            now = self._store.now()
            row = LibraryUpdateRow(
                kind=UpdateKind.ROLLBACK.value, state=UpdateState.PUBLISHING.value, slot=PUBLISH, base=live,
                generation=before, beat_at=now, stage=None, step="", done=0, total=0, started_by=actor.name,
                started_at=now, decided_by=actor.name, decided_at=now, reason=told,
            )  # fmt: skip
            with self._store.writing() as session:
                session.add(row)
                session.flush()
                update_id = row.id
                note(
                    session, actor, Action.ROLL_BACK, f"update:{update_id}",
                    generation=before, instead_of=live, reason=told,
                )  # fmt: skip
            self._finish(update_id)
        return update_id

    def recover(self) -> None:
        """Goes on with what a dead process has begun, and marks as failed what it was preparing."""
        with self._store.reading() as session:
            begun = session.scalars(
                select(LibraryUpdateRow.id).where(LibraryUpdateRow.state == UpdateState.PUBLISHING.value)
            ).all()
            ready = session.scalars(
                select(LibraryUpdateRow.id).where(
                    LibraryUpdateRow.state == UpdateState.READY.value,
                    LibraryUpdateRow.generation == current_name(self._folder),
                )
            ).all()
            preparing = session.scalars(
                select(LibraryUpdateRow.id).where(LibraryUpdateRow.state == UpdateState.PREPARING.value)
            ).all()
        if begun or ready:
            with only_publisher(self._folder):
                for update_id in begun:
                    self._finish(update_id)
                for update_id in ready:
                    self._made_live_by_ingest(update_id)
        if preparing:
            with self._store.writing() as session:
                bury(session, self._store.now())

    def _finish(self, update_id: int) -> None:
        """The last two steps; call it as the only publisher."""
        with self._store.reading() as session:
            row = session.get_one(LibraryUpdateRow, update_id)
            if row.state != UpdateState.PUBLISHING.value:
                return
            name, base, back = row.generation or "", row.base, row.kind == UpdateKind.ROLLBACK.value
        problem = None
        try:
            put_in_place(self._folder, name, instead_of=base, back=back)
        except (OtherLibraryError, IndexMissingError, IndexDamagedError) as error:
            problem = str(error)
        with self._store.writing() as session:
            row = row_of(session, update_id)
            row.slot = None
            if problem is None:
                row.state, row.finished_at = UpdateState.PUBLISHED.value, row.finished_at or self._store.now()
            else:
                row.state, row.problem = UpdateState.FAILED.value, problem
        fields = {"update": update_id, "index": name, "back": back, "done": problem is None}
        logger.info("library_published", extra={"fields": fields})

    def _made_live_by_ingest(self, update_id: int) -> None:
        """`civicbot ingest` publishes what is prepared of the same corpus, without asking the records."""
        with self._store.writing() as session:
            row = row_of(session, update_id)
            if row.state == UpdateState.READY.value and row.generation == current_name(self._folder):
                row.state, row.decided_at = UpdateState.PUBLISHED.value, self._store.now()

    def _publishable(self, session: Session, update_id: int, reason: str | None) -> LibraryUpdateRow:
        row = row_of(session, update_id)
        in_state(row, UpdateState.READY)
        live = current_name(self._folder)
        if live != row.base:
            raise StaleUpdateError(f"The live library is {live!r} by now; the update was compared with {row.base!r}.")
        if Report.model_validate(row.report).blocked and reason is None:
            raise BlockedUpdateError(f"Rules keep the library update {update_id} from being published.")
        return row

    def _current(self, update_id: int) -> None:
        """Refuses a generation that is damaged, or not what the corpus makes any more; takes about a second."""
        with self._store.reading() as session:
            name = session.get_one(LibraryUpdateRow, update_id).generation or ""
        whole(self._folder, name)
        if not made_of(self._settings, read_manifest(generation_folder(self._folder, name))):
            raise StaleUpdateError("The corpus has changed since the update was prepared.")


def whole(folder: Path, name: str) -> None:
    """Refuses a generation whose files are not what its manifest says.

    Raises:
        IndexMissingError: it is not there.
        IndexDamagedError: it is not whole.
    """
    manifest = read_manifest(generation_folder(folder, name))
    if file_hashes(generation_folder(folder, name)) != manifest.file_hashes:
        raise IndexDamagedError(f"The index generation {name!r} is damaged.")
