"""The texts that residents see, one YAML file per language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field

from civicbot.model import Facet, Language, NoticeKind, Noun


class FacetTexts(Noun):
    """How a facet is called, and how one asks for it; ``{name}`` stands for the entity."""

    label: str
    question: str


class Texts(Noun):
    """All texts of one language; ``{…}`` are filled by ``str.format``, ``day`` with year, month and day."""

    status: dict[str, str]
    contact: str
    notices: dict[NoticeKind, str]
    facets: dict[Facet, FacetTexts]
    clarify_pair: str
    clarify_project: str
    day: str
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    examples: tuple[str, ...]


@cache
def texts(language: Language) -> Texts:
    """The texts of a language."""
    resource = files("civicbot.answering") / "data" / f"texts.{language}.yaml"
    return Texts.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8")))


def examples(language: Language) -> tuple[str, ...]:
    """Example questions of different topics, which the first corpus answers."""
    return texts(language).examples
