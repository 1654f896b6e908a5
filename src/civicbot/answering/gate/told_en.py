"""Acts of an English text, by its auxiliaries and the forms of its verbs; roughly, since no parser reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.answering.gate.told import State, Told, named
from civicbot.answering.gate.words import gate_words

_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
_ED = re.compile(r"[a-z]{2,}ed$")
_IRREGULAR = re.compile(
    r"(?:held|met|took|gave|left|went|came|ran|rose|fell|grew|built|sent|kept|lost|led|brought|became|saw|drew|spent|sold|"
    r"got|began|broke|split|won|cut|sat|taught|paid|rated|hosted|given|taken|done|begun|grown|fallen|risen|drawn|chosen)$"
)
_BEFORE = 40
"""Characters before a verb in which its auxiliaries stand."""
_ADVERBS = r"(?:\w+ly\s|also\s|not\s|already\s|now\s|still\s|soon\s|first\s|then\s|since\s|be\s|have\s|been\s)*$"
_UNREAL = re.compile(
    r"(?:\b(?:not|never|will|would|to|could|may|might|can|should|must|shall|be|cannot|let|helps?)|n['’]t)\s" + _ADVERBS,
    re.IGNORECASE,
)
_PRESENT = re.compile(r"\b(?:is|are|being|am)\s(?:\w+ly\s|not\s|now\s|also\s|still\s)*$", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(?:was|were|has|have|had|been|already)\s" + _ADVERBS, re.IGNORECASE)
# A participle before its noun ("the merged city") or after one ("by the city") tells no act.
_ATTRIBUTE = re.compile(
    r"(?:\b(?:the|an?|its|their|his|her|this|that|these|those|of|for|with|more|most|as|when|if|once|newly|"
    r"(?<![0-9])[0-9]{1,3})|-|,)\s?$",
    re.IGNORECASE,
)
_REDUCED = (" by ", " in the ")
_ING = re.compile(r"\b(?:is|are|been|now)\s(?:\w+ly\s|already\s|now\s)*(?P<verb>[a-z]+ing)\b", re.IGNORECASE)
_UNSURE = re.compile(r"\b(?:whether|if|when|once)\b|\b(?:not|never)\s(?:\w+\s){0,2}$", re.IGNORECASE)
_PHRASAL = re.compile(r"(?:passed on|settled in|set as|put at|issued as|named as|built on|founded on)\b", re.IGNORECASE)
# "to be developed and tried out", "and merged companies": no acts of their own.
_JOINED = re.compile(r"\b(?:to|will|would|be)\s[^,;.]{1,25}\s(?:and|or)\s$", re.IGNORECASE)
_OBJECT = re.compile(r"\s(?:the|an?|its|their|two|three|four|five|[0-9]|[A-Z]|on|to|up|out|down)")
_CURRENCY = re.compile(r"(?:illion|[0-9,.]+)\s$")
_BARE = frozenset({"start", "open", "run", "begin"})


def english_acts(text: str, *, framed: bool) -> Iterator[Told]:
    """All acts of a text, verbs of reporting left out.

    Args:
        text: the text.
        framed: whether it tells of a plan: what it then only names is not done.
    """
    reporting = gate_words("en").reporting
    for word in _WORD.finditer(text):
        told = word.group().lower()
        names = named(told, "any")
        if not _currency(text, word) and (names or (_past(told) and not reporting.match(told))):
            yield Told(names, word.group(), *word.span(), _state(text, word, framed=framed))


def english_happened(text: str) -> Iterator[Told]:
    """The acts that a text tells as done or going on, by a finite verb."""
    known = gate_words("en")
    for word in _WORD.finditer(text):
        told = word.group().lower()
        if known.reporting.match(told) or known.stative.match(told) or not _finite(text, word):
            continue
        names = named(told, "done")
        if not names and _IRREGULAR.match(told) and _AUXILIARY.search(_before(text, word)):
            yield Told(named(told, "any"), word.group(), *word.span(), State.DONE)
        elif names or _ED.match(told):
            yield Told(names, word.group(), *word.span(), State.DONE)
    for match in _ING.finditer(text):
        names = named(match["verb"], "any")
        if names and not known.reporting.match(match["verb"].lower()):
            yield Told(names, match["verb"], *match.span("verb"), State.DONE, going_on=True)


def _finite(text: str, word: re.Match[str]) -> bool:
    """Whether a past form is the verb of a clause, and tells what was."""
    before = _before(text, word)
    if _currency(text, word) or not before.strip() or _UNREAL.search(before) or _PRESENT.search(before):
        return False
    if not _AUXILIARY.search(before) and (_ATTRIBUTE.search(before) or text.startswith(_REDUCED, word.end())):
        return False
    if before.endswith((" and ", " or ")) and (_JOINED.search(before) or not _OBJECT.match(text, word.end())):
        return False
    return not (_UNSURE.search(before) or _PHRASAL.match(text, word.start()))


def _state(text: str, word: re.Match[str], *, framed: bool) -> State:
    before, told = _before(text, word), word.group().lower()
    if _UNREAL.search(before):
        return State.UNREAL
    if _PRESENT.search(before):
        return State.PRESENT
    if _past(told) or named(told, "done"):
        return State.DONE
    if framed:
        return State.UNREAL
    return State.PRESENT if told.endswith("s") or told in _BARE else State.NAMED


def _past(told: str) -> bool:
    return bool(_ED.match(told) or _IRREGULAR.match(told))


def _before(text: str, word: re.Match[str]) -> str:
    return text[max(0, word.start() - _BEFORE) : word.start()]


def _currency(text: str, word: re.Match[str]) -> bool:
    return word.group() == "won" and bool(_CURRENCY.search(_before(text, word)))
