"""The fixed headings of briefs and the facets that they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from civicbot.model import LANGUAGES, Facet, Language


@cache
def _headings() -> Mapping[Facet, Mapping[str, str]]:
    raw = yaml.safe_load(files(__package__).joinpath("facets.yaml").read_text(encoding="utf-8"))
    return {Facet(key): headings for key, headings in raw.items()}


@cache
def facet_headings(language: Language) -> Mapping[str, Facet]:
    """The headings of briefs in ``language``, in the order of the editorial guide, with their facets."""
    return {headings[language]: facet for facet, headings in _headings().items()}


def facet_of(heading: str, language: Language) -> Facet | None:
    """The facet that a heading of a brief stands for, or None when it is none of the fixed words."""
    return facet_headings(language).get(heading)


def other_language_facet(heading: str, language: Language) -> bool:
    """Whether the heading would be right in a brief of another language."""
    return any(heading in facet_headings(other) for other in LANGUAGES if other != language)
