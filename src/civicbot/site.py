"""A municipal web site that may show the assistant."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from civicbot.model import LANGUAGES, Language, Noun
from civicbot.origins import is_local, normal_origin

SITE_QUESTIONS = 300
"""How many questions a minute a site's visitors have together, unless it is set."""

_Line = StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f\u0085\u2028\u2029]*$")
SiteTitle = Annotated[str, _Line, StringConstraints(max_length=80)]
SiteGreeting = Annotated[str, _Line, StringConstraints(max_length=500)]
SiteExample = Annotated[str, _Line, StringConstraints(max_length=200)]
SiteExamples = Annotated[tuple[SiteExample, ...], Field(min_length=1, max_length=6)]
SiteOrigin = Annotated[str, AfterValidator(normal_origin)]


class Site(Noun):
    """A municipal web site that may show the assistant; whatever is not registered may not.

    Attributes:
        name: what the site's script tag calls it.
        origins: where its pages are, each as browsers write it, such as ``https://www.city.example``.
        allow_http: whether pages without TLS may show it; those on the visitor's own machine always may.
        languages: of the assistant there, the preferred one first.
        accent: the colour of buttons and links, None for our own.
        titles: what the assistant is called there; our own title for a language that is missing.
        greetings: its first words, likewise.
        examples: questions to begin with, likewise.
        per_minute: how many questions a minute all visitors of the site have together.
    """

    name: str = Field(pattern=r"^[a-z](?:[a-z0-9-]{0,62}[a-z0-9])?$")
    origins: tuple[SiteOrigin, ...] = Field(min_length=1, max_length=50)
    allow_http: bool = False
    languages: tuple[Language, ...] = Field(LANGUAGES, min_length=1)
    accent: Annotated[str, StringConstraints(to_lower=True, pattern=r"^#[0-9A-Fa-f]{6}$")] | None = None
    titles: dict[Language, SiteTitle] = Field(default_factory=dict)
    greetings: dict[Language, SiteGreeting] = Field(default_factory=dict)
    examples: dict[Language, SiteExamples] = Field(default_factory=dict)
    per_minute: int = Field(SITE_QUESTIONS, ge=1, le=100_000)
    enabled: bool = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for what, values in (("origin", self.origins), ("language", self.languages)):
            if twice := next((value for value in values if values.count(value) > 1), None):
                raise ValueError(f"the {what} {twice!r} is given twice")
        open_ones = (each for each in self.origins if each.startswith("http:") and not is_local(each))
        if not self.allow_http and (plain := next(open_ones, None)):
            raise ValueError(f"the origin {plain!r} is without TLS; give its https address, or allow http for it")
        return self
