from __future__ import annotations

from typing import Any

import pytest
from tests.evaluation.samples import make_answer, make_asked, make_item

from civicbot.evaluation.scores import Scores
from civicbot.evaluation.scoring import scores
from civicbot.evaluation.targets import TARGETS, share_text
from civicbot.statistics import Share

ONE = scores([make_asked(make_item(), make_answer())], "dev", "wordings on")


def readings(**changes: Any) -> dict[str, bool | None]:
    changed: Scores = ONE.model_copy(update=changes)
    found = ((target.title, target.read(changed)) for target in TARGETS)
    return {title: None if reading is None else reading.met for title, reading in found}


def test_what_is_met_and_what_cannot_be_measured() -> None:
    assert readings() == {
        "Right answers, of answerable questions": True,
        "Wrong answers, of all questions": True,
        "Refusals, of unanswerable questions": None,
        "Citations of an expected source": True,
        "Quotes word for word in their document": True,
        "Korean minus English, same questions": None,
        "Paraphrases that fare alike": None,
        "Time of 95 in 100 answers": True,
    }


@pytest.mark.parametrize(
    ("field", "value", "title", "met"),
    [
        ("correct", Share(hits=90, total=100), "Right answers, of answerable questions", True),
        ("correct", Share(hits=89, total=100), "Right answers, of answerable questions", False),
        ("wrong", Share(hits=2, total=100), "Wrong answers, of all questions", True),
        ("wrong", Share(hits=3, total=100), "Wrong answers, of all questions", False),
        ("refused", Share(hits=19, total=20), "Refusals, of unanswerable questions", True),
        ("consistent", Share(hits=8, total=9), "Paraphrases that fare alike", False),
        ("p95_ms", 149.9, "Time of 95 in 100 answers", True),
        ("p95_ms", 150.0, "Time of 95 in 100 answers", False),
    ],
)
def test_the_edges(field: str, value: object, title: str, met: bool) -> None:
    assert readings(**{field: value})[title] is met


@pytest.mark.parametrize(("korean", "met"), [(47, True), (50, True), (53, True), (54, False), (46, False)])
def test_the_gap_counts_both_ways(korean: int, met: bool) -> None:
    parity = ONE.parity.model_copy(update={"ko": Share(hits=korean, total=100), "en": Share(hits=50, total=100)})
    assert readings(parity=parity)["Korean minus English, same questions"] is met


def test_shares_in_words() -> None:
    assert share_text(Share(hits=90, total=120)) == "75.0 % (90 of 120; 66.6–81.9)"
    assert share_text(Share(hits=0, total=0)) == "—"
