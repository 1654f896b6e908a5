"""Shares with their intervals, and percentiles: what reports and the staff desk both count with."""

from __future__ import annotations

import math
from collections.abc import Sequence

from civicbot.model import Noun

Z95 = 1.959964
"""The normal quantile of two-sided 95 % intervals."""


class Share(Noun):
    """How many of how many."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share, 0..1; 0 where nothing was counted."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson 95 % interval of the share."""
        return wilson(self.hits, self.total)


def share(outcomes: Sequence[bool]) -> Share:
    """How many of the outcomes are true."""
    return Share(hits=sum(outcomes), total=len(outcomes))


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """The score interval of a share (E. B. Wilson, JASA 22, 1927); 0 to 1 where nothing was counted.

    Args:
        hits: 0..total.
        total: at least 0.
        z: the normal quantile of the interval.
    """
    if total == 0:
        return 0.0, 1.0
    portion = hits / total
    middle = (portion + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(portion * (1 - portion) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    # Rounding errors must not push the interval past the share itself.
    return min(max(0.0, middle - half), portion), max(min(1.0, middle + half), portion)


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least ``part`` (0..1) of the values do not exceed; 0 where there is none."""
    if not values:
        return 0.0
    place = math.ceil(part * len(values) - 1e-9) - 1
    return sorted(values)[max(0, min(place, len(values) - 1))]
