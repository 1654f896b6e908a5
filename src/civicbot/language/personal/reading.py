"""A text as the detectors read it: folded, with spoken digits written out, and each letter's place in the original."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from civicbot.language.cleanup import UNSEEN
from civicbot.language.folding import Folded, fold
from civicbot.language.personal.words import words

DASHES = "\\-\u02d7\u2010-\u2015\u2043\u2212\u2500\u2501~\u223c\u301c\u3161\u1173\u30fc\u4e00\ufe63_"
"""Dashes, and letters that people type for one (ㅡ, ー), as a part of a character class."""
GAP = f"[ \\t\u3000{DASHES}.\u00b7\u2022\u318d\u119e/,]"
"""What may stand between the digits of one number."""
OPAQUE = "\ue000"
"""What a placeholder is read as: no detector takes it for anything."""

Edit = tuple[int, int, str]

_KOREAN = {
    **dict.fromkeys("공영빵", "0"),
    **{letter: str(value) for value, letter in enumerate("일이삼사오육칠팔구", start=1)},
    "륙": "6",
    **{w: str(n) for n, w in enumerate("하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉".split(), start=1)},
}
_ENGLISH = {
    **dict.fromkeys("zero oh o nought".split(), "0"),
    **{w: str(n) for n, w in enumerate("one two three four five six seven eight nine".split(), start=1)},
}
_CIRCLED = {
    "⓪": "0",
    "⓿": "0",
    **{chr(first + n): str(n + 1) for first in (0x2460, 0x2776, 0x2780, 0x278A) for n in range(9)},
}
_SPOKEN = {**_KOREAN, **_ENGLISH, **_CIRCLED}
_TIMES = {"double": 2, "triple": 3}
_SPOKEN_TOKEN = (
    f"(?:{'|'.join(word for word in _KOREAN if len(word) > 1)}|"
    f"[{''.join(letter for letter in (*_KOREAN, *_CIRCLED) if len(letter) == 1)}]|"
    rf"\b(?:{'|'.join((*_ENGLISH, *_TIMES))})\b)"
)
_JOINT = rf"{GAP}{{0,3}}(?:(?:에|의|다시|대시|하이픈|작대기|dash|hyphen|then){GAP}{{0,3}})?"
_LEAST_DIGITS, _LEAST_SPOKEN = 7, 3
_RUN = re.compile(rf"(?:\d|{_SPOKEN_TOKEN})(?:{_JOINT}(?:\d|{_SPOKEN_TOKEN})){{3,}}", re.IGNORECASE)
_TOKEN = re.compile(rf"\d|{_SPOKEN_TOKEN}", re.IGNORECASE)
_HINT = re.compile(rf"{_SPOKEN_TOKEN}{_JOINT}(?:\d{_JOINT})?{_SPOKEN_TOKEN}", re.IGNORECASE)
# "…오육칠팔이에요": the last letter is the verb's and no digit, unless the number would be one too short without it.
_COPULA = re.compile(r"(?:이(?=에요|예요|고|라|며|야|다|요|었|랑|나|란|든|면|니|죠|지|어)|구(?=요(?![가-힣])|여))")
_MOBILE = re.compile(r"01[016789]\d{7}")
_MOBILE_DIGITS, _REGISTRATION_DIGITS = 11, 13
# "O1O-1234-5678"; a vertical bar or a small L for the 1.
_LOOKALIKE = re.compile(
    rf"(?<![A-Za-z0-9])[0Oo][1lI|][016789Oo]{GAP}{{0,3}}[0-9Oo]{{3,4}}{GAP}{{0,3}}[0-9Oo]{{4}}(?![A-Za-z0-9])|"
    r"(?<![A-Za-z0-9])(?=[A-Za-z]?[0-9])[0-9OolI]{6}-[0-9lI][0-9OolI]{6}(?![A-Za-z0-9])"
)
_LIKE = {"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"}
_SINGLES = re.compile(rf"(?<!\d)\d(?:{GAP}{{1,3}}\d(?!\d)){{6,}}")
_DASH_WORD = re.compile(r"(?<=\d)\s?(?:다시|대시|하이픈|dash|hyphen)\s?(?=\d)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_KEYCAP = "\u20e3"


def read(text: str) -> Folded:
    """Reads a text; offsets of the result lead back by :meth:`Folded.span`."""
    view = fold(text)
    view = edited(view, ((m.start(), m.end(), "") for m in UNSEEN.finditer(view.text)))
    if _KEYCAP in view.text:
        view = edited(view, ((m.start(), m.end(), "") for m in re.finditer(_KEYCAP, view.text)))
    if "[" in view.text:
        view = edited(view, ((m.start(), m.end(), OPAQUE) for m in words().placeholder.finditer(view.text)))
    if _HINT.search(view.text):
        view = edited(view, _spoken(view.text))
    if _DIGIT.search(view.text) is None:
        return view
    view = edited(view, ((m.start(), m.end(), "-") for m in _DASH_WORD.finditer(view.text)))
    view = edited(view, _lookalikes(view.text))
    return edited(view, _singles(view.text))


def edited(view: Folded, edits: Iterable[Edit]) -> Folded:
    """The text with replacements, in order and without overlaps; a replacement stands where the replaced stood."""
    pieces: list[str] = []
    edges: list[tuple[int, int]] = []
    done = 0
    for start, end, new in edits:
        pieces += (view.text[done:start], new)
        edges += _edges(view, done, start)
        edges += [view.span(start, end)] * len(new)
        done = end
    if not done:
        return view
    pieces.append(view.text[done:])
    edges += _edges(view, done, len(view.text))
    return Folded("".join(pieces), tuple(edges))


def _edges(view: Folded, start: int, end: int) -> Iterable[tuple[int, int]]:
    return view.edges[start:end] if view.edges is not None else pairwise(range(start, end + 1))


def _spoken(text: str) -> Iterator[Edit]:
    for run in _RUN.finditer(text):
        tokens = list(_TOKEN.finditer(text, *run.span()))
        spoken = [token for token in tokens if not token.group().isdecimal()]
        values = [_value(tokens, place) for place in range(len(tokens))]
        if not spoken or (len(spoken) < _LEAST_SPOKEN and not _MOBILE.match("".join(values))):
            continue
        last = tokens[-1]
        digits = "".join(values)
        if (_COPULA.match(text, last.start()) and not _complete(digits)) or _one_too_many(digits, last.group()):
            tokens.pop()
            values.pop()
        if len("".join(values)) < _LEAST_DIGITS:
            continue
        yield from _written_out(text, tokens, values)


def _value(tokens: list[re.Match[str]], place: int) -> str:
    word = tokens[place].group().lower()
    if word in _TIMES:
        return ""
    digit = _SPOKEN.get(word, word)
    before = tokens[place - 1].group().lower() if place else ""
    return digit * _TIMES.get(before, 1)


def _complete(digits: str) -> bool:
    return len(digits) == (_MOBILE_DIGITS if digits.startswith("01") else _REGISTRATION_DIGITS)


def _one_too_many(digits: str, last: str) -> bool:
    """Whether a number of a known length goes on with a particle ("010-1234-5678이 …")."""
    length = _MOBILE_DIGITS if digits.startswith("01") else _REGISTRATION_DIGITS
    return len(digits) == length + 1 and not last.isdecimal()


def _written_out(text: str, tokens: list[re.Match[str]], values: list[str]) -> Iterator[Edit]:
    end = tokens[0].start()
    for token, value in zip(tokens, values, strict=True):
        joint = text[end : token.start()]
        # "공일공에 일이삼사" has a dash that is spoken.
        if any(letter.isalpha() for letter in joint):
            yield end, token.start(), "-"
        elif joint and not (text[end - 1].isdecimal() or token.group().isdecimal()):
            yield end, token.start(), ""
        if token.group() != value:
            yield token.start(), token.end(), value
        end = token.end()


def _lookalikes(text: str) -> Iterator[Edit]:
    for match in _LOOKALIKE.finditer(text):
        for place in range(*match.span()):
            if text[place] in _LIKE:
                yield place, place + 1, _LIKE[text[place]]


def _singles(text: str) -> Iterator[Edit]:
    """Digits that all stand apart ("0 1 0 1 2 …") come together."""
    for match in _SINGLES.finditer(text):
        for gap in re.finditer(r"[^0-9]+", match.group()):
            yield match.start() + gap.start(), match.start() + gap.end(), ""
