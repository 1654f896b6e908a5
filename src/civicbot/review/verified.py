"""Every verdict of staff as a regression case; nothing is stored of it, so that a case goes with its exchange."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicbot.model import AnswerStatus, Language
from civicbot.records.rows import EarlierTurn, exchange_of
from civicbot.records.tables import (
    ApprovedRow,
    ApprovedWordingRow,
    CorrectionRow,
    CorrectionVersionRow,
    ExchangeRow,
    VerdictRow,
)
from civicbot.review.approved_nouns import ApprovedState
from civicbot.review.correction_nouns import CorrectedSentence
from civicbot.review.nouns import Verdict
from civicbot.review.store import Store
from civicbot.review.verified_making import Judged, Right, approved_case, case_of
from civicbot.review.verified_nouns import VerifiedCase, judge_case

__all__ = ["VerifiedCases", "judge_case"]


class VerifiedCases:
    """Makes cases of what staff have said; thread-safe.

    Args:
        store: the database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def cases(self) -> tuple[VerifiedCase, ...]:
        """The cases: one for each item's newest verdict, and one for each approved answer that no verdict leads to.

        A case is there as long as the exchange that was judged; an approved answer, whose words are the city's own, as
        long as it is live. The oldest verdict comes first.

        Raises:
            RecordsUnavailableError: the database cannot be used just now.
        """
        with self._store.reading() as session:
            live = {row.correction_id: row for row in session.scalars(_LIVE)}
            found = list(self._judged(session, live))
            told = {case.approved_id for case in found}
            rest = [row for row in live.values() if row.id not in told]
            return (*found, *_approved(session, rest))

    def _judged(self, session: Session, live: dict[int, ApprovedRow]) -> Iterator[VerifiedCase]:
        newest = select(func.max(VerdictRow.id)).where(VerdictRow.item_id.is_not(None)).group_by(VerdictRow.item_id)
        rows = (
            select(VerdictRow.id, VerdictRow.verdict, VerdictRow.item_id, ExchangeRow)
            .join(ExchangeRow, ExchangeRow.answer_id == VerdictRow.answer_id)
            .where(VerdictRow.id.in_(newest))
            .order_by(VerdictRow.id)
        )
        rights = _rights(session, live)
        for verdict_id, verdict, item_id, row in session.execute(rows):
            case = case_of(
                Judged(
                    verdict_id=verdict_id,
                    verdict=Verdict(verdict),
                    item_id=item_id,
                    exchange=exchange_of(row),
                    earlier=_earlier(session, row),
                    right=rights.get(item_id) if item_id is not None else None,
                )
            )
            if case is not None:
                yield case


_LIVE = select(ApprovedRow).where(ApprovedRow.state == ApprovedState.LIVE.value).order_by(ApprovedRow.id)


def _rights(session: Session, live: dict[int, ApprovedRow]) -> dict[int, Right]:
    """What staff have written for each item: its live approved answer, else the newest version of a correction."""
    found: dict[int, Right] = {}
    versions = (
        select(CorrectionRow.item_id, CorrectionVersionRow)
        .join(CorrectionVersionRow, CorrectionVersionRow.correction_id == CorrectionRow.id)
        .where(CorrectionRow.item_id.is_not(None), CorrectionVersionRow.version == CorrectionRow.version)
        .order_by(CorrectionVersionRow.at, CorrectionRow.id)
    )
    for item_id, version in session.execute(versions):
        if item_id is not None:
            found[item_id] = _right(version)
    of_live = (
        select(CorrectionRow.item_id, ApprovedRow.id, CorrectionVersionRow)
        .join(ApprovedRow, ApprovedRow.correction_id == CorrectionRow.id)
        .join(CorrectionVersionRow, CorrectionVersionRow.correction_id == CorrectionRow.id)
        .where(CorrectionRow.id.in_(live), CorrectionVersionRow.version == ApprovedRow.version)
        .order_by(ApprovedRow.published_at, ApprovedRow.id)
    )
    for item_id, approved_id, version in session.execute(of_live):
        if item_id is not None:
            found[item_id] = _right(version, approved_id)
    return found


def _right(version: CorrectionVersionRow, approved_id: int | None = None) -> Right:
    return Right(
        status=AnswerStatus(version.status),
        sentences=tuple(CorrectedSentence.model_validate(each) for each in version.sentences),
        approved_id=approved_id,
    )


def _approved(session: Session, rows: Sequence[ApprovedRow]) -> Iterator[VerifiedCase]:
    for row in rows:
        version = session.get(CorrectionVersionRow, (row.correction_id, row.version))
        question = session.scalar(
            select(ApprovedWordingRow.text)
            .where(ApprovedWordingRow.approved_id == row.id)
            .order_by(ApprovedWordingRow.ordinal)
            .limit(1)
        )
        if version is not None and question:
            correction = session.get(CorrectionRow, row.correction_id)
            language: Language = "ko" if row.language == "ko" else "en"
            item_id = correction.item_id if correction is not None else None
            yield approved_case(row.id, language, question, _right(version), item_id=item_id)


def _earlier(session: Session, row: ExchangeRow) -> tuple[EarlierTurn, ...]:
    """The turns before a follow-up, if all of them are still there; none for a question that stands alone."""
    if row.question == row.standalone:
        return ()
    turns = (
        select(ExchangeRow.question, ExchangeRow.standalone)
        .where(ExchangeRow.conversation_id == row.conversation_id, ExchangeRow.ordinal < row.ordinal)
        .order_by(ExchangeRow.ordinal)
    )
    found = tuple(EarlierTurn(question=each.question, standalone=each.standalone) for each in session.execute(turns))
    return found if len(found) == row.ordinal - 1 else ()
