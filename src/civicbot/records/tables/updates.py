"""Library updates, and what they would change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import ANY_JSON, Base, UtcDateTime


class LibraryUpdateRow(Base):
    """An update of the library, or a roll-back; never deleted, so that it stays known what was live when, and why.

    Attributes:
        kind: ``update`` or ``rollback``.
        slot: ``prepare`` while it is being prepared, ``publish`` while it is being put in place, else none: being
            unique, it lets one at a time in, over all processes.
        base: the generation that was live when it began.
        generation: the one that is to take its place.
        runner: a name, given anew each time, of who works at it.
        beat_at: when they last showed that they are alive.
        stage: with ``step``, ``done`` and ``total``: how far the preparation is.
        report: counts and names of documents; no residents' words.
        problem: why it failed.
    """

    __tablename__ = "library_updates"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), index=True)
    slot: Mapped[str | None] = mapped_column(String(16), unique=True)
    base: Mapped[str | None] = mapped_column(Text)
    generation: Mapped[str | None] = mapped_column(Text)
    runner: Mapped[str | None] = mapped_column(String(64))
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stage: Mapped[str | None] = mapped_column(String(16))
    step: Mapped[str] = mapped_column(String(16))
    done: Mapped[int]
    total: Mapped[int]
    report: Mapped[dict[str, Any] | None] = mapped_column(ANY_JSON)
    started_by: Mapped[str] = mapped_column(String(128))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(128))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(Text)


class LibraryUpdateCaseRow(Base):
    """A question that was asked of the live generation and of the new one.

    Attributes:
        kind: ``approved``, ``verified`` or ``recent``.
        impact: the class that it fell into.
        rank: of that class, the worst first; the report is read in this order.
        subject: which approved answer or verified case it is.
        answer_id: the exchange that holds the resident's words; they go together. None for the city's own words.
        before: with ``after``: the two answers.
        sources: what has become of the sentences that an approved answer cites.
    """

    __tablename__ = "library_update_cases"
    __table_args__ = (Index("ix_library_update_cases_order", "update_id", "rank", "asked"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("library_updates.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    impact: Mapped[str] = mapped_column(String(16))
    rank: Mapped[int]
    subject: Mapped[str | None] = mapped_column(String(32))
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    question: Mapped[str] = mapped_column(Text)
    asked: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(ANY_JSON)
    after: Mapped[dict[str, Any]] = mapped_column(ANY_JSON)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(ANY_JSON)
