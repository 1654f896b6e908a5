from __future__ import annotations

from collections.abc import Callable

from tests.answering.gate.conftest import Rules

from civicbot.answering.gate.nouns import GateDecision


def test_another_fact_of_the_same_thing(rules: Rules) -> None:
    assert "coverage" in rules(
        "한빛 트램은 저상 차량과 무선 충전 설비를 갖췄습니다.", "한빛 트램의 요금은 버스와 같습니다."
    )


def test_synonyms_and_the_score(decide: Callable[..., GateDecision]) -> None:
    same = decide("한빛 트램은 2027년 공사를 시작했습니다.", "한빛 트램은 2027년 착공했습니다.")
    assert same.score > 0.5
    other = decide("한빛 트램은 2027년 승객 안내 방송을 바꿨습니다.", "한빛 트램은 2027년 착공했습니다.")
    assert other.score < same.score


def test_what_no_list_knows_is_not_missing(rules: Rules) -> None:
    assert "coverage" not in rules("The Hanbit tram has flumboozle brakes.", "한빛 트램에는 특수 제동 장치가 있습니다.")
