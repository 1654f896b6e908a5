import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.dates import find_dates, refines

DATES = st.dates(date(1990, 1, 1), date(2049, 12, 31))


def dates(text: str) -> list[str]:
    return [span.value for span in find_dates(text)]


@given(DATES)
def test_notations_of_a_date_agree(day: date) -> None:
    month, short = calendar.month_name[day.month], calendar.month_abbr[day.month]
    for text in (
        f"{day.year}년 {day.month}월 {day.day}일에 열었습니다.",
        f"{day.year}년{day.month}월{day.day}일부터",
        f"{day.isoformat()} 발표",
        f"({day.year}. {day.month}. {day.day}.)",
        f"{day.year}.{day.month:02d}.{day.day:02d} 기준",
        f"on {day.day} {month} {day.year}.",
        f"on {day.day} {short} {day.year}",
        f"{month} {day.day}, {day.year} was",
        f"the {day.day}th of {month} {day.year}",
    ):
        assert dates(text) == [day.isoformat()], text
    for text in (f"{day.year}년 {day.month}월 초", f"in {month} {day.year}", f"{short}. {day.year}", f"{day:%Y-%m}"):
        assert dates(text) == [f"{day:%Y-%m}"], text
    for text in (f"{day.month}월 {day.day}일", f"{day.day} {month}", f"{month} {day.day}."):
        assert dates(text) == [f"-{day:-%m-%d}"], text
    assert dates(f"{day.month}월에") == dates(f"in {month}") == [f"-{day:-%m}"]


@given(DATES, DATES)
def test_both_ends_of_a_range_have_their_year(first: date, last: date) -> None:
    first, last = sorted((first, last))
    if first.year != last.year or first.month == last.month:
        last = date(first.year + 1 if first.month == 12 else first.year, first.month % 12 + 1, 15)
    names = calendar.month_name
    expected = [first.isoformat(), last.isoformat()]
    korean = f"{first.year}년 {first.month}월 {first.day}일부터 {last.month}월 {last.day}일까지"
    english = f"from {first.day} {names[first.month]} to {last.day} {names[last.month]} {last.year}"
    assert dates(korean) == dates(english) == dates(korean.replace("부터 ", "~")) == expected


@pytest.mark.parametrize(
    ("korean", "english", "values"),
    [
        ("2026년 3월 20~30일", "20 to 30 March 2026", ["2026-03-20", "2026-03-30"]),
        ("2026년 3월 20일부터 30일까지", "from 20–30 March 2026", ["2026-03-20", "2026-03-30"]),
        ("2026년 3월 20일(금)~30일(월)", "March 20-30, 2026", ["2026-03-20", "2026-03-30"]),
        ("2026년 3월 3·5·7일", "3, 5 and 7 March 2026", ["2026-03-03", "2026-03-05", "2026-03-07"]),
        ("3월 20일과 22일", "20 and 22 March", ["--03-20", "--03-22"]),
        ("2026년 3~5월", "March to May 2026", ["2026-03", "2026-05"]),
        ("2025년 11월부터 2월까지", "November 2025 to February", ["2025-11", "2026-02"]),
        ("2025년 8월 17일과 9월 5일", "17 August 2025 and 5 September", ["2025-08-17", "2025-09-05"]),
        ("2026년 상반기와 하반기", "the first half of 2026 and in the second half", ["2026-H1", "2026-H2"]),
        ("2026년 3분기", "the third quarter of 2026", ["2026-Q3"]),
        ("2026년 4/4분기", "Q4 2026", ["2026-Q4"]),
        ("하반기", "in the second half", ["--H2"]),
        ("2월, 6월, 7월", "in February, in June, in July", ["--02", "--06", "--07"]),
        ("5월에", "in May", ["--05"]),
    ],
)
def test_ranges_lists_and_parts_of_a_year(korean: str, english: str, values: list[str]) -> None:
    assert dates(korean) == dates(english) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2025~29년", ["2025", "2029"]),
        ("2020년부터 2024년까지", ["2020", "2024"]),
        ("2026년도 예산안", ["2026"]),
        ("2020년대", ["2020"]),
        ("’26년 예산, '25.8.17.", ["2026", "2025-08-17"]),
        ("2025. 8.", ["2025-08"]),
        ("17 AUGUST 2025, 5 sept 2025", ["2025-08-17", "2025-09-05"]),
        ("2025년 8월 18일 의결에 이어 8월 22일 확정", ["2025-08-18", "--08-22"]),
        ("the June survey", ["--06"]),
    ],
)
def test_other_notations(text: str, values: list[str]) -> None:
    assert dates(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "3개월",
        "20일간",
        "13월 5일",
        "45 March",
        "They may march on.",
        "May 5 companies apply?",
        "a quarter of the cost, the second half of the road",
        "100년, 1000년",
        "12.5월",
        "version 1.2.3",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates(text) == []


def test_spans_stand_in_the_text() -> None:
    text = "신청은 2026년 3월 20~30일, 결과는 4월 5일"
    assert [text[span.start : span.end] for span in find_dates(text)] == ["2026년 3월 20", "30일", "4월 5일"]


@pytest.mark.parametrize(
    ("precise", "vague"),
    [
        ("2025-08-17", "2025-08"),
        ("2025-08-17", "2025"),
        ("2025-08-17", "--08-17"),
        ("2025-08-17", "--08"),
        ("2025-08-17", "2025-Q3"),
        ("2025-08", "2025-H2"),
        ("2026-Q1", "2026-H1"),
        ("2026-H1", "2026"),
        ("--08-17", "--08"),
        ("2026-Q3", "--H2"),
        ("2026-H2", "2026-H2"),
    ],
)
def test_refines(precise: str, vague: str) -> None:
    assert refines(precise, vague)
    assert refines(precise, precise)
    assert precise == vague or not refines(vague, precise)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2025-10-08", "--08"),
        ("2025-08-17", "--08-18"),
        ("2025-08-17", "2026"),
        ("2025-06", "2025-H2"),
        ("2026-H1", "2026-Q1"),
        ("20250", "2025"),
        ("17", "2025-08-17"),
        ("50%", "50%"),
    ],
)
def test_does_not_refine(one: str, other: str) -> None:
    assert not refines(one, other)
