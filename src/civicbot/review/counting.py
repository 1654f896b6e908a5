"""The overview's queries: all over the narrow rows of :mod:`civicbot.records.tables.facts`, none over the exchanges."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from civicbot.model import Language, Noun
from civicbot.records.facts import KOREA
from civicbot.records.tables import FactRow, FeedbackRow, TopicRow, VerdictRow
from civicbot.review.nouns import Reason, Verdict
from civicbot.review.view_nouns import Period

OWN_PAGES = ""
"""Stands for no site: our own pages and the bare API."""

TOPICS = 20
"""How many topics are told, the most frequent ones."""

WRONG = frozenset({Verdict.WRONG, Verdict.OUTDATED, Verdict.SHOULD_HAVE_REFUSED, Verdict.SHOULD_HAVE_ANSWERED})
"""Verdicts that say that an answer was wrong; an incomplete one was right as far as it went."""


class Wanted(Noun):
    """What is counted.

    Attributes:
        site: only what was asked there; :data:`OWN_PAGES` for what was asked at none; None for all.
        language: only answers in this.
    """

    period: Period
    site: str | None = None
    language: Language | None = None

    @property
    def since(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.period.first, time(), KOREA)

    @property
    def before(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.period.last + timedelta(days=1), time(), KOREA)

    def of(self, site: Any, language: Any) -> ColumnElement[bool]:
        """The condition on the columns of site and language."""
        wanted = and_(True)
        if self.site is not None:
            wanted &= site.is_(None) if self.site == OWN_PAGES else site == self.site
        return wanted if self.language is None else wanted & (language == self.language)

    @property
    def facts(self) -> ColumnElement[bool]:
        """The condition on facts."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return FactRow.day.between(first, last) & self.of(FactRow.site, FactRow.language)


@dataclass(frozen=True)
class Asked:
    """How often what was asked.

    Attributes:
        by_day: how many had a status on a day.
    """

    by_day: dict[str, Counter[str]]
    statuses: Counter[str]
    languages: Counter[str]
    channels: Counter[str]
    sites: Counter[str]


def asked(session: Session, wanted: Wanted) -> Asked:
    """Counts the questions."""
    columns = (FactRow.day, FactRow.status, FactRow.language, FactRow.channel, FactRow.site)
    found = Asked(defaultdict(Counter), Counter(), Counter(), Counter(), Counter())
    rows = session.execute(select(*columns, func.count()).where(wanted.facts).group_by(*columns))
    for day, status, language, channel, site, count in rows:
        found.by_day[day][status] += count
        found.statuses[status] += count
        found.languages[language] += count
        found.channels[channel] += count
        found.sites[site or OWN_PAGES] += count
    return found


def seconds(session: Session, wanted: Wanted) -> dict[str, list[float]]:
    """How long the answers took, by day, the quickest first."""
    found: dict[str, list[float]] = defaultdict(list)
    for day, taken in session.execute(select(FactRow.day, FactRow.seconds).where(wanted.facts)):
        found[day].append(taken)
    return {day: sorted(each) for day, each in found.items()}


def topics(session: Session, wanted: Wanted) -> list[tuple[str, int]]:
    """The glossary keys that most questions name, with how many do."""
    count = func.count()
    found = (
        select(TopicRow.entity, count)
        .join(FactRow, FactRow.answer_id == TopicRow.answer_id)
        .where(wanted.facts)
        .group_by(TopicRow.entity)
        .order_by(count.desc(), TopicRow.entity)
        .limit(TOPICS)
    )
    return [(entity, count) for entity, count in session.execute(found)]


def helpful(session: Session, wanted: Wanted) -> dict[str, tuple[int, int]]:
    """How many answers of each day were called helpful, and how many not; the newest word on each counts."""
    newest = select(func.max(FeedbackRow.id)).group_by(FeedbackRow.answer_id)
    found = (
        select(FactRow.day, FeedbackRow.helpful, func.count())
        .join(FeedbackRow, FeedbackRow.answer_id == FactRow.answer_id)
        .where(wanted.facts, FeedbackRow.id.in_(newest))
        .group_by(FactRow.day, FeedbackRow.helpful)
    )
    days: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for day, good, count in session.execute(found):
        yes, no = days[day]
        days[day] = (yes + count, no) if good else (yes, no + count)
    return days


@dataclass(frozen=True)
class Judged:
    """The verdicts on answers of a period, one an item.

    Attributes:
        all: how often each was given.
        sampled: the same for items that chance picked; only these tell of answers in general.
    """

    all: Counter[Verdict]
    sampled: Counter[Verdict]


def judged(session: Session, wanted: Wanted) -> Judged:
    """Counts the verdicts; of several on an item the newest counts."""
    newest = select(func.max(VerdictRow.id)).where(VerdictRow.item_id.is_not(None)).group_by(VerdictRow.item_id)
    found = select(VerdictRow.verdict, VerdictRow.reasons).where(
        VerdictRow.asked_at >= wanted.since,
        VerdictRow.asked_at < wanted.before,
        wanted.of(VerdictRow.site, VerdictRow.language),
        or_(VerdictRow.item_id.is_(None), VerdictRow.id.in_(newest)),
    )
    judged = Judged(Counter(), Counter())
    for verdict, reasons in session.execute(found):
        judged.all[Verdict(verdict)] += 1
        if Reason.SAMPLED_FIGURES.value in reasons:
            judged.sampled[Verdict(verdict)] += 1
    return judged


def wrong(verdicts: Counter[Verdict]) -> int:
    """How many of the verdicts say that an answer was wrong."""
    return sum(verdicts[each] for each in WRONG)


def merged(days: Iterable[list[float]]) -> list[float]:
    """The values of several days, the smallest first."""
    return sorted(value for day in days for value in day)
