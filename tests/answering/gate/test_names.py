from __future__ import annotations

import pytest
from tests.answering.gate.conftest import Rules


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("남항 재개발의 사업비는 100억 원입니다.", "한빛 트램의 사업비는 100억 원입니다."),
        ("The Hanbit tram costs 10 billion won.", "남항 재개발의 사업비는 100억 원입니다."),
        ("한국해양연구원이 조사했습니다.", "한국교통연구원이 조사했습니다."),
        ("The forum was held in Phoenix.", "The forum was held in Wuhan."),
        ("Oh Min-jae opened the forum.", "한서윤 시장이 토론회를 열었습니다."),
        ("해수부가 사업을 맡았습니다.", "행정안전부가 사업을 맡았습니다."),
    ],
)
def test_a_name_that_is_not_there(rules: Rules, sentence: str, evidence: str) -> None:
    assert "name" in rules(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The oceans ministry announced the plan.", "해양수산부는 계획을 발표했습니다."),
        ("해수부는 계획을 발표했습니다.", "해양수산부는 계획을 발표했습니다."),
        ("Vespera runs the tram.", "베스페라가 트램을 운영합니다."),
    ],
)
def test_an_alias_a_translation_and_a_romanisation(rules: Rules, sentence: str, evidence: str) -> None:
    assert "name" not in rules(sentence, evidence)
