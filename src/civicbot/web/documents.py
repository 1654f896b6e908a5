"""Readable pages of the library's documents, with the quoted sentence marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Query
from jinja2 import Environment
from starlette.responses import HTMLResponse

from civicbot.errors import CivicbotError, UnknownDocumentError
from civicbot.model import Document, Language
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


def blocks_of(text: str, quoted: str) -> tuple[Block, ...]:
    """Cuts a document's text into lines and marks the first exact occurrence of ``quoted`` in it.

    A mark that runs over several lines is cut at their ends. Nothing is marked when ``quoted`` is empty or absent.
    """
    start = text.find(quoted) if quoted.strip() else -1
    end = start + len(quoted) if start >= 0 else -1
    blocks: list[Block] = []
    position, begun = 0, False
    for line in text.split("\n"):
        left = min(max(start - position, 0), len(line)) if start >= 0 else len(line)
        right = min(max(end - position, left), len(line)) if start >= 0 else len(line)
        if line.strip():
            marked = line[left:right]
            blocks.append(Block(line[:left], marked, line[right:], _is_heading(line), bool(marked) and not begun))
            begun = begun or bool(marked)
        position += len(line) + 1
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

    def document(self, document: Document, quoted: str) -> HTMLResponse:
        """The page of a document in its own language."""
        phrases = self._phrases[document.language]
        blocks = blocks_of(document.text, quoted)
        if blocks and not blocks[0].marked and blocks[0].before.strip() == document.title:
            blocks = blocks[1:]  # the title stands above already
        page = self._templates.get_template("document.html").render(
            language=document.language,
            texts=phrases,
            document=document,
            label=kind_label(document.kind, document.publisher, document.published, phrases),
            published=phrases.date(document.published) if document.published else None,
            blocks=blocks,
            quoted=bool(quoted.strip()),
            found=any(block.marked for block in blocks),
            original=web_address(document.url),
        )
        return _page(page, 200)

    def message(self, language: Language, title: str, text: str, status: int) -> HTMLResponse:
        """A page that says why there is nothing to read."""
        template = self._templates.get_template("message.html")
        page = template.render(language=language, texts=self._phrases[language], title=title, text=text)
        return _page(page, status)

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


def _page(html: str, status: int) -> HTMLResponse:
    return HTMLResponse(html, status, headers={"Content-Security-Policy": DOCUMENT_POLICY})


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
            return pages.document(service.document(document_id), quote)
        except CivicbotError as error:
            return pages.problem(error, preferred_language(accept_language))

    return router
