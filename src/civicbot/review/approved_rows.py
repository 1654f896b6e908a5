"""Approved answers in the database: how they stand now, their wordings, and their history."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from civicbot.model import AnswerStatus
from civicbot.records.tables import (
    ApprovedEventRow,
    ApprovedRow,
    ApprovedWordingRow,
    CorrectionRow,
    CorrectionVersionRow,
)
from civicbot.review.alike import normal
from civicbot.review.approved_nouns import (
    Approved,
    ApprovedEvent,
    ApprovedState,
    CitationChange,
    EventKind,
    Proposal,
    SuspensionReason,
)
from civicbot.review.approved_refusals import DuplicateApprovedError, UnknownApprovedError
from civicbot.review.correction_nouns import CorrectedSentence

logger = logging.getLogger(__name__)

_LOCK = 0x41505052


def alone(session: Session) -> None:
    """Has everybody else who changes approved answers wait until the transaction ends; the first thing in it.

    So their events are stored in the order of their numbers, and the newest number tells whether anything changed.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    # SQLite lets one transaction write at a time, from its beginning.


def stamp(session: Session) -> int:
    """Changes whenever an approved answer does."""
    return session.scalar(select(func.max(ApprovedEventRow.id))) or 0


def find(session: Session, *conditions: ColumnElement[bool]) -> tuple[Approved, ...]:
    """Some approved answers, the newest first."""
    return tuple(_found(session, conditions))


def live(session: Session) -> Iterator[Approved]:
    """The live ones that this program understands; a newer one may have written others."""
    rows = session.execute(_joined().where(ApprovedRow.state == ApprovedState.LIVE.value)).all()
    said = wordings_of(session, [row.ApprovedRow.id for row in rows])
    for row in rows:
        try:
            yield approved_of(row.ApprovedRow, row.CorrectionVersionRow, row.item_id, said[row.ApprovedRow.id])
        except (ValueError, KeyError):
            fields = {"table": ApprovedRow.__tablename__, "id": row.ApprovedRow.id}
            logger.error("ruling_unusable", extra={"fields": fields})  # noqa: TRY400


def _found(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Iterator[Approved]:
    rows = session.execute(_joined().where(*conditions).order_by(ApprovedRow.id.desc())).all()
    said = wordings_of(session, [row.ApprovedRow.id for row in rows])
    for row in rows:
        own = said.get(row.ApprovedRow.id, ())
        yield approved_of(row.ApprovedRow, row.CorrectionVersionRow, row.item_id, own)


def one_of(session: Session, approved_id: int) -> Approved:
    """An approved answer as it stands in this transaction.

    Raises:
        UnknownApprovedError: there is none with this id.
    """
    session.flush()
    found = find(session, ApprovedRow.id == approved_id)
    if not found:
        raise UnknownApprovedError(f"There is no approved answer {approved_id!r}.")
    return found[0]


def wordings_of(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The wordings of some approved answers, each one's question first."""
    found: dict[int, list[str]] = {}
    rows = select(ApprovedWordingRow.approved_id, ApprovedWordingRow.text).where(
        ApprovedWordingRow.approved_id.in_(ids)
    )
    for approved_id, wording in session.execute(rows.order_by(ApprovedWordingRow.ordinal)):
        found.setdefault(approved_id, []).append(wording)
    return {key: tuple(texts) for key, texts in found.items()}


def approved_of(
    row: ApprovedRow, version: CorrectionVersionRow, item_id: int | None, wordings: tuple[str, ...]
) -> Approved:
    """The approved answer in a row; a ValueError for one that this program does not know."""
    return Approved(
        id=row.id,
        correction_id=row.correction_id,
        version=row.version,
        language="ko" if row.language == "ko" else "en",
        wordings=wordings,
        status=AnswerStatus(version.status),
        sentences=tuple(CorrectedSentence.model_validate(each) for each in version.sentences),
        owner=version.owner,
        valid_until=version.valid_until,
        state=ApprovedState(row.state),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        published_by=row.published_by,
        published_at=row.published_at,
        checked_on=row.checked_on,
        index=row.index_name,
        suspended=SuspensionReason(row.suspended) if row.suspended is not None else None,
        changes=tuple(CitationChange.model_validate(each) for each in row.changes),
        proposal=_proposal(row),
        item_id=item_id,
    )


def row_of(session: Session, approved_id: int) -> ApprovedRow:
    """An approved answer that nobody else changes until the transaction ends.

    Raises:
        UnknownApprovedError: there is none with this id.
    """
    row = session.get(ApprovedRow, approved_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownApprovedError(f"There is no approved answer {approved_id!r}.")
    return row


def refuse_twice(session: Session, language: str, wordings: Iterable[str], own: int | None) -> None:
    """Refuses wordings that another approved answer has; one that is withdrawn has none.

    Args:
        session: for writing, alone.
        language: of the wordings.
        wordings: the wordings.
        own: the approved answer that they are for; None for a new one.

    Raises:
        DuplicateApprovedError: naming the other one.
    """
    keys = {key_of(wording): wording for wording in wordings}
    taken = select(ApprovedWordingRow.key, ApprovedWordingRow.approved_id).where(
        ApprovedWordingRow.language == language, ApprovedWordingRow.key.in_(keys)
    )
    for key, other in session.execute(taken):
        if key is not None and other != own:
            question = wordings_of(session, [other]).get(other, ("",))[0]
            raise DuplicateApprovedError(keys[key], other, question)


def set_wordings(session: Session, row: ApprovedRow, wordings: Sequence[str]) -> None:
    """Gives an approved answer its wordings, which no other has."""
    session.execute(delete(ApprovedWordingRow).where(ApprovedWordingRow.approved_id == row.id))
    values = [
        {"approved_id": row.id, "ordinal": place, "language": row.language, "text": told, "key": key_of(told)}
        for place, told in enumerate(wordings)
    ]
    session.execute(insert(ApprovedWordingRow), values)


def free_wordings(session: Session, row: ApprovedRow) -> None:
    """Lets others have the wordings of an approved answer that is withdrawn; it keeps showing them."""
    session.execute(update(ApprovedWordingRow).where(ApprovedWordingRow.approved_id == row.id).values(key=None))


@dataclass(frozen=True)
class Happened:
    """What is added to a history.

    Attributes:
        by: who did it; None for what the library or the calendar did.
        index: the live index generation.
        version: of the correction; the approved answer's own if None.
    """

    kind: EventKind
    by: str | None
    at: datetime
    index: str
    version: int | None = None
    reason: str | None = None
    changes: Sequence[CitationChange] = ()
    wordings: Sequence[str] = ()


def add_event(session: Session, row: ApprovedRow, what: Happened) -> None:
    """Adds to the history of an approved answer; whoever does is alone."""
    told = ApprovedEventRow(
        approved_id=row.id,
        kind=what.kind.value,
        version=row.version if what.version is None else what.version,
        by=what.by,
        at=what.at,
        index_name=what.index,
        reason=what.reason,
        changes=[each.model_dump(mode="json") for each in what.changes],
        wordings=list(what.wordings),
    )
    session.add(told)
    session.flush()


def events_of(session: Session, approved_id: int) -> tuple[ApprovedEvent, ...]:
    """The history of an approved answer, the newest first."""
    rows = select(ApprovedEventRow).where(ApprovedEventRow.approved_id == approved_id)
    return tuple(
        ApprovedEvent(
            id=row.id,
            approved_id=row.approved_id,
            kind=EventKind(row.kind),
            version=row.version,
            by=row.by,
            at=row.at,
            index=row.index_name,
            reason=row.reason,
            changes=tuple(CitationChange.model_validate(each) for each in row.changes),
            wordings=tuple(row.wordings),
        )
        for row in session.scalars(rows.order_by(ApprovedEventRow.id.desc()))
    )


def key_of(wording: str) -> str:
    """SHA-256 (hex) of a wording without blanks, case and marks: what two wordings must not share."""
    return hashlib.sha256(normal(wording).encode()).hexdigest()


def _joined() -> Select[ApprovedRow, CorrectionVersionRow, int | None]:
    return (
        select(ApprovedRow, CorrectionVersionRow, CorrectionRow.item_id)
        .join(CorrectionRow, CorrectionRow.id == ApprovedRow.correction_id)
        .join(
            CorrectionVersionRow,
            (CorrectionVersionRow.correction_id == ApprovedRow.correction_id)
            & (CorrectionVersionRow.version == ApprovedRow.version),
        )
    )


def _proposal(row: ApprovedRow) -> Proposal | None:
    if row.proposed_version is None or row.proposed_by is None or row.proposed_at is None:
        return None
    return Proposal(
        version=row.proposed_version,
        wordings=tuple(row.proposed_wordings),
        by=row.proposed_by,
        at=row.proposed_at,
    )
