from __future__ import annotations

from tests.answering.gate.conftest import Rules

TRAM = "한빛 트램의 총사업비는 3100억 원입니다."
HARBOUR = "남항 재개발은 2029년 12월 준공이 목표입니다."


def test_a_figure_of_the_other_subject(rules: Rules) -> None:
    assert "stitched" in rules("남항 재개발의 총사업비는 3100억 원입니다.", TRAM, HARBOUR)


def test_a_clause_that_inherits_the_wrong_subject(rules: Rules) -> None:
    assert "stitched" in rules("한빛 트램의 총사업비는 3100억 원이며 2029년 12월 준공이 목표입니다.", TRAM, HARBOUR)


def test_a_clause_from_each(rules: Rules) -> None:
    told = "한빛 트램의 총사업비는 3100억 원이고, 남항 재개발은 2029년 12월 준공이 목표입니다."
    assert rules(told, TRAM, HARBOUR) == set()
