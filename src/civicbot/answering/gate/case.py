"""A sentence beside the passages that it cites, read once for all rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from civicbot.answering.gate.clauses import Clause, clauses
from civicbot.answering.gate.lexical import Lexical, Word, Words
from civicbot.answering.gate.nouns import GateEvidence
from civicbot.model import Language

_LINES = re.compile(r"\n+|(?<=[다요]\.)\s+|(?<=[a-z)][.!?])\s+(?=[A-Z])")


@dataclass(frozen=True)
class Side:
    """A clause of a passage, beside the sentence.

    Attributes:
        met: 0..1, the share of its words that the sentence holds.
    """

    text: str
    language: Language
    met: float


class Case:
    """A sentence and its cited passages.

    Args:
        lexical: what reads them.
        sentence: the sentence.
        language: its language.
        cited: its passages, at least one.
    """

    def __init__(self, lexical: Lexical, sentence: str, language: Language, cited: Sequence[GateEvidence]) -> None:
        self.lexical = lexical
        self.sentence = lexical.words(sentence, language)
        self.cited = tuple(cited)
        self.evidence = tuple(self._passage(passage) for passage in cited)
        self.lines = tuple(
            lexical.words(line, passage.language)
            for passage in cited
            for line in _LINES.split(passage.text)
            if line.strip()
        )
        self._sides: tuple[Side, ...] | None = None

    def _passage(self, passage: GateEvidence) -> Words:
        around = "".join(f"\n{part}" for part in (passage.publisher, passage.context) if part)
        return self.lexical.words(passage.text + around, passage.language)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses of the sentence."""
        return clauses(self.sentence.text, self.sentence.language)

    @property
    def sides(self) -> tuple[Side, ...]:
        """The clauses of the passages."""
        if self._sides is None:
            self._sides = tuple(
                Side(clause.text, line.language, self.met(clause.text, line.language))
                for line in self.lines
                for clause in clauses(line.text, line.language)
            )
        return self._sides

    def met(self, text: str, language: Language) -> float:
        words = self.lexical.words(text, language).words
        hits, total = covered(self.lexical, words, language, [self.sentence])
        return hits / total if total else 0.0


def covered(
    lexical: Lexical, words: Sequence[Word], language: Language, evidence: Sequence[Words]
) -> tuple[float, float]:
    """The weight of words that the evidence holds, and the weight of all that one can tell of."""
    hits = total = 0.0
    for word in words:
        if word.light:
            continue
        verdict = lexical.covers(evidence, word.text, language)
        if verdict is None:
            continue
        weight = weight_of(word)
        total += weight
        hits += weight * verdict
    return hits, total


def weight_of(word: Word) -> float:
    """What a word counts: names tell most, and verbs have many synonyms."""
    if word.light:
        return 0.0
    return 1.5 if word.name else 0.5 if word.verbal else 1.0
