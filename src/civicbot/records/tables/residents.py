"""What residents asked, were answered and said about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import ANY_JSON, OPTIONAL_JSON, Base, UtcDateTime


class ConversationRow(Base):
    """A conversation; made with its first exchange.

    Attributes:
        language: of its first answer.
        turns: how many exchanges it has had, those that are deleted by now included.
    """

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(16))
    site: Mapped[str | None] = mapped_column(Text)
    turns: Mapped[int]


class ExchangeRow(Base):
    """A question and its answer.

    Attributes:
        ordinal: its place in the conversation, from 1; there may be gaps.
        answer: the whole answer object.
        language: as in the answer, like status, confidence and versions, for staff to filter by.
        work: what the language model did, NULL where it had no part.
        approved: the approved answer that was given; no foreign key, since those stay.
    """

    __tablename__ = "exchanges"
    __table_args__ = (UniqueConstraint("conversation_id", "ordinal"),)

    answer_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    standalone: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8), index=True)
    status: Mapped[str] = mapped_column(String(32), index=True)
    confidence: Mapped[float] = mapped_column(Float, index=True)
    answer: Mapped[dict[str, Any]] = mapped_column(ANY_JSON)
    considered: Mapped[list[dict[str, Any]]] = mapped_column(ANY_JSON)
    versions: Mapped[dict[str, Any]] = mapped_column(ANY_JSON)
    masked: Mapped[list[str]] = mapped_column(ANY_JSON)
    channel: Mapped[str] = mapped_column(String(16))
    site: Mapped[str | None] = mapped_column(Text, index=True)
    seconds: Mapped[float] = mapped_column(Float)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    approved: Mapped[int | None] = mapped_column(index=True)
    work: Mapped[dict[str, Any] | None] = mapped_column(OPTIONAL_JSON)


class FeedbackRow(Base):
    """What a resident said about an answer; the newest of an answer counts, all are kept."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="CASCADE"), index=True)
    helpful: Mapped[bool]
    reasons: Mapped[list[str]] = mapped_column(ANY_JSON)
    comment: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TicketRow(Base):
    """A question left for staff; an answer may have several tickets."""

    __tablename__ = "tickets"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    message: Mapped[str | None] = mapped_column(Text)
    reply: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
