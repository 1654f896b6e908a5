"""How the assistant gets onto other sites: the widget's script, the page for frames, and the tag that sites put in."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from fastapi import APIRouter, Header, Query
from jinja2 import Environment
from starlette.responses import HTMLResponse, Response

from civicbot.model import LANGUAGES, Language
from civicbot.site import Site
from civicbot.web.documents import DocumentPages
from civicbot.web.errors import plain_error
from civicbot.web.headers import UNFRAMED_POLICY, embed_policy
from civicbot.web.phrases import Phrases, preferred_language
from civicbot.web.ports import ServicePort
from civicbot.web.schemas import SiteBody

FOLDER = Path(__file__).parent / "widget"
SCRIPT = FOLDER / "widget.js"
STYLE = FOLDER / "embed.css"

HASH_LENGTH = 16
"""Hex digits of the script's SHA-256 in its lasting address."""

_SHORT = "public, max-age=300"
_LASTING = "public, max-age=31536000, immutable"
_OPEN = {"Cross-Origin-Resource-Policy": "cross-origin"}
_FRAMED = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Opener-Policy": "unsafe-none",
    # Sites that isolate themselves frame only pages that do so, too; all that this one loads is its own.
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True)
class Asset:
    """A file of the widget.

    Attributes:
        body: its bytes.
        media_type: what it is.
        digest: the first digits of its SHA-256, hex.
        integrity: its SHA-384 as browsers check it.
    """

    body: bytes
    media_type: str
    digest: str
    integrity: str

    @classmethod
    def read(cls, path: Path, media_type: str) -> Self:
        """Reads a file once, so that address and content always fit."""
        body = path.read_bytes()
        integrity = base64.b64encode(hashlib.sha384(body).digest()).decode("ascii")
        return cls(body, media_type, hashlib.sha256(body).hexdigest()[:HASH_LENGTH], f"sha384-{integrity}")

    def response(self, caching: str, if_none_match: str | None, more: Mapping[str, str]) -> Response:
        """The file, or 304 for whoever has it.

        Args:
            caching: the ``Cache-Control``.
            if_none_match: what the client has.
            more: further headers.
        """
        headers = {"ETag": f'"{self.digest}"', "Cache-Control": caching, **more}
        if _matches(if_none_match, self.digest):
            # The compression says this of whole files alone.
            return Response(status_code=304, headers={**headers, "Vary": "Accept-Encoding"})
        return Response(self.body, media_type=self.media_type, headers=headers)


def snippet(base_url: str, site: str, *, integrity: bool = True) -> str:
    """The tag that puts the assistant on a site's pages.

    Args:
        base_url: where this service is reached, such as ``https://ask.city.example``.
        site: the registered site's name.
        integrity: whether browsers run the script only as it is now: it must be put in anew after each upgrade.
    """
    base = base_url.rstrip("/")
    rest = f'data-site="{html.escape(site)}" data-language="auto" data-position="right" async></script>'
    if not integrity:
        return f'<script src="{html.escape(base)}/widget.js" {rest}'
    script = _script()
    source = f"{html.escape(base)}/widget-{script.digest}.js"
    return f'<script src="{source}" integrity="{script.integrity}" crossorigin="anonymous" {rest}'


def spoken(site: Site, wished: str | None, accept_language: str | None = None) -> Language:
    """The language of the assistant on a site: the wished one, what the browser prefers, or the site's first.

    Args:
        site: it speaks one of its languages in any case.
        wished: ``ko`` or ``en``; anything else is no wish.
        accept_language: the header, for where nothing is wished.
    """
    first = site.languages[0]
    known: Language | None = next((language for language in LANGUAGES if language == wished), None)
    language = known or (preferred_language(accept_language, first) if accept_language else first)
    return language if language in site.languages else first


class SiteTexts:
    """What a registered site shows, in the site's own words or ours.

    Args:
        service: the service behind the web.
        phrases: our own words.
        texts: all texts of the widget.
    """

    def __init__(
        self, service: ServicePort, phrases: Mapping[Language, Phrases], texts: Mapping[Language, dict[str, Any]]
    ) -> None:
        self._service = service
        self._phrases = phrases
        self._texts = texts

    def title(self, site: Site, language: Language) -> str:
        """What the assistant is called there."""
        return site.titles.get(language) or self._phrases[language].page.title

    def body(self, site: Site, language: Language) -> SiteBody:
        """All that the widget needs to know."""
        return SiteBody(
            name=site.name,
            title=self.title(site, language),
            language=language,
            languages=site.languages,
            accent=site.accent,
            greeting=site.greetings.get(language) or self._phrases[language].page.tagline,
            examples=site.examples.get(language) or tuple(self._service.examples(language)),
            newest=self._service.newest_date(),
            contact=self._service.settings.contact,
            texts=self._texts[language],
            paused=self._service.paused(language, site.name),
        )


class EmbedPages:
    """Renders the page that sites show in a frame.

    Args:
        templates: holds ``embed.html``.
        phrases: the texts of each language.
        pages: renders the message where there is no such site.
        texts: knows what a site calls the assistant.
    """

    def __init__(
        self, templates: Environment, phrases: Mapping[Language, Phrases], pages: DocumentPages, texts: SiteTexts
    ) -> None:
        self._templates = templates
        self._phrases = phrases
        self._pages = pages
        self._texts = texts

    def page(self, site: Site, language: Language) -> HTMLResponse:
        """The widget filling the page; only the site's own pages may frame it."""
        page = self._templates.get_template("embed.html").render(
            language=language,
            texts=self._phrases[language],
            site=site,
            title=self._texts.title(site, language),
        )
        return HTMLResponse(page, headers={**_FRAMED, "Content-Security-Policy": embed_policy(site.origins)})

    def unknown(self, language: Language) -> HTMLResponse:
        """A page for nobody's frame."""
        texts = self._phrases[language].page
        response = self._pages.message(language, texts.not_found_title, texts.not_found, 404)
        response.headers["Content-Security-Policy"] = UNFRAMED_POLICY
        response.headers["Cache-Control"] = "no-store"
        return response


def embedding_router(service: ServicePort, pages: EmbedPages) -> APIRouter:
    """The routes ``/widget.js``, ``/widget-<hash>.js`` and ``/embed`` with its style sheet."""
    router = APIRouter(include_in_schema=False)
    script, style = _script(), Asset.read(STYLE, "text/css")

    @router.api_route("/widget.js", methods=["GET", "HEAD"])
    async def newest(if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """Gives the widget's script as it is now."""
        return script.response(_SHORT, if_none_match, _OPEN)

    @router.api_route("/widget-{digest}.js", methods=["GET", "HEAD"])
    async def lasting(digest: str, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """Gives the widget's script at an address that never means another one."""
        if digest != script.digest:
            # Somebody's old tag; it must be able to load what comes after the next upgrade.
            return plain_error(404, headers=_OPEN)
        return script.response(_LASTING, if_none_match, _OPEN)

    @router.api_route("/embed.css", methods=["GET", "HEAD"])
    async def style_sheet(if_none_match: Annotated[str | None, Header()] = None) -> Response:
        """Gives the style of the page for frames."""
        return style.response(_SHORT, if_none_match, {})

    @router.api_route("/embed", methods=["GET", "HEAD"])
    def embed(
        site: Annotated[str, Query()] = "",
        language: Annotated[str | None, Query()] = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> HTMLResponse:
        """Shows the assistant of a registered site in a frame."""
        found = service.sites.named(site)
        if found is None:
            return pages.unknown(preferred_language(accept_language))
        return pages.page(found, spoken(found, language, accept_language))

    return router


@cache
def _script() -> Asset:
    return Asset.read(SCRIPT, "text/javascript")


def _matches(if_none_match: str | None, digest: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return "*" in tags or f'"{digest}"' in tags
