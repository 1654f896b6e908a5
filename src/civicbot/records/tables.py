"""The tables of the records, for SQLite and PostgreSQL alike; migrations/ makes and changes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ANY_JSON = JSON().with_variant(JSONB(), "postgresql")
"""JSON that PostgreSQL can search in."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is stored of an aware time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be kept")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The aware time that was stored."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables; constraints have names, so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


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
