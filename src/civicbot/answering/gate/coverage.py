"""Coverage: the words of a sentence stand in its passages, in the same or in other words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from civicbot.answering.gate.case import Case, weight_of
from civicbot.answering.gate.names import place
from civicbot.answering.gate.nouns import GateFinding, GateRule

_LEAST, _LEAST_TOLD = 0.6, 0.5
"""Least share of all words, and of those that tell something of what is named; measured on dev and parallel digests."""


@dataclass(frozen=True)
class Coverage:
    """How far passages hold a sentence's words; what nobody can tell of is left out.

    Attributes:
        score: 0..1, the share of all words by weight.
        told: 0..1, the share of the words that are no names: names stand in every sentence about a thing.
        lacking: the words that the passages lack.
    """

    score: float
    told: float
    lacking: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Whether a sentence may be said by its words."""
        return self.score >= _LEAST and self.told >= _LEAST_TOLD


def coverage(case: Case) -> Coverage:
    """The words of a sentence beside those of its passages."""
    held, known = _named(case)
    sums = {"all": [0.0, 0.0], "told": [0.0, 0.0]}
    lacking: list[str] = []
    for word in case.sentence.words:
        weight = weight_of(word)
        verdict = word.text in held or case.lexical.covers(case.evidence, word.text, case.sentence.language)
        if verdict is False and word.name and case.lexical.sounds_like(case.evidence, word.text):
            verdict = True
        if not weight or verdict is None:
            continue
        for name in ("all",) if word.name or word.text in known else ("all", "told"):
            sums[name][0] += weight * verdict
            sums[name][1] += weight
        if not verdict:
            lacking.append(word.text)
    shares = {name: hits / total if total else 1.0 for name, (hits, total) in sums.items()}
    return Coverage(shares["all"], shares["told"], tuple(lacking))


def _named(case: Case) -> tuple[frozenset[str], frozenset[str]]:
    """The words of names that the passages have, however they write them, and those of all names."""
    keys = frozenset().union(*(text.keys for text in case.evidence))
    text, stems = case.sentence.text, case.lexical.stems
    words = [(mention.key, stems(text[mention.start : mention.end])) for mention in case.sentence.mentions]
    held = frozenset(word for key, name in words for word in name if key in keys)
    return held, frozenset(word for _, name in words for word in name)


def not_covered(case: Case, found: Coverage) -> Iterator[GateFinding]:
    """The words that the passages lack, where they lack too many."""
    if not found.enough:
        for word in found.lacking:
            span = place(case.sentence.text, word)
            yield GateFinding(GateRule.COVERAGE, case.sentence.text[slice(*span)] if span else word, span)
