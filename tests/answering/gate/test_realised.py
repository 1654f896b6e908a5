from __future__ import annotations

import pytest
from tests.answering.gate.conftest import Rules


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        (
            "한빛 트램은 2026년 5월 차량 30대를 투입했습니다.",
            "한빛 트램은 2026년 5월 차량 30대를 투입한다고 보도됐습니다.",
        ),
        ("시는 한빛 트램의 인허가를 내줬습니다.", "시는 한빛 트램의 인허가 등 행정 지원을 의논했습니다."),
        ("Work on the Hanbit tram has started.", "한빛 트램은 2027년 착공할 계획입니다."),
        ("The council approved the Hanbit tram.", "Oh Min-jae asked the council for the Hanbit tram."),
        ("한빛 트램 운행은 2027년에 시작됐습니다.", "계획에서 한빛 트램 운행은 2027년에 시작됩니다."),
        ("The ministry decided to start the Hanbit tram.", "Oh Min-jae asked the ministry to start the Hanbit tram."),
        ("한빛 트램은 2027년 노선을 넓힐 계획입니다.", "한빛 트램은 2025년 노선을 넓혔습니다."),
    ],
)
def test_told_as_done_and_not_known_as_done(rules: Rules, sentence: str, evidence: str) -> None:
    assert "modality" in rules(sentence, evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("한빛 트램은 2025년 5월 공사를 시작했습니다.", "Work on the Hanbit tram began in May 2025."),
        ("The Hanbit tram was approved in May 2025.", "한빛 트램은 2025년 5월 승인됐습니다."),
        ("한빛 트램은 도심을 달리고 있습니다.", "The Hanbit tram runs through the city centre."),
        ("Oh Min-jae called for the Hanbit tram.", "오민재 의원은 한빛 트램을 놓아 달라고 요청했습니다."),
        ("2026년 한빛 트램 예산은 24억 원 늘었습니다.", "2026년 한빛 트램 예산은 24억 원 늘었습니다. 시가 밝혔습니다."),
    ],
)
def test_told_as_in_the_passage(rules: Rules, sentence: str, evidence: str) -> None:
    assert "modality" not in rules(sentence, evidence)


def test_nothing_is_done_after_the_day_of_its_passage(rules: Rules) -> None:
    assert "modality" in rules("한빛 트램은 2027년 차고지를 개방했습니다.", "한빛 트램은 2027년 차고지를 개방합니다.")
