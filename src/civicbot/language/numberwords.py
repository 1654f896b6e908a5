"""Numbers in words, Korean and English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from civicbot.language.numerals import SCALES, Numeral, scale_of, scaled

_ONES = {word: n for n, word in enumerate("one two three four five six seven eight nine".split(), start=1)}
_TEENS = {
    word: n
    for n, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=10
    )
}
_TENS = {
    w: n
    for n, w in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)
}
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
    "명|곳|개|번|차례|가지|배|대|팀|종|건|달|해|사람|살|채|기관|기업|회사|도시|지역|사업|축|분야|자치구|후보|시간|주|편|층|"
    "권역|단계"
)
_NATIVE_WORDS = re.compile(
    rf"(?<![가-힣])(?P<word>{'|'.join(sorted(_NATIVE, key=len, reverse=True))})"
    rf"(?:\s?(?={_COUNTERS})|(?<=[두섯곱덟홉])\s(?=[가-힣]))"
)
_SINO = {word: n for n, word in enumerate("일이삼사오육칠팔구", start=1)}
_SINO_WORDS = re.compile(
    r"(?<![가-힣0-9])(?<!몇 )(?<!수 )"
    r"(?P<word>(?=[일이삼사오육칠팔구십백천]*[만억조])[일이삼사오육칠팔구십백천만억조]{2,}"
    r"(?:(?<=[만억조])\s[일이삼사오육칠팔구십백천]+[만억])*)(?=\s?(?:원|명|달러)(?![가-힣]*[칙인]))"
)
_DENOMINATORS = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "tenth": 10}
# "a third of", "two-thirds."; but "a third company" and "a quarter later" are no fractions.
_FRACTION_WORDS = re.compile(
    rf"\b(?P<top>an?|{_ONE})[\s-](?P<bottom>{'|'.join(_DENOMINATORS)})s?\b"
    r"(?=\s+of\b|\s+(?:more|less|fewer)\b|\s*[.,;)])",
    re.IGNORECASE,
)


def find_number_words(text: str) -> Iterator[Numeral]:
    """Numbers in words ("eighteen", "half a million", "열여덟 명", "삼조 오천억 원", "two-thirds of"), never "one"."""
    for match in _FRACTION_WORDS.finditer(text):
        top, bottom = _WORDS[match["top"].lower()], _DENOMINATORS[match["bottom"].lower()]
        if top < bottom:
            yield Numeral(None, *match.span(), fraction=f"{top}/{bottom}")
    for match in _SINO_WORDS.finditer(text):
        yield Numeral(_sino(match["word"]), *match.span("word"))
    for match in _ENGLISH_WORDS.finditer(text):
        if (value := _english(match)) is not None:
            yield Numeral(value, *match.span())
    for match in _NATIVE_WORDS.finditer(text):
        yield Numeral(Decimal(_NATIVE[match["word"]]), *match.span("word"))


def _sino(text: str) -> Decimal:
    total = section = digit = 0
    for letter in text:
        if letter in _SINO:
            digit = _SINO[letter]
        elif letter in "십백천":
            section, digit = section + (digit or 1) * 10 ** scale_of(letter), 0
        elif letter in "만억조":
            total, section, digit = total + ((section + digit) or 1) * 10 ** scale_of(letter), 0, 0
    return Decimal(total + section + digit)


def _english(match: re.Match[str]) -> Decimal | None:
    if match["halved"]:
        return scaled(Decimal("0.5"), SCALES[match["halfscale"].lower()])
    if match["bare"]:
        return scaled(Decimal(1), SCALES[match["bare"].lower()])
    if match["thousands"]:
        return Decimal(_below_1000(match["thousands"]) * 1000 + _below_1000(match["rest"]))
    value = Decimal(_below_1000(match["whole"]))
    if match["half"]:
        value += Decimal("0.5")
    if match["scale"]:
        return scaled(value, SCALES[match["scale"].lower()])
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
