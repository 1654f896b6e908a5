"""The read-only page of one question and its answer, for whoever was given its address.

It is made of the service's records: the question as it was masked, and what was answered then. The id of an answer is
random; the page stands in no search engine, cache or referrer, and nothing on it leads to the questions left for staff.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from jinja2 import Environment
from starlette.responses import HTMLResponse

from civicbot.errors import CivicbotError, UnknownAnswerError
from civicbot.model import Answer, Citation, Document, Exchange, Language
from civicbot.web.documents import DocumentPages
from civicbot.web.errors import RETRY_SECONDS
from civicbot.web.languages import wished_language
from civicbot.web.phrases import Phrases
from civicbot.web.ports import ServicePort
from civicbot.web.sources import document_link, kind_label, source_of, web_address

KOREA = ZoneInfo("Asia/Seoul")
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


@dataclass(frozen=True)
class Entry:
    """A source in the list below the answer."""

    citation: Citation
    label: str
    published: str | None
    document: str
    original: str | None


class SharedPages:
    """Renders the pages of shared answers.

    Args:
        templates: holds ``shared.html``.
        phrases: the texts of each language.
        pages: frames what is rendered, and renders the messages that stand where there is no answer.
        find: looks up a document of the library.
    """

    def __init__(
        self,
        templates: Environment,
        phrases: Mapping[Language, Phrases],
        pages: DocumentPages,
        find: Callable[[str], Document],
    ) -> None:
        self._templates = templates
        self._phrases = phrases
        self._pages = pages
        self._find = find

    def answer(self, exchange: Exchange, language: Language) -> HTMLResponse:
        """The page of an exchange; days are those of Korea."""
        phrases, answer = self._phrases[language], exchange.answer
        html = self._templates.get_template("shared.html").render(
            language=language,
            texts=phrases,
            path=f"/shared/{answer.id}",
            question=exchange.question,
            answer=answer,
            lead=lead_of(answer),
            asked=phrases.shared.asked.format(date=phrases.date(exchange.asked_at.astimezone(KOREA).date())),
            as_of=phrases.chat.as_of.format(date=phrases.date(answer.as_of)) if answer.as_of else None,
            contact=_contact(answer, phrases),
            entries=[self._entry(citation, phrases) for citation in answer.citations],
        )
        return self._pages.page(html, 200)

    def problem(self, error: CivicbotError, language: Language) -> HTMLResponse:
        """The page for an answer that cannot be shown: unknown or deleted, or no records just now."""
        texts = self._phrases[language].shared
        if isinstance(error, UnknownAnswerError):
            return self._pages.message(language, texts.not_found_title, texts.not_found, 404)
        response = self._pages.message(language, texts.unavailable_title, texts.unavailable, 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def _entry(self, citation: Citation, phrases: Phrases) -> Entry:
        source = source_of(citation, self._find)
        return Entry(
            citation=citation,
            label=kind_label(source.kind, citation.publisher, citation.published, phrases),
            published=phrases.date(citation.published) if citation.published else None,
            document=document_link(citation),
            original=web_address(citation.url),
        )


def lead_of(answer: Answer) -> str:
    """What an answer's text says before its cited sentences: all of it when there are none."""
    if not answer.sentences:
        return answer.text
    head, found, _ = answer.text.partition(answer.sentences[0].text)
    return head.strip() if found else ""


def _contact(answer: Answer, phrases: Phrases) -> str | None:
    told = answer.contact is None or answer.contact in answer.text
    return None if told else phrases.chat.contact.format(contact=answer.contact)


def shared_router(service: ServicePort, pages: SharedPages) -> APIRouter:
    """The route ``/shared/{answer_id}``."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/shared/{answer_id:path}", methods=["GET", "HEAD"])
    def shared(answer_id: str, request: Request) -> HTMLResponse:
        """Shows a question and its answer."""
        language = wished_language(request.scope)
        try:
            response = pages.answer(service.records.exchange(answer_id), language)
        except CivicbotError as error:
            response = pages.problem(error, language)
        response.headers.update(_PRIVATE)
        return response

    return router
