"""What a question says, cut into slots, so that two questions can be told to be the same one or not.

A question is read with ordered rules from a data file: what a rule finds is hidden from those after it, and a content
word that no rule, name or figure explains stands for itself. Nothing that a question says is lost, so nothing that it
says beyond another one goes unnoticed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from civicbot.answering.asking import asking_from, plain
from civicbot.answering.lexicon import lexicon
from civicbot.answering.naming import NAMES, Named, Names, Word
from civicbot.answering.saying import Rules, sameness_rules
from civicbot.language.kiwi import LOCK, analyser
from civicbot.language.quantities import Quantity, quantities
from civicbot.model import Language
from civicbot.retrieval.opened import OpenGeneration

MASK = "◆"
"""Stands where something has been found."""
PLACES = "=places"
"""How many there are of something, whatever it is counted in."""
_TELLING = 2
"""Fewer things said than this do not tell what a question is about that names nothing."""
BEGIN = "=begin"
_CONTENT = frozenset({"SN", "MM", "XPN", "NNG", "NNP", "NR", "SL", "SH"})
_VERBAL = frozenset({"VV", "VA", "XR"})
"""Korean has few verbs of its own, and the names of most acts are nouns: those that turn a question round are known."""
_CAPITAL = re.compile("[A-Z]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?")
_WORD_OR_NUMBER = re.compile(rf"{_WORD.pattern}|\d+")
_ENDING = re.compile(r"['’][a-z]+$", re.IGNORECASE)
_ASIDE_ITSELF = frozenset({"=other", "=not"})
"""What a rule finds in "not that, but"."""
_TELLING_WHICH = frozenset({"place", "company", "body"})
"""Kinds of names that may only tell which project is meant; persons do and say things."""
_YEAR = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Said:
    """What a question says.

    Attributes:
        entities: glossary keys of the projects and the like that it names.
        names: keys of places, persons and bodies that its asking part names.
        beside: keys of places that the rest of it names.
        attached: keys of names that may only tell which project is meant ("해남에 짓는 …").
        asks: what is asked (when, where …), without what is said beside it.
        terms: what its asking part says: rules' names, and words that no rule knows.
        around: the same of all of it.
        figures: numbers, dates and years, resolved, of its asking part.
        told_figures: those of the rest.
        proper: words that are names of something that the glossary does not know.
        companies: keys of companies named, also inside the names of projects.
        home: whether it names the city that the library is about.
        own: whether it tells of the asker's own house, car or company.
        tense: whether it asks for what has been ("past") or is meant to be ("planned"), where it says so.
    """

    entities: frozenset[str]
    names: frozenset[str]
    beside: frozenset[str]
    attached: frozenset[str]
    asks: frozenset[str]
    terms: frozenset[str]
    around: frozenset[str]
    figures: frozenset[str]
    told_figures: frozenset[str]
    proper: frozenset[str]
    companies: frozenset[str]
    own: bool
    home: bool = False
    tense: str = ""


@dataclass(frozen=True)
class _Found:
    """Something found in a text, and where."""

    says: str
    start: int


class QuestionReader:
    """Reads questions of one language.

    Args:
        generation: the library that names are known by.
        language: of the questions.
        year: in which they are asked.
    """

    def __init__(self, generation: OpenGeneration, language: Language, year: int) -> None:
        self._tokenizer = generation.tokenizer
        self._words = tuple(sorted(set(generation.glossary.user_words)))
        self._korean = language == "ko"
        self._rules = sameness_rules(language)
        self._light = self._rules.light | {t for word in self._rules.light for t in self._tokenizer.tokens(word)}
        self._lexicon = lexicon(language, generation.tokenizer)
        weighty = {token for word in self._rules.weighty for token in (word, *self._tokenizer.tokens(word))}
        self._generic = self._lexicon.generic - weighty
        self.read = lru_cache(maxsize=10_000)(self._read)
        self._names = Names(generation, language, self._rules.home, self._is_topic)
        self._year = year
        homes = sorted(map(re.escape, self._rules.home), key=len, reverse=True)
        self._homes = re.compile(rf"(?:{'|'.join(homes)})(?: and)?\s?", re.IGNORECASE)

    def _is_topic(self, name: str) -> bool:
        """Whether a name only tells what is asked ("2026 AI budget"): what it says must be said, not only the name."""
        return any(each.says.startswith("?") or each.says in self._rules.topics for each in self._apply_rules(name)[1])

    @property
    def rules(self) -> Rules:
        """The rules that it reads by."""
        return self._rules

    def _read(self, text: str) -> Said:
        """What a question says."""
        text = self._names.spelled(self._rules.spelled(unicodedata.normalize("NFKC", text).strip()), self._rules.cues)
        text = self._without_aside(text)
        named = self._names.found(text)
        morphemes = self._morphemes(text) if self._korean else ()
        words, modifying = self._split(text, morphemes), self._modifiers(text, morphemes, named)
        masked = _masked(text, ((each.start, each.end) for each in named))
        if not any(each.kind not in NAMES for each in named) and (parts := self._names.by_parts(words, text)):
            masked = _masked(masked, parts.spans)
            # A company or place that is a part of the name tells no more than the name.
            named = tuple(each for each in named if not _covered(text, each, parts.spans))
            whole = Named(parts.key, parts.kind, min(s for s, _ in parts.spans), max(e for _, e in parts.spans))
            named = tuple(sorted((*named, whole), key=lambda each: each.start))
        # Before the rules, to which "next" and "last" are words by themselves.
        masked, years = self._years(masked)
        figured, (masked, found) = masked, self._apply_rules(masked)
        # Where nothing is named, what leads to the question may be all that tells what it is about.
        about = any(each.kind not in NAMES for each in named)
        start = asking_from(text, [each.start for each in found if each.says.startswith("?")], self._rules)
        telling = len({each.says for each in found if each.start >= start and not each.says.startswith("?")})
        if telling < _TELLING and not any(each.kind not in NAMES and each.start >= start for each in named):
            asked = {each.says for each in found if each.says.startswith("?") and each.start >= start}
            # "… the AI academy over dinner. What is it?" asks for what has just been named.
            pointing = asked == {"?what"} and text[:start].rstrip()[-1:] != ","
            if not about or not (telling or pointing):
                start = 0
        # Digits and number words are told by their figures.
        masked = _masked(masked, ((q.start, q.end) for q in quantities(figured)))
        loose = [_Found(word.text, word.start) for word in words if self._stands_alone(word, masked)]
        said = [each for each in (*found, *loose) if not each.says.startswith("?")]
        asks = frozenset(each.says for each in found if each.says.startswith("?") and each.start >= start)
        asks = plain(asks, text[start:], self._rules)
        return Said(
            entities=frozenset(each.key for each in named if each.kind not in NAMES),
            names=frozenset(each.key for each in named if each.kind in NAMES and each.start >= start),
            beside=frozenset(each.key for each in named if each.kind == "place" and each.start < start),
            attached=self._attached(text, named),
            asks=asks,
            terms=self._begun(
                asks,
                frozenset(
                    each.says
                    for each in said
                    if each.start >= start and not (each in loose and any(s <= each.start < e for s, e in modifying))
                ),
            ),
            around=self._begun(asks, frozenset(each.says for each in said)),
            figures=_figures(figured[start:]) | years | self._named_years(text, named),
            told_figures=_figures(figured[:start]),
            proper=self._proper(words, masked, text),
            companies=self._companies(text, named),
            own=self._rules.own.search(text) is not None,
            home=self._homes.search(text) is not None,
            tense=self._tense(text[start:]),
        )

    def _tense(self, asking: str) -> str:
        if self._rules.planned.search(asking):
            return "planned"
        return "past" if self._rules.past.search(asking) else ""

    def _proper(self, words: Sequence[Word], masked: str, text: str) -> frozenset[str]:
        return frozenset(
            word.text
            for word in words
            if self._stands_alone(word, masked)
            and word.start
            and text[word.start].isupper()
            and text[word.start].isascii()
        )

    def _begun(self, asks: frozenset[str], terms: frozenset[str]) -> frozenset[str]:
        """What is said, with all that begins when something comes into use made one, where it is asked when."""
        rules = self._rules
        begins = terms & rules.begins
        if "?when" not in asks or not begins or not rules.unfinished.isdisjoint(terms):
            return terms
        return (terms - begins) | {BEGIN}

    def _companies(self, text: str, named: Iterable[Named]) -> frozenset[str]:
        """Companies named, also inside the names of projects."""
        own = {each.key for each in named if each.kind == "company"}
        return frozenset(own).union(*(self._names.companies(text[e.start : e.end]) for e in named))

    @staticmethod
    def _named_years(text: str, named: Iterable[Named]) -> frozenset[str]:
        return frozenset(year for each in named for year in _YEAR.findall(text[each.start : each.end]))

    def _without_aside(self, text: str) -> str:
        """The text without what it sets aside ("not that one, but"), where that is another thing or year."""
        rules = self._rules
        if rules.aside is not None and (match := rules.aside.match(text)):
            other = any(each.kind not in NAMES for each in self._names.found(match[0])) or _NUMBER.search(match[0])
            if other or (rules.aside_all is not None and rules.aside_all.match(text)) or self._sets_aside(match[0]):
                return text[match.end() :]
        return text

    def _sets_aside(self, said: str) -> bool:
        """Whether what is set aside ("not the start, but") is one kind of value or act, of which another is asked."""
        masked, found = self._apply_rules(said)
        told = {each.says for each in found if not each.says.startswith("?")} - _ASIDE_ITSELF
        words = self._split(masked, self._morphemes(masked) if self._korean else ())
        return bool(told) and told <= self._rules.asides and not any(self._stands_alone(w, masked) for w in words)

    def _apply_rules(self, masked: str) -> tuple[str, list[_Found]]:
        found: list[_Found] = []
        for says, pattern in self._rules.rules:
            spans = [match.span() for match in pattern.finditer(masked) if match[0].strip()]
            found += [_Found(each, start) for start, _ in spans for each in says]
            masked = _masked(masked, spans)
        # What is counted ("몇 층") tells one number from another, whatever it is.
        if self._rules.unit is not None:
            for match in self._rules.unit.finditer(masked):
                counted = PLACES if match["unit"][0] in self._rules.counters else f"=unit {match['unit'][0]}"
                found += [_Found("?value", match.start()), _Found(counted, match.start())]
                masked = _masked(masked, (match.span(),))
        return masked, found

    def _years(self, masked: str) -> tuple[str, frozenset[str]]:
        years = set()
        for pattern, shift in self._lexicon.years.items():
            if match := pattern.search(masked):
                years.add(str(self._year + shift))
                masked = _masked(masked, (match.span(),))
        return masked, frozenset(years)

    def _stands_alone(self, word: Word, masked: str) -> bool:
        return (
            # A rule that knows the end of a word ("신문" of 서울신문) does not explain the word.
            masked[word.start] != MASK
            and not word.text.isdigit()
            and word.text not in self._light
            and word.text not in self._generic
            and masked[word.start : word.end].lower() not in self._rules.light
        )

    @staticmethod
    def _modifiers(text: str, morphemes: Iterable[Any], named: Iterable[Named]) -> list[tuple[int, int]]:
        """Where clauses stand that describe a project (시청 전화를 받는 AI 당지기): its name tells which, not they."""
        ends = {each.start + each.len for each in morphemes if each.tag == "ETM"}
        return [
            (text.rfind(",", 0, each.start) + 1, each.start)
            for each in named
            if each.kind not in NAMES and len(text[: each.start].rstrip()) in ends
        ]

    def _morphemes(self, text: str) -> list[Any]:
        kiwi = analyser(self._words)
        with LOCK:
            return list(kiwi.tokenize(text))

    def _split(self, text: str, morphemes: Iterable[Any]) -> list[Word]:
        """The content words of a text."""
        if not self._korean:
            return [
                Word(token, match.start(), match.end())
                for match in _WORD_OR_NUMBER.finditer(text)
                for token in self._tokenizer.tokens(_ENDING.sub("", match[0]))
            ]
        return [
            Word("only" if self._narrows(each) else each.form.lower(), each.start, each.start + each.len)
            for each in morphemes
            if self._says_something(each) or self._narrows(each)
        ]

    def _says_something(self, morpheme: Any) -> bool:
        """Whether a morpheme has a meaning of its own; of verbs and the like only those that tell questions apart."""
        tag = morpheme.tag.split("-")[0]
        return tag in _CONTENT or (tag in _VERBAL and morpheme.form in self._rules.telling)

    def _narrows(self, morpheme: Any) -> bool:
        return bool(morpheme.tag == "JX" and morpheme.form == self._rules.only)

    def _attached(self, text: str, named: Sequence[Named]) -> frozenset[str]:
        """Names that stand right before a project ("광산구 미래차 산단"), or in English right behind it."""
        found = set()
        for one, other in pairwise(named):
            place, thing = (one, other) if self._korean else (other, one)
            if place.kind in _TELLING_WHICH and thing.kind not in NAMES:
                between = self._homes.sub("", text[one.end : other.start])
                if _BETWEEN_KO.fullmatch(between) if self._korean else _BETWEEN_EN.fullmatch(between):
                    found.add(place.key)
        return frozenset(found)


_BETWEEN_KO = re.compile(
    r"\s?|의\s|(?:이?랑|하고|와|과|·|,)\s?|에\s?(?:만든다는|짓는다는|생긴다는|들어선다는|온다는|만들겠다는|짓겠다는|있다는|예정인|있는|짓는|생기는|생긴|들어서는|들어설|지을|만드는|세우는|건설하는|들어오는|추진하는)\s"
    r"|(?:이|가|에서|랑|이랑|하고|과|와|측이)\s?(?:같이\s|함께\s)?(?:하는|한다는|짓는|짓는다는|만드는|운영하는|추진하는|맡은|세우는|세운다는)\s"
)
_BETWEEN_EN = re.compile(r",?\s(?:in|at|of|for)\s(?:the\s)?")


def _covered(text: str, named: Named, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether all of a name lies in spans: "Gwangju" may be a part of another name, "Gwangju in Gyeonggi" is not."""
    rest = _masked(text, spans)[named.start : named.end]
    return not rest.replace(MASK, "").strip()


def _figures(text: str) -> frozenset[str]:
    """The figures of a text, but for "one" that counts nothing ("한 해", "1년에", "which one")."""
    return frozenset(q.value for q in quantities(text) if not _counts_nothing(text, q))


def _counts_nothing(text: str, quantity: Quantity) -> bool:
    written = text[quantity.start : quantity.end]
    # "세대" is a household, and no three of anything.
    if written == "세" and text[quantity.end :][:1] == "대":
        return True
    return quantity.value == "1" and (written != "1" or text[quantity.end :][:1] == "년")


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + MASK * (end - start) + text[end:]
    return text
