from __future__ import annotations

import pytest
from tests.answering.gate.conftest import Rules


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("한빛 트램은 2027년 5월 착공했습니다.", "한빛 트램은 2027년 5월 착공할 계획입니다."),
        ("The city opened the tram depot in 2027.", "The city plans to open the tram depot in 2027."),
        ("시는 예산을 받았습니다.", "시는 예산을 달라고 요청했습니다."),
        ("해양수산부는 사업을 확정했습니다.", "해양수산부는 사업을 검토하겠다고 밝혔습니다."),
        ("The tram station was built in 2027.", "시는 2027년 트램 정류장을 지을 예정입니다."),
    ],
)
def test_more_than_the_passage_says(rules: Rules, sentence: str, evidence: str) -> None:
    assert "modality" in rules(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("한빛 트램은 2027년 5월 착공이 목표입니다.", "한빛 트램은 2027년 5월 착공할 계획입니다."),
        ("The tram depot is to open in 2027.", "The city plans to open the tram depot in 2027."),
        ("한빛 트램은 2027년 5월 착공했습니다.", "한빛 트램은 2027년 5월 착공했습니다. 앞서 예산을 요청했습니다."),
    ],
)
def test_the_same_in_other_words(rules: Rules, sentence: str, evidence: str) -> None:
    assert "modality" not in rules(sentence, evidence)


def test_arranged_for_is_a_plan(rules: Rules) -> None:
    assert "modality" not in rules(
        "한빛 트램은 190억 원을 받기로 돼 있었습니다.", "The Hanbit tram was to get 19 billion won."
    )


def test_taken_on_is_chosen(rules: Rules) -> None:
    told = "한빛 트램 교육생으로 330명이 선발됐습니다."
    assert "modality" not in rules(told, "The Hanbit tram school took 330 of 788 applicants.")
