"""Readable pages of the library's documents, with the quoted sentence marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Query
from jinja2 import Environment
from starlette.responses import HTMLResponse

from civicbot.errors import CivicbotError, UnknownDocumentError
from civicbot.model import Document, DocumentKind, Language
from civicbot.web.errors import RETRY_SECONDS
from civicbot.web.headers import DOCUMENT_POLICY
from civicbot.web.phrases import Phrases, preferred_language
from civicbot.web.ports import ServicePort
from civicbot.web.sources import kind_label, web_address

_HEADING_LENGTH = 80
_SENTENCE_ENDS = (".", "?", "!", '."', ".”", ".)", ".’", ":", ";")


@dataclass(frozen=True)
class Block:
    """A line of a document: what stands before, in and after the mark; ``first`` where the mark begins."""

    before: str
    marked: str
    after: str
    heading: bool
    first: bool


Span = tuple[int, int]
"""Where a piece of a text starts and ends, 0-based, end-exclusive."""


def pieces_of(text: str, sentences: Sequence[Span] = ()) -> list[Span]:
    """Cuts a text into what stands on lines of its own: each of the sentences, and the lines of what lies between."""
    pieces: list[Span] = []
    position = 0
    for start, end in (*sorted(sentences), (len(text), len(text))):
        if start < position:
            continue  # it overlaps the one before
        pieces += _lines(text, position, start)
        if start < end:
            pieces.append((start, end))
        position = end
    return pieces


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    for line in text[start:end].split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def blocks_of(text: str, quoted: str, sentences: Sequence[Span] = ()) -> tuple[Block, ...]:
    """Cuts a document's text into pieces and marks the first exact occurrence of ``quoted`` in it.

    A mark that runs over several pieces is cut at their ends. Nothing is marked when ``quoted`` is empty or absent.

    Args:
        text: the document's text.
        quoted: what is marked.
        sentences: what stands on a line of its own even inside a line of the text.
    """
    start = text.find(quoted) if quoted.strip() else len(text)
    start = start if start >= 0 else len(text)
    end = start + len(quoted)
    blocks: list[Block] = []
    begun = False
    for first, last in pieces_of(text, sentences):
        left = min(max(start, first), last)
        right = min(max(end, left), last)
        marked, whole = text[left:right], text[first:last]
        blocks.append(Block(text[first:left], marked, text[right:last], _is_heading(whole), bool(marked) and not begun))
        begun = begun or bool(marked)
    return tuple(blocks)


def _is_heading(line: str) -> bool:
    """Whether a line of plain text reads as a heading: short, and no sentence."""
    line = line.strip()
    return len(line) <= _HEADING_LENGTH and not line.endswith(_SENTENCE_ENDS) and not line.startswith(("-", "•", "*"))


class DocumentPages:
    """Renders document pages.

    Args:
        templates: holds ``document.html`` and ``message.html``.
        phrases: the texts of each language.
    """

    def __init__(self, templates: Environment, phrases: Mapping[Language, Phrases]) -> None:
        self._templates = templates
        self._phrases = phrases

    def document(
        self, document: Document, quoted: str, sentences: Sequence[Span] = (), counterpart: str | None = None
    ) -> HTMLResponse:
        """The page of a document in its own language.

        Args:
            document: what is shown.
            quoted: what is marked in it.
            sentences: what stands on lines of its own.
            counterpart: the id of the same document in the other language.
        """
        phrases = self._phrases[document.language]
        blocks = blocks_of(document.text, quoted, sentences)
        if blocks and not blocks[0].marked and blocks[0].before.strip() == document.title:
            blocks = blocks[1:]  # the title stands above already
        page = self._templates.get_template("document.html").render(
            language=document.language,
            texts=phrases,
            document=document,
            label=kind_label(document.kind, document.publisher, document.published, phrases),
            published=phrases.date(document.published) if document.published else None,
            blocks=blocks,
            sentences=bool(sentences),
            counterpart=counterpart,
            quoted=bool(quoted.strip()),
            found=any(block.marked for block in blocks),
            original=web_address(document.url),
        )
        return self.page(page, 200)

    def message(self, language: Language, title: str, text: str, status: int) -> HTMLResponse:
        """A page that says why there is nothing to read."""
        template = self._templates.get_template("message.html")
        page = template.render(language=language, texts=self._phrases[language], title=title, text=text)
        return self.page(page, status)

    def page(self, html: str, status: int) -> HTMLResponse:
        """A page that loads nothing but our style sheet and icon."""
        return HTMLResponse(html, status, headers={"Content-Security-Policy": DOCUMENT_POLICY})

    def not_found(self, language: Language) -> HTMLResponse:
        """The page for an address that does not exist."""
        texts = self._phrases[language].page
        return self.message(language, texts.not_found_title, texts.not_found, 404)

    def problem(self, error: CivicbotError, language: Language) -> HTMLResponse:
        """The page for a document that cannot be shown: unknown, or not loaded yet."""
        texts = self._phrases[language].document
        if isinstance(error, UnknownDocumentError):
            return self.message(language, texts.not_found_title, texts.not_found, 404)
        response = self.message(language, texts.unavailable_title, texts.unavailable, 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response


def documents_router(service: ServicePort, pages: DocumentPages) -> APIRouter:
    """The route ``/documents/{id}``."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/documents/{document_id:path}", methods=["GET", "HEAD"])
    def read_document(
        document_id: str,
        quote: Annotated[str, Query()] = "",
        accept_language: Annotated[str | None, Header()] = None,
    ) -> HTMLResponse:
        """Shows a document with the quote marked."""
        try:
            document = service.document(document_id)
            # Our summaries are lists of statements; other texts were written in paragraphs.
            sentences = service.sentences(document_id) if document.kind is DocumentKind.SOURCE else ()
            return pages.document(document, quote, sentences, _counterpart(service, document_id))
        except CivicbotError as error:
            return pages.problem(error, preferred_language(accept_language))

    return router


def _counterpart(service: ServicePort, document_id: str) -> str | None:
    """The id of the same document in the other language, by which our library names it, if it is there."""
    name, _, language = document_id.rpartition("-")
    other = {"ko": f"{name}-en", "en": f"{name}-ko"}.get(language)
    try:
        return service.document(other).id if other else None
    except CivicbotError:
        return None
