"""The numbers of a period."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert
from tests.records.conftest import mask
from tests.records.samples import exchange
from tests.review.staff import REVIEWER, Clock

from civicbot.model import AnswerStatus, Exchange, Feedback, Language
from civicbot.records.database import Database
from civicbot.records.facts import Facts
from civicbot.records.sites import SiteBook
from civicbot.records.store import Records
from civicbot.records.tables import ItemRow, VerdictRow
from civicbot.review.counting import OWN_PAGES
from civicbot.review.nouns import Reason, Verdict
from civicbot.review.overview import Overview
from civicbot.review.view_nouns import Counted, Period, Rate
from civicbot.statistics import wilson
from civicbot.wiring import Service

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
WEEK = Period.latest(7, TODAY)


def topics(text: str) -> Iterable[str]:
    return ["npu"] if "NPU" in text else ["moon"] if "달" in text else []


@pytest.fixture
def records(database: Database) -> Records:
    records = Records(database, mask=mask)
    records.open()
    return records


@pytest.fixture
def facts(records: Records) -> Facts:
    return Facts(records.database, topics, Clock(NOW))


@pytest.fixture
def overview(records: Records, facts: Facts, service: Service) -> Overview:
    return Overview(records.database, facts, service.index, service.settings, Clock(NOW))


def ask(
    records: Records,
    status: AnswerStatus = AnswerStatus.ANSWERED,
    *,
    age: int = 0,
    seconds: float = 0.1,
    question: str = "NPU센터 예산은?",
    language: Language = "ko",
    site: str | None = None,
) -> Exchange:
    kept = exchange(
        records.start(), question, status=status, language=language, site=site, asked_at=NOW - timedelta(days=age)
    ).model_copy(update={"seconds": seconds})
    records.remember(kept)
    return kept


def judge(records: Records, kept: Exchange, *verdicts: Verdict, reasons: tuple[Reason, ...] = ()) -> None:
    """Gives an item of its own its verdicts, one after the other."""
    with records.database.writing() as session:
        item = ItemRow(
            key=kept.answer.id, language="ko", state="done", risk=1, priority=1.0, asked=1, residents=1,
            first_asked=kept.asked_at, last_asked=kept.asked_at,
        )  # fmt: skip
        session.add(item)
        session.flush()
        for verdict in verdicts:
            row = {
                "item_id": item.id, "answer_id": kept.answer.id, "verdict": verdict.value, "by": "park", "at": NOW,
                "language": kept.answer.language, "status": kept.answer.status.value, "channel": kept.channel,
                "site": kept.site, "confidence": 0.5, "index_name": "g1", "reasons": [one.value for one in reasons],
                "residents": 1, "asked_at": kept.asked_at,
            }  # fmt: skip
            session.execute(insert(VerdictRow).values(**row))


def test_an_empty_period(overview: Overview) -> None:
    numbers = overview.numbers(REVIEWER, WEEK)
    assert (numbers.asked, numbers.median, numbers.p95, numbers.topics, numbers.waiting) == (0, None, None, (), 0)
    assert numbers.answered == Rate(hits=0, total=0, value=0.0, low=0.0, high=1.0)
    assert [day.day for day in numbers.days] == list(WEEK.days)
    assert all(day.asked == 0 and day.median is None for day in numbers.days)


def test_what_became_of_the_questions(records: Records, facts: Facts, overview: Overview) -> None:
    for status in AnswerStatus:
        ask(records, status)
    ask(records, age=1)
    ask(records, age=7)
    numbers = overview.numbers(REVIEWER, WEEK)
    assert numbers.asked == 9
    assert (numbers.answered.hits, numbers.refused.hits, numbers.no_evidence.hits, numbers.other.hits) == (3, 2, 1, 3)
    assert (numbers.answered.low, numbers.answered.high) == wilson(3, 9)
    today, yesterday = numbers.days[-1], numbers.days[-2]
    assert (today.asked, today.answered, today.refused, today.no_evidence) == (8, 2, 2, 1)
    assert (yesterday.asked, yesterday.answered) == (1, 1)
    assert sum(one.count for one in numbers.statuses) == 9
    assert numbers.statuses[0] == Counted(key="answered", ko="answered", en="answered", count=2)
    assert overview.numbers(REVIEWER, Period.latest(1, TODAY)).asked == 8
    # What came in late is not counted yet, and the numbers say so.
    month = Period.latest(30, TODAY)
    late = overview.numbers(REVIEWER, month)
    assert (late.asked, late.waiting) == (9, 1)
    facts.gather(everything=True)
    complete = overview.numbers(REVIEWER, month)
    assert (complete.asked, complete.waiting) == (10, 0)


def test_where_in_what_and_about_what(records: Records, overview: Overview) -> None:
    ask(records, site="demo")
    ask(records, question="달은?", language="en", site="demo")
    ask(records, question="날씨는?", site="gone")
    ask(records)
    SiteBook(records.database).add("new", origins=("https://new.example",))
    numbers = overview.numbers(REVIEWER, WEEK)
    assert {one.key: one.count for one in numbers.sites} == {"demo": 2, OWN_PAGES: 1, "gone": 1}
    assert [(one.key, one.ko, one.count) for one in numbers.languages] == [("ko", "한국어", 3), ("en", "영어", 1)]
    assert {one.key: one.count for one in numbers.channels} == {"page": 4}
    found = {one.key: one for one in numbers.topics}
    assert {key: one.count for key, one in found.items()} == {"npu": 2, "moon": 1}
    assert "NPU" in found["npu"].ko
    assert found["moon"].en == "moon"  # which the library does not know any more
    assert overview.sites(REVIEWER) == ("demo", "gone", "new")
    assert overview.numbers(REVIEWER, WEEK, site="demo").asked == 2
    assert overview.numbers(REVIEWER, WEEK, site=OWN_PAGES).asked == 1
    both = overview.numbers(REVIEWER, WEEK, site="demo", language="en")
    assert (both.asked, [one.key for one in both.topics]) == (1, ["moon"])


def test_how_long_it_took(records: Records, overview: Overview) -> None:
    for place in range(1, 101):
        ask(records, seconds=place / 100, age=place % 2)
    numbers = overview.numbers(REVIEWER, WEEK)
    assert (numbers.median, numbers.p95) == (0.5, 0.95)
    assert (numbers.days[-1].median, numbers.days[-2].median) == (0.5, 0.49)


def test_the_newest_word_on_an_answer_counts(records: Records, overview: Overview) -> None:
    one, two, three = (ask(records, age=age) for age in (0, 0, 1))
    records.add_feedback(one.answer.id, Feedback(helpful=False))
    records.add_feedback(one.answer.id, Feedback(helpful=True))
    records.add_feedback(two.answer.id, Feedback(helpful=False))
    records.add_feedback(three.answer.id, Feedback(helpful=True))
    numbers = overview.numbers(REVIEWER, WEEK)
    assert (numbers.helpful.hits, numbers.helpful.total) == (2, 3)
    assert (numbers.days[-1].helpful, numbers.days[-1].unhelpful) == (1, 1)
    assert (numbers.days[-2].helpful, numbers.days[-2].unhelpful) == (1, 0)


def test_what_staff_judged(records: Records, overview: Overview) -> None:
    sampled = (Reason.SAMPLED_FIGURES,)
    for verdict in Verdict:
        judge(records, ask(records, site="demo"), verdict)
    judge(records, ask(records), Verdict.WRONG, Verdict.CORRECT, reasons=sampled)
    judge(records, ask(records), Verdict.OUTDATED, reasons=(*sampled, Reason.TICKET))
    judge(records, ask(records, age=8), Verdict.WRONG)
    numbers = overview.numbers(REVIEWER, WEEK)
    assert (numbers.wrong.hits, numbers.wrong.total) == (5, 8)
    assert (numbers.wrong_sampled.hits, numbers.wrong_sampled.total) == (1, 2)
    assert {one.key: one.count for one in numbers.verdicts}["correct"] == 2
    at_the_site = overview.numbers(REVIEWER, WEEK, site="demo").wrong
    assert (at_the_site.hits, at_the_site.total) == (4, 6)
    # What is deleted stays judged.
    records.purge(NOW + timedelta(days=1))
    after = overview.numbers(REVIEWER, WEEK)
    assert (after.asked, after.wrong.total) == (0, 8)


def test_how_fresh_the_library_is(overview: Overview, service: Service) -> None:
    freshness = overview.numbers(REVIEWER, WEEK).freshness
    assert freshness.newest == service.newest_date()
    assert freshness.indexed_at == service.index_created()
    assert freshness.documents == len(service.documents())
    assert 0 < freshness.stale < freshness.documents


def test_today_is_one_of_korea(records: Records, service: Service) -> None:
    clock = Clock(datetime(2026, 11, 22, 15, tzinfo=UTC))
    facts = Facts(records.database, topics, clock)
    overview = Overview(records.database, facts, service.index, service.settings, clock)
    assert overview.today(REVIEWER) == date(2026, 11, 23)


def test_the_tables_for_spreadsheets(records: Records, overview: Overview) -> None:
    ask(records, site="demo")
    ask(records, site="=1+1")
    days = list(csv.DictReader(io.StringIO(overview.csv(REVIEWER, WEEK).removeprefix("\ufeff"))))
    assert len(days) == 7
    assert (days[-1]["day"], days[-1]["asked"], days[-1]["p95"], days[0]["p95"]) == ("2026-11-22", "2", "0.1", "")
    text = overview.csv(REVIEWER, WEEK, table="totals")
    assert text.startswith("\ufeffsection,")
    totals = {(row["section"], row["key"]): row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    answered = totals["rate", "answered"]
    assert (answered["count"], answered["total"], answered["share"]) == ("2", "2", "1.0")
    assert totals["rate", "wrong"]["low"] == ""
    assert totals["topics", "npu"]["count"] == "2"
    assert ("sites", "'=1+1") in totals


def test_a_period_has_an_order() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        Period(first=TODAY, last=TODAY - timedelta(days=1))
