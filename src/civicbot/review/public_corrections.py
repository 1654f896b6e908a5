"""What staff have corrected, as everybody may read it: no question under a count of five, and nobody's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from civicbot.model import Language
from civicbot.records.facts import KOREA
from civicbot.records.tables import (
    ApprovedEventRow,
    ApprovedRow,
    ApprovedWordingRow,
    CorrectionRow,
    ItemRow,
    MemberRow,
    VerdictRow,
)
from civicbot.review.alike import normal
from civicbot.review.approved_nouns import ApprovedState, EventKind
from civicbot.review.nouns import Verdict
from civicbot.review.public_nouns import SMALL, Corrections, CorrectionState, Name, PublicCorrection

MOST = 50

TopicsOf = Callable[[str], Iterable[Name]]

_PUBLICATIONS = (EventKind.PUBLISHED.value, EventKind.REVERTED.value)
_STATES = {
    ApprovedState.SUSPENDED.value: CorrectionState.SUSPENDED,
    ApprovedState.WITHDRAWN.value: CorrectionState.WITHDRAWN,
}


@dataclass(frozen=True)
class _About:
    """What is read once for all publications.

    Attributes:
        approved: by their ids.
        items: the item of each, where it is left.
        events: what happened to each, in order.
        verdicts: what was said about each item, and when, in order.
    """

    approved: Mapping[int, ApprovedRow]
    items: Mapping[int, int]
    events: Mapping[int, Sequence[ApprovedEventRow]]
    verdicts: Mapping[int, Sequence[tuple[datetime, str]]]


def corrections(session: Session, topics_of: TopicsOf) -> Corrections:
    """The publications of approved answers, the newest first.

    Args:
        session: for reading.
        topics_of: what a wording is about.
    """
    publications = select(ApprovedEventRow).where(ApprovedEventRow.kind.in_(_PUBLICATIONS))
    newest = session.scalars(publications.order_by(ApprovedEventRow.id.desc()).limit(MOST)).all()
    about = _about(session, {event.approved_id for event in newest})
    published = select(ApprovedRow.correction_id).where(ApprovedRow.published_at.is_not(None))
    prepared = select(func.count()).where(CorrectionRow.id.not_in(published))
    return Corrections(
        newest=tuple(_publication(session, event, about, topics_of) for event in newest),
        published=session.scalar(select(func.count()).select_from(publications.subquery())) or 0,
        prepared=session.scalar(prepared) or 0,
    )


def _about(session: Session, ids: Iterable[int]) -> _About:
    ids = tuple(ids)
    approved = {row.id: row for row in session.scalars(select(ApprovedRow).where(ApprovedRow.id.in_(ids)))}
    of_corrections = select(ApprovedRow.id, CorrectionRow.item_id).join(
        CorrectionRow, CorrectionRow.id == ApprovedRow.correction_id
    )
    items = {
        one: item for one, item in session.execute(of_corrections.where(ApprovedRow.id.in_(ids))) if item is not None
    }
    events: dict[int, list[ApprovedEventRow]] = {}
    happened = select(ApprovedEventRow).where(ApprovedEventRow.approved_id.in_(ids)).order_by(ApprovedEventRow.id)
    for event in session.scalars(happened):
        events.setdefault(event.approved_id, []).append(event)
    verdicts: dict[int, list[tuple[datetime, str]]] = {}
    said = select(VerdictRow.item_id, VerdictRow.at, VerdictRow.verdict).order_by(VerdictRow.id)
    for item, at, verdict in session.execute(said.where(VerdictRow.item_id.in_(set(items.values())))):
        verdicts.setdefault(item or 0, []).append((at, verdict))
    return _About(approved, items, events, verdicts)


def _publication(session: Session, event: ApprovedEventRow, about: _About, topics_of: TopicsOf) -> PublicCorrection:
    row = about.approved[event.approved_id]
    wordings = tuple(event.wordings) or _wordings(session, row.id)
    language: Language = "ko" if row.language == "ko" else "en"
    topics: dict[str, Name] = {}
    for wording in wordings:
        topics |= {topic.key: topic for topic in topics_of(wording)}
        if topics:
            break
    return PublicCorrection(
        day=event.at.astimezone(KOREA).date(),
        language=language,
        topics=tuple(topics.values()),
        kind=_kind(event, about),
        state=_state(event, row, about),
        question=_question(session, about.items.get(row.id), wordings),
    )


def _wordings(session: Session, approved_id: int) -> tuple[str, ...]:
    own = select(ApprovedWordingRow.text).where(ApprovedWordingRow.approved_id == approved_id)
    return tuple(session.scalars(own.order_by(ApprovedWordingRow.ordinal)))


def _state(event: ApprovedEventRow, row: ApprovedRow, about: _About) -> CorrectionState:
    later = [each for each in about.events[row.id] if each.id > event.id and each.kind in _PUBLICATIONS]
    return CorrectionState.REPLACED if later else _STATES.get(row.state, CorrectionState.LIVE)


def _kind(event: ApprovedEventRow, about: _About) -> Verdict | None:
    """What was wrong before: the newest verdict since the publication before, or a source that had changed."""
    before = [each for each in about.events[event.approved_id] if each.id < event.id]
    last = max((each.id for each in before if each.kind in _PUBLICATIONS), default=0)
    since = next((each.at for each in before if each.id == last), None)
    said = [
        verdict
        for at, verdict in about.verdicts.get(about.items.get(event.approved_id, 0), ())
        if at <= event.at and (since is None or at > since)
    ]
    if said and said[-1] in list(Verdict):
        return Verdict(said[-1])
    suspended = any(each.id > last and each.kind == EventKind.SUSPENDED.value for each in before)
    return Verdict.OUTDATED if suspended else None


def _question(session: Session, item_id: int | None, wordings: Iterable[str]) -> str | None:
    """The first wording that may be told: five residents asked the question, and it is not the words of fewer."""
    item = session.get(ItemRow, item_id) if item_id is not None else None
    if item is None or item.residents < SMALL:
        return None
    return next((text for text in wordings if _nobodys(session, item.id, text)), None)


def _nobodys(session: Session, item_id: int, wording: str) -> bool:
    """Whether a wording is that of no resident, or of five at least, who have said it alike."""
    folded = normal(wording)
    lines = literal("\n") + MemberRow.search + literal("\n")
    who = select(func.count(MemberRow.conversation_id.distinct())).where(
        MemberRow.item_id == item_id, lines.like(f"%\n{folded}\n%")
    )
    found = session.scalar(who) or 0
    return bool(folded) and not 0 < found < SMALL
