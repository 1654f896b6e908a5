"""Approved answers: what the city has published, which stays when a resident's questions are deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import ANY_JSON, Base, UtcDateTime


class ApprovedRow(Base):
    """An approved answer as it stands now; its sentences stand in its correction's version.

    Attributes:
        state: ``proposed``, ``live``, ``suspended`` or ``withdrawn``.
        version: of the correction: the one that is given, or was last, or waits when none ever was.
        proposed_version: the version that waits for a second person.
        proposed_wordings: with which it waits.
        checked_on: the day on which it was published, in Korean time.
        index_name: the last index generation that all it cites stood in.
        suspended: why it is not given for now.
        changes: what a new library changed.
    """

    __tablename__ = "approved_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("review_corrections.id"), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16), index=True)
    version: Mapped[int]
    proposed_version: Mapped[int | None]
    proposed_wordings: Mapped[list[str]] = mapped_column(ANY_JSON)
    proposed_by: Mapped[str | None] = mapped_column(String(128))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(String(128))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_on: Mapped[date | None] = mapped_column(Date)
    index_name: Mapped[str] = mapped_column(Text)
    suspended: Mapped[str | None] = mapped_column(String(32))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(ANY_JSON)


class ApprovedWordingRow(Base):
    """A wording of an approved answer's question, as it was published: no resident's words any more.

    Attributes:
        ordinal: 0 for the question itself.
        key: a hash of the wording without blanks, case and marks, while the answer is proposed, live or suspended:
            no two of those share one. None once it is withdrawn.
    """

    __tablename__ = "approved_wordings"
    __table_args__ = (UniqueConstraint("language", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    approved_id: Mapped[int] = mapped_column(ForeignKey("approved_answers.id", ondelete="CASCADE"), index=True)
    ordinal: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(64))


class ApprovedEventRow(Base):
    """Something that happened to an approved answer; never changed or deleted.

    They are written one transaction after the other, so that the newest number tells whether anything has changed.

    Attributes:
        by: who did it; None for what the library or the calendar did.
        reason: why it was suspended, or what was said.
        index_name: the index generation that was live.
    """

    __tablename__ = "approved_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    approved_id: Mapped[int] = mapped_column(ForeignKey("approved_answers.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    by: Mapped[str | None] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(ANY_JSON)
    wordings: Mapped[list[str]] = mapped_column(ANY_JSON)
    index_name: Mapped[str] = mapped_column(Text)
