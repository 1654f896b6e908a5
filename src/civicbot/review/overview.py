"""The numbers of a period, for the overview of the staff desk."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from civicbot.errors import CivicbotError
from civicbot.language.glossary import Glossary
from civicbot.library.checks.stale import stale_sources
from civicbot.model import AnswerStatus, Language
from civicbot.records.database import Database
from civicbot.records.facts import KOREA, Facts
from civicbot.records.tables import FactRow, SiteRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review import counting
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.counting import Wanted
from civicbot.review.ruling_texts import pause_texts
from civicbot.review.view_nouns import Counted, Day, Freshness, Numbers, Period, Rate
from civicbot.settings import Settings
from civicbot.statistics import percentile

_ANSWERED = (AnswerStatus.ANSWERED.value, AnswerStatus.PARTIAL.value)
_REFUSED = (AnswerStatus.REFUSED.value, AnswerStatus.OUT_OF_SCOPE.value)
_NONE = AnswerStatus.NO_EVIDENCE.value


class Overview:
    """Counts what was asked, over 50,000 exchanges in well under a second; thread-safe.

    Every method may raise SQLAlchemyError when the database cannot be used.

    Args:
        database: of the records.
        facts: what is counted; the newest exchanges are taken in before.
        index: the live index.
        settings: from when on a source is stale.
        now: the time, aware; the clock by default.
    """

    def __init__(
        self,
        database: Database,
        facts: Facts,
        index: LiveIndex,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._facts = facts
        self._index = index
        self._settings = settings
        self._now = now

    @guarded(Action.READ_OVERVIEW)
    def today(self, actor: Actor) -> date:
        """Today in Korean time, for :meth:`Period.latest`."""
        del actor
        return self._now().astimezone(KOREA).date()

    @guarded(Action.READ_OVERVIEW)
    def sites(self, actor: Actor) -> tuple[str, ...]:
        """The sites to choose from: those registered and those that were asked at.

        :data:`civicbot.review.counting.OWN_PAGES` is no part of it; it can be chosen all the same.
        """
        del actor
        with self._database.reading() as session:
            registered = session.scalars(select(SiteRow.name)).all()
            asked_at = session.scalars(select(FactRow.site).where(FactRow.site.is_not(None)).distinct()).all()
        return tuple(sorted({*registered, *(site for site in asked_at if site)}))

    @guarded(Action.READ_OVERVIEW)
    def numbers(
        self, actor: Actor, period: Period, *, site: str | None = None, language: Language | None = None
    ) -> Numbers:
        """The numbers of a period.

        Args:
            actor: who reads.
            period: of which days.
            site: only what was asked there; an empty one for our own pages and the bare API; None for all.
            language: only answers in this; None for both.
        """
        del actor
        return self._numbers(Wanted(period=period, site=site, language=language))

    @guarded(Action.READ_OVERVIEW)
    def csv(
        self,
        actor: Actor,
        period: Period,
        *,
        site: str | None = None,
        language: Language | None = None,
        table: Literal["days", "totals"] = "days",
    ) -> str:
        """The same as CSV; it begins with the mark by which spreadsheets know UTF-8.

        Args:
            actor: who reads.
            period: as for :meth:`numbers`.
            site: likewise.
            language: likewise.
            table: a line for each day, or the rates and counts of the whole period.
        """
        del actor
        numbers = self._numbers(Wanted(period=period, site=site, language=language))
        return _days_table(numbers) if table == "days" else _totals_table(numbers)

    def _numbers(self, wanted: Wanted) -> Numbers:
        # What was asked in the last seconds; without it the numbers are as good, and a little older.
        with contextlib.suppress(CivicbotError, SQLAlchemyError):
            self._facts.gather()
        waiting = self._facts.waiting()
        with self._database.reading() as session:
            asked = counting.asked(session, wanted)
            seconds = counting.seconds(session, wanted)
            topics = counting.topics(session, wanted)
            helpful = counting.helpful(session, wanted)
            judged = counting.judged(session, wanted)
        total = asked.statuses.total()
        counts = {name: _several(asked.statuses, keys) for name, keys in _RATES.items()}
        every = counting.merged(seconds.values())
        yes, no = (sum(day[place] for day in helpful.values()) for place in (0, 1))
        return Numbers(
            period=wanted.period,
            site=wanted.site,
            language=wanted.language,
            asked=total,
            days=tuple(_day(day, asked.by_day, seconds, helpful) for day in wanted.period.days),
            **{name: Rate.of(count, total) for name, count in counts.items()},
            other=Rate.of(total - sum(counts.values()), total),
            wrong=Rate.of(counting.wrong(judged.all), judged.all.total()),
            wrong_sampled=Rate.of(counting.wrong(judged.sampled), judged.sampled.total()),
            helpful=Rate.of(yes, yes + no),
            statuses=_counted(asked.statuses),
            languages=_counted(asked.languages, {key: _language(key) for key in asked.languages}),
            channels=_counted(asked.channels),
            sites=_counted(asked.sites),
            topics=self._named(topics),
            verdicts=_counted(Counter({verdict.value: count for verdict, count in judged.all.items()})),
            median=percentile(every, 0.5) if every else None,
            p95=percentile(every, 0.95) if every else None,
            freshness=self._freshness(),
            waiting=waiting,
        )

    def _named(self, topics: Sequence[tuple[str, int]]) -> tuple[Counted, ...]:
        glossary = Glossary({})
        with contextlib.suppress(CivicbotError), self._index.reader() as generation:
            glossary = generation.glossary
        found = []
        for key, count in topics:
            # The library may have forgotten a topic since.
            entity = glossary.entities.get(key)
            ko, en = (entity.ko.name, entity.en.name) if entity else (key, key)
            found.append(Counted(key=key, ko=ko, en=en, count=count))
        return tuple(found)

    def _freshness(self) -> Freshness:
        try:
            with self._index.reader() as generation:
                documents, manifest = generation.documents, generation.manifest
        except CivicbotError:
            return Freshness(newest=None, indexed_at=None, generation=None, documents=0, stale=0)
        today = self._settings.current_date()
        return Freshness(
            newest=max((one.published for one in documents if one.published is not None), default=None),
            indexed_at=manifest.created,
            generation=manifest.name,
            documents=len(documents),
            stale=len({one.source_id for one in stale_sources(documents, today, self._settings.stale_days)}),
        )


_RATES = {"answered": _ANSWERED, "refused": _REFUSED, "no_evidence": (_NONE,)}


def _several(counts: Counter[str], keys: Iterable[str]) -> int:
    return sum(counts[key] for key in keys)


def _day(
    day: date,
    by_day: Mapping[str, Counter[str]],
    seconds: Mapping[str, Sequence[float]],
    helpful: Mapping[str, tuple[int, int]],
) -> Day:
    key = day.isoformat()
    statuses, taken = by_day.get(key, Counter()), seconds.get(key, ())
    yes, no = helpful.get(key, (0, 0))
    return Day(
        day=day,
        asked=statuses.total(),
        answered=_several(statuses, _ANSWERED),
        refused=_several(statuses, _REFUSED),
        no_evidence=statuses[_NONE],
        helpful=yes,
        unhelpful=no,
        median=percentile(taken, 0.5) if taken else None,
        p95=percentile(taken, 0.95) if taken else None,
    )


def _counted(counts: Counter[str], names: Mapping[str, tuple[str, str]] | None = None) -> tuple[Counted, ...]:
    """The most frequent first, those as frequent by their keys."""
    found = []
    for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        ko, en = (names or {}).get(key, (key, key))
        found.append(Counted(key=key, ko=ko, en=en, count=count))
    return tuple(found)


def _language(key: str) -> tuple[str, str]:
    code: Language = "ko" if key == "ko" else "en"
    return pause_texts("ko").languages[code], pause_texts("en").languages[code]


def _days_table(numbers: Numbers) -> str:
    columns = tuple(Day.model_fields)
    return _csv([columns, *([getattr(day, column) for column in columns] for day in numbers.days)])


def _totals_table(numbers: Numbers) -> str:
    lines: list[Sequence[object]] = [("section", "key", "name_ko", "name_en", "count", "total", "share", "low", "high")]
    for name in ("answered", "refused", "no_evidence", "other", "wrong", "wrong_sampled", "helpful"):
        rate: Rate = getattr(numbers, name)
        ends = (rate.low, rate.high) if rate.total else (None, None)
        share = rate.value if rate.total else None
        lines.append(("rate", name, "", "", rate.hits, rate.total, *map(_rounded, (share, *ends))))
    for name in ("statuses", "languages", "channels", "sites", "topics", "verdicts"):
        counted: tuple[Counted, ...] = getattr(numbers, name)
        lines += [(name, one.key, one.ko, one.en, one.count, "", "", "", "") for one in counted]
    for name, value in (("median", numbers.median), ("p95", numbers.p95)):
        lines.append(("seconds", name, "", "", _rounded(value), "", "", "", ""))
    return _csv(lines)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _csv(lines: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    for line in lines:
        writer.writerow(_cell(value) for value in line)
    return out.getvalue()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(_rounded(value) if isinstance(value, float) else value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
