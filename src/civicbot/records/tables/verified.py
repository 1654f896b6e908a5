"""Runs of the regression set that staff's verdicts make."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import ANY_JSON, Base, UtcDateTime


class VerifiedRunRow(Base):
    """A run of all verified cases; it is counts alone, and stays.

    Attributes:
        at: when it began.
        slot: ``run`` while it goes on, else none: being unique, it lets one in at a time, over all processes.
        runner: a name, given anew each time, of who works at it.
        beat_at: when they last showed that they are alive.
        asked: how many cases have been asked; with ``total`` the progress.
        counts: by outcome, of the cases that say what is right.
        open_counts: likewise, of those that say only what is not.
        languages: by language, then by outcome.
        verdicts: by verdict, then by outcome.
        problem: why it failed.
    """

    __tablename__ = "verified_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(16))
    slot: Mapped[str | None] = mapped_column(String(16), unique=True)
    runner: Mapped[str] = mapped_column(String(64))
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    app_version: Mapped[str] = mapped_column(Text)
    index_name: Mapped[str] = mapped_column(Text)
    asked: Mapped[int]
    total: Mapped[int]
    counts: Mapped[dict[Any, int]] = mapped_column(ANY_JSON)
    open_counts: Mapped[dict[Any, int]] = mapped_column(ANY_JSON)
    languages: Mapped[dict[Any, dict[Any, int]]] = mapped_column(ANY_JSON)
    verdicts: Mapped[dict[Any, dict[Any, int]]] = mapped_column(ANY_JSON)
    seconds: Mapped[float] = mapped_column(Float)
    problem: Mapped[str | None] = mapped_column(Text)


class VerifiedFailureRow(Base):
    """A case that failed in a run, and the answer that it got.

    Attributes:
        case_id: ``v12`` or ``a5``.
        answer_id: the exchange whose words the case is made of, with which it goes; None for the city's own words.
        open: whether the case says only what is not right.
        answer: what was answered; no words of residents.
    """

    __tablename__ = "verified_failures"

    run_id: Mapped[int] = mapped_column(ForeignKey("verified_runs.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("exchanges.answer_id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str] = mapped_column(String(16))
    open: Mapped[bool]
    answer: Mapped[dict[str, Any]] = mapped_column(ANY_JSON)
