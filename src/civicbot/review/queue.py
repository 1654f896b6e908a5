"""The queue of questions that staff should look at: pages, claims, and putting aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from civicbot.errors import CivicbotError
from civicbot.model import TicketState
from civicbot.records.tables import ItemRow, SignalRow, TicketRow
from civicbot.review.access import Action, Actor, guarded, may
from civicbot.review.audit import note
from civicbot.review.claims import claim_of, drop, locked_item, refuse_others, take
from civicbot.review.nouns import (
    MOST_PAGE,
    PAGE,
    BulkResult,
    ItemState,
    QueueCounts,
    QueueFilter,
    QueueItem,
    QueuePage,
    Reason,
    Refusal,
)
from civicbot.review.queue_feed import Feed
from civicbot.review.queue_pages import ORDER, find, matching, shown
from civicbot.review.refusals import ClaimedError, InvalidReviewError, UnknownItemError
from civicbot.review.store import Store

REFRESH_SECONDS = 3.0
"""How long whoever refreshes the queue waits at most; what is left is taken in in the background."""

_Change = Callable[[ItemRow, datetime], dict[str, Any]]


class Queue:
    """The queue; thread-safe, and safe beside other processes.

    Args:
        store: the database.
        feed: takes in what is new.
        claim_minutes: how long a claim holds.
    """

    def __init__(self, store: Store, feed: Feed, *, claim_minutes: int) -> None:
        self._store = store
        self._feed = feed
        self._length = timedelta(minutes=claim_minutes)

    @guarded(Action.READ_QUEUE)
    def page(self, actor: Actor, wanted: QueueFilter, *, number: int = 1, size: int = PAGE) -> QueuePage:
        """A page of the items that a filter finds, the most pressing first; a number too high gives the last page."""
        now, size = self._store.now(), max(1, min(size, MOST_PAGE))
        conditions = matching(wanted, actor, now)
        with self._store.reading() as session:
            ids, total = _ids(session, conditions, number, size)
            pages = max(1, -(-total // size))
            number = max(1, min(number, pages))
            rows = {row.ItemRow.id: row for row in session.execute(find([ItemRow.id.in_(ids)]))}
            items = shown(session, [rows[item_id] for item_id in ids if item_id in rows], now)
        return QueuePage(items=items, total=total, number=number, pages=pages, size=size)

    @guarded(Action.READ_QUEUE)
    def counts(self, actor: Actor) -> QueueCounts:
        """How much there is to do."""
        now = self._store.now()
        waiting = ItemRow.state == ItemState.OPEN.value
        held = and_(waiting, ItemRow.claimed_until > now)
        by_reason = (
            select(SignalRow.reason, func.count(SignalRow.item_id.distinct()))
            .join(ItemRow, ItemRow.id == SignalRow.item_id)
            .where(waiting)
            .group_by(SignalRow.reason)
        )
        with self._store.reading() as session:

            def items(*conditions: Any) -> int:
                return session.scalar(select(func.count()).select_from(ItemRow).where(*conditions)) or 0

            still_open = TicketRow.state == TicketState.OPEN.value
            return QueueCounts(
                open=items(waiting),
                mine=items(held, ItemRow.claimed_by == actor.name),
                claimed=items(held),
                reasons={Reason(reason): count for reason, count in session.execute(by_reason)},
                tickets=session.scalar(select(func.count()).select_from(TicketRow).where(still_open)) or 0,
                fed_at=self._feed.fed_at(),
            )

    @guarded(Action.READ_QUEUE)
    def refresh(self, actor: Actor) -> int:
        """Takes in at once what residents asked and said since; returns how many answers were looked at.

        Raises:
            RecordsUnavailableError: the database cannot be used just now.
            IndexMissingError: the library is not open yet.
        """
        del actor
        return self._feed.run(seconds=REFRESH_SECONDS)

    @guarded(Action.READ_QUEUE)
    def next_free(self, actor: Actor, wanted: QueueFilter, *, after: int | None = None) -> int | None:
        """The id of the most pressing item that nobody is at, or None.

        Args:
            actor: who asks.
            wanted: what the item must be like; whose claims it asks for does not matter.
            after: the item to go on from; behind the last one it begins anew.
        """
        now = self._store.now()
        conditions = matching(wanted.model_copy(update={"claim": "free"}), actor, now)
        with self._store.reading() as session:
            last = session.get(ItemRow, after) if after is not None else None
            if last is not None:
                conditions.append(ItemRow.id != last.id)
                found = session.scalar(select(ItemRow.id).where(*conditions, _behind(last)).order_by(*ORDER).limit(1))
                if found is not None:
                    return found
            return session.scalar(select(ItemRow.id).where(*conditions).order_by(*ORDER).limit(1))

    @guarded(Action.CLAIM)
    def claim(self, actor: Actor, item_id: int) -> QueueItem:
        """Takes an item for a set time; one's own again renews it.

        Raises:
            ClaimedError: somebody else is at it; says who and since when.
            UnknownItemError: there is no such item.
        """
        return self._one(actor, Action.CLAIM, item_id, self._claiming(actor))

    @guarded(Action.TAKE_OVER)
    def take_over(self, actor: Actor, item_id: int) -> QueueItem:
        """Takes an item, whoever is at it.

        Raises:
            UnknownItemError: there is no such item.
        """

        def change(row: ItemRow, now: datetime) -> dict[str, Any]:
            before = claim_of(row, now)
            take(row, actor, now, self._length)
            return {"held_by": before.by if before is not None else None}

        return self._one(actor, Action.TAKE_OVER, item_id, change)

    @guarded(Action.RELEASE)
    def release(self, actor: Actor, item_id: int) -> QueueItem:
        """Gives an item back; another's only as a publisher.

        Raises:
            ClaimedError: it is another's.
            UnknownItemError: there is no such item.
        """
        return self._one(actor, Action.RELEASE, item_id, self._releasing(actor))

    @guarded(Action.CLOSE)
    def close(self, actor: Actor, item_id: int) -> QueueItem:
        """Puts an item that waits aside without a verdict.

        Raises:
            ClaimedError: somebody else is at it.
            UnknownItemError: there is no such item.
        """
        return self._one(actor, Action.CLOSE, item_id, self._closing(actor))

    @guarded(Action.REOPEN)
    def reopen(self, actor: Actor, item_id: int) -> QueueItem:
        """Puts a done or closed item back into the queue.

        Raises:
            UnknownItemError: there is no such item.
        """

        def change(row: ItemRow, now: datetime) -> dict[str, Any]:
            before = row.state
            if before in (ItemState.DONE, ItemState.CLOSED):
                row.state, row.opened_at = ItemState.OPEN.value, now
            return {"state": before}

        return self._one(actor, Action.REOPEN, item_id, change)

    @guarded(Action.CLAIM)
    def claim_many(self, actor: Actor, item_ids: Sequence[int]) -> BulkResult:
        """Takes several items; those that others are at are left alone, and named."""
        return self._many(actor, Action.CLAIM, item_ids, self._claiming(actor))

    @guarded(Action.RELEASE)
    def release_many(self, actor: Actor, item_ids: Sequence[int]) -> BulkResult:
        """Gives several items back."""
        return self._many(actor, Action.RELEASE, item_ids, self._releasing(actor))

    @guarded(Action.CLOSE)
    def close_many(self, actor: Actor, item_ids: Sequence[int]) -> BulkResult:
        """Puts several items aside without a verdict."""
        return self._many(actor, Action.CLOSE, item_ids, self._closing(actor))

    def _claiming(self, actor: Actor) -> _Change:
        def change(row: ItemRow, now: datetime) -> dict[str, Any]:
            refuse_others(row, actor, now)
            take(row, actor, now, self._length)
            return {}

        return change

    def _releasing(self, actor: Actor) -> _Change:
        def change(row: ItemRow, now: datetime) -> dict[str, Any]:
            before = claim_of(row, now)
            if not may(actor, Action.TAKE_OVER):
                refuse_others(row, actor, now)
            drop(row)
            return {"held_by": before.by if before is not None else None}

        return change

    def _closing(self, actor: Actor) -> _Change:
        def change(row: ItemRow, now: datetime) -> dict[str, Any]:
            refuse_others(row, actor, now)
            before = row.state
            if before == ItemState.OPEN:
                row.state, row.decided_at = ItemState.CLOSED.value, now
                drop(row)
            return {"state": before}

        return change

    def _one(self, actor: Actor, action: Action, item_id: int, change: _Change) -> QueueItem:
        with self._store.writing() as session:
            now = self._changed(session, actor, action, item_id, change)
            rows = session.execute(find([ItemRow.id == item_id])).all()
            if not rows:
                raise UnknownItemError(f"The questions of item {item_id!r} were deleted.")
            return shown(session, rows, now)[0]

    def _many(self, actor: Actor, action: Action, item_ids: Sequence[int], change: _Change) -> BulkResult:
        if len(item_ids) > MOST_PAGE:
            raise InvalidReviewError(f"{len(item_ids)} items are too many at once.", hint=f"Take {MOST_PAGE} at most.")
        done, refused = [], []
        with self._store.writing() as session:
            # In one order, so that no two people wait for each other.
            for item_id in sorted(set(item_ids)):
                try:
                    self._changed(session, actor, action, item_id, change)
                except (ClaimedError, UnknownItemError) as error:
                    refused.append(_refusal(item_id, error))
                else:
                    done.append(item_id)
        return BulkResult(done=tuple(done), refused=tuple(refused))

    def _changed(self, session: Session, actor: Actor, action: Action, item_id: int, change: _Change) -> datetime:
        now = self._store.now()
        details = change(locked_item(session, item_id), now)
        session.flush()
        note(session, actor, action, f"item:{item_id}", **details)
        return now


def _ids(session: Session, conditions: Sequence[ColumnElement[bool]], number: int, size: int) -> tuple[list[int], int]:
    """The items of a page in order, and how many there are; of the last page when the number is too high.

    One look finds both: a search goes through all questions.
    """
    wanted = select(ItemRow.id, func.count().over()).where(*conditions).order_by(*ORDER).limit(size)
    found = session.execute(wanted.offset((max(number, 1) - 1) * size)).all()
    if not found and number > 1:
        total = session.scalar(select(func.count()).select_from(ItemRow).where(*conditions)) or 0
        found = session.execute(wanted.offset(max(total - 1, 0) // size * size)).all()
    return [item_id for item_id, _ in found], found[0][1] if found else 0


def _behind(last: ItemRow) -> Any:
    """What comes after an item in the queue's order."""
    level = ItemRow.priority == last.priority
    return or_(
        ItemRow.priority < last.priority,
        and_(level, ItemRow.residents < last.residents),
        and_(level, ItemRow.residents == last.residents, ItemRow.id > last.id),
    )


def _refusal(item_id: int, error: CivicbotError) -> Refusal:
    claim = error.claim if isinstance(error, ClaimedError) else None
    return Refusal(item_id=item_id, code=error.code, message=str(error), claim=claim)
