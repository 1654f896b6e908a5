"""What everybody may read of the records: counted rightly, without small counts, and told on while they are away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import delete, insert, update
from tests.records.conftest import mask
from tests.records.outages import outage_of
from tests.records.samples import exchange
from tests.review.staff import Clock, glossary
from tests.services.postgres import Cluster

from civicbot.errors import IndexMissingError
from civicbot.language.glossary import Glossary
from civicbot.model import LANGUAGES, AnswerStatus, Language
from civicbot.records.database import Database
from civicbot.records.facts import Facts
from civicbot.records.store import Records
from civicbot.records.tables import (
    ApprovedEventRow,
    ApprovedRow,
    CorrectionRow,
    ItemRow,
    MemberRow,
    SwitchRow,
    VerdictRow,
    VerifiedRunRow,
)
from civicbot.review.alike import normal
from civicbot.review.nouns import Reason, Verdict
from civicbot.review.public_figures import FRESH_SECONDS, REST_SECONDS, PublicFigures
from civicbot.review.public_nouns import (
    Accuracy,
    Basis,
    CorrectionState,
    Count,
    Figures,
    Name,
    Part,
    PublicCorrection,
    Reading,
    ShareTold,
    Span,
    Total,
    VerifiedRun,
)
from civicbot.statistics import wilson

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)  # noon in Korea
CHANCE = (Reason.SAMPLED_FIGURES,)
WORDING = "NPU센터 예산은 얼마인가요?"
_numbers = count(1)


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Stand:
    """The figures over a database, and a resident's and staff's side of it."""

    def __init__(self, database: Database, names: Callable[[], Glossary] = glossary, retention: int = 365) -> None:
        self.database = database
        self.records = Records(database, mask=mask)
        self.records.open()
        self.clock, self.seconds = Clock(NOW), Seconds()
        self.facts = Facts(database, self.topics, self.clock)
        self.names = names
        self.figures = PublicFigures(
            database, self.topics, names, retention_days=retention, now=self.clock, clock=self.seconds
        )

    def topics(self, text: str) -> Iterable[str]:
        return sorted({mention.key for mention in self.names().mentions(text)} - {"city_hall"})

    def read(self) -> Figures:
        """What is told, counted anew."""
        while self.facts.gather(everything=True):
            pass
        self.seconds.now += FRESH_SECONDS
        reading = self.figures.current()
        assert reading.state == "told"
        assert reading.figures is not None
        return reading.figures

    def ask(
        self,
        status: AnswerStatus = AnswerStatus.ANSWERED,
        times: int = 1,
        *,
        age: float = 1,
        language: Language = "ko",
        site: str | None = None,
    ) -> None:
        at = NOW - timedelta(days=age)
        for _ in range(times):
            self.records.remember(
                exchange(self.records.start(), status=status, language=language, site=site, asked_at=at)
            )

    def judge(
        self,
        verdict: Verdict,
        times: int = 1,
        *,
        age: float = 1,
        language: Language = "ko",
        reasons: tuple[Reason, ...] = (Reason.THUMBS_DOWN,),
    ) -> None:
        for _ in range(times):
            self.say(self.item(), verdict, age=age, language=language, reasons=reasons)

    def item(self, residents: int = 1) -> int:
        """An item of the queue, which as many residents have asked."""
        with self.database.writing() as session:
            row = ItemRow(
                key=f"key {next(_numbers)}", language="ko", state="done", risk=1, priority=1.0, asked=residents,
                residents=residents, first_asked=NOW, last_asked=NOW,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def say(
        self,
        item: int | None,
        verdict: Verdict,
        *,
        age: float = 1,
        at: datetime = NOW,
        language: Language = "ko",
        reasons: tuple[Reason, ...] = (),
    ) -> None:
        row = {
            "item_id": item, "verdict": verdict.value, "by": "park", "at": at, "language": language,
            "status": "answered", "channel": "page", "confidence": 0.5, "index_name": "g1",
            "reasons": [one.value for one in reasons], "residents": 1, "asked_at": NOW - timedelta(days=age),
        }  # fmt: skip
        with self.database.writing() as session:
            session.execute(insert(VerdictRow).values(**row))

    def members(self, item: int, question: str, residents: int) -> None:
        """Has residents ask an item's question in these words."""
        for _ in range(residents):
            kept = exchange(self.records.start(), question, asked_at=NOW)
            self.records.remember(kept)
            row = {
                "answer_id": kept.answer.id, "item_id": item, "conversation_id": kept.answer.conversation_id,
                "asked_at": NOW, "status": "answered", "channel": "page", "risk": 0, "feedback_seen": 0,
                "tickets_seen": 0, "search": f"{normal(question)}\n{normal('또 다른 말')}",
            }  # fmt: skip
            with self.database.writing() as session:
                session.execute(insert(MemberRow).values(**row))

    def correction(self, item: int | None) -> int:
        with self.database.writing() as session:
            row = CorrectionRow(item_id=item, language="ko", version=1, created_by="park", created_at=NOW)
            session.add(row)
            session.flush()
            return row.id

    def approved(self, item: int | None, *, state: str = "live") -> int:
        correction = self.correction(item)
        with self.database.writing() as session:
            row = ApprovedRow(
                correction_id=correction, language="ko", state=state, version=1, proposed_wordings=[],
                published_by="lee", published_at=NOW, checked_on=NOW.date(), index_name="g1", changes=[],
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def happened(self, approved: int, kind: str, at: datetime = NOW, wordings: tuple[str, ...] = (WORDING,)) -> None:
        row = {
            "approved_id": approved, "kind": kind, "version": 1, "by": "lee", "at": at, "changes": [],
            "wordings": list(wordings), "index_name": "g1",
        }  # fmt: skip
        with self.database.writing() as session:
            session.execute(insert(ApprovedEventRow).values(**row))

    def published(self) -> PublicCorrection:
        """The only publication."""
        (found,) = self.read().corrections.newest
        return found


@pytest.fixture
def stand(database: Database) -> Stand:
    return Stand(database)


def accuracy(
    figures: Figures, basis: Basis = Basis.ALL, span: Span = Span.RECENT, language: Language | None = None
) -> Accuracy:
    (found,) = [one for one in figures.judged.figures if (one.basis, one.span, one.language) == (basis, span, language)]
    return found


def test_nothing_has_happened_yet(stand: Stand) -> None:
    figures = stand.read()
    assert figures.at == NOW
    assert len(figures.judged.figures) == 12
    assert {one.judged for one in figures.judged.figures} == {Count(count=0)}
    assert {one.right for one in figures.judged.figures} == {None}
    assert [one.status for one in figures.asked.statuses] == list(AnswerStatus)
    assert {one.questions for one in figures.asked.statuses} == {Count(count=0)}
    assert (figures.asked.total, figures.asked.complete) == (Total(least=0, most=0), True)
    assert (figures.asked.languages, figures.asked.sites, figures.pauses) == ((), (), ())
    assert (figures.corrections.newest, figures.corrections.published, figures.corrections.prepared) == ((), 0, 0)
    assert figures.verified is None


# ---------------------------------------------------------------- judged by staff


def test_the_sample_of_chance_is_told_apart_from_all(stand: Stand) -> None:
    stand.judge(Verdict.CORRECT, 36, reasons=CHANCE)
    stand.judge(Verdict.INCOMPLETE, 2, reasons=CHANCE)
    stand.judge(Verdict.OUTDATED, 2, reasons=(*CHANCE, Reason.TICKET))
    for verdict in (Verdict.WRONG, Verdict.SHOULD_HAVE_ANSWERED, Verdict.SHOULD_HAVE_REFUSED):
        stand.judge(verdict, 5)
    figures = stand.read()
    chance, every = accuracy(figures, Basis.CHANCE), accuracy(figures)
    low, high = (round(end, 3) for end in wilson(36, 40))
    assert chance.judged == Count(count=40)
    assert chance.right == ShareTold(value=0.9, low=low, high=high)
    assert (chance.incomplete, chance.wrong) == (0.05, 0.05)
    assert every.judged == Count(count=55)
    assert every.right is not None
    assert every.right.value == round(36 / 55, 3)
    assert every.wrong == round(17 / 55, 3)


def test_what_is_recent_and_what_was_ever(stand: Stand) -> None:
    assert stand.read().judged.since == date(2026, 8, 24)
    stand.judge(Verdict.CORRECT, 20, age=89)
    stand.judge(Verdict.WRONG, 20, age=91)
    figures = stand.read()
    recent, ever = accuracy(figures), accuracy(figures, span=Span.EVER)
    assert (recent.judged, recent.wrong) == (Count(count=20), 0.0)
    assert (ever.judged, ever.wrong) == (Count(count=40), 0.5)


def test_each_language_has_its_own(stand: Stand) -> None:
    stand.judge(Verdict.CORRECT, 25)
    stand.judge(Verdict.WRONG, 20, language="en")
    figures = stand.read()
    korean, english = (accuracy(figures, language=language) for language in LANGUAGES)
    assert (korean.judged, korean.wrong) == (Count(count=25), 0.0)
    assert (english.judged, english.wrong) == (Count(count=20), 1.0)
    assert accuracy(figures).judged == Count(count=45)


def test_below_twenty_there_is_no_share(stand: Stand) -> None:
    stand.judge(Verdict.CORRECT, 19)
    figures = stand.read()
    assert accuracy(figures).judged == Count(count=19)
    assert {(one.right, one.incomplete, one.wrong) for one in figures.judged.figures} == {(None, None, None)}
    stand.judge(Verdict.CORRECT)
    assert accuracy(stand.read()).right is not None


def test_a_small_sample_is_no_number_and_follows_from_none(stand: Stand) -> None:
    stand.judge(Verdict.CORRECT, 30)
    stand.judge(Verdict.CORRECT, 3, language="en")
    figures = stand.read()
    assert accuracy(figures).judged == Count(count=33)
    assert accuracy(figures, language="en").judged == Count(fewer_than=5)
    # 33 less 30 would be the small one.
    assert accuracy(figures, language="ko") == Accuracy(
        basis=Basis.ALL, span=Span.RECENT, language="ko", judged=Count(), right=None, incomplete=None, wrong=None
    )
    stand.judge(Verdict.CORRECT, 2, language="en")
    figures = stand.read()
    assert accuracy(figures, language="ko").judged == Count(count=30)
    assert accuracy(figures, language="en").judged == Count(count=5)


def test_neither_does_a_small_number_of_complaints_or_of_older_ones(stand: Stand) -> None:
    stand.judge(Verdict.CORRECT, 30, reasons=CHANCE)
    stand.judge(Verdict.WRONG, 2)
    figures = stand.read()
    assert accuracy(figures, Basis.CHANCE).judged == Count(count=30)
    assert accuracy(figures).judged == Count()
    stand.judge(Verdict.WRONG, 3)
    stand.judge(Verdict.WRONG, age=200)
    figures = stand.read()
    assert accuracy(figures).judged == Count(count=35)
    assert accuracy(figures, span=Span.EVER).judged == Count()


def test_the_newest_verdict_counts_and_deleted_items_stay_judged(stand: Stand) -> None:
    stand.judge(Verdict.CORRECT, 19)
    item = stand.item()
    stand.say(item, Verdict.WRONG)
    stand.say(item, Verdict.CORRECT)
    figures = stand.read()
    assert (accuracy(figures).judged, accuracy(figures).wrong) == (Count(count=20), 0.0)
    with stand.database.writing() as session:
        session.execute(update(VerdictRow).values(item_id=None))
    assert accuracy(stand.read()).judged == Count(count=21)


# ---------------------------------------------------------------- asked by residents


def test_how_questions_ended_on_whole_days(stand: Stand) -> None:
    stand.ask(times=12)
    stand.ask(AnswerStatus.PARTIAL, 6, age=89)
    stand.ask(AnswerStatus.NO_EVIDENCE, 2)
    stand.ask(AnswerStatus.REFUSED, 4, age=90)
    stand.ask(AnswerStatus.PAUSED, 30, age=91)
    stand.ask(AnswerStatus.ERROR, 50, age=0.1)
    asked = stand.read().asked
    assert (asked.first, asked.last) == (date(2026, 8, 24), date(2026, 11, 21))
    told = {one.status: one.questions for one in asked.statuses}
    assert told[AnswerStatus.ANSWERED] == Count(count=12)
    assert told[AnswerStatus.PARTIAL] == Count(count=6)
    assert told[AnswerStatus.NO_EVIDENCE] == told[AnswerStatus.REFUSED] == Count(fewer_than=5)
    assert told[AnswerStatus.PAUSED] == told[AnswerStatus.ERROR] == Count(count=0)
    # 24 in truth; that number would say that the two small ones are 6 together.
    assert asked.total == Total(least=20, most=26)
    stand.clock.now += timedelta(days=1)
    assert {one.status: one.questions for one in stand.read().asked.statuses}[AnswerStatus.ERROR] == Count(count=50)


def test_no_more_days_than_exchanges_are_kept_for(database: Database) -> None:
    asked = Stand(database, retention=30).read().asked
    assert (asked.first, asked.last) == (date(2026, 10, 23), date(2026, 11, 21))


def test_what_is_still_being_counted_is_said(stand: Stand) -> None:
    stand.ask(times=7)
    reading = stand.figures.current()
    assert reading.figures is not None
    assert not reading.figures.asked.complete
    asked = stand.read().asked
    assert (asked.complete, asked.total) == (True, Total(least=7, most=7))


def test_languages_and_sites_by_whole_shares(stand: Stand) -> None:
    stand.ask(times=99)
    assert stand.read().asked.languages == ()
    stand.ask(AnswerStatus.NO_EVIDENCE, 21)
    stand.ask(times=40, language="en", site="buk-gu")
    asked = stand.read().asked
    assert asked.languages == (Part(key="ko", share=75, answered=82), Part(key="en", share=25, answered=None))
    assert asked.sites == (Part(key="", share=75, answered=82), Part(key="buk-gu", share=25, answered=None))
    # One from a third site would be what is left of the whole.
    stand.ask(site="seo-gu")
    assert stand.read().asked.sites == ()
    stand.ask(site="seo-gu", times=7)
    assert [part.key for part in stand.read().asked.sites] == ["", "buk-gu"]


def test_a_language_that_few_speak_is_not_told_apart(stand: Stand) -> None:
    stand.ask(times=200)
    stand.ask(times=4, language="en")
    asked = stand.read().asked
    assert asked.languages == asked.sites == ()


def test_few_that_were_not_answered_do_not_show_in_a_share(stand: Stand) -> None:
    stand.ask(times=100)
    stand.ask(AnswerStatus.REFUSED, 2)
    assert stand.read().asked.languages == (Part(key="ko", share=100, answered=None),)


# ---------------------------------------------------------------- paused


def pause(stand: Stand, **changes: object) -> None:
    row = {
        "scope": "everything", "reason": "staff alone read this", "text_ko": "점검하고 있습니다.",
        "text_en": "Being checked.", "set_by": "root", "set_at": NOW - timedelta(days=2),
    }  # fmt: skip
    with stand.database.writing() as session:
        session.execute(insert(SwitchRow).values(**(row | changes)))


def test_when_it_was_paused_and_what_residents_were_told(stand: Stand) -> None:
    lifted = NOW - timedelta(days=1)
    pause(stand, lifted_by="root", lifted_at=lifted, until=NOW + timedelta(days=3))
    pause(stand, scope="topic", value="npu", until=NOW + timedelta(hours=1), set_at=NOW - timedelta(hours=3))
    pause(stand, scope="topic", value="moon", until=NOW - timedelta(hours=1), set_at=NOW - timedelta(hours=2))
    pause(stand, scope="language", value="en", set_at=NOW - timedelta(hours=1))
    pause(stand, scope="site", value="buk-gu", set_at=NOW)
    pause(stand, lifted_by="root", lifted_at=NOW - timedelta(days=366), set_at=NOW - timedelta(days=367))
    pause(stand, scope="newer", set_at=NOW)
    figures = stand.read()
    site, english, moon, npu, everything = figures.pauses
    assert (everything.since, everything.until, everything.over) == (NOW - timedelta(days=2), lifted, True)
    assert (everything.value, everything.text_en) == (None, "Being checked.")
    assert (npu.value, npu.over) == (Name(key="npu", ko="NPU센터", en="NPU Centre"), False)
    assert npu.until == NOW + timedelta(hours=1)
    assert (moon.value, moon.over) == (Name(key="moon", ko="moon", en="moon"), True)
    assert (english.value, english.until) == (Name(key="en", ko="영어", en="English"), None)
    assert site.value == Name(key="buk-gu", ko="buk-gu", en="buk-gu")
    assert "staff alone" not in figures.model_dump_json()
    assert "root" not in figures.model_dump_json()


# ---------------------------------------------------------------- corrected by staff


def test_a_correction_is_told_with_its_day_topic_and_kind(stand: Stand) -> None:
    item = stand.item(residents=4)
    stand.say(item, Verdict.INCOMPLETE, at=NOW - timedelta(hours=3))
    stand.say(item, Verdict.WRONG, at=NOW - timedelta(hours=2))
    stand.happened(stand.approved(item), "published", datetime(2026, 11, 21, 15, tzinfo=UTC))
    stand.say(item, Verdict.CORRECT, at=NOW + timedelta(hours=1))
    stand.correction(item)
    corrections = stand.read().corrections
    assert (corrections.published, corrections.prepared) == (1, 1)
    assert corrections.newest == (
        PublicCorrection(
            day=date(2026, 11, 22),
            language="ko",
            topics=(Name(key="npu", ko="NPU센터", en="NPU Centre"),),
            kind=None,
            state=CorrectionState.LIVE,
            question=None,
        ),
    )
    with stand.database.writing() as session:
        session.execute(update(ApprovedEventRow).values(at=NOW))
    assert stand.published().kind is Verdict.WRONG


def test_a_question_is_told_when_five_have_asked_it(stand: Stand) -> None:
    for residents, question in ((4, None), (5, WORDING)):
        with stand.database.writing() as session:
            session.execute(delete(ApprovedEventRow))
        stand.happened(stand.approved(stand.item(residents)), "published")
        assert stand.published().question == question


def test_nobodys_own_words_are_told(stand: Stand) -> None:
    item = stand.item(residents=9)
    stand.members(item, WORDING.upper().replace(" ", ""), 4)
    stand.happened(stand.approved(item), "published", wordings=(WORDING, "센터 예산"))
    assert stand.published().question == "센터 예산"
    with stand.database.writing() as session:
        session.execute(update(ApprovedEventRow).values(wordings=[WORDING, "?!"]))
    assert stand.published().question is None
    # What five have said alike is no one's.
    stand.members(item, WORDING, 1)
    assert stand.published().question == WORDING


def test_a_deleted_item_takes_the_question_along(stand: Stand) -> None:
    item = stand.item(residents=5)
    stand.happened(stand.approved(item), "published")
    assert stand.published().question == WORDING
    with stand.database.writing() as session:
        session.execute(delete(ItemRow))
    assert stand.published().question is None


def test_what_has_become_of_it(stand: Stand) -> None:
    item = stand.item()
    approved = stand.approved(item)
    stand.say(item, Verdict.SHOULD_HAVE_ANSWERED, at=NOW - timedelta(hours=1))
    stand.happened(approved, "published")
    stand.happened(approved, "suspended", NOW + timedelta(hours=1))
    stand.happened(approved, "published", NOW + timedelta(hours=2))
    stand.happened(approved, "reverted", NOW + timedelta(hours=3), wordings=())
    found = stand.read().corrections
    assert [(one.kind, one.state) for one in found.newest] == [
        (None, CorrectionState.LIVE),
        (Verdict.OUTDATED, CorrectionState.REPLACED),
        (Verdict.SHOULD_HAVE_ANSWERED, CorrectionState.REPLACED),
    ]
    assert found.published == 3
    for state in (CorrectionState.SUSPENDED, CorrectionState.WITHDRAWN):
        with stand.database.writing() as session:
            session.execute(update(ApprovedRow).values(state=state.value))
        assert stand.read().corrections.newest[0].state is state


def test_proposals_are_no_corrections_yet(stand: Stand) -> None:
    approved = stand.approved(stand.item(), state="proposed")
    with stand.database.writing() as session:
        session.execute(update(ApprovedRow).values(published_at=None, published_by=None))
    stand.happened(approved, "proposed")
    found = stand.read().corrections
    assert (found.newest, found.published, found.prepared) == ((), 0, 1)


def test_without_a_library_topics_have_no_names(database: Database) -> None:
    def closed() -> Glossary:
        raise IndexMissingError("Nothing has been indexed.")

    stand = Stand(database, names=closed)
    stand.happened(stand.approved(stand.item()), "published")
    pause(stand, scope="topic", value="npu")
    assert stand.figures.current().figures is not None
    figures = stand.figures.current().figures
    assert figures is not None
    assert figures.corrections.newest[0].topics == ()
    assert figures.pauses[0].value == Name(key="npu", ko="npu", en="npu")


# ---------------------------------------------------------------- tested


def run(stand: Stand, **changes: object) -> None:
    row = {
        "at": NOW, "by": "lee", "state": "done", "runner": "r", "beat_at": NOW, "ended_at": NOW, "app_version": "1.0",
        "index_name": "g7", "asked": 22, "total": 22, "counts": {"correct": 15, "wrong": 1},
        "open_counts": {"correct": 4, "missed": 2}, "languages": {}, "verdicts": {}, "seconds": 1.0,
    }  # fmt: skip
    with stand.database.writing() as session:
        session.execute(insert(VerifiedRunRow).values(**(row | changes)))


def test_the_newest_whole_run_of_the_verified_cases(stand: Stand) -> None:
    run(stand, counts={"correct": 9}, open_counts={})
    few = stand.read().verified
    assert few == VerifiedRun(at=NOW, app="1.0", index="g7", cases=Count(count=9), passed=None)
    run(stand)
    run(stand, ended_at=None, asked=3)
    run(stand, problem="the library was closed")
    assert stand.read().verified == VerifiedRun(at=NOW, app="1.0", index="g7", cases=Count(count=22), passed=19)


# ---------------------------------------------------------------- a minute, and outages


def test_it_is_counted_once_a_minute(stand: Stand) -> None:
    first = stand.figures.current()
    stand.judge(Verdict.CORRECT, 5)
    stand.seconds.now += FRESH_SECONDS - 1
    assert stand.figures.current() == first
    stand.seconds.now += 1
    again = stand.figures.current().figures
    assert again is not None
    assert accuracy(again).judged == Count(count=5)


def test_nobody_waits_while_it_is_counted_again(stand: Stand) -> None:
    before = stand.read()
    later = NOW + timedelta(minutes=1)
    slow, counting, go_on = (threading.Event() for _ in range(3))

    def now() -> datetime:
        if not slow.is_set():
            return NOW
        counting.set()
        assert go_on.wait(20)
        return later

    figures = PublicFigures(stand.database, stand.topics, glossary, retention_days=365, now=now, clock=stand.seconds)
    assert figures.current().figures == before
    slow.set()
    stand.seconds.now += FRESH_SECONDS
    thread = threading.Thread(target=figures.current)
    thread.start()
    try:
        assert counting.wait(20)
        assert figures.current() == Reading(state="told", figures=before)
    finally:
        go_on.set()
        thread.join(20)
    assert figures.current() == Reading(state="told", figures=before.model_copy(update={"at": later}))


def test_an_outage_leaves_the_figures_of_before(stand: Stand, request: pytest.FixtureRequest) -> None:
    before = stand.read()
    cluster: Cluster | None = None if stand.database.file else request.getfixturevalue("cluster")
    outage = outage_of(stand.database, cluster)
    outage.begin()
    assert stand.figures.current().state == "told"
    stand.seconds.now += FRESH_SECONDS
    reading = stand.figures.current()
    assert (reading.state, reading.figures) == ("old", before)
    fresh = PublicFigures(stand.database, stand.topics, glossary, retention_days=365, clock=stand.seconds)
    assert fresh.current() == fresh.current()
    assert (fresh.current().state, fresh.current().figures) == ("lost", None)
    outage.end()
    # It is left alone for some seconds.
    assert (stand.figures.current().state, fresh.current().state) == ("old", "lost")
    stand.seconds.now += REST_SECONDS
    assert (stand.figures.current().state, fresh.current().state) == ("told", "told")


def test_tables_that_are_not_there_yet_are_an_outage(database: Database) -> None:
    figures = PublicFigures(database, lambda _: (), glossary, retention_days=365)
    assert figures.current().state == "lost"
