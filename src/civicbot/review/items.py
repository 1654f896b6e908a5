"""One item of the queue, with all that staff need to judge it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicbot.errors import CivicbotError
from civicbot.model import Answer, Exchange, Versions
from civicbot.records.rows import exchange_of
from civicbot.records.tables import (
    CorrectionRow,
    CorrectionVersionRow,
    ExchangeRow,
    FeedbackRow,
    ItemRow,
    MemberRow,
    SignalRow,
    VerdictRow,
)
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.evidence_views import EvidenceViews
from civicbot.review.nouns import (
    AnswerRef,
    CorrectionRef,
    FeedbackView,
    ItemView,
    Reason,
    Wording,
)
from civicbot.review.queue_pages import find, shown, verdicts_where
from civicbot.review.queue_rules import WEIGHTS
from civicbot.review.refusals import UnknownItemError
from civicbot.review.replies import tickets_of_item, views
from civicbot.review.store import Store
from civicbot.review.verdicts import looked_at

MOST_ANSWERS = 50
MOST_WORDINGS = 20
MOST_SAID = 100
"""Comments, and tickets, that are shown of an item."""
_EXCERPT = 300


class Items:
    """Opens items; each opening is in the audit log.

    Args:
        store: the database.
        index: the live library, for the passages; while it is not open, items are shown without them.
    """

    def __init__(self, store: Store, index: LiveIndex) -> None:
        self._store = store
        self._index = index

    @guarded(Action.READ_ITEM)
    def open(self, actor: Actor, item_id: int, *, answer_id: str | None = None) -> ItemView:
        """An item, looked at by one of its answers.

        Args:
            actor: who reads.
            item_id: the item.
            answer_id: the answer to look at; the representative if None.

        Raises:
            UnknownItemError: there is no such item, or the answer is not in it.
            RecordsUnavailableError: the database cannot be used just now; nothing is read that cannot be noted.
        """
        with self._store.writing() as session:
            exchange_id = self._noted(session, actor, item_id, answer_id)
        with self._store.reading() as session:
            rows = session.execute(find([ItemRow.id == item_id])).all()
            row = session.get(ExchangeRow, exchange_id)
            if not rows or row is None:
                raise UnknownItemError(f"The questions of item {item_id!r} were deleted.")
            exchange = exchange_of(row)
            view = ItemView(
                item=shown(session, rows, self._store.now())[0],
                exchange=exchange,
                conversation=_conversation(session, exchange),
                sentences=(),
                unused=(),
                versions=exchange.answer.versions,
                live_index=None,
                answers=_answers(session, item_id),
                wordings=_wordings(session, item_id),
                feedback=_feedback(session, item_id),
                tickets=views(session.execute(tickets_of_item(item_id).limit(MOST_SAID)).all()),
                verdicts=verdicts_where(session, VerdictRow.item_id == item_id),
                corrections=_corrections(session, item_id),
            )
        return self._with_evidence(view)

    @guarded(Action.READ_QUEUE)
    def find(self, actor: Actor, answer_id: str) -> int | None:
        """The item that an answer belongs to; None before the queue has taken it in, or for an unknown one."""
        del actor
        with self._store.reading() as session:
            return session.scalar(select(MemberRow.item_id).where(MemberRow.answer_id == answer_id))

    def _noted(self, session: Session, actor: Actor, item_id: int, answer_id: str | None) -> str:
        item = session.get(ItemRow, item_id)
        if item is None:
            raise UnknownItemError(f"There is no item {item_id!r}.")
        exchange = looked_at(session, item, answer_id)
        tickets = len(session.execute(tickets_of_item(item_id).limit(MOST_SAID)).all())
        note(session, actor, Action.READ_ITEM, f"item:{item_id}", answer=exchange.answer_id, tickets=tickets)
        return exchange.answer_id

    def _with_evidence(self, view: ItemView) -> ItemView:
        with self._generation() as generation:
            evidence = EvidenceViews(generation)
            return view.model_copy(
                update={
                    "sentences": evidence.sentences(view.exchange),
                    "unused": evidence.unused(view.exchange),
                    "live_index": generation.name if generation is not None else None,
                }
            )

    @contextlib.contextmanager
    def _generation(self) -> Iterator[OpenGeneration | None]:
        with contextlib.ExitStack() as stack:
            try:
                generation = stack.enter_context(self._index.reader())
            except CivicbotError:
                generation = None
            yield generation


def _conversation(session: Session, exchange: Exchange) -> tuple[Exchange, ...]:
    own = ExchangeRow.conversation_id == exchange.answer.conversation_id
    return tuple(
        exchange_of(row) for row in session.scalars(select(ExchangeRow).where(own).order_by(ExchangeRow.ordinal))
    )


def _answers(session: Session, item_id: int) -> tuple[AnswerRef, ...]:
    found = (
        select(ExchangeRow)
        .join(MemberRow, MemberRow.answer_id == ExchangeRow.answer_id)
        .where(MemberRow.item_id == item_id)
        .order_by(MemberRow.risk.desc(), MemberRow.asked_at.desc(), MemberRow.answer_id.desc())
        .limit(MOST_ANSWERS)
    )
    rows = session.scalars(found).all()
    reasons: dict[str, set[Reason]] = {}
    signals = select(SignalRow.answer_id, SignalRow.reason).where(SignalRow.answer_id.in_([r.answer_id for r in rows]))
    for answer_id, reason in session.execute(signals):
        reasons.setdefault(answer_id, set()).add(Reason(reason))
    return tuple(_answer_ref(row, reasons.get(row.answer_id, set())) for row in rows)


def _answer_ref(row: ExchangeRow, reasons: set[Reason]) -> AnswerRef:
    answer = Answer.model_validate(row.answer)
    return AnswerRef(
        answer_id=row.answer_id,
        asked_at=row.asked_at,
        status=answer.status,
        text=_excerpt(answer.text),
        confidence=row.confidence,
        channel=row.channel,
        site=row.site,
        versions=Versions.model_validate(row.versions),
        reasons=tuple(reason for reason in WEIGHTS if reason in reasons),
    )


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"


def _wordings(session: Session, item_id: int) -> tuple[Wording, ...]:
    asked = func.count()
    found = (
        select(ExchangeRow.question, asked)
        .join(MemberRow, MemberRow.answer_id == ExchangeRow.answer_id)
        .where(MemberRow.item_id == item_id)
        .group_by(ExchangeRow.question)
        .order_by(asked.desc(), func.max(MemberRow.asked_at).desc(), ExchangeRow.question)
        .limit(MOST_WORDINGS)
    )
    return tuple(Wording(text=text, asked=count) for text, count in session.execute(found))


def _feedback(session: Session, item_id: int) -> tuple[FeedbackView, ...]:
    found = (
        select(FeedbackRow)
        .join(MemberRow, MemberRow.answer_id == FeedbackRow.answer_id)
        .where(MemberRow.item_id == item_id)
        .order_by(FeedbackRow.id.desc())
        .limit(MOST_SAID)
    )
    return tuple(
        FeedbackView(
            answer_id=row.answer_id,
            at=row.created_at,
            helpful=row.helpful,
            reasons=tuple(row.reasons),
            comment=row.comment,
        )
        for row in session.scalars(found)
    )


def _corrections(session: Session, item_id: int) -> tuple[CorrectionRef, ...]:
    found = (
        select(CorrectionVersionRow)
        .join(CorrectionRow, CorrectionRow.id == CorrectionVersionRow.correction_id)
        .where(CorrectionRow.item_id == item_id, CorrectionVersionRow.version == CorrectionRow.version)
        .order_by(CorrectionVersionRow.at.desc())
    )
    return tuple(
        CorrectionRef(id=row.correction_id, version=row.version, by=row.by, at=row.at) for row in session.scalars(found)
    )
