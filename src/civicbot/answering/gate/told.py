"""What an act is that a text tells, and which acts are known by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Literal

from pydantic import TypeAdapter

from civicbot.answering.gate.words import Pattern, read_data
from civicbot.model import Noun

Form = Literal["ko", "done", "any"]


class State(IntEnum):
    """How a text tells an act: as not done yet, as going on or customary, by its bare name, as done."""

    UNREAL = 0
    PRESENT = 1
    NAMED = 2
    DONE = 3


class _Forms(Noun):
    ko: str
    done: str
    any: str


@dataclass(frozen=True)
class Told:
    """An act that a text tells.

    Attributes:
        names: the acts of data/acts.yaml that it may be; empty for any other verb.
        text: the words that tell it, at the span.
        going_on: whether it is told as going on now.
    """

    names: frozenset[str]
    text: str
    start: int
    end: int
    state: State
    going_on: bool = False


@lru_cache(maxsize=8_192)
def named(word: str, form: Form) -> frozenset[str]:
    """The acts that a word may tell: anywhere in Korean words, as whole English ones in any form or as done."""
    found = ((name, forms[form]) for name, forms in _forms().items())
    return frozenset(name for name, pattern in found if (pattern.search(word) if form == "ko" else pattern.match(word)))


@cache
def _forms() -> dict[str, dict[Form, Pattern]]:
    file = TypeAdapter(dict[str, _Forms]).validate_python(read_data("acts.yaml"))
    return {
        name: {
            "ko": re.compile(forms.ko),
            "done": re.compile(rf"(?:{forms.done})$", re.IGNORECASE),
            "any": re.compile(rf"(?:{forms.any})$", re.IGNORECASE),
        }
        for name, forms in file.items()
    }
