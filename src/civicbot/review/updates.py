"""Library updates: prepared and compared before anybody reads them, then published, discarded or taken back."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from civicbot.generation import Manifest, current_name
from civicbot.library.publishing import discard as discard_generation
from civicbot.library.publishing import held, previous_name, rolled_back
from civicbot.records.tables import LibraryUpdateCaseRow, LibraryUpdateRow
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.store import Store
from civicbot.review.update_claim import end
from civicbot.review.update_publishing import Publishing
from civicbot.review.update_rows import UnknownUpdateError, in_state, row_of, seen, update_of
from civicbot.review.update_work import UpdateWork
from civicbot.review.updates_nouns import (
    PAGE,
    CaseKind,
    CasePage,
    GenerationSeen,
    ImpactClass,
    Library,
    Update,
    UpdateState,
)


class LibraryUpdates:
    """Prepares and decides updates of the library; thread-safe, and safe beside other processes.

    Args:
        store: the database.
        folder: the folder of all index generations.
        publishing: puts generations in place.
        work: prepares updates in the background.
    """

    def __init__(self, store: Store, folder: Path, publishing: Publishing, work: UpdateWork) -> None:
        self._store = store
        self._folder = folder
        self._publishing = publishing
        self._work = work

    @guarded(Action.PREPARE_UPDATE)
    def prepare(self, actor: Actor) -> Update:
        """Starts to prepare an update in the background.

        Raises:
            UpdateRunningError: one is being prepared already.
            RecordsUnavailableError: the database cannot be used just now.
        """
        self._publishing.recover()
        return self._get(self._work.begin(actor))

    @guarded(Action.READ_UPDATES)
    def get(self, actor: Actor, update_id: int) -> Update:
        """An update as it stands.

        Raises:
            UnknownUpdateError: there is none with this id.
        """
        del actor
        self._publishing.recover()
        return self._get(update_id)

    @guarded(Action.READ_UPDATES)
    def list(self, actor: Actor, *, before: int | None = None, limit: int = PAGE) -> tuple[Update, ...]:
        """Updates and roll-backs, the newest first.

        Args:
            actor: who reads.
            before: only those with a smaller id, for the next page.
            limit: how many at most.
        """
        del actor
        self._publishing.recover()
        wanted = select(LibraryUpdateRow).order_by(LibraryUpdateRow.id.desc()).limit(limit)
        wanted = wanted if before is None else wanted.where(LibraryUpdateRow.id < before)
        live = current_name(self._folder)
        with self._store.reading() as session:
            return tuple(update_of(row, live) for row in session.scalars(wanted))

    @guarded(Action.READ_UPDATES)
    def cases(
        self,
        actor: Actor,
        update_id: int,
        *,
        impact: ImpactClass | None = None,
        kind: CaseKind | None = None,
        unchanged: bool = True,
        page: int = 1,
    ) -> CasePage:
        """A page of an update's report: the worst class first, in it what was asked most often.

        Args:
            actor: who reads.
            update_id: of the update.
            impact: only cases of this class.
            kind: only cases of this kind.
            unchanged: also those that stay as they are.
            page: from 1; one that is too high gives the last.

        Raises:
            UnknownUpdateError: there is no such update.
        """
        del actor
        row = LibraryUpdateCaseRow
        of = [row.update_id == update_id]
        if impact is not None:
            of.append(row.impact == impact.value)
        elif not unchanged:
            of.append(row.impact != ImpactClass.UNCHANGED.value)
        if kind is not None:
            of.append(row.kind == kind.value)
        with self._store.reading() as session:
            if session.get(LibraryUpdateRow, update_id) is None:
                raise UnknownUpdateError(f"There is no library update {update_id!r}.")
            total = session.scalar(select(func.count()).select_from(row).where(*of)) or 0
            pages = max(1, -(-total // PAGE))
            page = min(max(page, 1), pages)
            found = select(row).where(*of).order_by(row.rank, row.asked.desc(), row.id)
            rows = session.scalars(found.offset((page - 1) * PAGE).limit(PAGE)).all()
            return CasePage(cases=seen(rows), total=total, page=page, pages=pages)

    @guarded(Action.READ_UPDATES)
    def library(self, actor: Actor) -> Library:
        """What is live, and what a roll-back would bring back."""
        del actor
        return Library(
            live=_seen(held(self._folder, current_name(self._folder))),
            previous=_seen(held(self._folder, previous_name(self._folder))),
            rolled_back=rolled_back(self._folder),
        )

    @guarded(Action.PUBLISH_UPDATE)
    def publish(self, actor: Actor, update_id: int, *, reason: str | None = None) -> Update:
        """Makes a prepared update live.

        Args:
            actor: who publishes.
            update_id: of the update.
            reason: why, although a rule blocks it.

        Raises:
            UnknownUpdateError: there is none with this id.
            UpdateStateError: it is not ready.
            StaleUpdateError: the live library or the corpus is another one by now.
            BlockedUpdateError: a rule blocks it, and no reason is given.
            IndexDamagedError: what was prepared is damaged.
        """
        self._publishing.publish(actor, update_id, reason)
        self._work.went_live()
        return self._get(update_id)

    @guarded(Action.PUBLISH_UPDATE)
    def discard(self, actor: Actor, update_id: int) -> Update:
        """Throws a prepared update away, or stops one that is being prepared.

        Raises:
            UnknownUpdateError: there is none with this id.
            UpdateStateError: it is decided already.
        """
        self._publishing.recover()
        with self._store.writing() as session:
            row, now = row_of(session, update_id), self._store.now()
            in_state(row, UpdateState.READY, UpdateState.PREPARING)
            if row.state == UpdateState.PREPARING.value:
                end(session, row, UpdateState.DISCARDED, now)
            row.state, row.decided_by, row.decided_at = UpdateState.DISCARDED.value, actor.name, now
            name = row.generation
            note(session, actor, Action.PUBLISH_UPDATE, f"update:{update_id}", change="discard", generation=name)
        if name is not None:
            self._work.forget(name)
            discard_generation(self._folder, name)
        return self._get(update_id)

    @guarded(Action.ROLL_BACK)
    def roll_back(self, actor: Actor, reason: str | None = None) -> Update:
        """Brings the generation back that was live before; a second time, the one that is live now.

        Args:
            actor: who does it.
            reason: why.

        Raises:
            NoPreviousError: there is none.
            IndexDamagedError: it is damaged.
        """
        update_id = self._publishing.roll_back(actor, reason)
        self._work.went_live()
        return self._get(update_id)

    def _get(self, update_id: int) -> Update:
        with self._store.reading() as session:
            row = session.get(LibraryUpdateRow, update_id)
            if row is None:
                raise UnknownUpdateError(f"There is no library update {update_id!r}.")
            return update_of(row, current_name(self._folder))


def _seen(manifest: Manifest | None) -> GenerationSeen | None:
    if manifest is None:
        return None
    return GenerationSeen(
        name=manifest.name,
        created=manifest.created,
        documents=len(manifest.documents),
        passages=len(manifest.passage_ids),
    )
