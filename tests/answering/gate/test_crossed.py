from __future__ import annotations

from tests.answering.gate.conftest import Rules

KOREAN = "투자는 한서윤 470억 원, 오민재 425억 원입니다."
ENGLISH = "Han Seo-yun has 470 votes, and Oh Min-jae has 425 votes."


def test_two_facts_that_changed_their_subjects(rules: Rules) -> None:
    assert "stitched" in rules("투자는 한서윤 425억 원, 오민재 470억 원입니다.", KOREAN)
    assert "stitched" in rules("Oh Min-jae has 470 votes, and Han Seo-yun has 425 votes.", ENGLISH)


def test_the_same_facts_in_another_order(rules: Rules) -> None:
    assert "stitched" not in rules("투자는 오민재 425억 원, 한서윤 470억 원입니다.", KOREAN)
    assert "stitched" not in rules("Oh Min-jae has 425 votes, and Han Seo-yun has 470 votes.", ENGLISH)
