"""How well one sentence answers what is asked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from civicbot.answering.context import Candidate
from civicbot.answering.lexicon import Kind
from civicbot.answering.understanding import PEOPLE_KINDS, Understanding
from civicbot.language.detect import has_hangul
from civicbot.language.quantities import Quantity, quantities
from civicbot.model import DocumentKind, Facet, Passage, Statement
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit

# First, hand-set weights: what they are worth is measured by the evaluation set, which replaces them by learned ones.
_RANK = {
    "sentence": 3.0,
    "coverage": 2.0,
    "entity": 2.0,
    "facet": 2.0,
    "kind": 1.5,
    "wording": 1.5,
    "brief": 0.8,
    "year": 1.5,
    "first": 0.6,
}
_CONFIDENCE = {"bias": -2.6, "coverage": 2.4, "entity": 1.4, "facet": 1.0, "kind": 0.9, "wording": 1.6, "missing": -4.5}
_COMPOUND = 0.8
"""How far a compound that begins with a term covers it."""
_KINDS_WITH_VALUE = {
    Kind.AMOUNT: frozenset({"money"}),
    Kind.DATE: frozenset({"date"}),
    Kind.COUNT: frozenset({"number", "percent"}),
    Kind.SIZE: frozenset({"number"}),
}


@lru_cache(maxsize=20_000)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(quantities(text))


@dataclass(frozen=True)
class _Words:
    """Search tokens around a statement."""

    sentence: frozenset[str]
    context: frozenset[str]


class Scorer:
    """Scores the sentences of an open generation; what it computes about them is kept for the next question.

    Args:
        generation: the generation that the sentences come from.
        asked_as: whether asked-as wordings count as context.
    """

    def __init__(self, generation: OpenGeneration, *, asked_as: bool) -> None:
        self._generation = generation
        self._asked_as = asked_as
        self._tokens = lru_cache(maxsize=50_000)(self._compute_tokens)
        entities = generation.glossary.entities
        self._people = frozenset(key for key, entity in entities.items() if entity.kind in PEOPLE_KINDS)
        self._keys = lru_cache(maxsize=50_000)(self._compute_keys)

    def candidates(self, asked: Understanding, hits: tuple[Hit, ...]) -> list[Candidate]:
        """All sentences of the passages found that could be about what is asked, best first.

        Sentences about another entity, or about another year where a sum for one year is asked, are left out.
        """
        found = [
            candidate
            for hit in hits
            for place, statement in enumerate(hit.passage.statements)
            if (candidate := self._candidate(asked, hit, statement, place)) is not None
        ]
        # Stable: equal scores keep retrieval order.
        return sorted(found, key=lambda candidate: -candidate.score)

    def _candidate(self, asked: Understanding, hit: Hit, statement: Statement, place: int) -> Candidate | None:
        passage = hit.passage
        entity = self._entity(asked, passage, statement)
        year = self._year(asked, statement)
        if entity == 0.0 or year < 0.0:
            return None
        words = self._words(passage, statement)
        coverage, sentence, missing = self._coverage(asked, words)
        features = {
            "sentence": sentence,
            "coverage": coverage,
            "missing": missing,
            "entity": entity,
            "facet": _facet(asked, passage),
            "kind": self._kind(asked, statement, passage),
            "wording": hit.wording,
            "brief": 1.0 if passage.kind is DocumentKind.BRIEF else 0.0,
            "year": year,
            "first": 1.0 if place == 0 else 0.0,
        }
        score = sum(weight * features[name] for name, weight in _RANK.items())
        logit = _CONFIDENCE["bias"] + sum(w * features[name] for name, w in _CONFIDENCE.items() if name != "bias")
        return Candidate(statement, passage, score, 1.0 / (1.0 + math.exp(-logit)), features)

    def _words(self, passage: Passage, statement: Statement) -> _Words:
        around = [passage.title, passage.heading]
        if passage.entity is not None and passage.entity in self._generation.glossary.entities:
            around += self._generation.glossary.entities[passage.entity].names(passage.language).all
        if self._asked_as:
            around += passage.asked_as
        return _Words(self._tokens(statement.text), frozenset().union(*(self._tokens(text) for text in around)))

    def _coverage(self, asked: Understanding, words: _Words) -> tuple[float, float, float]:
        """Covered shares (with context, in the sentence alone) of the terms, and the most telling term missed; 0..1."""
        total = covered = inside = missing = 0.0
        highest = self._generation.lexical.idf("")
        for term in asked.terms:
            weight = term.weight * self._generation.lexical.idf(term.token)
            total += weight
            if term.token in words.sentence:
                inside += weight
                covered += weight
            elif _begins_word(term.token, words.sentence):
                inside += _COMPOUND * weight
                covered += _COMPOUND * weight
            elif term.token in words.context:
                covered += 0.8 * weight
            elif term.weight >= 1.0:
                missing = max(missing, weight / highest)
        if total == 0.0:
            # A known name alone is enough to be about; without one, nothing of the question has been found.
            return (1.0, 1.0, 0.0) if asked.entities or asked.people else (0.0, 0.0, 0.0)
        return covered / total, inside / total, missing

    def _entity(self, asked: Understanding, passage: Passage, statement: Statement) -> float:
        """1 for the entity's own brief, less where it is only named, 0 where it is about something else."""
        wanted = asked.entities or asked.people
        if not wanted:
            return 0.5
        if passage.entity is not None and passage.entity in wanted:
            return 1.0
        named = self._keys(statement.text)
        if any(key in named for key in wanted):
            return 0.8
        # A brief of another entity that does not even name the one asked about is about something else.
        if passage.entity is None and any(key in self._keys(passage.title) for key in wanted):
            return 0.5
        return 0.0

    def _year(self, asked: Understanding, statement: Statement) -> float:
        if not asked.years:
            return 0.5
        years = {q.value[:4] for q in _quantities(statement.text) if q.kind == "date" and q.value[0] != "-"}
        if years & asked.years:
            return 1.0
        # A sum for one year is never given for another, nor one that does not tell its year.
        if Kind.AMOUNT in asked.kinds or Facet.COST in asked.facets:
            return -1.0
        return 0.0 if years else 0.3

    def _kind(self, asked: Understanding, statement: Statement, passage: Passage) -> float:
        """1 where the sentence holds the kind of value asked for, 0 where it cannot, between where that is not known."""
        if Kind.PERSON in asked.kinds and passage.facet is not Facet.UNKNOWN:
            return 1.0 if self._keys(statement.text) & self._people else 0.3
        wanted = [_KINDS_WITH_VALUE[kind] for kind in asked.kinds if kind in _KINDS_WITH_VALUE]
        if not wanted or passage.facet is Facet.UNKNOWN:
            return 0.5
        if asked.unit is not None and not re.search(rf"\d[\d,.만천억]*\s*여?\s*{asked.unit}", statement.text):
            return 0.0
        held = {quantity.kind for quantity in _quantities(statement.text)}
        return 1.0 if any(kinds & held for kinds in wanted) else 0.0

    def _compute_tokens(self, text: str) -> frozenset[str]:
        return frozenset(self._generation.tokenizer.tokens(text))

    def _compute_keys(self, text: str) -> frozenset[str]:
        return frozenset(mention.key for mention in self._generation.glossary.mentions(text))


def _begins_word(token: str, words: frozenset[str]) -> bool:
    """Whether a Korean word of two syllables or more is the first part of a compound: 보험 in 보험사."""
    return len(token) >= 2 and has_hangul(token) and any(word.startswith(token) for word in words)


def _facet(asked: Understanding, passage: Passage) -> float:
    if not asked.facets or passage.facet is None:
        return 0.5
    if passage.facet not in asked.facets:
        return 0.0
    return 1.0 if passage.facet is asked.facets[0] else 0.7
