"""Staff's work: the queue, verdicts and corrections.

What residents wrote stands in rows that go with the exchange it comes from (ON DELETE CASCADE); what is left after
that (items without questions, verdicts without notes) holds no words of theirs.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import ANY_JSON, Base, UtcDateTime


class ItemRow(Base):
    """Questions that are nearly the same, as one item of the queue; all but the first columns follow from its members.

    Attributes:
        key: a hash of what the questions have in common.
        state: ``open``, ``done``, ``closed``, or ``quiet`` while there is no reason to look at it.
        representative: the answer_id of its riskiest and then latest member. No foreign key: whoever deletes an
            exchange must not wait for staff's work on items.
        asked: how many exchanges it has.
        residents: in how many conversations.
        opened_at: when it came into the queue; None while it never did.
        decided_at: when it was done or closed last.
        claimed_until: from then on others may take it.
        verdict_id: the newest verdict; no foreign key, since verdicts refer to items.
    """

    __tablename__ = "review_items"
    __table_args__ = (Index("ix_review_items_order", "state", "priority", "residents"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    representative: Mapped[str | None] = mapped_column(String(64))
    risk: Mapped[int]
    priority: Mapped[float] = mapped_column(Float)
    asked: Mapped[int]
    residents: Mapped[int]
    first_asked: Mapped[datetime] = mapped_column(UtcDateTime)
    last_asked: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(128))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verdict_id: Mapped[int | None]


class MemberRow(Base):
    """An exchange as the queue knows it; that there is one says that the exchange was taken in.

    Attributes:
        conversation_id: tells residents apart; it is in the exchange, too.
        risk: of its own reasons.
        search: its question, comments and tickets, folded for searching.
        feedback_seen: the id of the newest feedback that was looked at, 0 for none.
        tickets_seen: how many tickets were looked at.
    """

    __tablename__ = "review_members"
    __table_args__ = (
        Index("ix_review_members_first", "item_id", "risk", "asked_at"),
        Index("ix_review_members_residents", "item_id", "conversation_id"),
    )

    answer_id: Mapped[str] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id", ondelete="CASCADE"))
    conversation_id: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(16))
    site: Mapped[str | None] = mapped_column(Text)
    risk: Mapped[int]
    search: Mapped[str] = mapped_column(Text)
    feedback_seen: Mapped[int]
    tickets_seen: Mapped[int]


class SignalRow(Base):
    """A reason to look at an answer.

    Attributes:
        at: when what it is about happened: the question, the feedback, the ticket.
    """

    __tablename__ = "review_signals"
    __table_args__ = (Index("ix_review_signals_item", "item_id", "reason"),)

    answer_id: Mapped[str] = mapped_column(ForeignKey("review_members.answer_id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(32), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CursorRow(Base):
    """How far the queue has come.

    Attributes:
        fed_at: when something was taken in last.
        asked_at: of the newest exchange that was taken in; it only saves looking at older ones again.
    """

    __tablename__ = "review_cursor"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    fed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VerdictRow(Base):
    """What staff said about an answer; it stays as a count when the answer is deleted.

    Attributes:
        answer_id: the answer that was looked at.
        by: the user's name.
        reasons: why it was looked at, for rates that only count what chance has picked.
        status: of the answer, like language, site, channel, confidence and index_name.
        asked_at: when the answer was given.
        residents: how many had asked the question.
    """

    __tablename__ = "review_verdicts"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("review_items.id", ondelete="SET NULL"), index=True)
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="SET NULL"), index=True)
    verdict: Mapped[str] = mapped_column(String(32), index=True)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    language: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(16))
    site: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[float] = mapped_column(Float)
    index_name: Mapped[str] = mapped_column(Text)
    reasons: Mapped[list[str]] = mapped_column(ANY_JSON)
    residents: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class VerdictNoteRow(Base):
    """The note of a verdict, masked; it may quote the resident, so it goes with the answer."""

    __tablename__ = "review_verdict_notes"

    verdict_id: Mapped[int] = mapped_column(ForeignKey("review_verdicts.id", ondelete="CASCADE"), primary_key=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(Text)


class CorrectionRow(Base):
    """A corrected answer; its texts stand in its versions.

    Attributes:
        version: the newest one's number.
    """

    __tablename__ = "review_corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("review_items.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CorrectionVersionRow(Base):
    """A version of a corrected answer; none is ever changed.

    Attributes:
        status: what the bot should have said.
        sentences: with their citations, each with the hash of what it quotes.
        index_name: the index generation that they were checked against.
        valid_until: the last day on which it may be given; None for no such day.
    """

    __tablename__ = "review_correction_versions"

    correction_id: Mapped[int] = mapped_column(
        ForeignKey("review_corrections.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(32))
    sentences: Mapped[list[dict[str, Any]]] = mapped_column(ANY_JSON)
    owner: Mapped[str] = mapped_column(String(128))
    valid_until: Mapped[date | None] = mapped_column(Date)
    index_name: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CorrectionWordingRow(Base):
    """A wording of the question of a version.

    Attributes:
        ordinal: 0 for the question itself, from 1 for its variants.
        answer_id: the exchange whose words these are; they go with it. None for words of staff.
    """

    __tablename__ = "review_correction_wordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("review_corrections.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    ordinal: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="CASCADE"), index=True)
