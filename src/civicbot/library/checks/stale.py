"""Sources so old that somebody should look whether they still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from civicbot.library.checks.papers import Paper
from civicbot.library.problems import Problem
from civicbot.model import DocumentKind

STALE_DAYS = 2 * 365


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
        field = "published" if document.published else "accessed"
        day = document.published or document.updated
        if day is not None and (today - day).days > stale_days:
            message = f"The source is {(today - day).days} days old, more than {stale_days}; check that it still holds."
            yield paper.problem(message, field=field)
