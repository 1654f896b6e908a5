"""The targets that a report is held against, and how each figure is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from civicbot.evaluation.scores import Scores
from civicbot.statistics import Share


@dataclass(frozen=True)
class Reading:
    """A figure held against its target.

    Attributes:
        text: the figure with its counts and interval.
        met: whether the figure itself, not its interval, reaches the target.
        share: the share behind it, where it is one.
    """

    text: str
    met: bool
    share: Share | None = None


@dataclass(frozen=True)
class Target:
    """One target.

    Attributes:
        title: what is measured.
        wanted: the target in words.
        limit: the target as a number: a share of 0..1, points or milliseconds.
        read: reads the figure; None where the questions give nothing to measure.
    """

    title: str
    wanted: str
    limit: float
    read: Callable[[Scores], Reading | None]


def share_text(part: Share) -> str:
    """A share with its counts and its Wilson interval, in per cent."""
    if not part.total:
        return "—"
    low, high = part.interval
    return f"{100 * part.value:.1f} % ({part.hits} of {part.total}; {100 * low:.1f}–{100 * high:.1f})"


def _at_least(limit: float, get: Callable[[Scores], Share]) -> Callable[[Scores], Reading | None]:
    def read(scores: Scores) -> Reading | None:
        part = get(scores)
        return Reading(share_text(part), part.value >= limit, part) if part.total else None

    return read


def _wrong(scores: Scores) -> Reading | None:
    part = scores.wrong
    return Reading(share_text(part), part.value <= 0.02, part) if part.total else None


def _parity(scores: Scores) -> Reading | None:
    parity = scores.parity
    if not parity.ko.total:
        return None
    text = f"{parity.gap:+.1f} points ({parity.ko.total} pairs; ko {parity.ko.hits}, en {parity.en.hits} right)"
    return Reading(text, abs(parity.gap) <= 3)


def _latency(scores: Scores) -> Reading | None:
    return Reading(f"{scores.p95_ms:.0f} ms", scores.p95_ms < 150) if scores.right.total else None


TARGETS = (
    Target("Right answers, of answerable questions", "at least 90 %", 0.90, _at_least(0.90, lambda s: s.correct)),
    Target("Wrong answers, of all questions", "at most 2 %", 0.02, _wrong),
    Target("Refusals, of unanswerable questions", "at least 95 %", 0.95, _at_least(0.95, lambda s: s.refused)),
    Target("Citations of an expected source", "at least 97 %", 0.97, _at_least(0.97, lambda s: s.citations.precision)),
    Target("Quotes word for word in their document", "all", 1.0, _at_least(1.0, lambda s: s.citations.verbatim)),
    Target("Korean minus English, same questions", "within 3 points", 3.0, _parity),
    Target("Paraphrases that fare alike", "at least 90 %", 0.90, _at_least(0.90, lambda s: s.consistent)),
    Target("Time of 95 in 100 answers", "under 150 ms", 150.0, _latency),
)
"""In the order of a report's first table; docs/evaluation.md explains them."""
