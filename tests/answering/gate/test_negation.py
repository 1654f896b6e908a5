from __future__ import annotations

import pytest
from tests.answering.gate.conftest import Rules


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("한빛 트램의 노선은 정해졌습니다.", "한빛 트램의 노선은 정해지지 않았습니다."),
        ("한빛 트램의 노선은 정해지지 않았습니다.", "한빛 트램의 노선은 정해졌습니다."),
        ("The route of the Hanbit tram has been fixed.", "The route of the Hanbit tram has not been fixed."),
        ("The route of the Hanbit tram is not public.", "The route of the Hanbit tram is public."),
        ("한빛 트램의 요금은 버스와 같습니다.", "한빛 트램의 요금은 버스와 다릅니다."),
        ("트램 승객은 2025년보다 줄었습니다.", "트램 승객은 2025년보다 늘었습니다."),
    ],
)
def test_the_opposite(rules: Rules, sentence: str, evidence: str) -> None:
    assert "negation" in rules(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("The route of the Hanbit tram has not been fixed.", "한빛 트램의 노선은 정해지지 않았습니다."),
        ("물 사용량은 0.2%밖에 되지 않습니다.", "물 사용량은 0.2%에 그칩니다."),
        ("한빛 트램의 요금은 버스와 같지 않습니다.", "한빛 트램의 요금은 버스와 다릅니다."),
    ],
)
def test_the_same_in_other_words(rules: Rules, sentence: str, evidence: str) -> None:
    assert "negation" not in rules(sentence, evidence)


def test_a_contrast_by_its_last_word(rules: Rules) -> None:
    told = "새 차고지는 {} 아니라 {} 짓는 계획입니다."
    assert "negation" in rules(told.format("남항이", "북항에"), told.format("북항이", "남항에"))


def test_faster_is_not_slower(rules: Rules) -> None:
    assert "negation" in rules("트램의 속도는 28.9% 느려졌습니다.", "트램의 속도는 28.9% 빨라졌습니다.")
