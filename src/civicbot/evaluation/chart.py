"""The chart of a report: shares with their intervals against the targets, and how well the confidence is calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from civicbot.evaluation.scores import Scores
from civicbot.evaluation.targets import TARGETS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = ("#0b5fa5", "#7fb2dd", "#b3541e", "#e3a77d")
"""Told apart without colour vision by their lightness; one for each split and run."""
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "civicbot",
    "font.family": "sans-serif",
    "font.size": 9,
}


def chart(scores: Sequence[Scores]) -> str:
    """Draws the chart as SVG text; the same figures give the same text."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(11, 4.8), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        _draw_shares(left, scores)
        _draw_confidence(right, scores)
        figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return "\n".join(line.rstrip() for line in drawn.getvalue().splitlines()) + "\n"


def _draw_shares(axes: Axes, scores: Sequence[Scores]) -> None:
    targets = [target for target in TARGETS if any((r := target.read(s)) is not None and r.share for s in scores)]
    for row, target in enumerate(targets):
        axes.plot([100 * target.limit] * 2, [row - 0.4, row + 0.4], color="black", linewidth=1.2)
    for place, each in enumerate(scores):
        shift = (place - (len(scores) - 1) / 2) * 0.18
        rows, values, below, above = [], [], [], []
        for row, target in enumerate(targets):
            reading = target.read(each)
            if reading is None or reading.share is None:
                continue
            low, high = reading.share.interval
            rows.append(row + shift)
            values.append(100 * reading.share.value)
            below.append(100 * (reading.share.value - low))
            above.append(100 * (high - reading.share.value))
        label = f"{each.split}, {each.run}"
        axes.errorbar(values, rows, xerr=[below, above], fmt="o", markersize=4, color=_colour(place), label=label)
    axes.set_yticks(range(len(targets)), [f"{target.title}\n({target.wanted})" for target in targets])
    axes.invert_yaxis()
    axes.set_xlim(-2, 102)
    axes.set_xlabel("per cent; bars: 95 % intervals, black marks: targets")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def _draw_confidence(axes: Axes, scores: Sequence[Scores]) -> None:
    axes.plot([0, 1], [0, 1], color="#888888", linestyle="--", linewidth=0.8)
    for place, each in enumerate(scores):
        held = each.calibration.bins
        axes.plot([b.confidence for b in held], [b.right for b in held], "o-", markersize=4, color=_colour(place))
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share of right answers")
    axes.grid(color="#dddddd", linewidth=0.6)


def _colour(place: int) -> str:
    return _COLOURS[place % len(_COLOURS)]
