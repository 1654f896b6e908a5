from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from evals.score import Verdict, judge, normalised, wilson

from civicbot.model import Answer, AnswerStatus, Versions

EVALS = Path(__file__).resolve().parents[2] / "evals"
FIELDS = (
    "id lang split question history type answerable must_include must_not_include expected_sources entity facet "
    "pair group"
).split()


def answer(status: AnswerStatus, text: str) -> Answer:
    return Answer(
        id="a",
        conversation_id="c",
        status=status,
        language="ko",
        text=text,
        confidence=0.5,
        versions=Versions(app="0", index="i"),
    )


def row(**changes: Any) -> dict[str, Any]:
    return {"answerable": True, "must_include": [["1조5000억", "1.5조"]], "must_not_include": ["2조"]} | changes


@pytest.mark.parametrize(
    ("changes", "status", "text", "verdict"),
    [
        ({}, AnswerStatus.ANSWERED, "총사업비는 1조 5000억 원입니다.[1]", "correct"),
        ({}, AnswerStatus.ANSWERED, "총사업비는 큽니다.[1]", "incomplete"),
        ({}, AnswerStatus.ANSWERED, "1조 5000억 원이 아니라 2조 원입니다.", "wrong"),
        ({}, AnswerStatus.NO_EVIDENCE, "찾지 못했습니다.", "missed"),
        ({"must_include": [["찾지 못"]]}, AnswerStatus.NO_EVIDENCE, "찾지 못했습니다.", "correct"),
        ({"answerable": False, "must_include": []}, AnswerStatus.REFUSED, "답할 수 없습니다.", "correct"),
        ({"answerable": False, "must_include": []}, AnswerStatus.ANSWERED, "6억 원입니다.", "wrong"),
    ],
)
def test_judging(changes: dict[str, Any], status: AnswerStatus, text: str, verdict: Verdict) -> None:
    assert judge(row(**changes), answer(status, text)) == verdict


def test_values_compare_without_marks_blanks_and_commas() -> None:
    assert normalised("１조 5,000억 원[1][12]") == "1조5000억원"


def test_the_interval_of_a_share() -> None:
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("name", "least"), [("dev", 150), ("test", 150)])
def test_the_question_sets_are_well_formed(name: str, least: int) -> None:
    rows = [json.loads(line) for line in (EVALS / f"gwangju.{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= least
    ids = {row["id"] for row in rows}
    assert len(ids) == len(rows)
    for entry in rows:
        assert sorted(entry) == sorted(FIELDS)
        assert entry["split"] == name
        assert entry["pair"] is None or entry["pair"] in ids
        assert bool(entry["expected_sources"]) or not entry["answerable"]
