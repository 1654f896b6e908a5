"""A sentence beside the passages that it cites, read once for all rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from civicbot.answering.gate.clauses import Clause, clauses
from civicbot.answering.gate.lexical import Lexical, Word, Words, joined
from civicbot.answering.gate.nouns import GateEvidence
from civicbot.model import Language

_LINES = re.compile(r"\n+|(?<=[다요]\.)\s+|(?<=[a-z)][.!?])\s+(?=[A-Z])")


_COPY = 0.85
"""Share of words, both ways, from which a sentence nearly copies another."""
_CLOSE = 0.6
"""Weight of words by which a clause may hold less than the best one and still be meant."""
_ALMOST = 0.1
"""Share of a clause's words by which a passage's sentence may hold less than the best one and still be meant."""


@dataclass(frozen=True)
class Side:
    """A clause of a passage, beside the sentence.

    Attributes:
        met: 0..1, the share of its words that the sentence holds.
        main: whether it has the main verb of its sentence, which holds for the other clauses as well.
        line: the place of its sentence among those of all passages.
    """

    text: str
    language: Language
    met: float
    main: bool = False
    line: int = 0


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
        lines = [
            tuple(lexical.words(line, passage.language) for line in _LINES.split(passage.text) if line.strip())
            for passage in cited
        ]
        self.lines = tuple(line for found in lines for line in found)
        self._by_passage = tuple(lines)
        self.evidence = tuple(self._passage(passage, found) for passage, found in zip(cited, lines, strict=True))
        self._sides: tuple[Side, ...] | None = None
        self._meant: frozenset[int] | None = None

    def _passage(self, passage: GateEvidence, lines: Sequence[Words]) -> Words:
        around = (part for part in (passage.publisher, passage.context) if part)
        return joined((*lines, *(self.lexical.words(part, passage.language) for part in around)), passage.language)

    def lines_of(self, place: int) -> tuple[Words, ...]:
        """The sentences of one passage."""
        return self._by_passage[place]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses of the sentence."""
        return clauses(self.sentence.text, self.sentence.language)

    @property
    def sides(self) -> tuple[Side, ...]:
        """The clauses of the passages."""
        if self._sides is None:
            self._sides = tuple(
                Side(clause.text, line.language, self.met(clause.text, line.language), n == _main(line, told), place)
                for place, line in enumerate(self.lines)
                for told in (clauses(line.text, line.language),)
                for n, clause in enumerate(told)
            )
        return self._sides

    @property
    def meant(self) -> frozenset[int]:
        """The places of the passages' sentences that the sentence may tell: those that hold a clause of it best."""
        if self._meant is None:
            self._meant = frozenset(range(len(self.lines))) if len(self.cited) < 2 else self._best()
        return self._meant

    def _best(self) -> frozenset[int]:
        found: set[int] = set()
        for clause in self.clauses:
            words = self._clause(clause).words
            # Passages about one thing share its names: what is told of it parts them.
            told = [word for word in words if not word.name] or words
            shares = []
            for line in self.lines:
                hits, total = covered(self.lexical, told, self.sentence.language, [line])
                shares.append(hits / total if total else 0.0)
            found.update(n for n, each in enumerate(shares) if each >= max(shares) - _ALMOST)
        return frozenset(found)

    def copied(self) -> Words | None:
        """The passage's sentence that this one nearly copies, in its own language; None where there is none."""
        for line in self.lines:
            if line.language != self.sentence.language or self.met(line.text, line.language) < _COPY:
                continue
            hits, total = covered(self.lexical, self.sentence.words, line.language, [line])
            if total and hits / total >= _COPY:
                return line
        return None

    def nearest(self, side: Side) -> str | None:
        """The clauses of the sentence that tell a passage's clause; None where none does."""
        words = self.lexical.words(side.text, side.language).words
        found = [(covered(self.lexical, words, side.language, [self._clause(c)])[0], c) for c in self.clauses]
        best = max((hits for hits, _ in found), default=0.0)
        main = self.clauses[_main(self.sentence, self.clauses)]
        texts = [clause.text for hits, clause in found if hits >= best - _CLOSE or clause is main]
        return " ".join(texts) if best else None

    def beside(self, text: str) -> tuple[Side, ...]:
        """The passages' clauses that a clause of the sentence may tell: those that hold most of it, and main ones."""
        language = self.sentence.language
        words = self.lexical.words(text, language).words
        held = [[self.lexical.words(side.text, side.language)] for side in self.sides]
        hits = [covered(self.lexical, words, language, each)[0] for each in held]
        best = max(hits, default=0.0)
        return tuple(s for n, s in zip(hits, self.sides, strict=True) if n >= best - _CLOSE or s.main)

    def _clause(self, clause: Clause) -> Words:
        return self.lexical.words(clause.text, self.sentence.language)

    def met(self, text: str, language: Language) -> float:
        """The share of a text's words that the sentence holds, 0..1."""
        words = self.lexical.words(text, language).words
        hits, total = covered(self.lexical, words, language, [self.sentence])
        return hits / total if total else 0.0


def _main(words: Words, found: Sequence[Clause]) -> int:
    """Where the main verb of a sentence is: last in Korean, first in English."""
    return len(found) - 1 if words.language == "ko" else 0


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
