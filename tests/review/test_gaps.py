"""Gaps on both kinds of database: what counts as asked in vain, and how it is told."""

from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from tests.review.briefs import COST, COST_EN, FARE, VEHICLES, tram
from tests.review.desks import KIM, PARK, DeskForTests, open_desk_for_tests

from civicbot.model import AnswerStatus, Considered, Facet
from civicbot.records.database import Database
from civicbot.records.forget import forget
from civicbot.records.tables import AuditRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review.correction_nouns import Draft
from civicbot.review.gaps import LONGEST, Gaps
from civicbot.review.gaps_nouns import Gap, GapFilter, NextStep, UnknownGapError
from civicbot.review.nouns import Verdict
from civicbot.review.refusals import InvalidReviewError
from civicbot.review.view_nouns import Period

__all__ = ["tram"]

NONE = AnswerStatus.NO_EVIDENCE
WEEK = Period(first=date(2026, 11, 16), last=date(2026, 11, 22))
MONTH = Period(first=date(2026, 10, 24), last=date(2026, 11, 22))
PRICE = "하늘트램에 나랏돈이 얼마나 들어가요?"


@pytest.fixture
def desk(database: Database, tram: LiveIndex) -> DeskForTests:
    return open_desk_for_tests(database, tram)


@pytest.fixture
def gaps(desk: DeskForTests) -> Gaps:
    return Gaps(desk.store, desk.index)


def weighed(text: str, confidence: float, document: str = "sky-tram-ko") -> tuple[Considered, ...]:
    return (Considered(document_id=document, passage_id="p", text=text, score=1, confidence=confidence, used=False),)


def all_of(desk: DeskForTests, gaps: Gaps, period: Period = WEEK) -> list[Gap]:
    desk.feed.run()
    return list(gaps.page(KIM, period).gaps)


def only(desk: DeskForTests, gaps: Gaps) -> Gap:
    (found,) = all_of(desk, gaps)
    return found


def test_only_what_was_asked_in_vain_counts(desk: DeskForTests, gaps: Gaps) -> None:
    for status in AnswerStatus:
        desk.ask(f"하늘트램 {status.value} 질문이에요", status=status)
    found = {status for gap in all_of(desk, gaps) for status in gap.statuses}
    assert found == {NONE, AnswerStatus.PARTIAL, AnswerStatus.CLARIFICATION}


def test_a_question_back_that_was_followed_is_no_gap(desk: DeskForTests, gaps: Gaps) -> None:
    talk = uuid.uuid4().hex
    desk.ask("공사 금액이 궁금해요", status=AnswerStatus.CLARIFICATION, conversation=talk)
    desk.clock.move(seconds=5)
    desk.ask("하늘트램이요", conversation=talk)
    desk.ask("공사 기간이 궁금해요", status=AnswerStatus.CLARIFICATION)
    assert only(desk, gaps).label == "공사 기간이 궁금해요"


@pytest.mark.parametrize(
    ("status", "verdict", "counts"),
    [
        (NONE, Verdict.CORRECT, False),
        (NONE, Verdict.SHOULD_HAVE_REFUSED, False),
        (NONE, Verdict.SHOULD_HAVE_ANSWERED, True),
        (AnswerStatus.ANSWERED, Verdict.INCOMPLETE, True),
        (AnswerStatus.REFUSED, Verdict.SHOULD_HAVE_ANSWERED, True),
        (AnswerStatus.ANSWERED, Verdict.WRONG, False),
    ],
)
def test_what_staff_said_of_it_counts(
    desk: DeskForTests, gaps: Gaps, status: AnswerStatus, verdict: Verdict, counts: bool
) -> None:
    item = desk.item_of(desk.ask(PRICE, status=status, considered=weighed(COST, 0.3)))
    desk.verdicts.judge(KIM, item, verdict)
    assert bool(all_of(desk, gaps)) is counts
    desk.corrections.save(KIM, item, Draft(question=PRICE, language="ko", status=NONE, sentences=()))
    assert all_of(desk, gaps) == []


def test_a_gap_is_counted_over_languages_weeks_and_periods(desk: DeskForTests, gaps: Gaps) -> None:
    end = desk.clock.now
    for age, question, language in (
        (0, PRICE, "ko"), (1, PRICE, "ko"), (9, "하늘트램 총사업비가 얼마예요?", "ko"),
        (2, "How much does the Sky Tram cost?", "en"), (33, PRICE, "ko"), (70, PRICE, "ko"),
    ):  # fmt: skip
        desk.clock.now = end - timedelta(days=age)
        desk.ask(question, status=NONE, language=language, considered=weighed(COST, 0.3))
    desk.clock.now = end
    (gap,) = all_of(desk, gaps, MONTH)
    assert (gap.label, gap.languages, gap.asked, gap.residents, gap.before) == (PRICE, ("ko", "en"), 4, 4, 1)
    assert (gap.weeks, gap.few, gap.entity, gap.facet) == ((0, 0, 0, 1, 3), True, "tram", Facet.COST)
    one = gaps.gap(KIM, gap.key, MONTH)
    assert (one.examples[0].question, one.examples[0].asked) == (PRICE, 2)
    assert {each.language for each in one.examples} == {"ko", "en"}
    with desk.store.reading() as session:
        noted = session.scalars(select(AuditRow).where(AuditRow.action == "read_gaps")).all()
    assert [row.subject for row in noted] == [f"gap:{gap.key}"]
    with pytest.raises(UnknownGapError):
        gaps.gap(KIM, "none", MONTH)


@pytest.mark.parametrize(
    ("question", "considered", "step"),
    [
        (PRICE, weighed(COST, 0.3), NextStep.WORDING),
        (PRICE, weighed(FARE, 0.65), NextStep.KNOWN_UNPUBLISHED),
        ("하늘트램은 언제 열어요?", weighed(COST, 0.65), NextStep.WRITE),
        ("하늘트램 좌석은 몇 개예요?", weighed(VEHICLES, 0.3, "S001-ko"), NextStep.WRITE),
        ("달빛도서관은 얼마예요?", (), NextStep.UPLOAD),
        ("쓰레기봉투는 어디서 사요?", (), NextStep.UPLOAD),
    ],
)
def test_what_to_do_is_told_by_rule(
    desk: DeskForTests, gaps: Gaps, question: str, considered: tuple[Considered, ...], step: NextStep
) -> None:
    desk.ask(question, status=NONE, considered=considered)
    gap = only(desk, gaps)
    assert gap.step is step
    page = gaps.page(KIM, WEEK, GapFilter(step=step))
    assert (page.total, page.steps[step]) == (1, 1)


def test_the_nearest_sentence_is_one_that_still_stands(desk: DeskForTests, gaps: Gaps) -> None:
    considered = (*weighed("사라진 문장입니다.", 0.6), *weighed(COST, 0.3), *weighed(VEHICLES, 0.5, "S001-ko"))
    desk.ask(PRICE, status=NONE, considered=considered)
    gap = only(desk, gaps)
    assert gap.nearest is not None
    assert gap.digest is not None
    assert (gap.nearest.sentence, gap.nearest.heading, gap.nearest.score) == (COST, "비용과 재원", 0.3)
    assert (gap.digest.sentence, gap.digest.document_id) == (VEHICLES, "S001-ko")


def test_the_filter_finds_by_language_topic_and_words(desk: DeskForTests, gaps: Gaps) -> None:
    desk.ask(PRICE, status=NONE)
    desk.ask("where can rubbish bags be bought", status=NONE, language="en", considered=weighed(COST_EN, 0.0))
    desk.feed.run()

    def labels(**wanted: object) -> list[str]:
        return [gap.label for gap in gaps.page(KIM, WEEK, GapFilter.model_validate(wanted)).gaps]

    assert labels(language="ko") == labels(entity="tram") == labels(text="나랏돈") == [PRICE]
    assert labels(entity="") == labels(language="en") == ["where can rubbish bags be bought"]
    page = gaps.page(KIM, WEEK)
    assert [(topic.key, topic.ko, topic.gaps) for topic in page.topics] == [("tram", "하늘트램", 1)]
    assert gaps.page(KIM, WEEK, size=1, number=9).number == 2


def test_an_export_marks_what_few_asked_and_is_noted(desk: DeskForTests, gaps: Gaps) -> None:
    for _ in range(5):
        desk.ask(PRICE, status=NONE, considered=weighed(COST, 0.3))
    desk.ask("=2+3 쓰레기봉투는 어디서 사요?", status=NONE)
    desk.feed.run()
    table = list(csv.DictReader(io.StringIO(gaps.export(KIM, WEEK).removeprefix("\ufeff"))))
    assert [(row["label"][:4], row["asked"], row["internal_only"]) for row in table] == [
        (PRICE[:4], "5", "no"),
        ("'=2+", "1", "yes"),
    ]
    rows = [json.loads(line) for line in gaps.export(PARK, WEEK, form="jsonl").splitlines()]
    assert (rows[0]["label"], rows[0]["few"], rows[0]["internal_only"]) == (PRICE, False, False)
    assert rows[0]["entity_names"] == {"ko": "하늘트램", "en": "Sky Tram"}
    with desk.store.reading() as session:
        noted = session.scalars(select(AuditRow).where(AuditRow.action == "export_gaps").order_by(AuditRow.id)).all()
    assert [row.actor for row in noted] == ["kim", "park"]
    assert all(PRICE not in row.details for row in noted)


def test_what_is_forgotten_is_in_no_gap(desk: DeskForTests, gaps: Gaps) -> None:
    talk = uuid.uuid4().hex
    desk.ask(PRICE, status=NONE, conversation=talk)
    assert only(desk, gaps).asked == 1
    forget(desk.database, talk)
    assert all_of(desk, gaps) == []


def test_a_period_that_is_too_long_is_refused(gaps: Gaps) -> None:
    with pytest.raises(InvalidReviewError, match="more than 366"):
        gaps.page(KIM, Period.latest(LONGEST + 1, WEEK.last))
    assert gaps.latest(KIM, 7) == WEEK
