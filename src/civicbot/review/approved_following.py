"""Approved answers follow the library and the calendar: suspended when a source changes or the time is over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicbot.records.tables import ApprovedRow, SignalRow
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.access import Action
from civicbot.review.approved_items import bring_back, is_told, let_rest
from civicbot.review.approved_nouns import Approved, ApprovedState, CitationChange, EventKind, SuspensionReason
from civicbot.review.approved_rows import Happened, add_event, alone, find, row_of
from civicbot.review.approved_sources import changes, reason_of
from civicbot.review.audit import note_nobody
from civicbot.review.store import Store

logger = logging.getLogger(__name__)

_FOLLOWED = (ApprovedState.LIVE.value, ApprovedState.SUSPENDED.value)


class Standing(NamedTuple):
    """Whether an approved answer may be given: it may without a reason against it."""

    reason: SuspensionReason | None
    changes: tuple[CitationChange, ...]


def standing(approved: Approved, generation: OpenGeneration, today: date) -> Standing:
    """Whether an approved answer may be given from a generation on a day (in Korean time)."""
    found = changes(approved, generation)
    if found:
        return Standing(reason_of(found, generation), found)
    over = approved.valid_until is not None and approved.valid_until < today
    return Standing(SuspensionReason.EXPIRED if over else None, ())


class ApprovedFollower:
    """Suspends and resumes approved answers; safe beside other processes, and nothing happens twice.

    Args:
        store: the database.
        today: the day in Korean time.
        is_published: whether a generation, by its name, is the published one: a process that lags behind must not
            bring back what the newest library suspends.
        changed: told when something has changed.
    """

    def __init__(
        self,
        store: Store,
        *,
        today: Callable[[], date],
        is_published: Callable[[str], bool],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._today = today
        self._is_published = is_published
        self._changed = changed

    def follow(self, generation: OpenGeneration) -> int:
        """Compares all approved answers with a generation and the calendar; returns how many changed their state.

        Raises:
            RecordsUnavailableError: the database cannot be used just now; nothing has changed.
        """
        if not self._is_published(generation.name):
            return 0
        today = self._today()
        with self._store.reading() as session:
            found = find(session, ApprovedRow.state.in_(_FOLLOWED))
            behind = [one for one in found if self._is_behind(session, one, generation, today)]
        if not behind:
            return 0
        with self._store.writing() as session:
            alone(session)
            # Read again: another process may have been quicker, or staff have changed something.
            again = find(session, ApprovedRow.id.in_([one.id for one in behind]), ApprovedRow.state.in_(_FOLLOWED))
            moved = [self._moved(session, one, generation, standing(one, generation, today)) for one in again]
            for change in moved:
                if change is not None:
                    approved, kind, reason = change
                    told = {"change": kind.value, "reason": reason, "index": generation.name}
                    note_nobody(session, Action.PUBLISH, f"approved:{approved.id}", **told)
        count = sum(change is not None for change in moved)
        if count:
            logger.info("approved_followed", extra={"fields": {"index": generation.name, "changed": count}})
            self._changed()
        return count

    def _is_behind(self, session: Session, approved: Approved, generation: OpenGeneration, today: date) -> bool:
        """Whether something is to be written about an approved answer."""
        now = standing(approved, generation, today)
        if (now.reason, now.changes) != (approved.suspended, approved.changes):
            return True
        if now.reason is None:
            return approved.index != generation.name
        return not _is_in_queue(session, approved)

    def _moved(
        self, session: Session, approved: Approved, generation: OpenGeneration, now: Standing
    ) -> tuple[Approved, EventKind, str | None] | None:
        """Writes what has become of an approved answer; what has happened to it, if its state or reason changed."""
        at = self._store.now()
        if now.reason is None:
            held = update(ApprovedRow).where(ApprovedRow.id == approved.id)
            session.execute(held.values(index_name=generation.name))
        if now.reason is approved.suspended:
            if now.reason is not None:
                row_of(session, approved.id).changes = [each.model_dump(mode="json") for each in now.changes]
                bring_back(session, approved, generation, at)
            return None
        row = row_of(session, approved.id)
        row.suspended = now.reason.value if now.reason is not None else None
        row.changes = [each.model_dump(mode="json") for each in now.changes]
        row.state = (ApprovedState.LIVE if now.reason is None else ApprovedState.SUSPENDED).value
        kind = EventKind.RESUMED if now.reason is None else EventKind.SUSPENDED
        told = Happened(kind, None, at, generation.name, reason=row.suspended, changes=now.changes)
        add_event(session, row, told)
        if now.reason is None:
            let_rest(session, approved, at)
        else:
            bring_back(session, approved, generation, at)
        return approved, kind, now.reason.value if now.reason is not None else None


def _is_in_queue(session: Session, approved: Approved) -> bool:
    """Whether the item of a suspended approved answer tells of it."""
    if approved.item_id is None:
        return False
    return session.scalar(select(SignalRow.answer_id).where(*is_told(approved.item_id)).limit(1)) is not None
