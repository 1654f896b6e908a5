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


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        (
            "The mayor vowed that the Hanbit tram would without fail be built.",
            "시장은 한빛 트램을 꼭 짓겠다고 말했습니다.",
        ),
        ("시는 한빛 트램의 종이 승차권을 없앴습니다.", "시는 한빛 트램의 종이 승차권을 폐지했습니다."),
        (
            "The report named that no large firms take part as a weak point of the Hanbit tram.",
            "The report named the absence of large firms as a weak point of the Hanbit tram.",
        ),
    ],
)
def test_no_denial_or_the_same(rules: Rules, sentence: str, evidence: str) -> None:
    assert "negation" not in rules(sentence, evidence)


def test_a_denial_that_stands_in_another_clause(rules: Rules) -> None:
    passages = (
        "해양수산부는 2026년 3월 2일 한빛 트램의 사업자로 남항교통을 골랐습니다.",
        "남항교통은 한빛 트램 차고지로 북항이 아니라 남항을 제시했습니다.",
    )
    told = "Namhang Transport, which was chosen for the Hanbit tram on 2 March 2026, proposed Namhang and not Bukhang."
    assert "negation" not in rules(told, *passages)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        (
            "The first call for the Hanbit tram failed although there had been bidders.",
            "한빛 트램의 첫 공모는 응모자가 없어 유찰됐습니다.",
        ),
        (
            "Construction of the Hanbit tram is also paid for by the 3 billion won for the study.",
            "30억 원은 한빛 트램의 조사 용역비이며 건설비가 아닙니다.",
        ),
    ],
)
def test_a_thing_that_the_passage_says_is_not_there(rules: Rules, sentence: str, evidence: str) -> None:
    assert "negation" in rules(sentence, evidence)
