"""The queries behind what everybody may read; what would tell small counts is left out here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from civicbot.judging import Verdict as Worth
from civicbot.model import LANGUAGES, AnswerStatus, Language
from civicbot.records.facts import KOREA
from civicbot.records.tables import ExchangeRow, FactRow, SwitchRow, VerdictRow, VerifiedRunRow
from civicbot.review.counting import WRONG
from civicbot.review.disclosure import is_small, tellable, told, total_of
from civicbot.review.nouns import Reason, Verdict
from civicbot.review.public_nouns import (
    Accuracy,
    Asked,
    Basis,
    Count,
    Judged,
    Name,
    Part,
    Pause,
    ShareTold,
    Span,
    StatusCount,
    Total,
    VerifiedRun,
)
from civicbot.review.view_nouns import Switch, SwitchScope
from civicbot.statistics import wilson

LEAST_SAMPLE = 20
"""Below so many judged answers no share of them is told."""
LEAST_FOR_SHARES = 100
"""Below so many questions a whole per cent could tell how many exactly."""
SMALLEST_PART = 20
"""A language or site with fewer questions has no share of its own."""
PAUSES_DAYS, MOST_PAUSES = 365, 20

NameOf = Callable[[SwitchScope, str], Name]

_GIVEN = frozenset({AnswerStatus.ANSWERED.value, AnswerStatus.PARTIAL.value})


class _Cell(NamedTuple):
    """Judged answers that are counted alike; of two spans the older one is what is not recent."""

    recent: bool
    chance: bool
    language: str


def start_of(day: date) -> datetime:
    """The first moment of a day of Korean time."""
    return datetime.combine(day, time(), KOREA)


# ---------------------------------------------------------------- judged by staff


def judged(session: Session, since: date) -> Judged:
    """How the answers did that staff judged; of several verdicts on an item the newest counts.

    Args:
        session: for reading.
        since: the first day of the recent ones.
    """
    newest = select(func.max(VerdictRow.id)).where(VerdictRow.item_id.is_not(None)).group_by(VerdictRow.item_id)
    found = select(VerdictRow.verdict, VerdictRow.reasons, VerdictRow.language, VerdictRow.asked_at).where(
        or_(VerdictRow.item_id.is_(None), VerdictRow.id.in_(newest)),
        VerdictRow.verdict.in_([each.value for each in Verdict]),
        VerdictRow.language.in_(LANGUAGES),
    )
    first = start_of(since)
    cells: dict[_Cell, Counter[Verdict]] = {
        _Cell(recent, chance, language): Counter()
        for recent, chance, language in product((True, False), (True, False), LANGUAGES)
    }
    for verdict, reasons, language, asked_at in session.execute(found):
        cell = _Cell(asked_at >= first, Reason.SAMPLED_FIGURES.value in reasons, language)
        cells[cell][Verdict(verdict)] += 1
    return Judged(since=since, figures=_accuracies(cells))


def _accuracies(cells: Mapping[_Cell, Counter[Verdict]]) -> tuple[Accuracy, ...]:
    # The most important first: where one of two must be withheld, it is the later one.
    languages: tuple[Language | None, ...] = (None, *LANGUAGES)
    wanted = [
        (language, span, basis)
        for language, span, basis in product(languages, (Span.RECENT, Span.EVER), (Basis.CHANCE, Basis.ALL))
    ]
    sums = [
        [
            cell
            for cell in cells
            if (cell.recent or span is Span.EVER)
            and (cell.chance or basis is Basis.ALL)
            and language in (None, cell.language)
        ]
        for language, span, basis in wanted
    ]
    may = tellable({cell: counts.total() for cell, counts in cells.items()}, sums)
    return tuple(
        _accuracy(basis, span, language, sum((cells[cell] for cell in parts), Counter[Verdict]()), exact=exact)
        for (language, span, basis), parts, exact in zip(wanted, sums, may, strict=True)
    )


def _accuracy(
    basis: Basis, span: Span, language: Language | None, counts: Counter[Verdict], *, exact: bool
) -> Accuracy:
    total = counts.total()
    sample = told(total) if exact or is_small(total) else Count()
    enough = exact and total >= LEAST_SAMPLE
    return Accuracy(
        basis=basis,
        span=span,
        language=language,
        judged=sample,
        right=_share(counts[Verdict.CORRECT], total) if enough else None,
        incomplete=_rounded(counts[Verdict.INCOMPLETE] / total) if enough else None,
        wrong=_rounded(sum(counts[each] for each in WRONG) / total) if enough else None,
    )


def _share(hits: int, total: int) -> ShareTold:
    low, high = wilson(hits, total)
    return ShareTold(value=_rounded(hits / total), low=_rounded(low), high=_rounded(high))


def _rounded(share: float) -> float:
    return round(share, 3)


# ---------------------------------------------------------------- asked by residents


def asked(session: Session, first: date, last: date) -> Asked:
    """What became of the questions of some whole days.

    Args:
        session: for reading.
        first: the first day of Korean time.
        last: the last one; none is counted where it lies before the first.
    """
    columns = (FactRow.status, FactRow.language, FactRow.site)
    days = FactRow.day.between(first.isoformat(), last.isoformat())
    statuses: Counter[str] = Counter()
    languages: dict[str, Counter[bool]] = {language: Counter() for language in LANGUAGES}
    sites: dict[str, Counter[bool]] = {}
    for status, language, site, count in session.execute(select(*columns, func.count()).where(days).group_by(*columns)):
        statuses[status] += count
        languages.setdefault(language, Counter())[status in _GIVEN] += count
        sites.setdefault(site or "", Counter())[status in _GIVEN] += count
    exchanges = select(func.count()).where(
        ExchangeRow.asked_at >= start_of(first), ExchangeRow.asked_at < start_of(last + timedelta(days=1))
    )
    least, most = total_of(statuses[status] for status in AnswerStatus)
    return Asked(
        first=first,
        last=last,
        complete=(session.scalar(exchanges) or 0) <= statuses.total(),
        statuses=tuple(StatusCount(status=each, questions=told(statuses[each])) for each in AnswerStatus),
        total=Total(least=least, most=most),
        languages=_parts(languages, least),
        sites=_parts(sites, least) if any(sites) else (),
    )


def _parts(counts: Mapping[str, Counter[bool]], least: int) -> tuple[Part, ...]:
    """The shares of languages or sites, the largest first; none where one could be worked out that is small."""
    totals = {key: each.total() for key, each in counts.items()}
    total = sum(totals.values())
    shown = {key: number for key, number in totals.items() if number >= SMALLEST_PART}
    if least < LEAST_FOR_SHARES or is_small(total - sum(shown.values())):
        return ()
    order = sorted(shown, key=lambda key: (-shown[key], key))
    return tuple(Part(key=key, share=round(100 * shown[key] / total), answered=_answered(counts[key])) for key in order)


def _answered(counts: Counter[bool]) -> int | None:
    given, others = counts[True], counts[False]
    if given + others < LEAST_FOR_SHARES or is_small(given) or is_small(others):
        return None
    return round(100 * given / (given + others))


# ---------------------------------------------------------------- tested


def verified(session: Session) -> VerifiedRun | None:
    """The newest run of all cases that came to its end; None before the first."""
    whole = select(VerifiedRunRow).where(
        VerifiedRunRow.ended_at.is_not(None),
        VerifiedRunRow.problem.is_(None),
        VerifiedRunRow.total > 0,
        VerifiedRunRow.asked >= VerifiedRunRow.total,
    )
    row = session.scalar(whole.order_by(VerifiedRunRow.id.desc()).limit(1))
    if row is None:
        return None
    outcomes = Counter(row.counts) + Counter(row.open_counts)
    cases = outcomes.total()
    passed = outcomes[Worth.CORRECT.value] if cases >= LEAST_SAMPLE else None
    return VerifiedRun(at=row.at, app=row.app_version, index=row.index_name, cases=told(cases), passed=passed)


# ---------------------------------------------------------------- paused


def pauses(session: Session, now: datetime, name_of: NameOf, known: Callable[[SwitchRow], Switch]) -> tuple[Pause, ...]:
    """The times in which questions were not answered, the newest first.

    Args:
        session: for reading.
        now: the time, aware.
        name_of: what a site, language or topic is called.
        known: reads a row; a ValueError for one that this program does not know.
    """
    since = now - timedelta(days=PAUSES_DAYS)
    rows = session.scalars(
        select(SwitchRow)
        .where(or_(SwitchRow.set_at >= since, SwitchRow.lifted_at.is_(None), SwitchRow.lifted_at >= since))
        .order_by(SwitchRow.set_at.desc(), SwitchRow.id.desc())
        .limit(MOST_PAUSES)
    )
    found = []
    for row in rows:
        try:
            found.append(_pause(known(row), now, name_of))
        except ValueError:
            continue  # of a newer program
    return tuple(found)


def _pause(switch: Switch, now: datetime, name_of: NameOf) -> Pause:
    return Pause(
        scope=switch.scope,
        value=name_of(switch.scope, switch.value) if switch.value else None,
        since=switch.set_at,
        until=min((end for end in (switch.lifted_at, switch.until) if end is not None), default=None),
        over=not switch.active(now),
        text_ko=switch.text_ko,
        text_en=switch.text_en,
    )
