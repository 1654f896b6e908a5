"""Plots of the overview as SVG: readable in light and dark, by eye and by screen reader."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import Literal

from civicbot.model import Language, Noun

Unit = Literal["", "%", "s"]

_WIDTH, _HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 34
_BAR = 26
_NAMES = 190
COLOURS = ("#2a7fd0", "#c8612a", "#3f9142", "#9a62c8")
"""Each at least 3:1 against white and against the desk's dark ground, in the order of the series."""
_DASHES = ("", "6 3", "2 3", "8 3 2 3")
"""Lines are told apart without colour as well."""
_MARKS = 8
"""How many labels stand below a plot at most."""
_NONE = {"ko": "값 없음", "en": "no value"}
_numbers = count(1)


class Series(Noun):
    """A line or a row of bars.

    Attributes:
        name: what the legend calls it.
        values: one for each label of the plot; None where there is none.
        low: the lower ends of intervals, likewise; empty without intervals.
        high: the upper ends.
    """

    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()


def svg(
    series: Sequence[Series],
    labels: Sequence[str],
    *,
    kind: Literal["line", "bars"],
    title: str,
    description: str = "",
    unit: Unit = "",
    language: Language = "ko",
) -> str:
    """Draws a plot as SVG text with ``role="img"``, a title and a description that tells the values.

    Text and axes take the colour of the page around it (``currentColor``).

    Args:
        series: one to four of them.
        labels: below a plot of lines, such as days; of bars beside each.
        kind: lines over time, or one bar for each label of the first series.
        title: what it shows.
        description: for screen readers; made of the values by default.
        unit: ``%`` for shares 0..1, ``s`` for seconds, empty for counts.
        language: of the description that is made.
    """
    told = description or _told(series, labels, unit, language)
    if kind == "bars":
        height = _TOP + _BAR * len(labels) + _TOP
        drawn = "".join(_bars(series[0], labels, unit)) if series else ""
    else:
        height = _HEIGHT + (18 if len(series) > 1 else 0)
        drawn = "".join(_lines(series, labels, unit))
    key = f"cb-plot-{next(_numbers)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="100%" role="img" '
        f'aria-labelledby="{key}-t {key}-d" lang="{language}" font-family="inherit" font-size="12" '
        f'fill="currentColor"><title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(told)}</desc>'
        f"{drawn}</svg>"
    )


@dataclass(frozen=True)
class _Scale:
    """From values and places to coordinates; the top is a round number."""

    top: float
    places: int

    def x(self, place: int) -> float:
        """Where a label's values stand."""
        width = _WIDTH - _LEFT - _RIGHT
        return _LEFT + (width / 2 if self.places < 2 else width * place / (self.places - 1))

    def y(self, value: float) -> float:
        """How high a value stands."""
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - min(value, self.top) / self.top)


def _lines(series: Sequence[Series], labels: Sequence[str], unit: Unit) -> Iterator[str]:
    values = [value for each in series for value in (*each.values, *each.high) if value is not None]
    scale = _Scale(1.0 if unit == "%" else _round_top(max(values, default=0.0), whole=not unit), len(labels))
    for step in range(5):
        value = scale.top * step / 4
        y = scale.y(value)
        ends = f'x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
        yield f'<line {ends} stroke="currentColor" opacity=".18"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_number(value, unit)}</text>'
    every = max(1, math.ceil(len(labels) / _MARKS))
    for place in range(0, len(labels), every):
        x = scale.x(place)
        yield f'<text x="{x:.1f}" y="{_HEIGHT - 14}" text-anchor="middle">{escape(labels[place])}</text>'
    for number, each in enumerate(series):
        yield from _line(each, scale, number)
    if len(series) > 1:
        yield from _legend(series)


def _line(series: Series, scale: _Scale, number: int) -> Iterator[str]:
    colour, dash = COLOURS[number % len(COLOURS)], _DASHES[number % len(_DASHES)]
    for place, (low, high) in enumerate(zip(series.low, series.high, strict=True)):
        if low is not None and high is not None:
            x = scale.x(place)
            yield (
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{scale.y(low):.1f}" y2="{scale.y(high):.1f}" '
                f'stroke="{colour}" stroke-width="3" opacity=".3"/>'
            )
    for run in _runs(series.values):
        points = " ".join(f"{scale.x(place):.1f},{scale.y(value):.1f}" for place, value in run)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
        if len(run) == 1 or scale.places <= 31:
            for place, value in run:
                yield f'<circle cx="{scale.x(place):.1f}" cy="{scale.y(value):.1f}" r="2.5" fill="{colour}"/>'


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The stretches without a gap."""
    run: list[tuple[int, float]] = []
    for place, value in enumerate((*values, None)):
        if value is not None:
            run.append((place, value))
        elif run:
            yield run
            run = []


def _legend(series: Sequence[Series]) -> Iterator[str]:
    step = (_WIDTH - _LEFT) / len(series)
    for number, each in enumerate(series):
        x, y = _LEFT + step * number, _HEIGHT + 8
        dash = _DASHES[number % len(_DASHES)]
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        colour = COLOURS[number % len(COLOURS)]
        yield f'<line x1="{x:.0f}" x2="{x + 24:.0f}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"{dashes}/>'
        yield f'<text x="{x + 30:.0f}" y="{y + 4}">{escape(each.name)}</text>'


def _bars(series: Series, labels: Sequence[str], unit: Unit) -> Iterator[str]:
    values = [value for value in (*series.values, *series.high) if value is not None]
    top = 1.0 if unit == "%" else max(values, default=0.0) or 1.0
    width = _WIDTH - _NAMES - 70

    def x(value: float) -> float:
        return _NAMES + width * min(value, top) / top

    for place, (label, value) in enumerate(zip(labels, series.values, strict=True)):
        y = _TOP + _BAR * place
        yield f'<text x="{_NAMES - 8}" y="{y + 16}" text-anchor="end">{escape(_short(label))}</text>'
        if value is None:
            yield f'<text x="{_NAMES + 4}" y="{y + 16}">—</text>'
            continue
        yield (
            f'<rect x="{_NAMES}" y="{y + 4}" width="{max(1.0, x(value) - _NAMES):.1f}" height="{_BAR - 9}" '
            f'fill="{COLOURS[0]}"/>'
        )
        end = value
        if series.low and series.high:
            low, high = series.low[place], series.high[place]
            if low is not None and high is not None:
                end = max(end, high)
                middle = y + 4 + (_BAR - 9) / 2
                yield (
                    f'<line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="{middle}" y2="{middle}" '
                    'stroke="currentColor" stroke-width="2"/>'
                )
        yield f'<text x="{x(end) + 6:.1f}" y="{y + 16}">{_number(value, unit)}</text>'


def _short(label: str) -> str:
    """A name that has room beside its bar; a Hangul syllable is about as wide as two Latin letters."""
    room = 26
    for place, char in enumerate(label):
        room -= 1 if char.isascii() else 2
        if room < 0:
            return f"{label[:place]}…"
    return label


def _round_top(value: float, *, whole: bool) -> float:
    """A round number that is no less; a multiple of four for counts, so that the lines between are counts."""
    least = 4.0 if whole else 0.04
    if value <= least:
        return least
    unit = 10.0 ** math.floor(math.log10(value))
    for factor in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10):
        top = factor * unit
        if top >= value and (not whole or (top / 4).is_integer()):
            return top
    return 4 * math.ceil(value / 4) if whole else 10 * unit


def _number(value: float, unit: Unit) -> str:
    if unit == "%":
        return f"{100 * value:.0f}%"
    if unit == "s":
        return f"{value:.2f}s" if value < 10 else f"{value:.0f}s"
    return f"{value:,.0f}"


def _told(series: Sequence[Series], labels: Sequence[str], unit: Unit, language: Language) -> str:
    """All values in words, as far as a listener may want them: of many only the ends, the least and the most."""
    pieces = []
    for each in series:
        known = [(label, value) for label, value in zip(labels, each.values, strict=True) if value is not None]
        if len(known) > _MARKS:
            ends = {known[0], known[-1], min(known, key=lambda one: one[1]), max(known, key=lambda one: one[1])}
            known = [one for one in known if one in ends]
        values = ", ".join(f"{label} {_number(value, unit)}" for label, value in known) or _NONE[language]
        pieces.append(f"{each.name}: {values}.")
    return " ".join(pieces)
