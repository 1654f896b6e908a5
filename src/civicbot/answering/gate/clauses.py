"""Clauses: parts of a sentence that say one thing each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from civicbot.answering.gate.words import gate_words
from civicbot.model import Language

_SHORT = 6


@dataclass(frozen=True)
class Clause:
    """A part of a sentence; the span is that in the sentence, end-exclusive."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=4_096)
def clauses(text: str, language: Language) -> tuple[Clause, ...]:
    """The clauses of a sentence, by its conjunctions and marks; roughly, since no parser reads them."""
    known = gate_words(language)
    found: list[Clause] = []
    start = 0
    for match in known.clause.finditer(text):
        piece = text[start : match.start()]
        marked = not match.group().isspace()
        if language == "ko" and not marked and not known.clause_endings.search(piece):
            continue
        if len(piece.strip()) >= _SHORT:
            found.append(Clause(piece, start, match.start()))
            start = match.end()
    rest = text[start:]
    if rest.strip() and (len(rest.strip()) >= _SHORT or not found):
        found.append(Clause(rest, start, len(text)))
    elif found and rest.strip():
        last = found.pop()
        found.append(Clause(text[last.start :], last.start, len(text)))
    return tuple(found)
