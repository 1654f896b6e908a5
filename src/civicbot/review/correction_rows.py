"""Corrected answers in the database: versions that are never changed, and wordings that may go before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from civicbot.model import AnswerStatus
from civicbot.records.tables import (
    CorrectionRow,
    CorrectionVersionRow,
    CorrectionWordingRow,
    ExchangeRow,
    MemberRow,
)
from civicbot.review.alike import normal
from civicbot.review.correction_nouns import CorrectedSentence, Correction, Draft

_QUESTION = 0
_MOST_WORDS = 20


def residents_words(session: Session, item_id: int) -> Iterator[str]:
    """How residents put an item's question, standing alone, the most frequent first."""
    found = (
        select(ExchangeRow.standalone)
        .join(MemberRow, MemberRow.answer_id == ExchangeRow.answer_id)
        .where(MemberRow.item_id == item_id)
        .group_by(ExchangeRow.standalone)
        .order_by(func.count().desc(), ExchangeRow.standalone)
        .limit(_MOST_WORDS)
    )
    yield from session.scalars(found)


def add_version(
    session: Session,
    row: CorrectionRow,
    draft: Draft,
    sentences: Sequence[CorrectedSentence],
    *,
    index: str,
    by: str,
    at: datetime,
) -> None:
    """Adds a version, the newest from now on."""
    row.version += 1
    version = CorrectionVersionRow(
        correction_id=row.id,
        version=row.version,
        status=draft.status.value,
        sentences=[sentence.model_dump(mode="json") for sentence in sentences],
        owner=draft.owner or by,
        valid_until=draft.valid_until,
        index_name=index,
        by=by,
        at=at,
    )
    session.add(version)
    for ordinal, text in enumerate((draft.question, *draft.variants)):
        whose = _exchange_with(session, row.item_id, text)
        wording = CorrectionWordingRow(
            correction_id=row.id, version=row.version, ordinal=ordinal, text=text, answer_id=whose
        )
        session.add(wording)
    session.flush()


def versions_of(session: Session, correction_id: int) -> tuple[Correction, ...]:
    """All versions of a correction, the newest first; empty when there is no such correction."""
    row = session.get(CorrectionRow, correction_id)
    if row is None:
        return ()
    wordings: dict[int, list[CorrectionWordingRow]] = {}
    own = select(CorrectionWordingRow).where(CorrectionWordingRow.correction_id == correction_id)
    for wording in session.scalars(own.order_by(CorrectionWordingRow.ordinal)):
        wordings.setdefault(wording.version, []).append(wording)
    found = select(CorrectionVersionRow).where(CorrectionVersionRow.correction_id == correction_id)
    return tuple(
        _correction(row, version, wordings.get(version.version, []))
        for version in session.scalars(found.order_by(CorrectionVersionRow.version.desc()))
    )


def _exchange_with(session: Session, item_id: int | None, text: str) -> str | None:
    """The newest exchange of an item whose resident wrote these words, up to blanks, case and marks."""
    line = literal("\n") + MemberRow.search + literal("\n")
    found = (
        select(MemberRow.answer_id)
        .where(MemberRow.item_id == item_id, line.like(f"%\n{normal(text)}\n%"))
        .order_by(MemberRow.asked_at.desc(), MemberRow.answer_id)
        .limit(1)
    )
    return session.scalar(found)


def _correction(
    row: CorrectionRow, version: CorrectionVersionRow, wordings: Sequence[CorrectionWordingRow]
) -> Correction:
    return Correction(
        id=row.id,
        item_id=row.item_id,
        version=version.version,
        question=next((wording.text for wording in wordings if wording.ordinal == _QUESTION), None),
        variants=tuple(wording.text for wording in wordings if wording.ordinal != _QUESTION),
        language="ko" if row.language == "ko" else "en",
        status=AnswerStatus(version.status),
        sentences=tuple(CorrectedSentence.model_validate(each) for each in version.sentences),
        owner=version.owner,
        valid_until=version.valid_until,
        index=version.index_name,
        by=version.by,
        at=version.at,
    )
