"""The page ``/transparency``: how right the answers are, what was corrected, what answers; and the same as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from jinja2 import Environment
from starlette.responses import HTMLResponse

from civicbot.model import Language
from civicbot.web.documents import DocumentPages
from civicbot.web.information import Measured
from civicbot.web.languages import wished_language
from civicbot.web.phrases import Phrases
from civicbot.web.ports import ServicePort
from civicbot.web.transparency_body import TransparencyBody, body_of
from civicbot.web.transparency_texts import load_transparency_texts
from civicbot.web.transparency_view import Writer

PATH = "/transparency"

_FRESH = "public, max-age=60"


class TransparencyPages:
    """Renders the page.

    Args:
        templates: holds ``transparency.html``.
        phrases: the texts of each language.
        pages: frames what is rendered.
    """

    def __init__(self, templates: Environment, phrases: Mapping[Language, Phrases], pages: DocumentPages) -> None:
        self._templates = templates
        self._phrases = phrases
        self._pages = pages
        self._texts = load_transparency_texts()

    def page(self, language: Language, body: TransparencyBody) -> HTMLResponse:
        """Everything that is told, in one language."""
        phrases, texts = self._phrases[language], self._texts[language]
        html = self._templates.get_template("transparency.html").render(
            language=language,
            texts=phrases,
            own=texts,
            path=PATH,
            body=body,
            write=Writer(body, language, phrases, texts),
        )
        response = self._pages.page(html, 200)
        response.headers.update({"Cache-Control": _caching(body), "Vary": "Accept-Language"})
        return response


def transparency_router(service: ServicePort, pages: TransparencyPages, measured: Measured | None) -> APIRouter:
    """The routes ``/transparency`` and ``/transparency.json``.

    Args:
        service: the service behind the web.
        pages: renders the page.
        measured: the evaluation's figures; None where there are none.
    """
    router = APIRouter()

    @router.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    def page(request: Request) -> HTMLResponse:
        """Shows it to people."""
        return pages.page(wished_language(request.scope), body_of(service, measured))

    @router.get(f"{PATH}.json")
    def data(response: Response) -> TransparencyBody:
        """Tells how right the answers are, how questions ended, what was corrected, and what answers; for everybody."""
        body = body_of(service, measured)
        response.headers["Cache-Control"] = _caching(body)
        return body

    router.head(f"{PATH}.json", include_in_schema=False)(data)
    return router


def _caching(body: TransparencyBody) -> str:
    """What cannot be told now may be told in a moment."""
    return _FRESH if body.records in ("told", "none") and body.versions is not None else "no-store"
