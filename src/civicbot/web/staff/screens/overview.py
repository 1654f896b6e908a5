"""The numbers of a period, as figures with their intervals, plots and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import urlencode

from markupsafe import Markup

from civicbot.model import LANGUAGES, Language
from civicbot.review.access import Action, Actor
from civicbot.review.overview import Overview
from civicbot.review.plots import Series, svg
from civicbot.review.view_nouns import Counted, Day, Numbers, Period
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Operation, Shown, Sight
from civicbot.web.staff.screens.wanted import NO_SITE

PERIODS = (1, 7, 30, 90)
USUAL = 30
LONGEST = 366
CSV_PATH = "/staff/overview.csv"


@dataclass(frozen=True)
class Choice:
    """What the overview is asked for.

    Attributes:
        days: one of :data:`PERIODS`; None for days of one's own choice.
    """

    period: Period
    days: int | None
    site: str | None
    language: Language | None


def chosen(values: Mapping[str, str], today: date) -> Choice:
    """Reads an address; what cannot be read is as usual."""
    first, last = _day(values.get("first")), _day(values.get("last"))
    told = values.get("days", "")
    days: int | None = int(told) if told in {str(one) for one in PERIODS} else USUAL
    if first is not None:
        last = max(first, min(last or today, first + timedelta(days=LONGEST - 1)))
        period, days = Period(first=first, last=last), None
    else:
        period = Period.latest(days or USUAL, today)
    site = values.get("site") or None
    language = next((one for one in LANGUAGES if one == values.get("language")), None)
    return Choice(period, days, "" if site == NO_SITE else site, language)


class OverviewScreen:
    """Shows the numbers.

    Args:
        painter: renders it.
        overview: counts.
    """

    name = "overview"
    action = Action.READ_OVERVIEW

    def __init__(self, painter: Painter, overview: Overview) -> None:
        self._painter = painter
        self._overview = overview

    @property
    def operations(self) -> Sequence[Operation]:
        """Nothing can be done on it."""
        return ()

    def show(self, sight: Sight) -> Shown:
        """The numbers of the address's period."""
        choice = chosen(sight.address.values, self._overview.today(sight.actor))
        numbers = self._overview.numbers(sight.actor, choice.period, site=choice.site, language=choice.language)
        query = {name: value for name, value in sight.address.values.items() if value}
        main = self._painter.paint(
            "overview",
            sight,
            choice=choice,
            numbers=numbers,
            plots=plots(numbers, sight),
            counted=lambda one: one.ko if sight.language == "ko" else one.en,
            periods=PERIODS,
            sites=self._overview.sites(sight.actor),
            no_site=NO_SITE,
            languages=LANGUAGES,
            csv=f"{CSV_PATH}?{urlencode(query)}",
        )
        return Shown(sight.texts.frame.tabs["overview"], main)

    def csv(self, actor: Actor, values: Mapping[str, str]) -> tuple[str, str]:
        """A file's name and its content, for the numbers of an address."""
        choice = chosen(values, self._overview.today(actor))
        text = self._overview.csv(actor, choice.period, site=choice.site, language=choice.language)
        return f"civicbot-{choice.period.first:%Y%m%d}-{choice.period.last:%Y%m%d}.csv", text


def plots(numbers: Numbers, sight: Sight) -> list[tuple[str, Markup]]:
    """Questions, what became of them, satisfaction, latency, topics: each with its title."""
    texts, days = sight.texts.overview, numbers.days
    labels = [f"{one.day:%m-%d}" for one in days]

    def line(title: str, unit: Literal["", "%", "s"], **series: tuple[float | None, ...]) -> tuple[str, Markup]:
        drawn = [Series(name=texts.series[name], values=values) for name, values in series.items()]
        return title, Markup(svg(drawn, labels, kind="line", title=title, unit=unit, language=sight.language))

    asked = tuple(float(one.asked) for one in days)
    found = [
        line(texts.plot_volume, "", asked=asked),
        line(
            texts.plot_outcome,
            "%",
            answered=_shares(days, "answered"),
            no_evidence=_shares(days, "no_evidence"),
            refused=_shares(days, "refused"),
        ),
        line(texts.plot_helpful, "", helpful=_counts(days, "helpful"), unhelpful=_counts(days, "unhelpful")),
        line(texts.plot_latency, "s", median=tuple(one.median for one in days), p95=tuple(one.p95 for one in days)),
    ]
    if numbers.topics:
        found.append(_bars(texts.plot_topics, numbers.topics[:10], sight))
    return found


def _bars(title: str, counted: Sequence[Counted], sight: Sight) -> tuple[str, Markup]:
    labels = [one.ko if sight.language == "ko" else one.en for one in counted]
    series = Series(name=sight.texts.overview.series["asked"], values=tuple(float(one.count) for one in counted))
    return title, Markup(svg([series], labels, kind="bars", title=title, language=sight.language))


def _counts(days: Sequence[Day], name: str) -> tuple[float | None, ...]:
    return tuple(float(getattr(one, name)) for one in days)


def _shares(days: Sequence[Day], name: str) -> tuple[float | None, ...]:
    return tuple(getattr(one, name) / one.asked if one.asked else None for one in days)


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told or "")
    except ValueError:
        return None
