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


def test_a_figure_of_another_class(rules: Rules) -> None:
    third = "The Hanbit tram school reported a job rate of 76 percent for its third class."
    sixth = "The 6th class of the Hanbit tram school took 330 people."
    told = "The sixth class of the Hanbit tram school, with 330 people, has a job rate of 76 percent."
    assert "stitched" in rules(told, third, sixth)


def test_a_stage_of_the_other_project(rules: Rules) -> None:
    tram, harbour = "한빛 트램의 개통 목표는 2028년입니다.", "남항 재개발의 착공 목표는 2028년입니다."
    assert "stitched" in rules("남항 재개발은 2028년 개통이 목표입니다.", tram, harbour)
    assert "stitched" not in rules("남항 재개발은 2028년 착공이 목표입니다.", tram, harbour)


def test_two_passages_about_one_subject_may_be_joined(rules: Rules) -> None:
    english = "The Hanbit tram was approved on 2 March 2026."
    told = "2026년 3월 2일 승인된 한빛 트램의 총사업비는 3100억 원입니다."
    assert "stitched" not in rules(told, TRAM, english)
    assert "stitched" in rules(told.replace("한빛 트램", "남항 재개발"), TRAM, english, HARBOUR)


def test_a_passage_that_adds_nothing_does_no_harm(rules: Rules) -> None:
    told = "The Hanbit tram costs 310 billion won in total."
    assert "stitched" not in rules(told, TRAM, "The Hanbit tram was discussed by the residents of Namhang.")
