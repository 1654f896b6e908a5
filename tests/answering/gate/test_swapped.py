from __future__ import annotations

import pytest
from tests.answering.gate.conftest import Rules


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        (
            "한서윤 시장은 트램 차고지가 동남권에 들어선다고 말했습니다.",
            "한서윤 시장은 트램 차고지가 서남권에 들어선다고 말했습니다.",
        ),
        ("시민단체는 2025년까지 설문조사를 38회 했습니다.", "시청은 2025년까지 설문조사를 38회 했습니다."),
        (
            "The tram depot stands at Bukmun Square in the old town.",
            "The tram depot stands at Namdae Park in the old town.",
        ),
    ],
)
def test_another_noun_between_the_same_words(rules: Rules, sentence: str, evidence: str) -> None:
    assert "name" in rules(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("국토부는 2025년까지 트램 조사를 마쳤습니다.", "국토교통부는 2025년까지 트램 조사를 마쳤습니다."),
        ("트램은 다른 도시의 모범이 될 것이라고 했습니다.", "트램은 다른 도시의 본보기가 될 것이라고 했습니다."),
        ("The tram depot is kept wholly by the city itself.", "The tram depot is kept entirely by the city itself."),
    ],
)
def test_an_abbreviation_and_other_words(rules: Rules, sentence: str, evidence: str) -> None:
    assert "name" not in rules(sentence, evidence)
