"""Words that say the same in the question and in an approved one: parts of a name, other words, slips of the pen."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from civicbot.answering.naming import NAMES
from civicbot.answering.slips import slip
from civicbot.language.quantities import quantities
from civicbot.model import Facet, Language
from civicbot.retrieval.opened import OpenGeneration

_FEW_PLACES = 3
_OFTEN = 0.2
"""A word in at least this share of an entity's names says no more than the name."""


class Nearness:
    """Knows what a name says by itself, and which words are told by others.

    Args:
        generation: the library with its glossary.
        language: of the questions.
        akin: for what a rule finds, what may be said instead.
    """

    def __init__(self, generation: OpenGeneration, language: Language, akin: Mapping[str, frozenset[str]]) -> None:
        self._akin = akin
        self._generation = generation
        self._language = language
        self._thesaurus = generation.thesaurus(language)
        self._bag = lru_cache(maxsize=1_000)(self._compute_bag)
        self._implied = lru_cache(maxsize=1_000)(self._compute_implied)
        self._figures = lru_cache(maxsize=1_000)(self._compute_figures)
        self._sited = lru_cache(maxsize=1_000)(self._compute_sited)
        self._others = lru_cache(maxsize=5_000)(self._compute_others)
        companies = (e for e in generation.glossary.entities.values() if e.kind == "company")
        first = (generation.tokenizer.tokens(e.names(language).name)[:1] for e in companies)
        self._companies = frozenset(token for tokens in first for token in tokens)

    def implied(self, entities: Iterable[str]) -> frozenset[str]:
        """Glossary keys of places, bodies and persons that the names of these entities hold."""
        return frozenset().union(*map(self._implied, entities))

    def sited(self, entities: Iterable[str]) -> frozenset[str]:
        """Glossary keys of the few places where these entities stand, by what the library says first of it."""
        return frozenset().union(*map(self._sited, entities))

    def figures(self, entities: Iterable[str]) -> frozenset[str]:
        """Figures that the names of these entities hold."""
        return frozenset().union(*map(self._figures, entities))

    def begins(self, key: str, terms: Collection[str]) -> bool:
        """Whether a company is named by the first word of its name among ``terms`` (Samsung)."""
        entity = self._generation.glossary.entities[key]
        first = self._generation.tokenizer.tokens(entity.names(self._language).name)[:1]
        return entity.kind == "company" and bool(first) and first[0] in terms

    def told(self, word: str, terms: Collection[str], entities: Iterable[str]) -> bool:
        """Whether a word is one of ``terms``, or of the entities' names, with a slip of the pen or in other words."""
        if word in terms or not self._akin.get(word, frozenset()).isdisjoint(terms):
            return True
        if any(word in self._bag(entity) for entity in entities):
            return True
        if any(slip(word, term) for term in terms):
            return True
        if any(slip(word, part) for entity in entities for part in self._bag(entity)):
            return True
        return not self._others(word).isdisjoint(terms)

    def _compute_bag(self, entity: str) -> frozenset[str]:
        names = self._generation.glossary.entities[entity].names(self._language)
        tokens = self._generation.tokenizer.tokens
        counted = Counter(token for name in names.all for token in frozenset(tokens(name)))
        often = (token for token, count in counted.items() if count >= _OFTEN * len(names.all))
        return frozenset(token for token in (*tokens(names.name), *often) if not token.isdigit()) - self._companies

    def _compute_figures(self, entity: str) -> frozenset[str]:
        names = self._generation.glossary.entities[entity].names(self._language).all
        found = (quantity.value for name in names for quantity in quantities(name))
        # "200 cars" is said of one project only, "phase 2" of many.
        return frozenset(value for value in found if len(value) > 1)

    def _compute_implied(self, entity: str) -> frozenset[str]:
        glossary = self._generation.glossary
        spoken = "\n".join(_folded(name) for name in glossary.entities[entity].names(self._language).all)
        return frozenset(
            key
            for key, other in glossary.entities.items()
            if other.kind in NAMES and any(_folded(name) in spoken for name in other.names(self._language).all)
        )

    def _compute_sited(self, entity: str) -> frozenset[str]:
        glossary, language = self._generation.glossary, self._language
        told = (
            passage.statements[0].text
            for passage in self._generation.passages
            if passage.entity == entity and passage.facet is Facet.PLACE and passage.language == language
        )
        first = next(told, "")
        places = frozenset(m.key for m in glossary.mentions(first) if glossary.entities[m.key].kind == "place")
        # What goes on in many places is told apart by them.
        return places if len(places) <= _FEW_PLACES else frozenset()

    def _compute_others(self, word: str) -> frozenset[str]:
        phrases = [phrase for meaning in self._thesaurus.meanings([word]) for phrase in meaning.phrases]
        return frozenset(phrase[0] for phrase in phrases if len(phrase) == 1)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")
