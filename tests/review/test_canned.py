"""Texts of staff for a class of questions."""

from __future__ import annotations

import pytest
from tests.review.staff import ADMIN, NOW, PUBLISHER, REVIEWER, Clock, glossary

from civicbot.answering.protocols import Ended
from civicbot.model import Facet
from civicbot.records.database import Database
from civicbot.review.access import Action, NotAllowedError
from civicbot.review.audit import AuditLog
from civicbot.review.canned import CannedTexts
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.ruling_rows import InvalidCannedError, UnknownCannedError
from civicbot.review.view_nouns import AnswerClass, NewCanned

OPINION = NewCanned(answer_class=AnswerClass.OPINION, reason="민원", text_ko="사실만 전합니다.", text_en="Facts only.")
COST = NewCanned(
    answer_class=AnswerClass.NO_EVIDENCE,
    entity="npu",
    facet=Facet.COST,
    reason="발표 전",
    text_ko="예산은 곧 발표합니다.",
    text_en="The budget will be announced.",
)


@pytest.fixture
def live(database: Database) -> LiveRulings:
    database.upgrade()
    return LiveRulings(database)


@pytest.fixture
def canned(database: Database, live: LiveRulings) -> CannedTexts:
    return CannedTexts(database, live, glossary, Clock())


def test_a_text_is_laid_down_replaced_switched_off_and_on(canned: CannedTexts, live: LiveRulings) -> None:
    def told() -> str | None:
        return live.current().text(Ended(key="refused_opinion", language="ko"))

    first = canned.lay_down(ADMIN, OPINION)
    assert (first.set_by, first.set_at, first.on, told()) == ("kim", NOW, True, "사실만 전합니다.")
    second = canned.lay_down(ADMIN, OPINION.model_copy(update={"text_ko": "의견은 말하지 않습니다."}))
    assert told() == "의견은 말하지 않습니다."
    assert canned.current(REVIEWER) == (second,)
    replaced = canned.history(REVIEWER)[-1]
    assert (replaced.id, replaced.on, replaced.ended_by, replaced.end_reason) == (first.id, False, "kim", None)
    off = canned.switch_off(ADMIN, second.id, "끝남")
    assert (off.on, off.end_reason, told()) == (False, "끝남", None)
    with pytest.raises(UnknownCannedError):
        canned.switch_off(ADMIN, second.id, "또")
    again = canned.switch_on(ADMIN, first.id, "다시")
    assert (again.text_ko, again.reason, again.id > second.id, told()) == (first.text_ko, "다시", True, first.text_ko)
    assert canned.switch_on(ADMIN, again.id, "이미") == again
    assert [one.id for one in canned.history(REVIEWER)] == [again.id, second.id, first.id]
    assert [one.id for one in canned.history(REVIEWER, before=again.id, limit=1)] == [second.id]
    with pytest.raises(UnknownCannedError):
        canned.switch_on(ADMIN, 999, "없음")


def test_classes_of_their_own_do_not_replace_each_other(canned: CannedTexts) -> None:
    laid = [
        canned.lay_down(ADMIN, new)
        for new in (
            OPINION,
            COST,
            COST.model_copy(update={"facet": None}),
            COST.model_copy(update={"facet": None, "entity": None}),
            COST.model_copy(update={"facet": Facet.PLACE}),
            COST.model_copy(update={"entity": "ai_city"}),
        )
    ]
    assert {one.id for one in canned.current(ADMIN)} == {one.id for one in laid}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": ""}, "reason is missing"),
        ({"text_ko": " "}, "Korean text is missing"),
        ({"text_en": "!?"}, "English text is missing"),
        ({"entity": "moon"}, "no topic 'moon'"),
        ({"entity": None}, "needs a topic"),
        ({"answer_class": AnswerClass.UNSAFE}, "about nothing that we know"),
    ],
)
def test_what_cannot_be_laid_down(canned: CannedTexts, changes: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidCannedError, match=told):
        canned.lay_down(ADMIN, COST.model_copy(update=changes))
    assert canned.history(ADMIN) == ()


def test_switching_off_and_on_takes_a_reason(canned: CannedTexts) -> None:
    one = canned.lay_down(ADMIN, OPINION)
    with pytest.raises(InvalidCannedError):
        canned.switch_off(ADMIN, one.id, " ")
    canned.switch_off(ADMIN, one.id, "끝남")
    with pytest.raises(InvalidCannedError):
        canned.switch_on(ADMIN, one.id, "")
    assert canned.current(ADMIN) == ()


def test_every_class_has_a_usual_text(canned: CannedTexts) -> None:
    for answer_class in AnswerClass:
        usual = canned.usual(REVIEWER, answer_class)
        assert usual["ko"]
        assert usual["en"]
    assert {choice.key for choice in canned.facets(REVIEWER)} == {facet.value for facet in Facet}
    assert [choice.key for choice in canned.entities(REVIEWER)] == ["ai_city", "npu", "city_hall"]


def test_only_an_admin_may_and_the_log_tells_it(canned: CannedTexts, database: Database) -> None:
    one = canned.lay_down(ADMIN, OPINION)
    canned.switch_off(ADMIN, one.id, "끝남")
    two = canned.switch_on(ADMIN, one.id, "다시")
    for actor in (REVIEWER, PUBLISHER):
        with pytest.raises(NotAllowedError):
            canned.lay_down(actor, OPINION)
        with pytest.raises(NotAllowedError):
            canned.switch_off(actor, two.id, "왜")
        with pytest.raises(NotAllowedError):
            canned.switch_on(actor, one.id, "왜")
    entries = AuditLog(database).entries(ADMIN, action=Action.CANNED_TEXT)
    told = [(entry.subject, entry.details["change"]) for entry in reversed(entries)]
    assert told == [
        (f"canned:{one.id}", "lay_down"),
        (f"canned:{one.id}", "switch_off"),
        (f"canned:{two.id}", "switch_on"),
    ]
