"""Stages: the acts and the numbers by which the stages of a project and the classes of a school are told apart."""

from __future__ import annotations

import re

from civicbot.answering.gate.acts import acts
from civicbot.answering.gate.measures import measures
from civicbot.language.folding import fold
from civicbot.language.numerals import implied_values
from civicbot.model import Language

_WORDS = {
    word: str(n)
    for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
_ORDINAL = re.compile(
    r"(?P<number>[0-9]+)(?:기|차|단계|공구)(?![가-힣]{2})|\b(?P<th>[0-9]+)(?:st|nd|rd|th)\s(?:class|phase|stage|round|call)|"
    r"\b(?:class|phase|stage|round)(?:e?s)?\s(?P<after>[0-9]+)\b|"
    r"\b(?:(?P<early>first|second)\s(?:class|phase|stage|round|call)|(?P<word>" + "|".join(list(_WORDS)[2:]) + r")\b)",
    re.IGNORECASE,
)
_STAGES = frozenset({"start", "complete", "open", "approve", "sign", "release", "merge"})
"""Acts by which the stages of a project are told apart."""


def stages(text: str, language: Language) -> frozenset[str]:
    """The acts of a text that are stages: a start, a completion, an opening."""
    return frozenset().union(*(act.names for act in acts(text, language))) & _STAGES


def counted_in(text: str, *, all_: bool = False) -> frozenset[str]:
    """The classes, phases and rounds that a text counts ("6기", "the sixth class"); or all of its numbers."""
    if all_:
        return (
            frozenset(implied_values(fold(text).text))
            | {m.quantity.value.rstrip("%") for m in measures(text)}
            | counted_in(text)
        )
    found = [
        (match["number"] or match["th"] or match["after"], match["word"] or match["early"])
        for match in _ORDINAL.finditer(text)
    ]
    return frozenset(number or _WORDS[word.lower()] for number, word in found)
