"""What a report says of confidences and of pairs: pure functions of numbers, with the sources of their formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence

from civicbot.model import Noun


class Bin(Noun):
    """The answers whose confidence lies in ``low <= c < high`` (the last bin holds 1, too).

    Attributes:
        count: how many.
        confidence: their mean confidence.
        right: the share of them that was right.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


def brier(confidences: Sequence[float], outcomes: Sequence[bool]) -> float:
    """The mean squared error of probabilities (G. W. Brier, Monthly Weather Review 78, 1950); 0 is perfect."""
    pairs = list(zip(confidences, outcomes, strict=True))
    return sum((confidence - outcome) ** 2 for confidence, outcome in pairs) / len(pairs) if pairs else 0.0


def bins(confidences: Sequence[float], outcomes: Sequence[bool], count: int = 10) -> tuple[Bin, ...]:
    """Bins of equal width over 0..1; empty ones are left out."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, outcome in zip(confidences, outcomes, strict=True):
        held.setdefault(min(int(confidence * count), count - 1), []).append((confidence, outcome))
    return tuple(
        Bin(
            low=place / count,
            high=(place + 1) / count,
            count=len(members),
            confidence=sum(c for c, _ in members) / len(members),
            right=sum(o for _, o in members) / len(members),
        )
        for place, members in sorted(held.items())
    )


def calibration_error(held: Sequence[Bin]) -> float:
    """The expected calibration error: the mean distance of confidence and share, weighted by the bins' counts.

    After M. P. Naeini, G. F. Cooper, M. Hauskrecht, AAAI 2015.
    """
    total = sum(each.count for each in held)
    return sum(each.count * abs(each.confidence - each.right) for each in held) / total if total else 0.0


def auc(confidences: Sequence[float], outcomes: Sequence[bool]) -> float | None:
    """How probably a true case has the higher confidence than a false one, ties by half; None without both kinds."""
    true = [c for c, o in zip(confidences, outcomes, strict=True) if o]
    false = [c for c, o in zip(confidences, outcomes, strict=True) if not o]
    if not true or not false:
        return None
    won = sum((one > other) + 0.5 * (one == other) for one in true for other in false)
    return won / (len(true) * len(false))


def mcnemar(only_one: int, only_other: int) -> float:
    """The exact two-sided p-value of a difference between paired outcomes (Q. McNemar, Psychometrika 12, 1947).

    Args:
        only_one: pairs in which only the first is true.
        only_other: pairs in which only the second is true.
    """
    total = only_one + only_other
    tail = sum(math.comb(total, k) for k in range(min(only_one, only_other) + 1))
    return min(1.0, 2.0 * (tail / (1 << total)))
