"""Numbers as Korean and English write them: 조/억/만, million/billion, number words, fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal

NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
# Amounts have some twenty digits; the rest is room for nonsense, which must not raise.
_EXACT = Context(prec=60, Emax=10**15, Emin=-(10**15), traps=[])

_BIG = {"경": 16, "조": 12, "억": 8, "만": 4, "": 0}
_SMALL = {"천": 3, "백": 2, "십": 1, "": 0}
_SCALES = {
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
_PART = re.compile(
    rf"(?P<number>{NUMBER})(?:(?P<small>[천백])(?:\s?(?P<big>[경조억만]))?|(?P<only>[경조억만])|"
    rf"\s(?P<apart>[천백]?[경조억만]|천)(?=원|여|명|개|장|대|달러|[^가-힣]|$)){_NO_WORD}"
)
_TAIL = re.compile(rf"(?P<blank>\s?)(?P<number>{NUMBER})(?![0-9.,%:/-]*[0-9%])(?!\s*(?:년|월|일|시(?!간)|분|차|위|호|%|퍼))")
# "제3조", "헌법 10조", "3조 2항" are articles, "2인 1조" is a team of two.
_ARTICLE_BEFORE = re.compile(r"(?:제\s?|(?:법|령|조례|규칙|헌법|규정)\s?|인\s?)$")
_ARTICLE_AFTER = re.compile(r"(?:의\s?[0-9]|\s?(?:제\s?)?[0-9]+\s?항)")

_ONES = {word: n for n, word in enumerate("one two three four five six seven eight nine".split(), start=1)}
_TEENS = {
    word: n
    for n, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=10
    )
}
_TENS = {w: n for n, w in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)}
_WORDS = {**_ONES, **_TEENS, **_TENS, "a": 1, "an": 1}
_SCALE_WORDS = "thousand|million|billion|trillion|quadrillion"
_ONE = "|".join(_ONES)
_BELOW_100 = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{_ONE}))?|{'|'.join(_TEENS)}|{_ONE})"
_BELOW_1000 = rf"(?:(?:an?|{_ONE})[\s-]hundred(?:\s(?:and\s)?{_BELOW_100})?|{_BELOW_100})"
_ENGLISH_WORDS = re.compile(
    rf"\b(?:(?P<halved>half\sa)[\s-](?P<halfscale>{_SCALE_WORDS})|"
    rf"(?P<thousands>{_BELOW_1000})\sthousand(?:\sand)?\s(?P<rest>{_BELOW_1000})|"
    rf"(?P<whole>{_BELOW_1000})(?P<half>[\s-]and[\s-]a[\s-]half)?(?:[\s-](?P<scale>{_SCALE_WORDS}))?|"
    rf"an?[\s-](?P<bare>{_SCALE_WORDS}))\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(rf"(?P<number>{NUMBER})(?:[\s-]|(?=[bmt]n\b))?(?P<scale>{'|'.join(_SCALES)})\b", re.IGNORECASE)

_NATIVE = {
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
    "열": 10,
    **{"열" + word: 10 + n for n, word in enumerate("한 두 세 네 다섯 여섯 일곱 여덟 아홉".split(), start=1)},
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
}
_COUNTERS = (
    "명|곳|개|번|차례|가지|배|대|팀|종|건|달|해|사람|살|채|기관|기업|회사|도시|지역|사업|축|분야|자치구|후보|시간|주|편|층|권역|단계"
)
_NATIVE_WORDS = re.compile(
    rf"(?<![가-힣])(?P<word>{'|'.join(sorted(_NATIVE, key=len, reverse=True))})(?:\s?(?={_COUNTERS})|(?<=[두섯곱덟홉])\s(?=[가-힣]))"
)
_SINO = {word: n for n, word in enumerate("일이삼사오육칠팔구", start=1)}
_SINO_WORDS = re.compile(
    r"(?<![가-힣0-9])(?<!몇 )(?<!수 )(?P<word>(?=[일이삼사오육칠팔구십백천]*[만억조])[일이삼사오육칠팔구십백천만억조]{2,}"
    r"(?:(?<=[만억조])\s[일이삼사오육칠팔구십백천]+[만억])*)(?=\s?(?:원|명|달러)(?![가-힣]*[칙인]))"
)
_FRACTIONS = (
    re.compile(r"(?<![0-9])(?P<den>[0-9]{1,2})\s?분의\s?(?P<num>[0-9]{1,2})(?![0-9])"),
    re.compile(r"(?<![0-9/.,])(?P<num>[1-9])/(?P<den>[1-9]|10)(?![0-9/.])(?!\s*분기)"),
    re.compile(
        rf"\b(?P<numword>an?|{_ONE})[\s-](?P<denword>third|quarter|fifth|sixth|seventh|eighth|tenth)s?\b"
        r"(?=\s+of\b|\s+(?:more|less|fewer)\b|\s*[.,;)]|-)",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<sign>[½⅓⅔¼¾])"),
)
_DENOMINATORS = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
_SIGNS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
# Words that may be numbers or may not ("one of them", "first of all"); what they may mean.
_IMPLIED = (
    (re.compile(r"\b(?:one|single|once)\b", re.IGNORECASE), "1"),
    *(
        (re.compile(rf"\b{word}\b", re.IGNORECASE), str(n))
        for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
    ),
    (re.compile(r"\b(?:half|halve[sd]?)\b|절반", re.IGNORECASE), "1/2"),
    (re.compile(r"\b(?:both|twice|doubled?|doubles|pair)\b|둘", re.IGNORECASE), "2"),
    (re.compile(r"\b(?:triple[sd]?|threefold)\b|셋", re.IGNORECASE), "3"),
    (re.compile(r"(?<![가-힣])(?:한|하나|첫|첫째)(?![가-힣]{3})|유일|초대\s"), "1"),
)


@dataclass(frozen=True)
class Numeral:
    """A number in words or with units; ``value`` None stands for a fraction, whose text is ``fraction``."""

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
    """Fractions and numbers with units or in words, the longer notations first; spans of different ones may overlap."""
    yield from _fractions(text)
    yield from _korean(text)
    for match in _SINO_WORDS.finditer(text):
        yield Numeral(_sino(match["word"]), *match.span("word"))
    for match in _ENGLISH.finditer(text):
        if match.start() == 0 or not re.match(r"[A-Za-z0-9.]", text[match.start() - 1]):
            yield Numeral(scaled(decimal(match["number"]), _SCALES[match["scale"].lower()]), *match.span())
    for match in _ENGLISH_WORDS.finditer(text):
        if (value := _english(match)) is not None:
            yield Numeral(value, *match.span())
    for match in _NATIVE_WORDS.finditer(text):
        yield Numeral(Decimal(_NATIVE[match["word"]]), *match.span("word"))


def implied_values(text: str) -> set[str]:
    """Values that ordinals and words such as "one", "half" or "both" may stand for."""
    return {value for pattern, value in _IMPLIED if pattern.search(text)}


def scale_of(unit: str) -> int:
    """The power of ten of a Korean unit (``천만``) or an English scale word."""
    if unit.lower() in _SCALES:
        return _SCALES[unit.lower()]
    return sum(_BIG.get(letter, _SMALL.get(letter, 0)) for letter in unit)


def scaled(value: Decimal, power: int) -> Decimal:
    """``value`` times ten to ``power``."""
    return _EXACT.scaleb(value, power)


def _fractions(text: str) -> Iterator[Numeral]:
    for pattern in _FRACTIONS:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            if sign := groups.get("sign"):
                yield Numeral(None, *match.span(), fraction=_SIGNS[sign])
                continue
            top = int(groups["num"]) if groups.get("num") else _WORDS[groups["numword"].lower()]
            bottom = int(groups["den"]) if groups.get("den") else _DENOMINATORS[groups["denword"].lower()]
            if top < bottom:
                yield Numeral(None, *match.span(), fraction=f"{top}/{bottom}")


def _korean(text: str) -> Iterator[Numeral]:
    position = 0
    while match := _PART.search(text, position):
        position = match.end()
        if _named(text, match):
            continue
        total, section, end, last_big = Decimal(0), Decimal(0), match.start(), 20
        part: re.Match[str] | None = match
        while part is not None:
            small, big = _units(part)
            if big and big >= last_big:
                break
            section = _EXACT.add(section, scaled(decimal(part["number"]), small))
            if big:
                total, section, last_big = _EXACT.add(total, scaled(section, big)), Decimal(0), big
            end = part.end()
            following = re.compile(r"여?\s?").match(text, end)
            part = _PART.match(text, following.end() if following else end)
            if part is not None and section and not small:
                part = None
        limit = 1000 if section else 10**last_big
        tail = _TAIL.match(text, end)
        if tail is not None and _is_tail(tail, limit):
            section, end = _EXACT.add(section, decimal(tail["number"])), tail.end("number")
        position = max(position, end)
        yield Numeral(_EXACT.add(total, section), match.start(), end)


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
    if match.start() and re.match(r"[A-Za-z0-9.,]", text[match.start() - 1]):
        return True
    return match["only"] == "조" and bool(
        _ARTICLE_BEFORE.search(text[max(0, match.start() - 4) : match.start()]) or _ARTICLE_AFTER.match(text, match.end())
    )


def _sino(text: str) -> Decimal:
    total = section = digit = 0
    for letter in text:
        if letter in _SINO:
            digit = _SINO[letter]
        elif letter in "십백천":
            section, digit = section + (digit or 1) * 10 ** _SMALL[letter], 0
        elif letter in "만억조":
            total, section, digit = total + ((section + digit) or 1) * 10 ** _BIG[letter], 0, 0
    return Decimal(total + section + digit)


def _english(match: re.Match[str]) -> Decimal | None:
    if match["halved"]:
        return scaled(Decimal("0.5"), _SCALES[match["halfscale"].lower()])
    if match["bare"]:
        return scaled(Decimal(1), _SCALES[match["bare"].lower()])
    if match["thousands"]:
        return Decimal(_below_1000(match["thousands"]) * 1000 + _below_1000(match["rest"]))
    value = Decimal(_below_1000(match["whole"]))
    if match["half"]:
        value += Decimal("0.5")
    if match["scale"]:
        return scaled(value, _SCALES[match["scale"].lower()])
    # "one" alone is a pronoun as often as a number.
    return None if match["whole"].lower() == "one" and not match["half"] else value


def _below_1000(words: str) -> int:
    hundreds = number = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "hundred":
            hundreds, number = number * 100, 0
        elif word in _WORDS:
            number += _WORDS[word]
    return hundreds + number
