from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.review.desks import ALL, KIM, LEE, OPEN, ROOT, START, DeskForTests

from civicbot.model import NoticeKind
from civicbot.records.tables import VerdictNoteRow, VerdictRow
from civicbot.review.access import Action
from civicbot.review.audit import AuditLog
from civicbot.review.nouns import MOST_NOTE, ItemState, QueueItem, Verdict
from civicbot.review.refusals import ClaimedError, InvalidReviewError, UnknownItemError

DISPUTED = (NoticeKind.DISPUTED,)


def one(desk: DeskForTests) -> QueueItem:
    desk.ask("AI 시티 예산은?", notices=DISPUTED, site="buk")
    return desk.item(wanted=OPEN)


def test_a_verdict_ends_an_item(desk: DeskForTests) -> None:
    item = one(desk)
    desk.queue.claim(KIM, item.id)
    record = desk.verdicts.judge(KIM, item.id, Verdict.WRONG, " 값이 옛날 것 ")
    assert (record.verdict, record.note, record.by, record.at) == (Verdict.WRONG, "값이 옛날 것", "kim", START)
    assert (record.item_id, record.answer_id) == (item.id, item.answer_id)
    done = desk.item(wanted=ALL)
    assert (done.state, done.claim, done.verdict) == (ItemState.DONE, None, record)
    assert desk.queue.page(KIM, OPEN).total == 0


def test_the_newest_counts_and_all_are_kept(desk: DeskForTests) -> None:
    item = one(desk)
    for verdict in Verdict:
        desk.verdicts.judge(KIM, item.id, verdict)
        desk.clock.move(minutes=1)
    assert [record.verdict for record in desk.verdicts.history(LEE, item.id)] == list(reversed(Verdict))
    newest = desk.item(wanted=ALL).verdict
    assert newest is not None
    assert newest.verdict is list(Verdict)[-1]
    assert desk.verdicts.history(LEE, 999) == ()


def test_personal_data_in_a_note_is_masked(desk: DeskForTests) -> None:
    record = desk.verdicts.judge(KIM, one(desk).id, Verdict.WRONG, "주민이 010-1234-5678로\0 전화함")
    assert record.note == "주민이 [ko phone]로\N{REPLACEMENT CHARACTER} 전화함"


def test_another_answer_of_the_item_can_be_judged(desk: DeskForTests) -> None:
    item = one(desk)
    other = desk.ask("AI 시티의 예산은")
    foreign = desk.ask("AI 시티의 위치는")
    desk.feed.run()
    assert desk.verdicts.judge(KIM, item.id, Verdict.CORRECT, answer_id=other).answer_id == other
    for wrong in (foreign, "none"):
        with pytest.raises(UnknownItemError, match="not in item"):
            desk.verdicts.judge(KIM, item.id, Verdict.CORRECT, answer_id=wrong)
    with pytest.raises(UnknownItemError, match="no item 999"):
        desk.verdicts.judge(KIM, 999, Verdict.CORRECT)


def test_nobody_judges_what_another_is_at(desk: DeskForTests) -> None:
    item = one(desk)
    desk.queue.claim(KIM, item.id)
    with pytest.raises(ClaimedError, match="'kim'"):
        desk.verdicts.judge(LEE, item.id, Verdict.CORRECT)
    assert desk.item(wanted=OPEN).verdict is None


def test_too_long_a_note(desk: DeskForTests) -> None:
    item = one(desk)
    with pytest.raises(InvalidReviewError, match="note is too long"):
        desk.verdicts.judge(KIM, item.id, Verdict.CORRECT, "가" * (MOST_NOTE + 1))
    assert desk.verdicts.judge(KIM, item.id, Verdict.CORRECT, "가" * MOST_NOTE).note == "가" * MOST_NOTE


def test_what_rates_are_counted_from_is_kept_beside_it(desk: DeskForTests) -> None:
    item = one(desk)
    desk.verdicts.judge(KIM, item.id, Verdict.CORRECT)
    with desk.store.reading() as session:
        row = session.scalars(select(VerdictRow)).one()
        assert session.scalars(select(VerdictNoteRow)).all() == []
        assert (row.language, row.status, row.channel, row.site) == ("ko", "answered", "page", "buk")
        assert (row.confidence, row.index_name, row.reasons, row.residents) == (0.9, "g1", ["disputed"], 1)
        assert row.asked_at == START


def test_the_log_tells_the_verdict_and_not_the_note(desk: DeskForTests) -> None:
    item = one(desk)
    desk.verdicts.judge(KIM, item.id, Verdict.OUTDATED, "비밀")
    (line,) = AuditLog(desk.database).entries(ROOT, action=Action.JUDGE)
    assert (line.actor, line.subject) == ("kim", f"item:{item.id}")
    assert line.details == {"verdict": "outdated", "answer": item.answer_id}
    desk.verdicts.history(LEE, item.id)
    (line,) = AuditLog(desk.database).entries(ROOT, action=Action.READ_ITEM)
    assert (line.actor, line.details) == ("lee", {"verdicts": 1})
