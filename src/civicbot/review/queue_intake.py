"""What is written when answers are taken into the queue: members, reasons, and the items that follow from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime
from sqlalchemy import and_, delete, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from civicbot.model import AnswerStatus, Language, Noun
from civicbot.records.dialects import insert_or_ignore
from civicbot.records.tables import CursorRow, ExchangeRow, ItemRow, MemberRow, SignalRow
from civicbot.review.nouns import ItemState, Reason
from civicbot.review.queue_rules import REOPENING, Case, priority, reasons, risk

QUEUE = "queue"
"""The name of the queue's cursor."""

_LOCK = 0x46454544
_DECIDED = (ItemState.DONE.value, ItemState.CLOSED.value)


class Taken(Noun):
    """An exchange as it is taken in.

    Attributes:
        key: of the questions that it is nearly the same as.
        search: its texts, folded for searching.
        case: what the rules look at, all but ``unanswered``; None for an exchange that cannot be read.
        feedback_seen: the id of the newest feedback, 0 for none.
        feedback_at: when that was given.
        tickets_seen: how many tickets there are about it.
    """

    answer_id: str
    conversation_id: str
    asked_at: AwareDatetime
    status: str
    channel: str
    site: str | None
    language: Language
    key: str
    search: str
    case: Case | None
    feedback_seen: int
    feedback_at: AwareDatetime | None
    tickets_seen: int


def take_in(session: Session, found: Sequence[Taken], now: datetime) -> None:
    """Takes exchanges in, or looks at them again; the same ones again change nothing.

    Args:
        session: for writing; all is stored, or nothing.
        found: the exchanges, oldest first.
        now: the time, aware.
    """
    _alone(session)
    found = _still_there(session, found)
    if not found:
        return
    items = _members(session, found)
    held = _locked(session, items.values())
    told, woken = _signals(session, found, items)
    _look_back(session, found, told)
    settle(session, held, now, woken=woken)
    _advance(session, found, now)


def settle(session: Session, item_ids: Collection[int], now: datetime, *, woken: Collection[int] = ()) -> None:
    """Works out anew what of some items follows from their members; an item without any is deleted.

    Args:
        session: for writing, the items locked.
        item_ids: the items.
        now: the time, aware.
        woken: those that a resident has complained about, after a verdict perhaps.
    """
    counts = _counts(session, item_ids)
    found = _reasons(session, item_ids)
    first = _representatives(session, item_ids)
    states = dict(session.execute(select(ItemRow.id, ItemRow.state).where(ItemRow.id.in_(item_ids))).all())
    values = []
    for item_id in sorted(counts):
        weight = risk(found.get(item_id, ()))
        values.append(
            {
                "id": item_id,
                "risk": weight,
                "priority": priority(weight, counts[item_id]["residents"]),
                "representative": first[item_id],
                **counts[item_id],
            }
        )
    if values:
        session.execute(update(ItemRow), values)
    waking = [
        item_id
        for item_id, state in states.items()
        if item_id in counts
        and found.get(item_id)
        and (state == ItemState.QUIET or (state in _DECIDED and item_id in woken))
    ]
    sleeping = [item_id for item_id, state in states.items() if state == ItemState.OPEN and not found.get(item_id)]
    nobody = {"claimed_by": None, "claimed_at": None, "claimed_until": None}
    _change(session, waking, state=ItemState.OPEN.value, opened_at=now, **nobody)
    _change(session, sleeping, state=ItemState.QUIET.value, **nobody)
    empty = [item_id for item_id in states if item_id not in counts]
    if empty:
        session.execute(delete(ItemRow).where(ItemRow.id.in_(empty)))


def stray(session: Session) -> Sequence[int]:
    """The items that no longer are what their members say, since some were deleted."""
    counted = select(MemberRow.item_id, func.count().label("asked")).group_by(MemberRow.item_id).subquery()
    there = select(MemberRow.answer_id).where(MemberRow.answer_id == ItemRow.representative).exists()
    found = (
        select(ItemRow.id)
        .outerjoin(counted, counted.c.item_id == ItemRow.id)
        .where(or_(func.coalesce(counted.c.asked, 0) != ItemRow.asked, ~there))
        .order_by(ItemRow.id)
    )
    return session.scalars(found).all()


def tidy(session: Session, item_ids: Sequence[int], now: datetime) -> None:
    """Puts some items right."""
    _alone(session)
    settle(session, _locked(session, item_ids), now)


def _alone(session: Session) -> None:
    """One process takes in at a time; SQLite sees to that by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _still_there(session: Session, found: Sequence[Taken]) -> list[Taken]:
    """What was not deleted since it was read; it stays until this is stored."""
    ids = [each.answer_id for each in found]
    kept = select(ExchangeRow.answer_id).where(ExchangeRow.answer_id.in_(ids)).order_by(ExchangeRow.answer_id)
    there = set(session.scalars(kept.with_for_update(read=True, key_share=True)))
    return [each for each in found if each.answer_id in there]


def _members(session: Session, found: Sequence[Taken]) -> dict[str, int]:
    """Makes members of what is new; gives the item of each."""
    connection, ids = session.connection(), [each.answer_id for each in found]
    known = select(MemberRow.answer_id, MemberRow.item_id).where(MemberRow.answer_id.in_(ids))
    items = dict(session.execute(known).all())
    new = [each for each in found if each.answer_id not in items]
    if not new:
        return items
    blank = {"state": ItemState.QUIET.value, "risk": 0, "priority": 0.0, "asked": 0, "residents": 0}
    rows: dict[str, dict[str, Any]] = {}
    for each in new:
        times = {"first_asked": each.asked_at, "last_asked": each.asked_at}
        rows.setdefault(each.key, {"key": each.key, "language": each.language, **blank, **times})
    connection.execute(insert_or_ignore(connection.dialect.name, ItemRow), [rows[key] for key in sorted(rows)])
    keys = dict(session.execute(select(ItemRow.key, ItemRow.id).where(ItemRow.key.in_(rows))).all())
    session.execute(insert(MemberRow), [_member(each, keys[each.key]) for each in new])
    return items | {each.answer_id: keys[each.key] for each in new}


def _member(each: Taken, item_id: int) -> dict[str, Any]:
    copied = ("answer_id", "conversation_id", "asked_at", "status", "channel", "site", "search")
    values = {name: getattr(each, name) for name in copied}
    return values | {"item_id": item_id, "risk": 0, "feedback_seen": 0, "tickets_seen": 0}


def _locked(session: Session, item_ids: Iterable[int]) -> list[int]:
    """Items that nobody else changes until this is stored; in one order, so that no two wait for each other."""
    wanted = select(ItemRow.id).where(ItemRow.id.in_(set(item_ids))).order_by(ItemRow.id)
    return list(session.scalars(wanted.with_for_update()))


def _signals(
    session: Session, found: Sequence[Taken], items: Mapping[str, int]
) -> tuple[dict[str, tuple[Reason, ...]], set[int]]:
    """Writes the reasons of each exchange; gives them, and the items that were complained about."""
    ids = [each.answer_id for each in found]
    rows = session.execute(
        select(SignalRow.answer_id, SignalRow.reason, SignalRow.at).where(SignalRow.answer_id.in_(ids))
    )
    before = {(row.answer_id, row.reason): row.at for row in rows}
    suspended = {answer_id for answer_id, reason in before if reason == Reason.APPROVED_SUSPENDED}
    told = {
        each.answer_id: _reasons_of(session, each, items[each.answer_id], each.answer_id in suspended) for each in found
    }
    times = {(each.answer_id, reason.value): _time(each, reason) for each in found for reason in told[each.answer_id]}
    gone = [key for key in before if key not in times]
    changed = [key for key, at in times.items() if key in before and at > before[key]]
    new = [key for key in times if key not in before]
    if gone or changed:
        both = or_(*(and_(SignalRow.answer_id == a, SignalRow.reason == r) for a, r in (*gone, *changed)))
        session.execute(delete(SignalRow).where(both))
    if changed or new:
        values = [
            {"answer_id": key[0], "reason": key[1], "item_id": items[key[0]], "at": times[key]}
            for key in (*changed, *new)
        ]
        session.execute(insert(SignalRow), values)
    woken = {items[answer_id] for answer_id, reason in (*changed, *new) if Reason(reason) in REOPENING}
    return told, woken


def _reasons_of(session: Session, each: Taken, item_id: int, suspended: bool) -> tuple[Reason, ...]:
    if each.case is None:
        return (Reason.APPROVED_SUSPENDED,) if suspended else ()
    # Whoever suspends an approved answer says so beside an answer, where it stands until that is put right.
    case = each.case.model_copy(update={"suspended": suspended})
    if each.status == AnswerStatus.NO_EVIDENCE:
        before = or_(
            MemberRow.asked_at < each.asked_at,
            and_(MemberRow.asked_at == each.asked_at, MemberRow.answer_id <= each.answer_id),
        )
        alike = MemberRow.item_id == item_id, MemberRow.status == each.status, before
        conversations = session.scalar(select(func.count(MemberRow.conversation_id.distinct())).where(*alike))
        case = case.model_copy(update={"unanswered": conversations or 0})
    return reasons(case)


def _time(each: Taken, reason: Reason) -> datetime:
    """When what a reason is about happened."""
    if reason in (Reason.THUMBS_DOWN, Reason.APPROVED_THUMBS_DOWN) and each.feedback_at is not None:
        return each.feedback_at
    if reason is Reason.TICKET and each.case is not None:
        return max(ticket.opened_at for ticket in each.case.tickets)
    return each.asked_at


def _look_back(session: Session, found: Sequence[Taken], told: Mapping[str, tuple[Reason, ...]]) -> None:
    """Notes on each member what was looked at, and what came of it."""
    rows = [
        {
            "answer_id": each.answer_id,
            "risk": risk(told[each.answer_id]),
            "search": each.search,
            "feedback_seen": each.feedback_seen,
            "tickets_seen": each.tickets_seen,
        }
        for each in found
    ]
    session.execute(update(MemberRow), rows)


def _counts(session: Session, item_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    counted = (
        select(
            MemberRow.item_id,
            func.count().label("asked"),
            func.count(MemberRow.conversation_id.distinct()).label("residents"),
            func.min(MemberRow.asked_at).label("first_asked"),
            func.max(MemberRow.asked_at).label("last_asked"),
        )
        .where(MemberRow.item_id.in_(item_ids))
        .group_by(MemberRow.item_id)
    )
    names = ("asked", "residents", "first_asked", "last_asked")
    return {row.item_id: {name: getattr(row, name) for name in names} for row in session.execute(counted)}


def _reasons(session: Session, item_ids: Collection[int]) -> dict[int, set[Reason]]:
    found: dict[int, set[Reason]] = {}
    rows = select(SignalRow.item_id, SignalRow.reason).where(SignalRow.item_id.in_(item_ids)).distinct()
    for item_id, reason in session.execute(rows):
        found.setdefault(item_id, set()).add(Reason(reason))
    return found


def _representatives(session: Session, item_ids: Collection[int]) -> dict[int, str]:
    order = MemberRow.risk.desc(), MemberRow.asked_at.desc(), MemberRow.answer_id.desc()
    place = func.row_number().over(partition_by=MemberRow.item_id, order_by=order).label("place")
    ranked = select(MemberRow.item_id, MemberRow.answer_id, place).where(MemberRow.item_id.in_(item_ids)).subquery()
    first = select(ranked.c.item_id, ranked.c.answer_id).where(ranked.c.place == 1)
    return dict(session.execute(first).all())


def _change(session: Session, item_ids: Collection[int], **values: Any) -> None:
    if item_ids:
        session.execute(update(ItemRow).where(ItemRow.id.in_(item_ids)).values(**values))


def _advance(session: Session, found: Sequence[Taken], now: datetime) -> None:
    # A clock that is ahead must not hide what is asked until then.
    newest = min(now, max(each.asked_at for each in found))
    row = session.get(CursorRow, QUEUE)
    if row is None:
        session.add(CursorRow(name=QUEUE, fed_at=now, asked_at=newest))
    else:
        row.fed_at = now
        row.asked_at = newest if row.asked_at is None else max(row.asked_at, newest)
