"""What is counted of exchanges: narrow rows, since an exchange itself is some kilobytes wide.

They are worked out of the exchanges (``records/facts.py``) and go with them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import Base, UtcDateTime

DERIVED = frozenset({"exchange_facts", "exchange_topics", "exchange_citations"})
"""Tables that no backup needs: they are worked out again after a restore."""


class FactRow(Base):
    """An exchange as it is counted.

    Attributes:
        day: of the question in Korean time, ``YYYY-MM-DD``.
    """

    __tablename__ = "exchange_facts"

    answer_id: Mapped[str] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(16))
    site: Mapped[str | None] = mapped_column(Text)
    seconds: Mapped[float] = mapped_column(Float)


class TopicRow(Base):
    """A glossary entity that an exchange's question names."""

    __tablename__ = "exchange_topics"

    answer_id: Mapped[str] = mapped_column(ForeignKey("exchange_facts.answer_id", ondelete="CASCADE"), primary_key=True)
    entity: Mapped[str] = mapped_column(Text, primary_key=True)


class CitationRow(Base):
    """A document that an exchange's answer cites."""

    __tablename__ = "exchange_citations"
    __table_args__ = (Index("ix_exchange_citations_document_id", "document_id", "asked_at"),)

    answer_id: Mapped[str] = mapped_column(ForeignKey("exchange_facts.answer_id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[str] = mapped_column(Text, primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
