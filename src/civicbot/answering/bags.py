"""The words of a text, and how far they meet what a question demands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from civicbot.answering.understanding import NO_OTHERS, Term
from civicbot.language.detect import has_hangul

OTHER = 0.9
"""How far another word for a term covers it."""
_COMPOUND = 0.8
"""How far a compound that begins with a term covers it."""


@dataclass(frozen=True)
class Bag:
    """The words of a text.

    Attributes:
        words: its search tokens.
        begins: what its Korean tokens of three and more letters begin with, from two letters on.
    """

    words: frozenset[str]
    begins: frozenset[str]

    @classmethod
    def of(cls, tokens: Iterable[str]) -> Bag:
        """The bag of these tokens."""
        words = frozenset(tokens)
        begins = (word[:end] for word in words if has_hangul(word) for end in range(2, len(word)))
        return cls(words, frozenset(begins))

    def holds(self, token: str) -> float:
        """1 for a token among the words, less for one that begins a compound (보험 in 보험사), 0 otherwise."""
        if token in self.words:
            return 1.0
        return _COMPOUND if token in self.begins else 0.0


def met(bag: Bag, term: Term) -> float:
    """How far a term, or another word for it, stands in a text: 0..1."""
    held = bag.holds(term.token)
    if held == 1.0 or term.others == NO_OTHERS:
        return held
    if not bag.words.isdisjoint(term.others.words):
        return OTHER
    others = (min(map(bag.holds, phrase)) for phrase in term.others.phrases)
    return max(
        held, OTHER * max(others, default=0.0), OTHER * _COMPOUND * (not bag.begins.isdisjoint(term.others.words))
    )
