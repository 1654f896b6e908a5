"""Claims on items: who is at one, and who may do something to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from civicbot.records.tables import ItemRow
from civicbot.review.access import Actor
from civicbot.review.nouns import Claim
from civicbot.review.refusals import ClaimedError, UnknownItemError


def locked_item(session: Session, item_id: int) -> ItemRow:
    """An item that nobody else changes until the transaction ends.

    Raises:
        UnknownItemError: there is none with this id.
    """
    row = session.get(ItemRow, item_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownItemError(f"There is no item {item_id!r}.")
    return row


def claim_of(row: ItemRow, now: datetime) -> Claim | None:
    """Who is at an item; None when nobody is, or their time is over."""
    if row.claimed_by is None or row.claimed_at is None or row.claimed_until is None or row.claimed_until <= now:
        return None
    return Claim(by=row.claimed_by, since=row.claimed_at, until=row.claimed_until)


def refuse_others(row: ItemRow, actor: Actor, now: datetime) -> None:
    """Lets through whoever is at an item, or anybody when nobody is.

    Raises:
        ClaimedError: somebody else is.
    """
    claim = claim_of(row, now)
    if claim is not None and claim.by != actor.name:
        raise ClaimedError(claim)


def take(row: ItemRow, actor: Actor, now: datetime, length: timedelta) -> None:
    """Gives an item to somebody; if they have it already, for longer."""
    claim = claim_of(row, now)
    if claim is None or claim.by != actor.name:
        row.claimed_at = now
    row.claimed_by = actor.name
    row.claimed_until = now + length


def drop(row: ItemRow) -> None:
    """Leaves an item to nobody."""
    row.claimed_by = row.claimed_at = row.claimed_until = None
