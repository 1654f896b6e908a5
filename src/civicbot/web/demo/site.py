"""The demonstration site's pages: the same office in five variants, in Korean and English."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from civicbot.model import LANGUAGES, Language
from civicbot.web.demo.texts import load_demo_texts
from civicbot.web.demo.variants import VARIANTS, Variant, policy_header
from civicbot.web.languages import wished_language

FOLDER = Path(__file__).parent
PAGES = ("home", "news", "services", "directions")
_PREFIXES: dict[Language, str] = {"ko": "", "en": "/en"}


@dataclass(frozen=True)
class Demonstration:
    """What the site demonstrates.

    Attributes:
        assistant: origin of the assistant's server, e.g. ``http://127.0.0.1:8000``.
        site: name under which this site is registered there.
        command: registers this site; shown to those who see no button.
    """

    assistant: str
    site: str
    command: str

    @property
    def tag(self) -> Markup:
        """The script tag, as it stands in the pages."""
        tag = Markup('<script src="{}/widget.js" data-site="{}" data-language="auto" async></script>')
        return tag.format(self.assistant, self.site)

    def frame(self, language: Language) -> str:
        """The address for the iframe."""
        return f"{self.assistant}/embed?{urlencode({'site': self.site, 'language': language})}"


class DemoPages:
    """Renders the pages.

    Args:
        demonstration: what they show.
    """

    def __init__(self, demonstration: Demonstration) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["demonstration"] = demonstration
        self._assistant = demonstration.assistant

    async def index(self, request: Request) -> Response:
        """The list of the variants."""
        return self._page("index.html", wished_language(request.scope), variants=VARIANTS, prefixes=_PREFIXES)

    def office(self, variant: Variant, language: Language) -> Callable[[Request], Awaitable[Response]]:
        """The pages of one variant; what its form sends is not read."""
        policy = policy_header(variant, self._assistant)

        async def answer(request: Request) -> Response:
            page = request.path_params["page"] or "home"
            if page not in PAGES:
                raise HTTPException(404)
            response = self._page(
                "office.html",
                language,
                variant=variant,
                page=page,
                pages=PAGES,
                root=_root(variant, language),
                other=_root(variant, "en" if language == "ko" else "ko"),
                sent=request.method == "POST",
            )
            if policy is not None:
                response.headers["Content-Security-Policy"] = policy
            return response

        return answer

    async def not_found(self, request: Request, error: Exception) -> Response:
        """The page for unknown addresses."""
        del error
        return self._page("missing.html", wished_language(request.scope), status=404)

    def _page(self, template: str, language: Language, status: int = 200, **values: object) -> HTMLResponse:
        html = self._templates.get_template(template).render(
            language=language, texts=load_demo_texts(language), **values
        )
        return HTMLResponse(html, status, {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})


def create_demo_site(demonstration: Demonstration) -> Starlette:
    """Builds the site."""
    pages = DemoPages(demonstration)
    routes = [
        Route(_root(variant, language) + "{page:path}", pages.office(variant, language), methods=["GET", "POST"])
        for variant in VARIANTS
        for language in LANGUAGES
    ]
    without_slash = [
        Route(_root(variant, language).removesuffix("/"), _add_slash) for variant in VARIANTS for language in LANGUAGES
    ]
    static = Mount("/static", StaticFiles(directory=FOLDER / "static"))
    return Starlette(
        routes=[Route("/", pages.index), *routes, *without_slash, static], exception_handlers={404: pages.not_found}
    )


def _root(variant: Variant, language: Language) -> str:
    return f"{_PREFIXES[language]}/{variant}/"


async def _add_slash(request: Request) -> Response:
    return RedirectResponse(request.url.path + "/")
