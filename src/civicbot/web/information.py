"""The pages about the service: what it is and what its library holds, how it works, and privacy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import yaml
from fastapi import APIRouter, Request
from jinja2 import Environment
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse

from civicbot.errors import CivicbotError
from civicbot.model import Document, Language
from civicbot.web.documents import DocumentPages
from civicbot.web.holdings import holdings_of
from civicbot.web.languages import wished_language
from civicbot.web.phrases import FOLDER, Phrases
from civicbot.web.ports import ServicePort

_CACHING = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}


class Measured(BaseModel):
    """What an evaluation on unseen questions found; docs/evaluation.md tells more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measured: date
    questions: int = Field(gt=0)
    wrong: int = Field(ge=0)
    answerable: int = Field(gt=0)
    right: int = Field(ge=0)
    unanswerable: int = Field(gt=0)
    refused: int = Field(ge=0)

    def rows(self, texts: Mapping[str, str]) -> list[str]:
        """The findings in words.

        Args:
            texts: a sentence for each of ``right``, ``refused`` and ``wrong``.
        """
        of = {"right": self.answerable, "refused": self.unanswerable, "wrong": self.questions}
        values = self.model_dump()
        return [
            text.format(**values, share=f"{values[name] / of[name]:.1%}".replace(".0%", "%"))
            for name, text in texts.items()
        ]


@cache
def load_measured() -> Measured | None:
    """The figures of ``texts/measured.yaml``; None where it holds none."""
    found = yaml.safe_load((FOLDER / "measured.yaml").read_text(encoding="utf-8"))
    return Measured.model_validate(found) if found else None


class InformationPages:
    """Renders the pages.

    Args:
        templates: holds ``about.html``, ``how.html`` and ``privacy.html``.
        phrases: the texts of each language.
        pages: frames what is rendered.
        measured: what is told of the quality of answers; nothing if None.
    """

    def __init__(
        self,
        templates: Environment,
        phrases: Mapping[Language, Phrases],
        pages: DocumentPages,
        measured: Measured | None,
    ) -> None:
        self._templates = templates
        self._phrases = phrases
        self._pages = pages
        self._measured = measured

    def about(self, language: Language, documents: Sequence[Document], contact: str | None) -> HTMLResponse:
        """What this is, who runs it, and what the library holds."""
        texts = self._phrases[language]
        holdings = holdings_of(documents, language, texts.about.topics, texts.about.others)
        return self._page("about.html", language, "/about", holdings=holdings, contact=contact)

    def how(self, language: Language, *, model: bool = False) -> HTMLResponse:
        """How an answer is made, by a language model or without one, and what the service does not do."""
        phrases, measured = self._phrases[language], self._measured
        rows = measured.rows(phrases.how.well_rows) if measured else []
        lead = ""
        if measured:
            day = phrases.date(measured.measured)
            lead = phrases.how.well.format(date=day, questions=measured.questions)
        return self._page("how.html", language, "/how-it-works", rows=rows, well=lead, model=model)

    def privacy(self, language: Language, days: int, contact: str | None, *, model: bool = False) -> HTMLResponse:
        """What is kept of residents, for how long, and how it is deleted; whether questions go to a language model."""
        sections = [
            (section.title, [line.format(days=days) for line in section.lines])
            for section in self._phrases[language].privacy.sections
        ]
        return self._page("privacy.html", language, "/privacy", sections=sections, contact=contact, model=model)

    def _page(self, template: str, language: Language, path: str, **values: object) -> HTMLResponse:
        html = self._templates.get_template(template).render(
            language=language, texts=self._phrases[language], path=path, **values
        )
        response = self._pages.page(html, 200)
        response.headers.update(_CACHING)
        return response


def information_router(service: ServicePort, pages: InformationPages) -> APIRouter:
    """The routes ``/about``, ``/how-it-works`` and ``/privacy``."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/about", methods=["GET", "HEAD"])
    def about(request: Request) -> HTMLResponse:
        """Shows what this is; the library's list is empty while nothing is loaded."""
        documents: Sequence[Document] = ()
        try:
            documents = service.documents()
        except CivicbotError:
            response = pages.about(wished_language(request.scope), (), service.settings.contact)
            response.headers["Cache-Control"] = "no-store"
            return response
        return pages.about(wished_language(request.scope), documents, service.settings.contact)

    @router.api_route("/how-it-works", methods=["GET", "HEAD"])
    def how(request: Request) -> HTMLResponse:
        """Shows how it works."""
        return pages.how(wished_language(request.scope), model=service.settings.llm is not None)

    @router.api_route("/privacy", methods=["GET", "HEAD"])
    def privacy(request: Request) -> HTMLResponse:
        """Shows what is kept."""
        settings = service.settings
        language = wished_language(request.scope)
        return pages.privacy(language, settings.retention_days, settings.contact, model=settings.llm is not None)

    return router
