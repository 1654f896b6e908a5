"""What staff changed in the briefs of the corpus, with the former texts: the city's own words, not residents'."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import Base, UtcDateTime


class BriefEditRow(Base):
    """An edit of one brief: of its file in one language or both, and of the questions beside it.

    Attributes:
        slug: the file name of the brief without its suffix.
        kind: what sort of edit it was.
        gap: the key of the gap that it was made for; it holds no words.
        state: ``writing`` until its files are written, ``written``, ``undone``, or ``failed`` without any.
    """

    __tablename__ = "brief_edits"
    __table_args__ = (Index("ix_brief_edits_slug", "slug", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    gap: Mapped[str | None] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(128))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BriefEditFileRow(Base):
    """A file that an edit changed.

    Attributes:
        path: POSIX path below the corpus folder.
        before: what stood in it; None where there was no such file.
        before_hash: SHA-256 (hex) of its bytes then, empty without a file.
        after_hash: of its bytes after the edit.
    """

    __tablename__ = "brief_edit_files"

    edit_id: Mapped[int] = mapped_column(ForeignKey("brief_edits.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    before: Mapped[str | None] = mapped_column(Text)
    before_hash: Mapped[str] = mapped_column(String(64))
    after_hash: Mapped[str] = mapped_column(String(64))
