"""Stitching: a clause takes its subject, figure and verb from one passage, not from two."""

from __future__ import annotations

from collections.abc import Iterator

from civicbot.answering.gate.case import Case, covered
from civicbot.answering.gate.dates import wrong_dates
from civicbot.answering.gate.figures import wrong_figures
from civicbot.answering.gate.lexical import Words
from civicbot.answering.gate.names import wrong_names
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.answering.gate.words import gate_words

_LEAST = 0.5
"""Share of a clause's words, names left out, that one passage must hold."""
_ENOUGH = 2.0
"""Weight of words from which a share tells anything."""


def stitched(case: Case) -> Iterator[GateFinding]:
    """Clauses whose figures and names stand in several cited passages but in no single one."""
    if len(case.cited) < 2:
        return
    subject: frozenset[str] = frozenset()
    for clause in case.clauses:
        words = case.lexical.words(clause.text, case.sentence.language)
        own = words.keys - _publishers(case)
        if not own and not gate_words(case.sentence.language).subject_mark.search(clause.text.strip()):
            own = subject
        if not any(_carried(case, words, own, n) for n in range(len(case.cited))):
            yield GateFinding(GateRule.STITCHED, clause.text.strip(), (clause.start, clause.end))
        subject = own or subject


def _publishers(case: Case) -> frozenset[str]:
    found = (case.lexical.words(p.publisher, p.language).keys for p in case.cited if p.publisher)
    return frozenset().union(*found)


def _carried(case: Case, words: Words, subject: frozenset[str], n: int) -> bool:
    passage, read = case.cited[n], case.evidence[n]
    if any(True for _ in wrong_figures(words.text, [passage.text])):
        return False
    if any(True for _ in wrong_dates(words.text, [passage])):
        return False
    if subject and not subject & read.keys:
        return False
    if any(True for _ in wrong_names(case.lexical, words, [read])):
        return False
    told = [word for word in words.words if not word.name]
    hits, total = covered(case.lexical, told, words.language, [read])
    return total < _ENOUGH or hits >= _LEAST * total
