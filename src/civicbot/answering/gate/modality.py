"""Modality: what is asked for, weighed, planned or foreseen is not told as done or decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum

from civicbot.answering.gate.acts import happened
from civicbot.answering.gate.case import Case, Side
from civicbot.answering.gate.denials import denial
from civicbot.answering.gate.lexical import Word
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.answering.gate.realised import undone, unrealised
from civicbot.answering.gate.words import Pattern, gate_words
from civicbot.model import Language

_MET = 0.4
_BESIDE = 8
_AROUND = 24
"""Characters around a verb in which a mark of the plan may stand."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MARKS = frozenset(
    "plan aim intend promis pledg expect schedul due like want ask propos call request 계획 예정 목표 방침".split()
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|[가-힣]+")
_UNREAL = ("considered", "requested", "planned", "forecast")
# What may stand for what: a plan may be told as expected; what is only weighed stays weighed.
_MAY_BE = {
    "requested": {"requested"},
    "considered": {"considered", "requested"},
    "planned": {"planned", "forecast", "requested", "considered"},
    "forecast": {"forecast", "planned", "considered"},
}


class _Tense(IntEnum):
    """How surely a sentence tells a thing: a Korean present may be a plan, a past may not."""

    OPEN = 0
    PRESENT = 1
    PAST = 2


def wrong_modality(case: Case) -> Iterator[GateFinding]:
    """Where a sentence makes more of a thing than its passages do."""
    found = list(_wrong(case))
    yield from found or [*unrealised(case), *undone(case)]


def _wrong(case: Case) -> Iterator[GateFinding]:
    text, language = case.sentence.text, case.sentence.language
    own = gate_words(language)
    told = _kinds(own.modality, text)
    sides = [side for side in case.sides if side.met >= _MET and side.line in case.meant]
    decided = own.decided.search(text)
    open_ = any(_kinds(gate_words(side.language).certainly, side.text) for side in sides)
    if decided and denial(text, language):
        decided = None
    if decided and open_ and not any(gate_words(line.language).decided.search(line.text) for line in case.lines):
        yield GateFinding(GateRule.MODALITY, decided.group(), decided.span())
        return
    framed = own.frame.search(text) is not None
    if lost := _fewer(case):
        yield GateFinding(GateRule.MODALITY, lost)
        return
    for side in sides:
        plain = _told_plainly(case, side)
        if plain is not None:
            yield GateFinding(GateRule.MODALITY, text[slice(*plain)], plain)
            return
        tense = _Tense.OPEN if told else _tense(case.nearest(side) or text, language)
        if framed and tense is not _Tense.PAST:
            continue
        kind = _lost(case, side, told, tense, plain_present=language == "en")
        if kind:
            match = gate_words(side.language).certainly[kind].search(side.text)
            yield GateFinding(GateRule.MODALITY, match.group().strip() if match else kind)
            return


def _kinds(patterns: dict[str, Pattern], text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in patterns.items() if pattern.search(text))


def _tense(text: str, language: Language) -> _Tense:
    words = gate_words(language)
    if words.nominal.search(text):
        return _Tense.OPEN
    inner = _without_speech(text, words.verb)
    if language == "en":
        return _Tense.PAST if happened(text, language) else _Tense.PRESENT
    if words.past.search(inner):
        return _Tense.PAST
    return _Tense.PRESENT if words.present.search(inner) else _Tense.OPEN


def _without_speech(text: str, verb: Pattern) -> str:
    """A text without its verbs of speech, whose tense is that of the saying."""
    return verb.sub(lambda match: re.split(r"\s", match.group(), maxsplit=1)[0] + "\n", text).replace("\n했습니다", " ")


def _fewer(case: Case) -> str | None:
    """The mark of a plan that a near copy of a passage's sentence leaves out."""
    line = case.copied()
    if line is None:
        return None
    words = gate_words(line.language)
    marks = [m.group().strip() for p in words.certainly.values() for m in p.finditer(line.text)]
    kept, held = (len(_places(words.modality, text)) for text in (case.sentence.text, line.text))
    return marks[-1] if marks and kept < held and happened(case.sentence.text, line.language) else None


def _places(patterns: dict[str, Pattern], text: str) -> set[int]:
    """Where marks of any kind stand; one that may be of two kinds counts once."""
    return {match.start() for pattern in patterns.values() for match in pattern.finditer(text)}


def _told_plainly(case: Case, side: Side) -> tuple[int, int] | None:
    """Where the sentence tells the very act that a passage plans, in the past and without a mark of the plan.

    The act is the word beside the mark: behind it in English ("plans to open"), before it in Korean (열 계획).
    """
    words = gate_words(side.language)
    for pattern in words.certainly.values():
        match = pattern.search(side.text)
        act = _act(case, side, match) if match else None
        if act is None:
            continue
        places = [
            place for place in _WORD.finditer(case.sentence.text) if _same_act(case, act, place.group(), side.language)
        ]
        if places and all(_past(case.sentence.text, place, case.sentence.language) for place in places):
            return places[0].span()
    return None


def _act(case: Case, side: Side, mark: re.Match[str]) -> Word | None:
    if side.language == "en":
        behind = side.text[mark.start() :] if mark.group().endswith(tuple(_LETTERS)) else side.text[mark.end() :]
        found = [w for w in case.lexical.words(behind, "en").words if not w.light and w.text not in _MARKS]
        return found[0] if found and not found[0].name else None
    before = side.text[: mark.start()].split()
    own = case.lexical.words(" ".join((*before[-1:], mark.group().split()[0])), "ko").words
    found = [word for word in own if not word.light and word.text not in _MARKS]
    return found[-1] if found and not found[-1].name else None


def _same_act(case: Case, act: Word, told: str, language: Language) -> bool:
    words = case.lexical.words(told, case.sentence.language)
    return bool(words.words) and case.lexical.covers([words], act.text, language) is True


def _past(text: str, place: re.Match[str], language: Language) -> bool:
    """Whether a verb at a place is told as done: its own form, and nothing around it that says otherwise."""
    words = gate_words(language)
    if not any(told.start <= place.start() < told.end for told in happened(text, language)):
        return False
    around = text[place.start() : place.end() + _AROUND]
    if language == "en":
        around = text[max(0, place.start() - _AROUND) : place.start()] + place.group()
    return not _kinds(words.modality, around)


def _about(case: Case, side: Side, pattern: Pattern) -> bool:
    """Whether the sentence tells what the passage plans or asks for: a word beside the marker stands in it."""
    match = pattern.search(side.text)
    if match is None:
        return False
    near = side.text[match.end() :] if side.language == "en" else side.text[: match.start()]
    words = [word for word in case.lexical.words(near, side.language).words if not word.light]
    nearest = words[:_BESIDE] if side.language == "en" else words[-_BESIDE:]
    verdicts = [case.lexical.covers([case.sentence], word.text, side.language) for word in nearest]
    return not nearest or any(verdict is not False for verdict in verdicts)


def _lost(case: Case, side: Side, told: frozenset[str], tense: _Tense, *, plain_present: bool) -> str | None:
    """What a clause of the passage is, where the sentence does not say so."""
    words = gate_words(side.language)
    kinds = _kinds(words.certainly, side.text)
    if not kinds or (words.decided.search(side.text) and tense is not _Tense.PAST):
        return None
    kinds = frozenset(kind for kind in kinds if _about(case, side, words.certainly[kind]))
    if not kinds:
        return None
    first = next(kind for kind in _UNREAL if kind in kinds)
    if tense is _Tense.PAST or (tense is _Tense.PRESENT and (plain_present or first in ("considered", "requested"))):
        return first
    if not told:
        return None
    if "considered" in kinds:
        return None if told & _MAY_BE["considered"] else first
    return None if any(told & _MAY_BE[kind] for kind in kinds) else first
