from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.numberwords import find_number_words
from civicbot.language.numerals import plain

ONES = (
    " one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split(" ")
TENS = "  twenty thirty forty fifty sixty seventy eighty ninety".split(" ")
DIGITS = " 일이삼사오육칠팔구"


def words(text: str) -> list[str]:
    return [n.fraction or plain(n.value or Decimal(0)) for n in find_number_words(text)]


def english(number: int) -> str:
    if number >= 1000:
        rest = f" {english(number % 1000)}" if number % 1000 else ""
        return f"{english(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" and {english(number % 100)}" if number % 100 else ""
        return f"{ONES[number // 100]} hundred{rest}"
    if number >= 20:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    return ONES[number]


def sino(number: int) -> str:
    text = ""
    for unit, power in (("조", 12), ("억", 8), ("만", 4), ("", 0)):
        group, number = divmod(number, 10**power)
        if not group:
            continue
        for small, digit in zip(["천", "백", "십", ""], f"{group:04d}", strict=True):
            if digit != "0":
                text += (DIGITS[int(digit)].strip() if digit != "1" or not small else "") + small
        text += unit
    return text


@given(st.integers(2, 999_999))
def test_english_number_words(number: int) -> None:
    assert words(f"It has {english(number)} seats.") == [str(number)]
    assert words(f"{english(number).title()} people") == [str(number)]


@given(st.integers(2, 9_999))
def test_korean_amounts_in_words(number: int) -> None:
    assert words(f"예산은 {sino(number * 10**8)} 원") == [str(number * 10**8)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("half a million won", ["500000"]),
        ("one and a half trillion won", ["1500000000000"]),
        ("a billion won, a hundred people", ["1000000000", "100"]),
        ("a five-year plan of twenty five cities", ["5", "25"]),
        # The longer notation comes first; what takes the text is decided among all of them.
        ("two-thirds of it, a third of them", ["2/3", "1/3", "2"]),
        ("두 차례, 세 배, 열여덟 명, 스무 곳", ["2", "3", "18", "20"]),
        ("두 도시와 다섯 갈래", ["2", "5"]),
        ("세명, 네번", ["3", "4"]),
        ("삼조 오천억 원", ["3500000000000"]),
        ("백만 원", ["1000000"]),
    ],
)
def test_number_words(text: str, values: list[str]) -> None:
    assert words(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "one of them",
        "several hundred, hundreds of millions, a few thousand",
        "often, tension, weight, stone",
        "a third company, a quarter later",
        "세 부담이 큽니다",
        "네, 맞습니다",
        "열 관리",
        "한두 곳, 두세 곳",
        "모두 광주에서",
        "수백만 원, 몇 백만 원",
        "이사 만 원",
        "한 곳",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert words(text) == []
