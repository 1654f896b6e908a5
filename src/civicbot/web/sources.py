"""How a source is named to readers: what the document is, whose words it sums up, and where it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from civicbot.errors import CivicbotError
from civicbot.model import Citation, Document, DocumentKind
from civicbot.web.phrases import Phrases

CONTEXT = 200
"""How many characters are shown at most before and after a quote."""

_ENDS = (".", "?", "!", ")", "”", '"', "…")


@dataclass(frozen=True)
class Source:
    """A citation and what its document is.

    Attributes:
        kind: None when the document is no longer there.
        before: what stands before the quote in the document; empty at its beginning.
        after: what stands behind it.
    """

    citation: Citation
    kind: DocumentKind | None
    before: str = ""
    after: str = ""


def source_of(citation: Citation, find: Callable[[str], Document]) -> Source:
    """Looks up what the cited document is, and what stands around the quote in it."""
    try:
        document = find(citation.document_id)
    except CivicbotError:
        return Source(citation, None)
    return Source(citation, document.kind, *context_of(document.text, citation.quote))


def context_of(text: str, quoted: str) -> tuple[str, str]:
    """The words around the first occurrence of a quote: its own line's, or the neighbouring sentence's.

    Headings, which stand on lines of their own, end the context. Both are empty when the quote is not there.
    """
    before, found, after = text.partition(quoted)
    if not (found and quoted):
        return "", ""
    said = _nearest(reversed(before.split("\n"))), _nearest(iter(after.split("\n")))
    return _cut(said[0], keep_end=True), _cut(said[1], keep_end=False)


def _nearest(lines: Iterator[str]) -> str:
    """The rest of the quote's own line; when there is none, the next line, unless it is a heading."""
    own = next(lines).strip()
    if own:
        return own
    line = next((line.strip() for line in lines if line.strip()), "")
    return line if line.endswith(_ENDS) else ""


def _cut(text: str, *, keep_end: bool) -> str:
    """At most so many characters, whole words, with an ellipsis where something is left out."""
    if len(text) <= CONTEXT:
        return text
    if keep_end:
        return "… " + text[-CONTEXT:].partition(" ")[2]
    return text[:CONTEXT].rpartition(" ")[0] + " …"


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
