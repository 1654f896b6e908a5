"""Stitching: a clause takes its subject, figure and verb from one passage, not from two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.answering.gate.acts import acts
from civicbot.answering.gate.case import Case, covered
from civicbot.answering.gate.dates import wrong_dates
from civicbot.answering.gate.figures import wrong_figures
from civicbot.answering.gate.lexical import Words
from civicbot.answering.gate.measures import measures
from civicbot.answering.gate.names import wrong_names
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.answering.gate.words import gate_words
from civicbot.language.folding import fold
from civicbot.language.numerals import implied_values
from civicbot.model import Language

_WORDS = {
    word: str(n)
    for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
_ORDINAL = re.compile(
    r"(?P<number>[0-9]+)(?:기|차|단계|공구)(?![가-힣]{2})|\b(?P<th>[0-9]+)(?:st|nd|rd|th)\s(?:class|phase|stage|round|call)|"
    r"\b(?:(?P<early>first|second)\s(?:class|phase|stage|round|call)|(?P<word>" + "|".join(list(_WORDS)[2:]) + r")\b)",
    re.IGNORECASE,
)
_STAGES = frozenset({"start", "complete", "open", "approve", "sign", "release", "merge"})
"""Acts by which the stages of a project are told apart."""
_LEAST = 0.5
"""Share of a clause's words, names left out, that one passage must hold."""
_ENOUGH = 2.0
"""Weight of words from which a share tells anything."""


def stitched(case: Case) -> Iterator[GateFinding]:
    """Clauses whose figures and names stand in several cited passages but in no single one."""
    if len(case.cited) < 2:
        return
    subject: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    for clause in case.clauses:
        words = case.lexical.words(clause.text, case.sentence.language)
        own = words.keys - _publishers(case)
        if not own and not gate_words(case.sentence.language).subject_mark.search(clause.text.strip()):
            own = subject
        counted = _ordinals(clause.text) or (counted if not own or own == subject else frozenset())
        if not any(_carried(case, words, own, counted, n) for n in range(len(case.cited))):
            yield GateFinding(GateRule.STITCHED, clause.text.strip(), (clause.start, clause.end))
        subject = own or subject


def _publishers(case: Case) -> frozenset[str]:
    found = (case.lexical.words(p.publisher, p.language).keys for p in case.cited if p.publisher)
    return frozenset().union(*found)


def _carried(case: Case, words: Words, subject: frozenset[str], counted: frozenset[str], n: int) -> bool:
    passage, read = case.cited[n], case.evidence[n]
    if any(True for _ in wrong_figures(words.text, [passage.text])):
        return False
    if any(True for _ in wrong_dates(words.text, [passage])):
        return False
    if subject and not subject & read.keys:
        return False
    if any(True for _ in wrong_names(case.lexical, words, [read])):
        return False
    if _acts_elsewhere(case, words, n) or not counted <= _ordinals(passage.text, all_=True):
        return False
    told = [word for word in words.words if not word.name]
    hits, total = covered(case.lexical, told, words.language, [read])
    return total < _ENOUGH or hits >= _LEAST * total


def _acts_elsewhere(case: Case, words: Words, n: int) -> bool:
    """Whether a clause tells an act that only another cited passage has (착공 of the one, 개통 of the other)."""
    held = [_acts(passage.text, passage.language) for passage in case.cited]
    others = frozenset().union(*(names for place, names in enumerate(held) if place != n))
    mine = _acts(words.text, words.language)
    return bool(mine) and not mine & held[n] and bool(mine & others)


def _acts(text: str, language: Language) -> frozenset[str]:
    return frozenset().union(*(act.names for act in acts(text, language))) & _STAGES


def _ordinals(text: str, *, all_: bool = False) -> frozenset[str]:
    """The classes, phases and rounds that a text counts ("6기", "the sixth class"); or all of its numbers."""
    if all_:
        return (
            frozenset(implied_values(fold(text).text))
            | {m.quantity.value.rstrip("%") for m in measures(text)}
            | _ordinals(text)
        )
    found = [(match["number"] or match["th"], match["word"] or match["early"]) for match in _ORDINAL.finditer(text)]
    return frozenset(number or _WORDS[word.lower()] for number, word in found)
