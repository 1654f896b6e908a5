"""The library: documents with their dates and who cites them, search by our own retriever, and the last ingests."""

from __future__ import annotations

from collections.abc import Sequence

from civicbot.model import LANGUAGES, DocumentKind, Language
from civicbot.review.access import Action
from civicbot.review.library_view import LibraryView
from civicbot.review.view_nouns import DocumentSeen
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Operation, Shown, Sight
from civicbot.web.staff.screens.wanted import page_number

PAGE = 40


class LibraryScreen:
    """Shows the library; nothing can be changed on it.

    Args:
        painter: renders it.
        library: reads it.
    """

    name = "library"
    action = Action.READ_LIBRARY

    def __init__(self, painter: Painter, library: LibraryView) -> None:
        self._painter = painter
        self._library = library

    @property
    def operations(self) -> Sequence[Operation]:
        """Nothing can be done on it."""
        return ()

    def show(self, sight: Sight) -> Shown:
        """One document, or the part of the library that the address names."""
        title = sight.texts.frame.tabs["library"]
        document = sight.address.values.get("document")
        if document:
            return Shown(title, self._document(sight, document))
        parts = {"search": self._search, "ingests": self._ingests}
        return Shown(title, parts.get(sight.address.values.get("part", ""), self._documents)(sight))

    def _documents(self, sight: Sight) -> str:
        values = sight.address.values
        found = self._library.documents(
            sight.actor,
            text=values.get("text", ""),
            kind=_kind(values.get("kind")),
            language=_language(values.get("language")),
            stale=bool(values.get("stale")),
        )
        number = min(page_number(sight.address), max(1, -(-len(found) // PAGE)))
        return self._painter.paint(
            "library",
            sight,
            part="documents",
            documents=found[(number - 1) * PAGE : number * PAGE],
            total=len(found),
            stale=sum(one.stale for one in found),
            number=number,
            pages=max(1, -(-len(found) // PAGE)),
            links={one.id: Address("library", {"document": one.id}) for one in found},
            kinds=list(DocumentKind),
            languages=LANGUAGES,
        )

    def _search(self, sight: Sight) -> str:
        text, language = sight.address.values.get("text", ""), _language(sight.address.values.get("language"))
        found = self._library.search(sight.actor, text, language=language) if text.strip() else ()
        return self._painter.paint("library-search", sight, part="search", text=text, found=found, languages=LANGUAGES)

    def _ingests(self, sight: Sight) -> str:
        return self._painter.paint("library-ingests", sight, part="ingests", ingests=self._library.ingests(sight.actor))

    def _document(self, sight: Sight, document_id: str) -> str:
        seen, document = self._library.document(sight.actor, document_id)
        return self._painter.paint(
            "library-document",
            sight,
            part="documents",
            seen=seen,
            document=document,
            address_of=_web_address(seen),
            citing=self._library.citing(sight.actor, document_id),
        )


def _kind(told: str | None) -> DocumentKind | None:
    return next((kind for kind in DocumentKind if kind == told), None)


def _language(told: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == told), None)


def _web_address(seen: DocumentSeen) -> str | None:
    """The original's address, if it is one that may be linked."""
    return seen.url if seen.url and seen.url.startswith(("https://", "http://")) else None
