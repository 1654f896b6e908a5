"""What was asked in vain, as the records hold it: narrow rows of the queue's members, and few of the exchanges."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from civicbot.model import AnswerStatus, Language, NoticeKind
from civicbot.records.tables import (
    BriefEditRow,
    ConversationRow,
    CorrectionRow,
    ExchangeRow,
    ItemRow,
    MemberRow,
    VerdictRow,
)
from civicbot.review.nouns import Verdict

IN_VAIN = (AnswerStatus.NO_EVIDENCE.value, AnswerStatus.PARTIAL.value)
"""Answers that tell residents that something was not found."""
WANTING = (Verdict.SHOULD_HAVE_ANSWERED.value, Verdict.INCOMPLETE.value)
"""Verdicts by which an answer lacks something, whatever it says itself."""
RIGHTLY = (Verdict.CORRECT.value, Verdict.SHOULD_HAVE_REFUSED.value)
"""Verdicts by which there was nothing to tell."""
_NOT_ASKED = (AnswerStatus.PAUSED.value, AnswerStatus.ERROR.value)
_BATCH = 500


class Asking(NamedTuple):
    """One time that a question was asked in vain."""

    item: int
    answer_id: str
    conversation: str
    asked_at: datetime
    status: str
    language: Language
    verdict: str | None


@dataclass(frozen=True)
class Told:
    """What an exchange says.

    Attributes:
        question: standing alone.
        missing: what was not found, where the rest was answered.
    """

    question: str
    missing: str = ""


def askings(session: Session, since: datetime, before: datetime) -> list[Asking]:
    """All askings in vain of a time, oldest first."""
    rows = [*session.execute(_members(since, before)), *session.execute(_unfollowed(since, before))]
    found = [
        Asking(item, answer_id, conversation, at, status, "ko" if language == "ko" else "en", verdict)
        for item, answer_id, conversation, at, status, language, verdict in rows
    ]
    return sorted(found, key=lambda one: (one.asked_at, one.answer_id))


def told_of(session: Session, answer_ids: Iterable[str], partial: Collection[str]) -> dict[str, Told]:
    """What some exchanges say, by the answers' ids.

    Args:
        session: reads.
        answer_ids: of the answers.
        partial: those of them that answered a part alone.
    """
    found: dict[str, Told] = {}
    for ids in _batches(answer_ids):
        for answer_id, question in session.execute(
            select(ExchangeRow.answer_id, ExchangeRow.standalone).where(ExchangeRow.answer_id.in_(ids))
        ):
            found[answer_id] = Told(question)
    for ids in _batches(one for one in found if one in partial):
        notices = ExchangeRow.answer["notices"]
        for answer_id, told in session.execute(
            select(ExchangeRow.answer_id, notices).where(ExchangeRow.answer_id.in_(ids))
        ):
            found[answer_id] = Told(found[answer_id].question, _missing(told))
    return found


def considered_of(session: Session, answer_ids: Iterable[str]) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The sentences that were weighed for some answers, by the answers' ids."""
    found: dict[str, Sequence[Mapping[str, Any]]] = {}
    for ids in _batches(answer_ids):
        rows = select(ExchangeRow.answer_id, ExchangeRow.considered).where(ExchangeRow.answer_id.in_(ids))
        found |= {row.answer_id: row.considered for row in session.execute(rows)}
    return found


def wordings_of(session: Session, answer_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """How some questions were put, standing alone, and in which status they ended, by the answers' ids."""
    found: dict[str, tuple[str, str]] = {}
    for ids in _batches(answer_ids):
        columns = (ExchangeRow.answer_id, ExchangeRow.standalone, ExchangeRow.status)
        for answer_id, question, status in session.execute(select(*columns).where(ExchangeRow.answer_id.in_(ids))):
            found[answer_id] = question, status
    return found


def edits_of(session: Session, gaps: Iterable[str]) -> dict[str, datetime]:
    """When briefs were last edited for some gaps, by the gaps' keys; what was taken back does not count."""
    found: dict[str, datetime] = {}
    for keys in _batches(gaps):
        newest = (
            select(BriefEditRow.gap, func.max(BriefEditRow.at))
            .where(BriefEditRow.gap.in_(keys), BriefEditRow.state == "written")
            .group_by(BriefEditRow.gap)
        )
        found |= {key: at for key, at in session.execute(newest) if key is not None}
    return found


def _columns() -> Select[Any]:
    found = (
        select(
            MemberRow.item_id,
            MemberRow.answer_id,
            MemberRow.conversation_id,
            MemberRow.asked_at,
            MemberRow.status,
            ItemRow.language,
            VerdictRow.verdict,
        )
        .join(ItemRow, ItemRow.id == MemberRow.item_id)
        .outerjoin(VerdictRow, VerdictRow.id == ItemRow.verdict_id)
    )
    return cast(Select[Any], found)


def _open(since: datetime, before: datetime) -> ColumnElement[bool]:
    """In the time, not judged to be right as it was, and without a corrected answer."""
    corrected = exists().where(CorrectionRow.item_id == MemberRow.item_id)
    judged = or_(VerdictRow.verdict.is_(None), VerdictRow.verdict.not_in(RIGHTLY))
    return and_(MemberRow.asked_at >= since, MemberRow.asked_at < before, judged, ~corrected)


def _members(since: datetime, before: datetime) -> Select[Any]:
    wanting = VerdictRow.verdict.in_(WANTING) & MemberRow.status.not_in(_NOT_ASKED)
    return _columns().where(_open(since, before), or_(MemberRow.status.in_(IN_VAIN), wanting))


def _unfollowed(since: datetime, before: datetime) -> Select[Any]:
    """Questions back that nobody answered: nothing came after them in their conversation."""
    wanting = VerdictRow.verdict.in_(WANTING)
    return (
        _columns()
        .join(ExchangeRow, ExchangeRow.answer_id == MemberRow.answer_id)
        .join(ConversationRow, ConversationRow.id == ExchangeRow.conversation_id)
        .where(
            _open(since, before),
            MemberRow.status == AnswerStatus.CLARIFICATION.value,
            ExchangeRow.ordinal == ConversationRow.turns,
            # Those are among the others already.
            or_(VerdictRow.verdict.is_(None), ~wanting),
        )
    )


def _missing(notices: Any) -> str:
    """What a notice says was not found; it names it behind a colon in either language."""
    for notice in notices if isinstance(notices, list) else ():
        if notice.get("kind") == NoticeKind.NOT_FOUND.value:
            return str(notice.get("text", "")).partition(":")[2].strip()
    return ""


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(dict.fromkeys(ids))
    while batch := list(islice(left, _BATCH)):
        yield batch
