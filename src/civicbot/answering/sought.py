"""What a question looks for (a date, a number, a person …), and whether a sentence of any text tells such a thing.

Unlike :class:`civicbot.answering.lexicon.Kind`, which knows how residents ask about this city's projects, this reads
questions about anything: it serves documents that come without facets, names and figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import yaml

from civicbot.model import Language, Noun


class Thing(StrEnum):
    """A kind of thing that a question looks for."""

    YEAR = "year"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    REASON = "reason"
    PLACE = "place"
    NAME = "name"
    OTHER = "other"


NAMED = frozenset({Thing.PERSON, Thing.PLACE, Thing.NAME})
"""Things that are told by a proper name."""
_LONGEST_ENDING = 5
_SHORT = 4
"""Up to this length, a single last syllable tells what a Korean noun means (총독관저 is no person)."""
_END = re.compile(r"[\s?？.!~]+$")
_GAPS = re.compile(r"\s")


@dataclass(frozen=True)
class Sought:
    """What a question looks for.

    Attributes:
        thing: its kind.
        noun: the word that says what ("어떤 엔진": 엔진, "what poet": poet), empty when there is none.
        unit: what is counted ("몇 명": 명, "how many tackles": tackles), empty when there is none.
        naming: whether it asks what something is called.
        orders: places in a row that it names ("the first", 두 번째).
    """

    thing: Thing = Thing.OTHER
    noun: str = ""
    unit: str = ""
    naming: bool = False
    orders: frozenset[str] = frozenset()


class _Naming(Noun):
    asked: tuple[str, ...]
    told: tuple[str, ...]


class _File(Noun):
    asking: tuple[str, ...]
    patterns: dict[Thing, tuple[str, ...]]
    determiner: str
    closing: str = ""
    predicate: str = ""
    particle: str = ""
    unit: str
    nouns: dict[Thing, str]
    naming: _Naming
    values: dict[Thing, str]
    numeral: str
    reference: str
    orders: dict[str, str]
    starters: str = ""


class SoughtWords:
    """How one language asks for things and tells them, read from its data file.

    Attributes:
        asking: search tokens of question words, which no sentence has to say.
        starters: words that have a capital only because they start a sentence.
    """

    def __init__(self, file: _File, language: Language) -> None:
        self.asking = frozenset(file.asking)
        self.starters = frozenset(file.starters.split())
        self._korean = language == "ko"
        self._patterns = {thing: _any(patterns) for thing, patterns in file.patterns.items()}
        self._determiner = re.compile(file.determiner, re.IGNORECASE)
        self._closing, self._predicate = re.compile(file.closing), re.compile(file.predicate)
        self._particle = re.compile(file.particle)
        self._unit = re.compile(file.unit, re.IGNORECASE)
        self._nouns = {noun: thing for thing, nouns in file.nouns.items() for noun in nouns.split()}
        self._naming_asked, self._naming_told = _any(file.naming.asked), _any(file.naming.told)
        self._values = {thing: re.compile(pattern, re.IGNORECASE) for thing, pattern in file.values.items()}
        self._numeral = file.numeral
        self._orders = {order: re.compile(pattern, re.IGNORECASE) for order, pattern in file.orders.items()}
        self._reference = re.compile(file.reference, re.IGNORECASE)

    def sought(self, text: str) -> Sought:
        """What a question looks for."""
        noun = self._noun(text)
        thing = self._asked(text)
        if thing is Thing.OTHER:
            thing = self._thing_of(noun)
        unit = self._unit.search(text) if thing is Thing.NUMBER else None
        return Sought(
            thing=thing,
            noun=noun,
            unit=self._bare(unit["unit"]) if unit else "",
            naming=self._naming_asked.search(text) is not None,
            orders=self.orders(text),
        )

    def values(self, thing: Thing, text: str) -> frozenset[str]:
        """What a sentence tells of a kind of thing, squeezed; dates are no numbers."""
        if thing is Thing.NUMBER:
            text = self._values[Thing.DATE].sub(" ", text)
        return frozenset(squeezed(match[0]).strip(".,") for match in self._values[thing].finditer(text))

    def counts(self, unit: str, text: str) -> bool:
        """Whether a sentence counts ``unit``: "12명", "seven tackles"."""
        return (
            bool(unit)
            and _counting(self._numeral, unit if self._korean else unit[:_LONGEST_ENDING]).search(text) is not None
        )

    def orders(self, text: str) -> frozenset[str]:
        """The places in a row that a text names."""
        return frozenset(order for order, pattern in self._orders.items() if pattern.search(text))

    def tells_name(self, text: str) -> bool:
        """Whether a sentence tells what something is called."""
        return self._naming_told.search(text) is not None

    def refers_back(self, text: str) -> bool:
        """Whether a sentence starts with a word that leans on the sentence before: "He", "This", 이때."""
        return self._reference.match(text) is not None

    def _asked(self, text: str) -> Thing:
        found = [(match.start(), thing) for thing, pattern in self._patterns.items() if (match := pattern.search(text))]
        if not found:
            return Thing.OTHER
        # English puts its question word first; Korean may have two (누가 언제): the file's order decides.
        return found[0][1] if self._korean else min(found, key=lambda item: item[0])[1]

    def _noun(self, text: str) -> str:
        if match := self._determiner.search(text):
            return self._bare(match["noun"].split()[-1])
        return self._last_noun(text) if self._korean else ""

    def _last_noun(self, text: str) -> str:
        words = _END.sub("", text).split()
        whole = len(words)
        while words and self._closing.match(words[-1]):
            words.pop()
        if not words or (len(words) == whole and self._predicate.search(words[-1])):
            return ""
        return self._bare(words[-1])

    def _thing_of(self, noun: str) -> Thing:
        if not self._korean:
            return self._nouns.get(noun.lower(), Thing.NAME if noun else Thing.OTHER)
        for size in range(min(len(noun), _LONGEST_ENDING), 0, -1):
            thing = self._nouns.get(noun[-size:])
            if thing is not None and (size > 1 or len(noun) <= _SHORT):
                return thing
        return Thing.OTHER

    def _bare(self, word: str) -> str:
        return self._particle.sub("", word) if len(word) > 1 and self._korean else word


@lru_cache(maxsize=2)
def sought_words(language: Language) -> SoughtWords:
    """The words of a language."""
    resource = files("civicbot.answering") / "data" / f"sought.{language}.yaml"
    return SoughtWords(_File.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8"))), language)


def squeezed(text: str) -> str:
    """A text without white space and capitals, to look words up in however they are spaced."""
    return _GAPS.sub("", text).lower()


@lru_cache(maxsize=256)
def _counting(numeral: str, unit: str) -> re.Pattern[str]:
    return re.compile(numeral + re.escape(unit), re.IGNORECASE)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
