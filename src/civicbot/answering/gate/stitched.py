"""Stitching: a clause takes its subject, figure and verb from one passage, not from two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from civicbot.answering.gate.case import Case, covered
from civicbot.answering.gate.dates import wrong_dates
from civicbot.answering.gate.figures import wrong_figures
from civicbot.answering.gate.lexical import Words
from civicbot.answering.gate.merged import merged
from civicbot.answering.gate.names import wrong_names
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.answering.gate.stages import counted_in, stages
from civicbot.answering.gate.words import gate_words

_WHERE = frozenset({"place"})
_LEAST = 0.5
"""Share of a clause's words, names left out, that one passage must hold."""
_ENOUGH = 2.0
"""Weight of words from which a share tells anything."""
_ADDED = 2.0
"""Weight of words that another passage must add."""


def stitched(case: Case) -> Iterator[GateFinding]:
    """Clauses whose figures and names stand in several cited passages but in no single one."""
    if len(case.cited) < 2:
        return
    subject: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    for clause in case.clauses:
        words = case.lexical.words(clause.text, case.sentence.language)
        own = words.keys - _publishers(case) - _places(case, words)
        if not own and not gate_words(case.sentence.language).subject_mark.search(clause.text.strip()):
            own = subject
        counted = counted_in(clause.text) or (counted if not own or own == subject else frozenset())
        places = range(len(case.cited))
        if all(_elsewhere(case, words, own, counted, n) for n in places) and not merged(case, words, own, counted):
            yield GateFinding(GateRule.STITCHED, clause.text.strip(), (clause.start, clause.end))
        subject = own or subject


def _publishers(case: Case) -> frozenset[str]:
    found = (case.lexical.words(p.publisher, p.language).keys for p in case.cited if p.publisher)
    return frozenset().union(*found)


def _places(case: Case, words: Words) -> frozenset[str]:
    """The places that a clause names: a city is where a thing is, and one name for it may be two entries."""
    return frozenset(key for key in words.keys if case.lexical.glossary.entities[key].kind in _WHERE)


def _elsewhere(case: Case, words: Words, subject: frozenset[str], counted: frozenset[str], n: int) -> bool:
    """Whether a clause tells what one passage lacks and another has.

    What none of them has is no stitching: the rules of figures, names and coverage look for it.
    """
    passage, read = case.cited[n], case.evidence[n]
    if _lacking(case, words, [n]) - _lacking(case, words, range(len(case.cited))):
        return True
    if subject and not subject & read.keys and any(subject & other.keys for other in case.evidence):
        return True
    if _acts_elsewhere(case, words, n) or not counted <= counted_in(passage.text, all_=True):
        return True
    told = [word for word in words.words if not word.name]
    hits, total = covered(case.lexical, told, words.language, [read])
    if total < _ENOUGH or hits >= _LEAST * total:
        return False
    return covered(case.lexical, told, words.language, case.evidence)[0] >= hits + _ADDED


def _lacking(case: Case, words: Words, places: Iterable[int]) -> frozenset[str]:
    """The figures, dates and names of a clause that some passages lack."""
    cited = [case.cited[n] for n in places]
    evidence = [case.evidence[n] for n in places]
    found = chain(
        wrong_figures(words.text, [passage.text for passage in cited]),
        wrong_dates(words.text, cited),
        wrong_names(case.lexical, words, evidence),
    )
    return frozenset(finding.token for finding in found)


def _acts_elsewhere(case: Case, words: Words, n: int) -> bool:
    """Whether a clause tells an act that only another cited passage has (착공 of the one, 개통 of the other)."""
    held = [stages(passage.text, passage.language) for passage in case.cited]
    others = frozenset().union(*(names for place, names in enumerate(held) if place != n))
    mine = stages(words.text, words.language)
    return bool(held[n] and mine) and not mine & held[n] and bool(mine & others)
