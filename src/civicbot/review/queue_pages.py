"""From a filter to the rows of the queue, and from these to what is shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from civicbot.model import TicketState
from civicbot.records.tables import (
    ExchangeRow,
    ItemRow,
    MemberRow,
    SignalRow,
    TicketRow,
    VerdictNoteRow,
    VerdictRow,
)
from civicbot.review.access import Actor
from civicbot.review.alike import KOREA, normal
from civicbot.review.claims import claim_of
from civicbot.review.nouns import ItemState, QueueFilter, QueueItem, Reason, ReasonCount, Verdict, VerdictRecord
from civicbot.review.queue_rules import WEIGHTS

ORDER = (ItemRow.priority.desc(), ItemRow.residents.desc(), ItemRow.id)
"""The most pressing first; of equals the one that came first."""

# Not the answers themselves: they weigh most, and a list does not show them.
_SHOWN = (ExchangeRow.question, ExchangeRow.status, ExchangeRow.channel, ExchangeRow.site, ExchangeRow.confidence)


def matching(wanted: QueueFilter, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    """What items must be like.

    Args:
        wanted: the filter.
        actor: whose claims are ``mine``.
        now: the time, aware; older claims are over.
    """
    conditions = [
        ItemRow.state == wanted.state.value if wanted.state is not None else ItemRow.state != ItemState.QUIET.value
    ]
    if wanted.language is not None:
        conditions.append(ItemRow.language == wanted.language)
    if wanted.reason is not None:
        held = SignalRow.item_id == ItemRow.id, SignalRow.reason == wanted.reason.value
        conditions.append(select(SignalRow.answer_id).where(*held).exists())
    if wanted.verdict is not None:
        given = VerdictRow.id == ItemRow.verdict_id, VerdictRow.verdict == wanted.verdict.value
        conditions.append(select(VerdictRow.id).where(*given).exists())
    if wanted.claim is not None:
        conditions.append(_claimed(wanted.claim, actor.name, now))
    if members := _of_members(wanted):
        conditions.append(select(MemberRow.answer_id).where(MemberRow.item_id == ItemRow.id, *members).exists())
    return conditions


def find(conditions: Sequence[ColumnElement[bool]]) -> Select[ItemRow, str, str, str, str | None, float]:
    """Items, with what is shown of their representative; one whose text was deleted is not found."""
    joined = select(ItemRow, *_SHOWN).join(ExchangeRow, ExchangeRow.answer_id == ItemRow.representative)
    return joined.where(*conditions)


def shown(
    session: Session, rows: Sequence[Row[ItemRow, str, str, str, str | None, float]], now: datetime
) -> tuple[QueueItem, ...]:
    """Rows of :func:`find` as they are shown."""
    ids = [row.ItemRow.id for row in rows]
    reasons = reason_counts(session, ids)
    tickets = _open_tickets(session, ids)
    verdicts = _newest_verdicts(session, [row.ItemRow.verdict_id for row in rows if row.ItemRow.verdict_id is not None])
    return tuple(
        QueueItem(
            id=(item := row.ItemRow).id,
            state=ItemState(item.state),
            language=item.language,
            question=row.question,
            answer_id=item.representative,
            status=row.status,
            channel=row.channel,
            site=row.site,
            confidence=row.confidence,
            reasons=reasons.get(item.id, ()),
            risk=item.risk,
            priority=item.priority,
            asked=item.asked,
            residents=item.residents,
            first_asked=item.first_asked,
            last_asked=item.last_asked,
            opened_at=item.opened_at or item.first_asked,
            reopened=item.decided_at is not None and item.state == ItemState.OPEN,
            open_tickets=tickets.get(item.id, 0),
            claim=claim_of(item, now),
            verdict=verdicts.get(item.verdict_id),
        )
        for row in rows
    )


def reason_counts(session: Session, item_ids: Collection[int]) -> dict[int, tuple[ReasonCount, ...]]:
    """The reasons of some items, the weightiest first."""
    counted = (
        select(
            SignalRow.item_id, SignalRow.reason, func.count().label("answers"), func.max(SignalRow.at).label("newest")
        )
        .where(SignalRow.item_id.in_(item_ids))
        .group_by(SignalRow.item_id, SignalRow.reason)
    )
    found: dict[int, list[ReasonCount]] = {}
    for row in session.execute(counted):
        told = ReasonCount(reason=Reason(row.reason), answers=row.answers, newest=row.newest)
        found.setdefault(row.item_id, []).append(told)
    order = list(WEIGHTS)
    return {item: tuple(sorted(told, key=lambda one: order.index(one.reason))) for item, told in found.items()}


def verdicts_where(session: Session, *conditions: ColumnElement[bool]) -> tuple[VerdictRecord, ...]:
    """Some verdicts, the newest first."""
    noted = (
        select(VerdictRow, VerdictNoteRow.note)
        .outerjoin(VerdictNoteRow, VerdictNoteRow.verdict_id == VerdictRow.id)
        .where(*conditions)
        .order_by(VerdictRow.id.desc())
    )
    return tuple(
        VerdictRecord(
            id=row.id,
            item_id=row.item_id,
            answer_id=row.answer_id,
            verdict=Verdict(row.verdict),
            note=note,
            by=row.by,
            at=row.at,
        )
        for row, note in session.execute(noted)
    )


def _claimed(whose: str, name: str, now: datetime) -> ColumnElement[bool]:
    held = and_(ItemRow.claimed_by.is_not(None), ItemRow.claimed_until > now)
    if whose == "mine":
        return and_(held, ItemRow.claimed_by == name)
    if whose == "others":
        return and_(held, ItemRow.claimed_by != name)
    return or_(ItemRow.claimed_by.is_(None), ItemRow.claimed_until <= now)


def _of_members(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """What at least one of an item's answers must be like."""
    found: list[ColumnElement[bool]] = []
    if wanted.site is not None:
        found.append(MemberRow.site == wanted.site if wanted.site else MemberRow.site.is_(None))
    if wanted.channel is not None:
        found.append(MemberRow.channel == wanted.channel)
    if wanted.status is not None:
        found.append(MemberRow.status == wanted.status.value)
    if wanted.since is not None:
        found.append(MemberRow.asked_at >= _midnight(wanted.since))
    if wanted.until is not None:
        found.append(MemberRow.asked_at < _midnight(wanted.until + timedelta(days=1)))
    # Folded words hold letters and digits alone: nothing that LIKE takes for a wildcard.
    found += [MemberRow.search.like(f"%{word}%") for word in map(normal, wanted.text.split()) if word]
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KOREA).astimezone(UTC)


def _open_tickets(session: Session, item_ids: Collection[int]) -> dict[int, int]:
    counted = (
        select(MemberRow.item_id, func.count())
        .join(TicketRow, TicketRow.answer_id == MemberRow.answer_id)
        .where(TicketRow.state == TicketState.OPEN.value, MemberRow.item_id.in_(item_ids))
        .group_by(MemberRow.item_id)
    )
    return dict(session.execute(counted).all())


def _newest_verdicts(session: Session, ids: Collection[int]) -> dict[int | None, VerdictRecord]:
    return {record.id: record for record in verdicts_where(session, VerdictRow.id.in_(ids))}
