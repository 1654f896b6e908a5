"""Negation: what a passage denies, a sentence must not affirm, nor the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.answering.gate.case import Case, covered
from civicbot.answering.gate.denials import denial, denies, shared, told_elsewhere, told_of, without_object
from civicbot.answering.gate.lexical import Words
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.answering.gate.words import gate_words
from civicbot.language.detect import has_hangul

_MET, _MET_OPEN = 0.5, 0.3
"""Share of a passage's clause that a sentence holds if it tells it; the same of a clause that something is open."""


def wrong_negation(case: Case) -> Iterator[GateFinding]:
    """Where one side denies what the other affirms, by a negation or by the word for the opposite."""
    opposite = _opposite(case)
    denied = _denied(case) or _affirmed(case)
    # "not the same" is "different": two turns make one.
    if denied is not None and opposite is not None:
        return
    if found := denied or opposite or _settled(case) or _uneven(case) or _present(case):
        yield found
    else:
        yield from _turned(case)


def _affirmed(case: Case) -> GateFinding | None:
    """A denial of the passage that the sentence tells without it."""
    for side in case.sides:
        match = denial(side.text, side.language)
        if match is None or side.met < _MET or side.line not in case.meant:
            continue
        clause = case.nearest(side)
        language = case.sentence.language
        if clause is None or denies(clause, language) or gate_words(language).doubtful.search(case.sentence.text):
            continue
        if told_elsewhere(case, side, match) or without_object(case, side, match):
            continue
        return GateFinding(GateRule.NEGATION, match.group().strip())
    return None


def _present(case: Case) -> GateFinding | None:
    """A thing that the passage says is not there or is not meant, told by the sentence as if it were."""
    for side in case.sides:
        line = case.lines[side.line]
        if side.line not in case.meant or case.met(line.text, line.language) < _MET:
            continue
        match = denial(side.text, side.language)
        if match is None or told_elsewhere(case, side, match):
            continue
        if told_of(case, side, match):
            return GateFinding(GateRule.NEGATION, match.group().strip())
    return None


def _denied(case: Case) -> GateFinding | None:
    """A denial of the sentence that the passage does not make of the same thing."""
    language = case.sentence.language
    for clause in case.clauses:
        match = denial(clause.text, language)
        if match is None:
            continue
        sides = case.beside(clause.text)
        if any(denies(side.text, side.language) for side in sides):
            continue
        if sides and not shared(case, clause.text, match):
            start = clause.start + match.start()
            return GateFinding(GateRule.NEGATION, match.group().strip(), (start, clause.start + match.end()))
    return None


def _uneven(case: Case) -> GateFinding | None:
    """A near copy of a passage's sentence with a negation more or less."""
    line = case.copied()
    if line is None:
        return None
    pattern = gate_words(line.language).negation
    here, there = list(pattern.finditer(case.sentence.text)), list(pattern.finditer(line.text))
    restricted = gate_words(line.language).restricting
    if len(here) == len(there) or restricted.search(line.text) or restricted.search(case.sentence.text):
        return None
    if len(here) > len(there) and (len(here) <= _all_denials(case) or _other_word(case, line)):
        return None
    match = here[-1] if len(here) > len(there) else there[-1]
    return GateFinding(GateRule.NEGATION, match.group().strip(), match.span() if match in here else None)


def _other_word(case: Case, line: Words) -> bool:
    """Whether a sentence says "not" where its passage says "different" or "absence"."""
    doubtful = gate_words(line.language).doubtful
    here, there = (len(doubtful.findall(text)) for text in (case.sentence.text, line.text))
    return there > here


def _all_denials(case: Case) -> int:
    """How many negations the passages' sentences have that the sentence tells."""
    lines = (line for line in case.lines if case.met(line.text, line.language) >= _MET)
    return sum(1 for line in lines for _ in gate_words(line.language).negation.finditer(line.text))


def _settled(case: Case) -> GateFinding | None:
    """What the passage calls open, told as it were not."""
    own = gate_words(case.sentence.language)
    text = case.sentence.text
    if own.negation.search(text) or own.doubtful.search(text) or any(p.search(text) for p in own.modality.values()):
        return None
    for place, line in enumerate(case.lines):
        match = gate_words(line.language).unsettled.search(line.text)
        if match and place in case.meant and case.met(line.text, line.language) >= _MET_OPEN:
            return GateFinding(GateRule.NEGATION, match.group())
    return None


def _opposite(case: Case) -> GateFinding | None:
    own = gate_words(case.sentence.language).opposites
    for name, sides in own.items():
        told = [side.search(case.sentence.text) for side in sides]
        if (told[0] is None) == (told[1] is None):
            continue
        held = [
            any(gate_words(line.language).opposites[name][n].search(line.text) for line in case.lines) for n in (0, 1)
        ]
        match, here = (told[0], 0) if told[0] else (told[1], 1)
        if match is not None and held[1 - here] and not held[here]:
            return GateFinding(GateRule.NEGATION, match.group(), match.span())
    return None


def _turned(case: Case) -> Iterator[GateFinding]:
    """Tells "not Gwangju but Haenam" as "not Haenam but Gwangju"."""
    match = gate_words(case.sentence.language).contrast.search(case.sentence.text)
    if match is None:
        return
    denied = case.lexical.words(_last(match), case.sentence.language)
    for line in case.lines:
        other = gate_words(line.language).contrast.search(line.text)
        if other is None:
            continue
        held = case.lexical.words(_last(other), line.language)
        hits, total = covered(case.lexical, denied.words, denied.language, [held])
        if total and not hits and not denied.keys & held.keys:
            yield GateFinding(GateRule.NEGATION, match["not"].strip(), match.span("not"))
        return


def _last(match: re.Match[str]) -> str:
    """The name that a contrast denies, without what stands before it in Korean."""
    words = match["not"].split()
    return words[-1] if words and has_hangul(words[-1]) else match["not"]
