"""What stands before and behind a place in the same sentence, and what the words there say."""

from __future__ import annotations

import re

from civicbot.language.personal.words import words

_SENTENCE_END = re.compile(
    r"(?<!\b[TtNn]el)(?<!\b[Nn]o)(?<!\bM[rs])(?<!\bMrs)(?<!\bDr)(?<!\b[Aa]pt)(?<!\d)[.?!。]\s|[?!]\s|\n"
)
_BEFORE, _AFTER = 40, 14
_SENTENCE = 70
_AT_HOME = re.compile(r"\b(?:lives?|living|resides?|home|house|flat|my|our|mine)\b", re.IGNORECASE)
# "시청에서 전화 주세요": who is to call, not whose number it is.
_ACTING = re.compile(r"\s?(?:에서|에게|한테|에(?!\s?있)|으로|로|직원|담당자|공무원)")


def before(text: str, place: int, most: int = _BEFORE) -> str:
    """The same sentence's text before a place."""
    piece = text[max(0, place - most) : place]
    ends = [match.end() for match in _SENTENCE_END.finditer(piece)]
    return piece[ends[-1] :] if ends else piece


def after(text: str, place: int, most: int = _AFTER) -> str:
    """The same sentence's text behind a place."""
    piece = text[place : place + most]
    end = _SENTENCE_END.search(piece)
    return piece[: end.start()] if end else piece


def said_before(pattern: re.Pattern[str], text: str, place: int, most: int) -> bool:
    """Whether a cue stands at most ``most`` letters before a place, in the same sentence."""
    return pattern.search(before(text, place, most)) is not None


def said_around(pattern: re.Pattern[str], text: str, start: int, end: int, most: int) -> bool:
    """Whether a cue stands before or behind a span."""
    return said_before(pattern, text, start, most) or pattern.search(after(text, end, most)) is not None


def is_official(text: str, start: int, end: int) -> bool:
    """Whether the words around say that a number is a public office's and not the speaker's.

    Of a word for an office and one for oneself before it, the nearer one decides. A school or a hospital may be
    anybody's: it counts where nobody speaks of themselves.
    """
    known = words()
    if known.call_back.match(text, end):
        return False
    ahead, behind = before(text, start), after(text, end)
    office, own = _last(known.official, ahead), _last(known.own, ahead)
    if office >= 0 or own >= 0:
        return office > own
    if known.workplace.search(ahead):
        return known.own.search(after(text, end, _BEFORE)) is None
    return _told_behind(known.official, behind)


def is_public_place(text: str, start: int, end: int) -> bool:
    """Whether the words right before or behind a Korean address name a place that everybody may know."""
    known = words()
    if known.send_to.match(text, end):
        return False
    ahead, behind = before(text, start), after(text, end)
    return known.place_before.search(ahead) is not None or known.place_behind.match(behind) is not None


def is_public_place_en(text: str, start: int, end: int) -> bool:
    """Whether an English sentence with an address speaks of a place that everybody may know, and not of oneself."""
    known = words()
    ahead, behind = before(text, start, _SENTENCE), after(text, end, _BEFORE)
    if _AT_HOME.search(ahead) or _AT_HOME.search(behind) or known.send_to.match(text, end):
        return False
    place = max(_last(known.official, ahead), _last(known.place, ahead))
    if place > _last(known.own, ahead):
        return True
    return known.own.search(ahead) is None and any(p.search(behind) for p in (known.official, known.place))


def _told_behind(pattern: re.Pattern[str], behind: str) -> bool:
    told = pattern.search(behind)
    return told is not None and _ACTING.match(behind, told.end()) is None and "앞" not in behind[: told.start()]


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)
