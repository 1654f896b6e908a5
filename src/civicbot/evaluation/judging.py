"""What an answer is worth: values found or not, by rule; the rules stand in docs/evaluation.md."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from civicbot.evaluation.questions import Item
from civicbot.model import Answer, AnswerStatus

ANSWERS = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})
"""Statuses of an answer to the question."""
REFUSALS = frozenset(
    {AnswerStatus.NO_EVIDENCE, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED, AnswerStatus.CLARIFICATION}
)
"""Statuses that are right for a question without an answer."""
_MARK = re.compile(r"\[\d+\]")
_LEFT_OUT = re.compile(r"[\s,]")


class Verdict(StrEnum):
    """What an answer is worth."""

    CORRECT = "correct"
    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    MISSED = "missed"


def normalised(text: str) -> str:
    """Text as values are compared: NFKC, case-folded, without [n] marks, white space and commas."""
    folded = _MARK.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _LEFT_OUT.sub("", folded)


def told(item: Item, answer: Answer) -> tuple[bool, ...]:
    """Which of the required values the text holds, in their order."""
    text = normalised(answer.text)
    return tuple(any(normalised(variant) in text for variant in variants) for variants in item.must_include)


def judge(item: Item, answer: Answer) -> Verdict:
    """Judges an answer.

    A refusal that tells the required values ("it has not been announced") is right for an answerable question. A
    service that is paused or fails neither answers nor refuses: that is missed, whatever was asked.
    """
    text = normalised(answer.text)
    forbidden = any(normalised(value) in text for value in item.must_not_include)
    if forbidden or (not item.answerable and answer.status in ANSWERS):
        return Verdict.WRONG
    refused = answer.status in REFUSALS
    if not item.answerable:
        return Verdict.CORRECT if refused else Verdict.MISSED
    # Without required values nothing speaks for a refusal, and anything that was said for an answer.
    complete = all(told(item, answer)) and (answer.status in ANSWERS or (refused and bool(item.must_include)))
    if complete:
        return Verdict.CORRECT
    return Verdict.INCOMPLETE if answer.status in ANSWERS else Verdict.MISSED
