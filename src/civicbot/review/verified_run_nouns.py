"""Runs of the regression set as they are shown; frozen."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime

from civicbot.errors import CivicbotError
from civicbot.model import Answer, Language, Noun
from civicbot.review.nouns import Verdict
from civicbot.review.verified_nouns import Outcome, VerifiedCase
from civicbot.statistics import Share

Counts = dict[Outcome, int]


class RunState(StrEnum):
    """Where a run stands; ``interrupted``: its process ended before it did."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class ExportFormat(StrEnum):
    """Who reads an export: ``civicbot eval``, or ragas."""

    CIVICBOT = "civicbot"
    RAGAS = "ragas"


class VerifiedRun(Noun):
    """A run of all cases there were.

    Attributes:
        index: the index generations that answered, mostly one; empty before the first answer.
        asked: how many cases have been asked, of ``total``.
        counts: of the cases that say what is right; of a run that has not ended well, empty.
        open_counts: of those that say only what is not; ``correct``: not said again.
        problem: why it failed; empty otherwise.
    """

    id: int
    at: AwareDatetime
    by: str
    state: RunState
    ended_at: AwareDatetime | None
    app: str
    index: str
    asked: int
    total: int
    counts: Counts
    open_counts: Counts
    languages: dict[Language, Counts]
    verdicts: dict[Verdict, Counts]
    seconds: float
    problem: str

    @property
    def share(self) -> Share:
        """How many of the cases that say what is right were answered so."""
        return share_of(self.counts)

    @property
    def failed(self) -> int:
        """How many cases failed, open ones included."""
        counts = (self.counts, self.open_counts)
        return sum(number for each in counts for outcome, number in each.items() if outcome != "correct")


class Failure(Noun):
    """A case that failed.

    Attributes:
        case: as it is now; None where the verdict has changed since, so that there is no such case any more.
        answer: what it got.
    """

    case_id: str
    language: Language
    outcome: Outcome
    open: bool
    case: VerifiedCase | None
    answer: Answer


class CaseCount(Noun):
    """How many cases there are of one verdict and language; ``open`` ones say only what is not right."""

    verdict: Verdict
    language: Language
    cases: int
    open: int


class VerifiedRunningError(CivicbotError):
    """The regression set is being run already."""

    code = "verified_running"
    hint = "Wait for its end; the screen shows how far it is."


class NoVerifiedCasesError(CivicbotError):
    """There is nothing to run."""

    code = "no_verified_cases"
    hint = "Judge some answers first: every verdict becomes a case."


class UnknownRunError(CivicbotError):
    """There is no such run."""

    code = "unknown_run"
    hint = "Open the list of runs again."


def share_of(counts: Counts) -> Share:
    """How many of what was counted are correct."""
    return Share(hits=counts.get("correct", 0), total=sum(counts.values()))
