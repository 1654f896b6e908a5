"""Switches that pause the assistant, and canned texts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import Base, UtcDateTime


class SwitchRow(Base):
    """A pause, and when it was lifted; never deleted, so that it stays known who paused what, when and why.

    Attributes:
        scope: ``everything``, ``site``, ``language`` or ``topic``.
        value: the site's name, the language, or the topic's glossary key; none for everything.
        until: when it ends by itself.
    """

    __tablename__ = "switches"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    value: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    text_ko: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(Text)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    lift_reason: Mapped[str | None] = mapped_column(Text)


class CannedRow(Base):
    """A text for a class of questions, and when it ended; never deleted or changed otherwise.

    Attributes:
        answer_class: the key of the text in whose place it stands.
        entity: for ``no_evidence``, the glossary key that it is about; none for all.
        facet: for ``no_evidence`` on an entity, what about it; none for all.
    """

    __tablename__ = "canned_texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_class: Mapped[str] = mapped_column(String(32))
    entity: Mapped[str | None] = mapped_column(Text)
    facet: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    text_ko: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    end_reason: Mapped[str | None] = mapped_column(Text)
