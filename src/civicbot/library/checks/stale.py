"""Sources so old that somebody should look whether they still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from civicbot.library.checks.papers import Paper
from civicbot.library.problems import Problem
from civicbot.model import Document, DocumentKind

STALE_DAYS = 2 * 365


def age(document: Document, today: date) -> int | None:
    """Days since a document was published; for an undated one since it was read; None without either date."""
    return None if document.known is None else (today - document.known).days


def stale_sources(documents: Iterable[Document], today: date, stale_days: int) -> Iterator[Document]:
    """The digests whose source is more than ``stale_days`` old, in every language."""
    for document in documents:
        old = age(document, today)
        if document.kind is DocumentKind.SOURCE and old is not None and old > stale_days:
            yield document


def check_stale(papers: Iterable[Paper], today: date, stale_days: int) -> Iterator[Problem]:
    """Sources that were published more than ``stale_days`` before ``today``; for undated ones, read so long before.

    A source is reported once, in the first of its digests by path.
    """
    seen: set[str | None] = set()
    for paper in papers:
        document = paper.document
        if document.kind is not DocumentKind.SOURCE or document.source_id in seen:
            continue
        seen.add(document.source_id)
        if any(stale_sources([document], today, stale_days)):
            days = age(document, today)
            message = f"The source is {days} days old, more than {stale_days}; check that it still holds."
            yield paper.problem(message, field="published" if document.published else "accessed")
