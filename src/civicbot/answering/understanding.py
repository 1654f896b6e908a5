"""What a question asks, worked out without a model: whose, which facet, what kind of value, for which year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from civicbot.answering.lexicon import Kind, Lexicon, lexicon
from civicbot.language.glossary import Glossary, Mention
from civicbot.language.tokens import Token, Tokenizer
from civicbot.model import Facet, Language

_FACET_OF_KIND = {
    Kind.AMOUNT: Facet.COST,
    Kind.DATE: Facet.SCHEDULE,
    Kind.SIZE: Facet.PLACE,
    Kind.PLACE: Facet.PLACE,
    Kind.PERSON: Facet.ACTORS,
    Kind.REASON: Facet.PURPOSE,
}
# Entities that nearly every question and sentence is about: naming them does not tell which project is meant.
BACKGROUND_KINDS = frozenset({"place"})
PEOPLE_KINDS = frozenset({"person", "body", "company"})
"""Entities that act and speak; projects and the like are what they act on."""
LIGHT = 0.25
"""Weight of a term that may be told in other words."""
ASIDE = 0.5
"""Weight of a term of a clause that tells why somebody asks."""
_LETTER = re.compile(r"[a-z]")
_COUNTER = re.compile(r"몇\s*(명|대|개|곳|장|건|평|번)")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


@dataclass(frozen=True)
class Term:
    """A search token that the question demands; ``weight`` 0..1 is how much it demands it."""

    token: str
    weight: float


@dataclass(frozen=True)
class Understanding:
    """What a question asks.

    Attributes:
        tokens: all search tokens.
        mentions: the glossary names in it.
        entities: glossary keys of projects and the like that it names, in order, without repeats.
        people: glossary keys of persons and bodies that it names.
        kinds: kinds of value asked for, in order of appearance.
        facets: facets asked for, the most plainly asked first.
        years: years asked about, as four digits.
        terms: what else it demands: tokens that are no name, no cue and not generic.
        what: whether it asks what something is.
        unit: the counter of the number asked for ("몇 명": 명), where the language has one.
        compare: whether it asks for a comparison.
        now: whether it asks for the newest state.
        announced: whether it asks if something has been announced or decided.
    """

    tokens: tuple[str, ...]
    mentions: tuple[Mention, ...]
    entities: tuple[str, ...]
    people: tuple[str, ...]
    kinds: tuple[Kind, ...]
    facets: tuple[Facet, ...]
    years: frozenset[str]
    terms: tuple[Term, ...]
    what: bool
    announced: bool
    unit: str | None = None
    compare: bool = False
    now: bool = False


def understand(text: str, language: Language, glossary: Glossary, tokenizer: Tokenizer, year: int) -> Understanding:
    """Works out what a question asks.

    Args:
        text: the cleaned question, standing alone.
        language: its language.
        glossary: the names that the library knows.
        tokenizer: the index's tokenizer.
        year: the current year, against which "next year" is resolved.
    """
    words = lexicon(language, tokenizer)
    mentions = tuple(glossary.mentions(text))
    found = ((match.start(), kind) for kind, pattern in words.kinds.items() if (match := pattern.search(text)))
    kinds = tuple(kind for _, kind in sorted(found))
    # A place is no project: it stays among the terms, so that "Why Haenam?" demands Haenam.
    named = tuple(m for m in mentions if glossary.entities[m.key].kind not in BACKGROUND_KINDS)
    analysed = tokenizer.analyse(_without(text, named))
    rest = [token.text for token in analysed]
    aside = frozenset(tokenizer.tokens(_small_talk(text, words)))
    what = words.what.search(text) is not None
    return Understanding(
        tokens=tuple(tokenizer.tokens(text)),
        mentions=mentions,
        entities=_keys(mentions, glossary, people=False),
        people=_keys(mentions, glossary, people=True),
        kinds=kinds,
        facets=_facets(text, kinds, rest, words, what=what),
        years=_years(text, words, year),
        terms=_terms(analysed, words, aside),
        what=what,
        announced=words.announced.search(text) is not None,
        compare=words.compare.search(text) is not None,
        now=words.now.search(text) is not None,
        unit=match.group(1) if (match := _COUNTER.search(text)) else None,
    )


def _without(text: str, mentions: tuple[Mention, ...]) -> str:
    for mention in reversed(mentions):
        text = text[: mention.start] + " " + text[mention.end :]
    return text


def _keys(mentions: tuple[Mention, ...], glossary: Glossary, *, people: bool) -> tuple[str, ...]:
    keys = []
    for mention in mentions:
        kind = glossary.entities[mention.key].kind
        if kind in BACKGROUND_KINDS:
            continue
        if (kind in PEOPLE_KINDS) == people and mention.key not in keys:
            keys.append(mention.key)
    return tuple(keys)


def _facets(text: str, kinds: tuple[Kind, ...], rest: list[str], words: Lexicon, *, what: bool) -> tuple[Facet, ...]:
    scores = {facet: 2.0 for facet, pattern in words.facet_patterns.items() if pattern.search(text)}
    for kind in kinds:
        if kind in _FACET_OF_KIND:
            facet = _FACET_OF_KIND[kind]
            scores[facet] = scores.get(facet, 0.0) + 2.0
    for token in rest:
        for facet in words.cues.get(token, ()):
            scores[facet] = scores.get(facet, 0.0) + 1.5
    if what:
        scores[Facet.WHAT] = scores.get(Facet.WHAT, 0.0) + 1.0
    return tuple(sorted(scores, key=lambda facet: -scores[facet]))


def _years(text: str, words: Lexicon, year: int) -> frozenset[str]:
    found = set(_YEAR.findall(text))
    found |= {str(year + shift) for pattern, shift in words.years.items() if pattern.search(text)}
    return frozenset(found)


def _small_talk(text: str, words: Lexicon) -> str:
    """The clauses beside the one that asks: they tell why somebody asks, not what."""
    cuts = [0, *(match.end() for match in words.clause.finditer(text)), len(text)]
    clauses = [text[start:end] for start, end in pairwise(cuts) if text[start:end].strip()]
    asking = [
        clause
        for clause in clauses
        if any(pattern.search(clause) for pattern in (*words.kinds.values(), words.what, words.announced))
    ]
    return " ".join(clause for clause in clauses if clause not in asking) if asking else ""


def _terms(rest: list[Token], words: Lexicon, aside: frozenset[str]) -> tuple[Term, ...]:
    terms: dict[str, float] = {}
    for token in rest:
        # Single Latin letters are what is left of a name ("…'s").
        if token.text in words.generic or _YEAR.fullmatch(token.text) or _LETTER.fullmatch(token.text):
            continue
        # A facet's cue is met by the facet itself, and verbs have many synonyms: both say only a little about the
        # very word that is wanted.
        if token.text in words.cues or token.verbal or token.text in words.verbs:
            terms[token.text] = LIGHT
        else:
            terms[token.text] = ASIDE if token.text in aside else 1.0
    return tuple(Term(token, weight) for token, weight in terms.items())
