"""What an answer is worth: values found or not, by rule; the rules stand in docs/evaluation.md."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Protocol

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


class Wanted(Protocol):
    """What a right answer to a question must hold, whoever says so."""

    @property
    def answerable(self) -> bool:
        """Whether there is an answer."""

    @property
    def must_include(self) -> Sequence[Sequence[str]]:
        """For each required value its variants, any of which will do."""

    @property
    def must_not_include(self) -> Sequence[str]:
        """Values that make the answer wrong."""


Holds = Callable[[Answer, str], bool]
"""Whether an answer tells a value."""


def unmarked(text: str) -> str:
    """A text without its [n] marks."""
    return _MARK.sub("", text)


def normalised(text: str) -> str:
    """Text as values are compared: NFKC, case-folded, without [n] marks, white space and commas."""
    folded = unmarked(unicodedata.normalize("NFKC", text).casefold())
    return _LEFT_OUT.sub("", folded)


def holds(answer: Answer, value: str) -> bool:
    """Whether the text holds a value."""
    return normalised(value) in normalised(answer.text)


def told(wanted: Wanted, answer: Answer, by: Holds = holds) -> tuple[bool, ...]:
    """Which of the required values the answer tells, in their order."""
    return tuple(any(by(answer, variant) for variant in variants) for variants in wanted.must_include)


def judge(wanted: Wanted, answer: Answer, by: Holds = holds) -> Verdict:
    """Judges an answer.

    A refusal that tells the required values ("it has not been announced") is right for an answerable question. A
    service that is paused or fails neither answers nor refuses: that is missed, whatever was asked.

    Args:
        wanted: what a right answer holds.
        answer: the answer.
        by: how it is found out whether the answer tells a value.
    """
    forbidden = any(by(answer, value) for value in wanted.must_not_include)
    if forbidden or (not wanted.answerable and answer.status in ANSWERS):
        return Verdict.WRONG
    refused = answer.status in REFUSALS
    if not wanted.answerable:
        return Verdict.CORRECT if refused else Verdict.MISSED
    # Without required values nothing speaks for a refusal, and anything that was said for an answer.
    complete = all(told(wanted, answer, by)) and (answer.status in ANSWERS or (refused and bool(wanted.must_include)))
    if complete:
        return Verdict.CORRECT
    return Verdict.INCOMPLETE if answer.status in ANSWERS else Verdict.MISSED
