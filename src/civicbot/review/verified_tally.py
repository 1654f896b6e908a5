"""Counts how cases fare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from civicbot.model import Answer, Language
from civicbot.review.nouns import Verdict
from civicbot.review.verified_nouns import Outcome, VerifiedCase
from civicbot.review.verified_run_nouns import Counts

_Key = TypeVar("_Key", bound=str)


class Tally:
    """What came of the cases that were asked so far.

    Attributes:
        failures: each case that failed, its outcome and the answer.
        seconds: that the answers took together.
        indexes: the index generations that answered, in order.
    """

    def __init__(self) -> None:
        self.failures: list[tuple[VerifiedCase, Outcome, Answer]] = []
        self.seconds = 0.0
        self.indexes: dict[str, None] = {}
        self._known: list[tuple[VerifiedCase, Outcome]] = []

    def add(self, case: VerifiedCase, outcome: Outcome, answer: Answer, seconds: float) -> None:
        """Counts a case."""
        self._known.append((case, outcome))
        self.seconds += seconds
        self.indexes[answer.versions.index] = None
        if outcome != "correct":
            self.failures.append((case, outcome, answer))

    @property
    def asked(self) -> int:
        """How many there were."""
        return len(self._known)

    def counts(self, *, open_ones: bool = False) -> Counts:
        """By outcome: of the cases that say what is right, or of those that say only what is not."""
        return dict(Counter(outcome for case, outcome in self._known if case.open == open_ones))

    def languages(self) -> dict[Language, Counts]:
        """By language, then outcome; without open cases."""
        return _by((case.language, outcome) for case, outcome in self._known if not case.open)

    def verdicts(self) -> dict[Verdict, Counts]:
        """By verdict, then outcome; without open cases."""
        return _by((case.verdict, outcome) for case, outcome in self._known if not case.open)


def _by(told: Iterable[tuple[_Key, Outcome]]) -> dict[_Key, Counts]:
    found: dict[_Key, Counter[Outcome]] = {}
    for key, outcome in told:
        found.setdefault(key, Counter())[outcome] += 1
    return {key: dict(counts) for key, counts in found.items()}
