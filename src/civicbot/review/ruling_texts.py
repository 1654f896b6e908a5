"""The public texts that staff begin with when they pause the assistant, one YAML file per language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from civicbot.model import Language, Noun


class PauseTexts(Noun):
    """The texts of one language; ``{topic}`` is filled by ``str.format``.

    Attributes:
        language: by the language that is paused.
        languages: how the languages are called.
    """

    everything: str
    site: str
    language: dict[Language, str]
    topic: str
    languages: dict[Language, str]


@cache
def pause_texts(language: Language) -> PauseTexts:
    """The texts of a language."""
    resource = files("civicbot.review") / "data" / f"switches.{language}.yaml"
    return PauseTexts.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8")))
