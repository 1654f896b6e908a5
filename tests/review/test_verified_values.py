from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.judging import normalised
from civicbot.language.quantities import figures, figures_hold
from civicbot.model import Language
from civicbot.review.verified_values import forbidden, required


@pytest.mark.parametrize(
    ("sentence", "language", "groups"),
    [
        ("예산은 40억 원입니다.", "ko", (("40억", "4000000000"),)),
        ("총사업비는 1조 5,000억 원입니다.", "ko", (("1조 5,000억", "1.5조", "15000억", "1500000000000"),)),
        ("국비는 16.6퍼센트입니다.", "ko", (("16.6퍼센트", "16.6%"),)),
        ("500만 달러를 씁니다.", "ko", (("500만 달러", "5000000 달러"),)),
        ("2027년 하반기에 엽니다.", "ko", (("2027년 하반기",),)),
        ("오후 6시 30분에 닫습니다.", "ko", (("오후 6시 30분", "18시 30분", "18:30"),)),
        ("3개 노선입니다.", "ko", (("3",),)),
        ("두 의원이 물었습니다.", "ko", ()),
        ("The budget is KRW 4 billion.", "en", (("4 billion", "4bn", "4000 million", "4000000000"),)),
        ("It costs $5 million.", "en", (("$5 million", "5 million dollars", "$5000000", "5000000 dollars"),)),
        ("It opens in the first half of 2026.", "en", (("first half of 2026", "H1 2026"),)),
        ("There are three buses[3].", "en", (("three", "3"),)),
    ],
)
def test_figures_are_required_in_any_notation(
    sentence: str, language: Language, groups: tuple[tuple[str, ...], ...]
) -> None:
    assert required([sentence], language) == groups


def test_dates_are_written_in_several_ways() -> None:
    assert required(["It was said on 17 August 2025."], "en") == (
        ("17 August 2025", "August 17 2025", "17 Aug 2025", "Aug 17 2025", "2025-08-17", "2025.8.17"),
    )
    assert required(["2025년 8월 17일에 밝혔습니다."], "ko") == (("2025년 8월 17일", "2025-08-17", "2025.8.17"),)


def test_a_date_that_is_told_more_precisely_is_not_asked_for() -> None:
    assert required(["2025년에 시작해", "2025년 8월 17일에 끝났습니다."], "ko")[0][0] == "2025년 8월 17일"


def test_what_the_right_answer_or_the_question_holds_is_not_forbidden() -> None:
    found = forbidden(
        ["2026년 예산은 300억 원이고 국비는 16.6%입니다."],
        ["예산은 40억 원입니다.", "2026년 국비 16.6%가 맞나요?"],
        "ko",
    )
    assert found == ("300억", "30000000000")


def test_nothing_is_forbidden_that_is_part_of_what_is_right() -> None:
    """300억 stands in 1,300억 as values are compared."""
    assert "300억" not in forbidden(["예산은 300억 원입니다."], ["예산은 1,300억 원입니다."], "ko")


def test_a_small_number_is_forbidden_with_what_it_counts() -> None:
    assert forbidden(["버스는 3대를 씁니다."], ["버스는 5대를 씁니다."], "ko") == ("3대",)
    assert forbidden(["It runs three buses."], ["It runs five buses."], "en") == ("three buses",)


def test_of_several_figures_nobody_knows_which_is_wrong() -> None:
    assert forbidden(["예산은 40억 원이고 기간은 3년입니다."], [], "ko", lone=True) == ()
    assert forbidden(["예산은 40억 원입니다."], [], "ko", lone=True) == ("40억", "4000000000")


@given(
    st.integers(1, 10**14),
    st.sampled_from(["원", "명", " won", " people", "%"]),
    st.sampled_from(["ko", "en"]),
)
def test_every_notation_has_the_value_that_it_stands_for(number: int, unit: str, language: Language) -> None:
    sentence = f"It is {number:,}{unit} now." if language == "en" else f"지금은 {number:,}{unit}입니다."
    for notations in required([sentence], language):
        assert normalised(notations[0]) in normalised(sentence)
        for each in notations:
            assert figures_hold(each, sentence)
            assert figures(each)
