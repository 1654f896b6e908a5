from __future__ import annotations

import pytest
from tests.answering.gate.conftest import Rules

from civicbot.answering.gate.figures import wrong_figures


def found(sentence: str, *evidence: str) -> list[tuple[str, str]]:
    return [(finding.rule.value, finding.token) for finding in wrong_figures(sentence, evidence)]


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("사업비는 3천1백억 원", "사업비는 310 billion won"),
        ("1,500 billion won", "1조 5000억 원"),
        ("정류장 23곳", "23 stops"),
        ("길이는 14,200m", "14.2 km"),
        ("세 번째 공모", "the third call"),
        ("The sixth class", "6기"),
        ("both sides signed", "양측이 맺었다"),
        ("It passed on 4 March and, two days later, on 6 March 2026, was signed.", "3월 4일과 2026년 3월 6일"),
    ],
)
def test_the_same_figure_in_another_form(sentence: str, evidence: str) -> None:
    assert found(sentence, evidence) == []


@pytest.mark.parametrize(
    ("sentence", "evidence", "expected"),
    [
        ("사업비는 320억 원", "사업비는 310억 원", ("number", "320억")),
        ("길이는 14.2m", "길이는 14.2km", ("unit", "14.2")),
        ("전력 120GW", "전력 120MW", ("unit", "120")),
        ("하루 240만 톤", "2.4 million litres a day", ("unit", "240만")),
        ("주당 55만 원", "월 최대 55만 원", ("unit", "주당")),
        ("the seventh class", "6기", ("number", "seventh")),
        ("석 달에 300명", "석 달에 300시간", ("unit", "300")),
    ],
)
def test_another_figure_or_unit(sentence: str, evidence: str, expected: tuple[str, str]) -> None:
    assert expected in found(sentence, evidence)


def test_a_date_is_left_to_its_own_rule() -> None:
    assert found("2027년 5월", "2026년 4월") == []


def test_a_wrong_figure_drops_the_sentence(rules: Rules) -> None:
    assert "number" in rules("한빛 트램의 정류장은 24곳입니다.", "한빛 트램의 정류장은 23곳입니다.")


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("국비와 시비가 7 대 3으로 나눕니다.", "국비 70%, 시비 30%로 나눕니다."),
        ("They asked for three things: a tram, a depot and a bridge.", "They asked for a tram, a depot and a bridge."),
    ],
)
def test_a_ratio_and_a_count_of_what_is_listed(sentence: str, evidence: str) -> None:
    assert list(wrong_figures(sentence, [evidence])) == []


def test_another_ratio() -> None:
    assert list(wrong_figures("국비와 시비가 6 대 4로 나눕니다.", ["국비 70%, 시비 30%로 나눕니다."]))
