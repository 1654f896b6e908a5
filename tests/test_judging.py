from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluation.samples import make_answer, make_item

from civicbot.judging import ANSWERS, REFUSALS, Verdict, judge, normalised, told
from civicbot.model import AnswerStatus

UNANSWERABLE: dict[str, Any] = {"answerable": False, "must_include": []}
TELLING = {"must_include": [["발표되지 않"]]}


@pytest.mark.parametrize(
    ("changes", "status", "text", "verdict"),
    [
        ({}, AnswerStatus.ANSWERED, "총사업비는 1조 5000억 원입니다.[1]", "correct"),
        ({}, AnswerStatus.PARTIAL, "총사업비는 1.5조 원입니다.[1]", "correct"),
        ({}, AnswerStatus.ANSWERED, "총사업비는 큽니다.[1]", "incomplete"),
        ({}, AnswerStatus.ANSWERED, "1조 5000억 원이 아니라 9조 원입니다.", "wrong"),
        ({}, AnswerStatus.NO_EVIDENCE, "찾지 못했습니다.", "missed"),
        ({}, AnswerStatus.ERROR, "1조 5000억", "missed"),
        (TELLING, AnswerStatus.NO_EVIDENCE, "아직 발표되지 않았습니다.", "correct"),
        ({"must_include": []}, AnswerStatus.NO_EVIDENCE, "찾지 못했습니다.", "missed"),
        (UNANSWERABLE, AnswerStatus.REFUSED, "답할 수 없습니다.", "correct"),
        (UNANSWERABLE, AnswerStatus.CLARIFICATION, "어느 광주인가요?", "correct"),
        (UNANSWERABLE, AnswerStatus.ANSWERED, "6억 원입니다.", "wrong"),
        (UNANSWERABLE, AnswerStatus.NO_EVIDENCE, "9조 원은 알려져 있습니다.", "wrong"),
        (UNANSWERABLE, AnswerStatus.PAUSED, "점검 중입니다.", "missed"),
    ],
)
def test_judging(changes: dict[str, Any], status: AnswerStatus, text: str, verdict: str) -> None:
    assert judge(make_item(**changes), make_answer(text, status)) == Verdict(verdict)


def test_values_compare_without_marks_blanks_and_commas() -> None:
    assert normalised("１조 5,000억 원[1][12]") == "1조5000억원"


def test_each_required_value_is_looked_for() -> None:
    item = make_item(must_include=[["1.5조", "1조5000억"], ["2030년"]])
    assert told(item, make_answer("1조 5,000억 원입니다.")) == (True, False)


@given(st.sampled_from(AnswerStatus), st.text(max_size=20), st.booleans(), st.lists(st.sampled_from(["a", "b"])))
def test_every_answer_gets_one_verdict(status: AnswerStatus, text: str, answerable: bool, needs: list[str]) -> None:
    item = make_item(answerable=answerable, must_include=[[need] for need in needs], must_not_include=[])
    verdict = judge(item, make_answer(text, status))
    assert (verdict is Verdict.WRONG) == (not answerable and status in ANSWERS)
    if verdict is Verdict.CORRECT and not answerable:
        assert status in REFUSALS
