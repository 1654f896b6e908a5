"""Denials: what exactly a negation denies, so that two denials of the same thing are known wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civicbot.answering.gate.case import Case, Side
from civicbot.answering.gate.clauses import clauses
from civicbot.answering.gate.lexical import Word, Words
from civicbot.answering.gate.words import gate_words
from civicbot.model import Language

_NOUN_KO = re.compile(r"^(?:없|아니|아닙|아닌)$")
_NOUN_EN = re.compile(r"^(?:no|without)$", re.IGNORECASE)
_BESIDE = 3
"""Words beside a negation that it may deny: behind it in English, before it in Korean."""
# "gives no date", "내용이 없다": what is denied is that there is such a thing.
_THING = re.compile(r"[가-힣A-Za-z)](?:이|가|은|는|도)\s$")
_THINGS = 2
"""Words that name such a thing."""
_NOTHING = re.compile(r"^(?:no|none|never any|without|없)$", re.IGNORECASE)


def denial(text: str, language: Language) -> re.Match[str] | None:
    """The first negation of a text that says more than "only"."""
    words = gate_words(language)
    plain = words.only.sub(lambda match: " " * len(match.group()), text)
    return words.negation.search(plain)


def denies(text: str, language: Language) -> bool:
    """Whether a text has a negation, or a word that may be read as one."""
    words = gate_words(language)
    return bool(words.negation.search(text) or words.doubtful.search(text))


def shared(case: Case, clause: str, match: re.Match[str]) -> bool:
    """Whether a passage denies what a negation of the sentence does: some word beside both is the same."""
    mine = _denied(case, clause, match, case.sentence.language)
    return any(_same(case, mine, read) for side in case.sides for read in _all_denied(case, side.text, side.language))


def told_elsewhere(case: Case, side: Side, match: re.Match[str]) -> bool:
    """Whether some clause of the sentence denies what a negation of a passage does."""
    theirs = _denied(case, side.text, match, side.language)
    own = case.sentence.language
    return any(_same(case, read, theirs) for clause in case.clauses for read in _all_denied(case, clause.text, own))


def told_of(case: Case, side: Side, match: re.Match[str]) -> str | None:
    """The words of the sentence that tell, in a clause without a denial, a thing that a passage says is not there."""
    thing = _NOUN_KO if side.language == "ko" else _NOUN_EN
    if not thing.match(match.group().strip()) or (
        side.language == "ko" and not _THING.search(side.text[: match.start()])
    ):
        return None
    near = side.text[: match.start()].split()[-1:] if side.language == "ko" else side.text[match.end() :].split()[:1]
    denied = case.lexical.words(" ".join(near), side.language)
    if any(word.name for word in denied.words) or denied.keys:
        return None
    language = case.sentence.language
    for clause in case.clauses:
        told = case.lexical.words(clause.text, language)
        for word in told.words if not denies(clause.text, language) else ():
            if not word.light and not word.name and case.lexical.covers([denied], word.text, language) is True:
                return word.text
    return None


def without_object(case: Case, side: Side, match: re.Match[str]) -> bool:
    """Whether a passage says that there is no such thing as the sentence does not speak of ("shows no date")."""
    if not _NOTHING.match(match.group().strip()):
        return False
    if side.language == "ko" and not _THING.search(side.text[: match.start()]):
        return False
    words = _denied(case, side.text, match, side.language).words
    near = words[:_THINGS] if side.language == "en" else words[-_THINGS:]
    return bool(near) and all(_untold(case, word, side.language) for word in near)


def _same(case: Case, mine: Words, theirs: Words) -> bool:
    told = [word for word in mine.words if not word.light]
    return any(case.lexical.covers([theirs], word.text, case.sentence.language) is True for word in told)


def _untold(case: Case, word: Word, language: Language) -> bool:
    return case.lexical.covers([case.sentence], word.text, language) is False


def _all_denied(case: Case, text: str, language: Language) -> Sequence[Words]:
    """The words beside each negation of a text."""
    return [
        _denied(case, clause.text, match, language)
        for clause in clauses(text, language)
        for match in gate_words(language).negation.finditer(clause.text)
    ]


def _denied(case: Case, text: str, match: re.Match[str], language: Language) -> Words:
    if language == "en":
        near = " ".join(text[match.end() :].split()[: _BESIDE + 1])
    else:
        near = " ".join(text[: match.start()].split()[-_BESIDE + 1 :])
    return case.lexical.words(near, language)
