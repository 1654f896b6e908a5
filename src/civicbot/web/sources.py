"""How a source is named to readers: what the document is, whose words it sums up, and where it can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from civicbot.errors import CivicbotError
from civicbot.model import Citation, Document, DocumentKind
from civicbot.web.phrases import Phrases


@dataclass(frozen=True)
class Source:
    """A citation and what its document is; ``kind`` is None when the document is no longer there."""

    citation: Citation
    kind: DocumentKind | None


def source_of(citation: Citation, find: Callable[[str], Document]) -> Source:
    """Looks up what the cited document is."""
    try:
        return Source(citation, find(citation.document_id).kind)
    except CivicbotError:
        return Source(citation, None)


def kind_label(kind: DocumentKind | None, publisher: str | None, published: date | None, phrases: Phrases) -> str:
    """What a document is, in words: our summary of whom and when, our overview, or a document; empty if unknown."""
    texts = phrases.source
    if kind is None:
        return ""
    if kind is DocumentKind.BRIEF:
        return texts.brief
    if kind is DocumentKind.DOCUMENT:
        return texts.document
    if not publisher:
        return texts.summary_unnamed
    if published is None:
        return texts.summary_unpublished.format(publisher=publisher)
    return texts.summary.format(publisher=publisher, date=phrases.date(published))


def document_link(citation: Citation) -> str:
    """The address of our page of the cited document with the quote marked."""
    return f"/documents/{quote(citation.document_id, safe='')}?quote={quote(citation.quote, safe='')}#quote"


def web_address(url: str | None) -> str | None:
    """The address if it is one of the web; other schemes (``javascript:``) are never linked."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None
