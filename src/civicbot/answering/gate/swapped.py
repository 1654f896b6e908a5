"""Swapped: a near copy of a passage's sentence with another noun in the place of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from civicbot.answering.gate.case import Case
from civicbot.answering.gate.lexical import Words
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.answering.gate.words import gate_words
from civicbot.model import Language

_COPIED = 0.5
"""Least share of a sentence's words that it must have in the order of the passage's sentence."""
_LONGEST = 3
"""Words of a swapped name; more of them are another wording."""
# "본보기가 될 것": what a thing becomes may be put in any words.
_BECOMES = re.compile(r"\s(?:되|될|된|됐|아니|있|없)")
_LISTED = re.compile(r",?\sand\s")
_UNIT = re.compile(r"[^\s,.;:()“”\"‘’]+")
_PARTICLE = re.compile(r"(?<=[가-힣A-Za-z0-9])(?:으로|에서|에게|은|는|이|가|을|를|에|로|의|과|와|도)$")
_SAME = {"는": "은", "가": "이", "를": "을", "으로": "로", "와": "과"}
# Words of time, order and extent are no names.
_RELATIVE = re.compile(
    r"곳곳|전반|전역|전체|일대|각지|대부분|일부|이듬해|다음|지난|올해|내년|작년|당시|그[가-힣]*\s|첫|둘째|이번|해당|[0-9]"
)
_VERB_KO = re.compile(
    r"(?:다|요|고|며|면서|지만|는데|아|어|해|돼|여|게|도록|려|한|된|하는|되는|할|될|은지|는지|면|로서|기|이나|뿐)$"
)


def swapped(case: Case) -> Iterator[GateFinding]:
    """The nouns of a sentence that stand where its passage has others, between the same words."""
    language = case.sentence.language
    units = list(_UNIT.finditer(case.sentence.text))
    own = [_key(case, unit.group()) for unit in units]
    for line in case.lines:
        if line.language != language:
            continue
        there = [unit.group() for unit in _UNIT.finditer(line.text)]
        matcher = SequenceMatcher(None, own, [_key(case, unit) for unit in there], autojunk=False)
        if sum(block.size for block in matcher.get_matching_blocks()) < _COPIED * len(own):
            continue
        for kind, start, end, other, until in matcher.get_opcodes():
            if kind != "replace" or end - start > _LONGEST or until - other > _LONGEST:
                continue
            span = units[start].start(), units[end - 1].end()
            token = case.sentence.text[slice(*span)]
            held = " ".join(there[other:until])
            listed = language == "en" and _LISTED.match(case.sentence.text, span[1])
            if language == "ko" and _BECOMES.match(case.sentence.text, span[1]):
                continue
            if (listed or _name(token, held, language)) and _other(case, token, held, line):
                yield GateFinding(GateRule.NAME, token, span)


def _name(told: str, held: str, language: Language) -> bool:
    """Whether words may be a name and not an abbreviation of the other ones: English ones by their capitals."""
    if language == "en":
        return all(unit[:1].isupper() for text in (told, held) for unit in re.split(r"[\s-]", text)[:1])
    if _RELATIVE.search(told) or _particle(told) != _particle(held):
        return False
    one, other = (re.sub(r"[\s·]", "", _bare(text)) for text in (told, held))
    return not (_within(one, other) or _within(other, one))


def _particle(text: str) -> str:
    match = _PARTICLE.search(text)
    return _SAME.get(match.group(), match.group()) if match else ""


def _bare(text: str) -> str:
    return " ".join(_PARTICLE.sub("", unit) for unit in text.split())


def _within(short: str, long: str) -> bool:
    """Whether the letters of one stand in the other in their order, as those of an abbreviation do."""
    letters = iter(long)
    return all(letter in letters for letter in short)


def _key(case: Case, unit: str) -> str:
    return "+".join(case.lexical.stems(unit)) or unit.casefold()


def _other(case: Case, told: str, held: str, line: Words) -> bool:
    """Whether two runs of words are nouns that nothing says are the same."""
    language = line.language
    if _verbal(told, language) or _verbal(held, language):
        return False
    new = _lacking(case, told, case.evidence, language)
    old = _lacking(case, held, (case.sentence,), language)
    return bool(new and old)


def _verbal(text: str, language: Language) -> bool:
    if language == "ko":
        return any(bool(_VERB_KO.search(unit)) for unit in text.split())
    return bool(gate_words("en").past.search(text) or re.search(r"\b(?:is|are|to|it|they|he|she)\b|ing\b", text))


def _lacking(case: Case, text: str, evidence: Sequence[Words], language: Language) -> list[str]:
    words = case.lexical.words(text, language)
    return [
        word.text
        for word in words.words
        if not word.light and not word.verbal and case.lexical.covers(evidence, word.text, language) is False
    ]
