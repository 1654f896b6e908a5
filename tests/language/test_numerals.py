from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.numerals import decimal, find_numerals, implied_values, plain, scale_of, scaled


def numerals(text: str) -> list[str]:
    return [n.fraction or plain(n.value or Decimal(0)) for n in find_numerals(text)]


def korean(number: int, blank: str = " ") -> str:
    """A number in groups of 조, 억 and 만, as Korean writes it."""
    groups = []
    for unit, power in (("조", 12), ("억", 8), ("만", 4), ("", 0)):
        group, number = divmod(number, 10**power)
        if group:
            groups.append(f"{group}{unit}")
    return blank.join(groups)


@given(st.integers(10**4, 10**16 - 1), st.sampled_from(["", " "]))
def test_korean_groups(number: int, blank: str) -> None:
    # A rest below 만 stands apart from 억 and 조 only without a blank: "5억 3개" are two numbers.
    number -= number % 10**4 if blank and not number // 10**4 % 10**4 else 0
    assert numerals(f"{korean(number, blank)} 원") == [str(number)]


@given(st.integers(1, 999), st.sampled_from([("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)]))
def test_english_scales(number: int, scale: tuple[str, int]) -> None:
    word, power = scale
    for text in (f"{number} {word} won", f"{number}-{word}-won", f"about {number}.0 {word.title()}s"[:-1]):
        assert numerals(text) == [str(number * 10**power)], text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.5조", ["1500000000000"]),
        ("1조5천억", ["1500000000000"]),
        ("3천5백만 원", ["35000000"]),
        ("2천5백억 원", ["250000000000"]),
        ("3천 500만 원", ["35000000"]),
        ("1백50만", ["1500000"]),
        ("5천만 원과 3만 명", ["50000000", "30000"]),
        ("1만 5000장", ["15000"]),
        ("1만5,000", ["15000"]),
        ("5천 300명", ["5300"]),
        ("1억 500만여 명", ["105000000"]),
        ("30만여 명, 3천여 명", ["300000", "3000"]),
        ("20 조 원", ["20000000000000"]),
        ("8경 8500조", ["88500000000000000"]),
        ("3억 5억", ["300000000", "500000000"]),
        ("5억 3개", ["500000000"]),
        ("3만 2026년", ["30000"]),
        ("1.5tn, 5bn, 3 mn", ["1500000000000", "5000000000", "3000000"]),
        ("3분의 2", ["2/3"]),
        ("3/4, ½, 24/7", ["3/4", "1/2"]),
    ],
)
def test_notations(text: str, values: list[str]) -> None:
    assert numerals(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "제3조",
        "헌법 10조",
        "3조 2항",
        "3조의2",
        "2인 1조",
        "2조직",
        "4만남",
        "5천안",
        "6백신",
        "수백억 원",
        "몇 만 명",
        "H100 million-bit",
    ],
)
def test_what_is_no_amount(text: str) -> None:
    assert numerals(text) == []


def test_spans_stand_in_the_text() -> None:
    text = "사업비는 163억 8000만 원, 국비는 40억여 원입니다."
    assert [text[n.start : n.end] for n in find_numerals(text)] == ["163억 8000만", "40억"]


def test_numbers_of_any_length_are_written_plainly() -> None:
    assert plain(decimal("1,234,500.50")) == "1234500.5"
    assert plain(decimal("007")) == "7"
    assert plain(decimal("0.00")) == "0"
    assert len(plain(scaled(decimal("9" * 5000), 12))) > 5000
    assert (scale_of("천만"), scale_of("Billion"), scale_of("조")) == (7, 9, 12)


def test_words_that_may_be_a_number() -> None:
    assert implied_values("The first half was one of both") == {"1", "1/2", "2"}
    assert implied_values("한 곳") == implied_values("첫 회의") == {"1"}
    assert implied_values("한국은 넓습니다") == set()
