"""What a question names: names of the glossary, whole or with their parts apart ("the centre for AI in Haenam")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from civicbot.answering.slips import slip
from civicbot.model import Language
from civicbot.retrieval.opened import OpenGeneration

NAMES = frozenset({"place", "person", "body", "company"})
"""Kinds of entities that a question may name beside what it is about."""
_PARTS = 2
"""A name of fewer parts than this cannot be told when they stand apart."""
_TELLING = 4
"""… but for one as long as this that the city's name belongs to (광주 자율주행차)."""
_HOUSE = 2
"""From so many companies on, what their names begin with is a name of its own (삼성, SK)."""
_PLAIN_WORD = re.compile(r"\S+")
_LATIN = re.compile(r"[A-Za-z]{6,}")
"""Words long enough to be told with a slip of the pen."""
_NUMBERS = {"one": "1", "two": "2", "three": "3"}


@dataclass(frozen=True)
class Word:
    """A content word, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """An entity that a text names."""

    key: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Parts:
    """An entity whose name's parts stand apart in a text."""

    key: str
    kind: str
    spans: tuple[tuple[int, int], ...]


class Names:
    """Finds what a text names.

    Args:
        generation: the library with its glossary.
        language: of the texts.
        home: the names of the city that the library is about.
        is_topic: whether a name only tells what is asked, and is none of a thing.
    """

    def __init__(
        self, generation: OpenGeneration, language: Language, home: Sequence[str], is_topic: Callable[[str], bool]
    ) -> None:
        self._glossary = generation.glossary
        self._language = language
        self._tokens = generation.tokenizer.tokens
        self._is_topic = lru_cache(maxsize=5_000)(is_topic)
        entities = self._glossary.entities
        projects = {e.brief: key for key, e in entities.items() if e.brief and e.kind == "project"}
        # A place that a project brings about ("the merged city") stands for the project.
        self._same = {
            key: projects[e.brief] for key, e in entities.items() if e.kind == "place" and e.brief in projects
        }
        self._knows = generation.lexical.knows
        self._parts: frozenset[str] = frozenset()
        spoken = (name for entity in entities.values() for name in entity.names(language).all)
        self._spoken = tuple(dict.fromkeys(word.lower() for name in spoken for word in _LATIN.findall(name)))
        self._meant = lru_cache(maxsize=5_000)(self._compute_meant)
        self._companies = lru_cache(maxsize=5_000)(self._compute_companies)
        self._homes = frozenset(name.lower() for name in home)
        self._home = frozenset(token for name in home[:1] for token in self._tokens(name))
        self._apart: dict[str, list[tuple[frozenset[str], str]]] | None = None

    def found(self, text: str) -> tuple[Named, ...]:
        """The names in a text, in order, but for the city itself and names of topics."""
        entities = self._glossary.entities
        found = []
        for mention in self._glossary.mentions(text):
            key = self._same.get(mention.key, mention.key)
            kind = entities[key].kind
            if kind == "place" and self._is_home(mention.name):
                continue
            span = (mention.start, mention.end)
            if kind not in NAMES and self._is_topic(text[mention.start : mention.end]):
                # Of "BRT route" the rest of the name tells what is meant, and "route" what is asked.
                span = self._within(text, mention.start, mention.end, mention.key)
            if span[0] < span[1]:
                found.append(Named(key, kind, *span))
        return tuple(found)

    def _within(self, text: str, start: int, end: int, key: str) -> tuple[int, int]:
        """The longest part of a name that names the same and tells nothing of what is asked; (0, 0) for none."""
        words = [match.span() for match in _PLAIN_WORD.finditer(text, start, end)]
        for length in range(len(words) - 1, 0, -1):
            for first in range(len(words) - length + 1):
                part = words[first][0], words[first + length - 1][1]
                named = self._glossary.mentions(text[part[0] : part[1]])
                if any(each.key == key for each in named) and not self._is_topic(text[part[0] : part[1]]):
                    return part
        return 0, 0

    def spelled(self, text: str, cues: frozenset[str]) -> str:
        """The text with slips of the pen in names, and in other words that are known, put right.

        Args:
            text: a question.
            cues: other words.
        """
        if self._language == "ko":
            # Words with particles on them are no words to compare.
            return text
        return _LATIN.sub(lambda match: self._put_right(match[0], cues), text)

    def _put_right(self, word: str, cues: frozenset[str]) -> str:
        written = word.lower()
        if written in cues or written in self._spoken or any(map(self._knows, self._tokens(written))):
            return word
        return next((right for right in (*self._spoken, *sorted(cues)) if slip(written, right)), word)

    def _is_home(self, name: str) -> bool:
        return name.lower() in self._homes

    def by_parts(self, words: Sequence[Word], text: str) -> Parts | None:
        """The one entity whose name's parts stand in a text, the city's name understood where it names no place."""
        if self._apart is None:
            self._apart = self._compute_apart()
        meant = {word: self._meant(word.text) for word in words}
        own = frozenset(meant.values())
        names = {parts: key for token in own for parts, key in self._apart.get(token, ()) if parts <= own | self._home}
        longest = max((len(parts - self._home) for parts in names), default=0)
        best = {parts: key for parts, key in names.items() if len(parts - self._home) == longest}
        if len(set(best.values())) != 1:
            return None
        parts, key = max(best.items(), key=lambda item: len(item[0]))
        spans = [(w.start, w.end) for w in words if meant[w] in parts]
        # What the analyser cuts off a name ("자율주행 차" of 자율주행차) belongs to it.
        aliases = "\n".join(self._glossary.entities[key].names(self._language).all)
        for word in words:
            joined = next((span for span in spans if span[1] == word.start), None)
            if joined is not None and text[joined[0] : word.end] in aliases:
                spans.append((word.start, word.end))
        return Parts(key, self._glossary.entities[key].kind, tuple(spans)) if spans else None

    def companies(self, text: str) -> frozenset[str]:
        """Keys of the companies whose names a text holds."""
        return self._companies(text)

    def _compute_companies(self, text: str) -> frozenset[str]:
        held = text.lower()
        companies = {
            key: [name.lower() for name in entity.names(self._language).all]
            for key, entity in self._glossary.entities.items()
            if entity.kind == "company"
        }
        named = frozenset(key for key, names in companies.items() if any(name in held for name in names))
        # "Samsung" by itself is any of that name, and none of another.
        houses = Counter(token for names in companies.values() for token in self._tokens(names[0])[:1])
        return named | frozenset(f"{house}…" for house, count in houses.items() if count >= _HOUSE and house in held)

    def _tells(self, parts: frozenset[str]) -> bool:
        own = parts - self._home
        return len(own) >= _PARTS or (own != parts and any(len(part) >= _TELLING for part in own))

    def _compute_meant(self, word: str) -> str:
        """A word, or that of a name which it is but for a slip of the pen."""
        number = _NUMBERS.get(word, word)
        if self._apart is None or number in self._parts or self._knows(word):
            return number
        return next((part for part in sorted(self._parts) if slip(word, part)), number)

    def _compute_apart(self) -> dict[str, list[tuple[frozenset[str], str]]]:
        apart: dict[str, list[tuple[frozenset[str], str]]] = {}
        for key, entity in self._glossary.entities.items():
            if entity.kind in NAMES:
                continue
            for name in entity.names(self._language).all:
                parts = frozenset(_NUMBERS.get(token, token) for token in self._tokens(name))
                if self._tells(parts) and not self._is_topic(name):
                    for token in _rarest(parts - self._home):
                        apart.setdefault(token, []).append((parts, key))
        self._parts = frozenset(part for named in apart.values() for parts, _ in named for part in parts)
        return apart


def _rarest(parts: Iterable[str]) -> Iterable[str]:
    # Under one part each: the longest is as good a guess at the rarest as any.
    return (max(sorted(parts), key=len),)
