"""Numbers in digits as Korean and English write them (조, billion, ½), and words that may stand for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal

# Not from the middle of a longer number: that is wrong, and slow where digits go on and on.
_FRESH = r"(?<![A-Za-z0-9])(?<![0-9][.,])"
NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
# Amounts have some twenty digits; the rest is room for nonsense, which must not raise.
_EXACT = Context(prec=60, Emax=10**15, Emin=-(10**15), traps=[])

_BIG = {"경": 16, "조": 12, "억": 8, "만": 4, "": 0}
_SMALL = {"천": 3, "백": 2, "십": 1, "": 0}
SCALES = {
    "quadrillion": 15,
    "trillion": 12,
    "tn": 12,
    "billion": 9,
    "bn": 9,
    "million": 6,
    "mn": 6,
    "thousand": 3,
    "hundred": 2,
}
# Units that begin another word: 2조직, 3만남, 5천안, 4백신.
_NO_WORD = (
    r"(?:(?<=조)(?![직합건례항각선치사명림율약립])|(?<=억)(?![제울])|(?<=만)(?![남족기료찬])|(?<=천)(?![안연체])|"
    r"(?<=백)(?![신서화운제])|(?<=경))"
)
# A blank before the unit is rare ("5 억 원"), and then the unit must be a word of its own.
_PART_PATTERN = (
    rf"(?P<number>{NUMBER})(?:(?P<small>[천백])(?:\s?(?P<big>[경조억만]))?|(?P<only>[경조억만])|"
    rf"\s(?P<apart>[천백]?[경조억만]|천)(?=원|여|명|개|장|대|달러|[^가-힣]|$)){_NO_WORD}"
)
_PART = re.compile(_FRESH + _PART_PATTERN)
_NEXT_PART = re.compile(rf"여?\s?{_PART_PATTERN}")
_TAIL = re.compile(
    rf"(?P<blank>\s?)(?P<number>{NUMBER})(?![0-9.,%:/-]*[0-9%])(?!\s*(?:년|월|일|시(?!간)|분|차|위|호|%|퍼))"
)
# "제3조", "헌법 10조", "3조 2항" are articles, "2인 1조" is a team of two.
_ARTICLE_BEFORE = re.compile(r"(?:제\s?|(?:법|령|조례|규칙|헌법|규정)\s?|인\s?)$")
_ARTICLE_AFTER = re.compile(r"(?:의\s?[0-9]|\s?(?:제\s?)?[0-9]+\s?항)")

_ENGLISH = re.compile(
    rf"{_FRESH}(?P<number>{NUMBER})(?:[\s-]|(?=[bmt]n\b))?(?P<scale>{'|'.join(SCALES)})\b", re.IGNORECASE
)

_FRACTIONS = (
    re.compile(r"(?<![0-9])(?P<den>[0-9]{1,2})\s?분의\s?(?P<num>[0-9]{1,2})(?![0-9])"),
    re.compile(r"(?<![0-9/.,])(?P<num>[1-9])/(?P<den>[1-9]|10)(?![0-9/.])(?!\s*분기)"),
)
_SIGNS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
# Words that may be numbers or may not ("one of them", "first of all"); what they may mean.
_IMPLIED = (
    (re.compile(r"\b(?:one|single|once|per|each|every|daily|weekly|monthly)\b", re.IGNORECASE), "1"),
    *(
        (re.compile(rf"\b{word}\b", re.IGNORECASE), str(n))
        for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
    ),
    (re.compile(r"\b(?:half|halve[sd]?)\b|절반", re.IGNORECASE), "1/2"),
    (re.compile(r"\b(?:both|twice|doubled?|doubles|pair)\b|둘", re.IGNORECASE), "2"),
    (re.compile(r"\b(?:triple[sd]?|threefold)\b|셋", re.IGNORECASE), "3"),
    (re.compile(r"(?<![가-힣])(?:하나|(?:한|첫)(?=\s|곳|명|번|개|가지|차례|회|째))|유일|초대\s"), "1"),
)


@dataclass(frozen=True)
class Numeral:
    """A number in words or with units; one without ``value`` is the fraction ``fraction`` (``2/3``)."""

    value: Decimal | None
    start: int
    end: int
    fraction: str = ""


def decimal(text: str) -> Decimal:
    """The number behind digits with or without thousands separators."""
    return _EXACT.create_decimal(text.replace(",", ""))


def plain(value: Decimal) -> str:
    """Decimal digits without separators, exponent or trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def find_numerals(text: str) -> Iterator[Numeral]:
    """Fractions and numbers with units (조, billion), each notation in order."""
    yield from _fractions(text)
    yield from _korean(text)
    for match in _ENGLISH.finditer(text):
        yield Numeral(scaled(decimal(match["number"]), SCALES[match["scale"].lower()]), *match.span())


def implied_values(text: str) -> set[str]:
    """Values that ordinals and words such as "one", "half" or "both" may stand for."""
    return {value for pattern, value in _IMPLIED if pattern.search(text)}


def scale_of(unit: str) -> int:
    """The power of ten of a Korean unit (``천만``) or an English scale word."""
    if unit.lower() in SCALES:
        return SCALES[unit.lower()]
    return sum(_BIG.get(letter, _SMALL.get(letter, 0)) for letter in unit)


def scaled(value: Decimal, power: int) -> Decimal:
    """``value`` times ten to ``power``."""
    return _EXACT.scaleb(value, power)


def _fractions(text: str) -> Iterator[Numeral]:
    for pattern in _FRACTIONS:
        for match in pattern.finditer(text):
            if int(match["num"]) < int(match["den"]):
                yield Numeral(None, *match.span(), fraction=f"{int(match['num'])}/{int(match['den'])}")
    for index, letter in enumerate(text):
        if letter in _SIGNS:
            yield Numeral(None, index, index + 1, fraction=_SIGNS[letter])


def _korean(text: str) -> Iterator[Numeral]:
    position = 0
    while match := _PART.search(text, position):
        position = match.end()
        if _named(text, match):
            continue
        numeral = _amount(text, match)
        position = max(position, numeral.end)
        yield numeral


def _amount(text: str, first: re.Match[str]) -> Numeral:
    """The amount that begins with a part: "3천5백만" is (3천 + 5백) 만, "1조 5000억" is 1조 + 5000억."""
    total, section, end = Decimal(0), Decimal(0), first.end()
    # Powers of ten that the next part of the amount, and of the section before its 만, 억 or 조, must stay below.
    below, below_in_section = 20, 20
    part: re.Match[str] | None = first
    while part is not None:
        small, big = _units(part)
        value = scaled(decimal(part["number"]), small)
        if (big and big >= below) or (section and value >= 10**below_in_section):
            break
        section, below_in_section, end = _EXACT.add(section, value), small, part.end()
        if big:
            total, section, below = _EXACT.add(total, scaled(section, big)), Decimal(0), big
        part = _NEXT_PART.match(text, end)
    limit = 10 ** (below_in_section if section else below)
    tail = _TAIL.match(text, end)
    if tail is not None and _is_tail(tail, limit):
        section, end = _EXACT.add(section, decimal(tail["number"])), tail.end("number")
    return Numeral(_EXACT.add(total, section), first.start(), end)


def _units(part: re.Match[str]) -> tuple[int, int]:
    """Powers of ten within the section and of the section; 천만 is 3 and 4."""
    unit = part["apart"] or (part["small"] or "") + (part["big"] or part["only"] or "")
    return sum(_SMALL.get(letter, 0) for letter in unit), sum(_BIG.get(letter, 0) for letter in unit)


def _is_tail(tail: re.Match[str], limit: int) -> bool:
    number = decimal(tail["number"])
    if number >= limit or number != number.to_integral_value():
        return False
    # "5억 3개 사업" are two numbers; behind 만 and 천 ("1만 5000장") the blank may be one of ours.
    return limit <= 10**4 or not tail["blank"]


def _named(text: str, match: re.Match[str]) -> bool:
    return match["only"] == "조" and bool(
        _ARTICLE_BEFORE.search(text[max(0, match.start() - 4) : match.start()])
        or _ARTICLE_AFTER.match(text, match.end())
    )
