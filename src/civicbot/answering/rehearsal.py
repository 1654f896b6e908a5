"""A question answered for staff, with all that happened on its way."""

from __future__ import annotations

from dataclasses import dataclass

from civicbot.answering.context import Context
from civicbot.model import Answer, Considered
from civicbot.tracing import StageTime


@dataclass(frozen=True)
class Rehearsal:
    """How an answer came about.

    Attributes:
        context: as the last stage left it; its generation may be closed by now.
        answer: what a resident would read.
        stages: what ran, in order, with its times.
        considered: the sentences that were weighed, as they would be kept.
        seconds: from question to answer.
    """

    context: Context
    answer: Answer
    stages: tuple[StageTime, ...]
    considered: tuple[Considered, ...]
    seconds: float
