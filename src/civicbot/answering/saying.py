"""How one language says things, for telling one question from another: rules read from a data file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import Field

from civicbot.model import Language, Noun


class _Rule(Noun):
    says: str
    put: tuple[str, ...]


class _File(Noun):
    home: tuple[str, ...] = Field(min_length=1)
    spelling: dict[str, str]
    prefaces: tuple[str, ...]
    aside: str
    aside_all: str
    asides: tuple[str, ...] = ()
    unit: str
    counters: tuple[str, ...] = ()
    own: str
    past: str
    planned: str
    only: str
    cues: tuple[str, ...] = ()
    light: tuple[str, ...]
    free_with: dict[str, tuple[str, ...]]
    spare_with: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    idle: tuple[str, ...] = ()
    narrowing: str
    begins: tuple[str, ...]
    unfinished: tuple[str, ...]
    weighty: tuple[str, ...]
    telling: tuple[str, ...] = ()
    interrogative: tuple[str, ...] = ("(?!)",)
    wh: tuple[str, ...]
    akin: tuple[tuple[str, ...], ...] = ()
    rivals: tuple[tuple[str, ...], ...] = ()
    topics: tuple[str, ...] = ()
    rules: tuple[_Rule, ...]


class Rules:
    """How one language says things, read from its data file."""

    def __init__(self, file: _File, language: Language) -> None:
        self.language = language
        self._spelling = [(re.compile(wrong, re.IGNORECASE), right) for wrong, right in file.spelling.items()]
        self.home = file.home
        self.prefaces = _any(file.prefaces)
        self.aside, self.aside_all = (_any((pattern,)) if pattern else None for pattern in (file.aside, file.aside_all))
        self.asides = _marked_all(file.asides)
        self.own = _any((file.own,))
        self.unit = re.compile(file.unit) if file.unit else None
        self.counters = frozenset(file.counters)
        self.past, self.planned = _any((file.past,)), _any((file.planned,))
        self.only = file.only
        self.cues = frozenset(file.cues)
        self.light = frozenset(file.light)
        self.free_with = {_marked(each): _marked_all(said) for each, said in file.free_with.items()}
        self.spare_with = {_marked(each): _marked_all(said) for each, said in file.spare_with.items()}
        self.idle = _marked_all(file.idle)
        self.narrowing = _any((file.narrowing,))
        self.begins, self.unfinished = _marked_all(file.begins), _marked_all(file.unfinished)
        self.weighty = frozenset(file.weighty)
        self.telling = frozenset(file.telling)
        self.interrogative = _any(file.interrogative)
        self.wh = _any(file.wh)
        self.akin: dict[str, frozenset[str]] = {}
        for group in map(_marked_all, file.akin):
            self.akin |= {one: self.akin.get(one, frozenset()) | group for one in group}
        self.rivals = tuple(map(_marked_all, file.rivals))
        self.topics = _marked_all(file.topics)
        self.rules = [(tuple(map(_marked, rule.says.split())), _any(rule.put)) for rule in file.rules]

    def spelled(self, text: str) -> str:
        """The text with common ways of writing brought to one."""
        for wrong, right in self._spelling:
            text = wrong.sub(right, text)
        return text


@lru_cache(maxsize=2)
def sameness_rules(language: Language) -> Rules:
    """The rules of a language."""
    resource = files("civicbot.answering") / "data" / f"sameness.{language}.yaml"
    return Rules(_File.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8"))), language)


def _marked(said: str) -> str:
    """The name of what a rule finds, so that it is no word; with a plus sign it is one."""
    return said.removeprefix("+") if said[:1] in "?+" else f"={said}"


def _marked_all(said: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_marked, said))


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
