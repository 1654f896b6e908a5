"""Crossed: two facts of one passage that have changed their subjects ("SK 470, Samsung 425" told the other way)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from civicbot.answering.gate.case import Case
from civicbot.answering.gate.lexical import Words
from civicbot.answering.gate.measures import measures
from civicbot.answering.gate.nouns import GateFinding, GateRule

_CUT = re.compile(r",\s|;\s|\sand\s|\swhile\s|\swhereas\s|(?<=고)\s|(?<=며),?\s|(?<=지만)\s|(?<=는데)\s|:\s")
_SUBJECTS = frozenset({"company", "body", "person"})


@dataclass(frozen=True)
class _Piece:
    """A part of a sentence with one subject: what it is about and what it tells of it."""

    subject: str
    facts: frozenset[str]
    start: int
    end: int


def crossed(case: Case) -> Iterator[GateFinding]:
    """The parts of a sentence whose subject and fact stand in two parts of the passage, each with another."""
    own = _pieces(case, case.sentence)
    for line in case.lines if len(own) > 0 else ():
        there = _pieces(case, line)
        if len({piece.subject for piece in there}) < 2:
            continue
        for piece in own:
            if _taken(piece, there):
                yield GateFinding(
                    GateRule.STITCHED, case.sentence.text[piece.start : piece.end].strip(), (piece.start, piece.end)
                )


def _taken(piece: _Piece, there: Sequence[_Piece]) -> bool:
    mine = [other for other in there if other.subject == piece.subject]
    if not mine or not piece.facts or any(piece.facts & other.facts for other in mine):
        return False
    # The passage must tell something else of this subject, and this very thing of another one.
    return any(other.facts for other in mine) and any(
        piece.facts & other.facts for other in there if other.subject != piece.subject
    )


def _pieces(case: Case, words: Words) -> list[_Piece]:
    found = []
    start = 0
    for end, after in [*(match.span() for match in _CUT.finditer(words.text)), (len(words.text),) * 2]:
        piece = case.lexical.words(words.text[start:end], words.language)
        kinds = {key: case.lexical.glossary.entities[key].kind for key in piece.keys}
        subjects = [key for key, kind in kinds.items() if kind in _SUBJECTS]
        inner = {w for m in piece.mentions for w in case.lexical.stems(piece.text[m.start : m.end])}
        subjects = subjects or [word.text for word in piece.words if word.name and word.text not in inner][-1:]
        if len(subjects) == 1:
            places = {key for key, kind in kinds.items() if kind == "place"}
            values = {m.value for m in measures(piece.text) if not m.dated}
            found.append(_Piece(subjects[0], frozenset(places | values), start, end))
        start = after
    return found
