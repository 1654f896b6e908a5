"""The municipal sites that may show the assistant."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import ANY_JSON, Base, UtcDateTime


class SiteRow(Base):
    """A registered site; the columns are the fields of :class:`civicbot.model.Site`.

    Exchanges name their site in a column of their own and outlive it: what was asked stays until its time is over.
    """

    __tablename__ = "sites"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    origins: Mapped[list[str]] = mapped_column(ANY_JSON)
    allow_http: Mapped[bool]
    languages: Mapped[list[str]] = mapped_column(ANY_JSON)
    accent: Mapped[str | None] = mapped_column(String(7))
    titles: Mapped[dict[str, str]] = mapped_column(ANY_JSON)
    greetings: Mapped[dict[str, str]] = mapped_column(ANY_JSON)
    examples: Mapped[dict[str, list[str]]] = mapped_column(ANY_JSON)
    per_minute: Mapped[int]
    enabled: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
