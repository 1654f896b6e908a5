"""When an exchange goes, the queue, verdicts and corrections lose its words; what staff decided stays counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.records.conftest import KINDS
from tests.records.samples import Kind
from tests.review.desks import ALL, KIM, OPEN, ROOT, START, DeskForTests, open_desk_for_tests

from civicbot.model import NoticeKind
from civicbot.records.backup import backup, restore
from civicbot.records.database import Database
from civicbot.records.forget import forget
from civicbot.records.tables import Base, ItemRow, MemberRow, SignalRow, VerdictNoteRow, VerdictRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review.audit import AuditLog
from civicbot.review.correction_nouns import Draft
from civicbot.review.nouns import Verdict
from civicbot.review.refusals import UnknownItemError

DISPUTED = (NoticeKind.DISPUTED,)
SECRET = "비밀스러운"


def everything(database: Database) -> str:
    """All that is stored in every table."""
    with database.reading() as session:
        return repr([session.execute(select(table)).all() for table in Base.metadata.sorted_tables])


def judged(desk: DeskForTests) -> tuple[int, str, int]:
    """An item of one resident's question, with a verdict and a correction; its id, its answer and the correction."""
    answer = desk.ask(f"{SECRET} AI 시티 예산은?", notices=DISPUTED, conversation="c1")
    desk.thumb_down(answer, f"{SECRET} 말")
    desk.ticket(answer, f"{SECRET} 부탁")
    item = desk.item(wanted=OPEN)
    draft = desk.corrections.prefill(KIM, item.id)
    draft = draft.model_copy(update={"variants": (f"{SECRET}  AI 시티 예산은", "AI 시티 예산")})
    correction = desk.corrections.save(KIM, item.id, draft)
    desk.verdicts.judge(KIM, item.id, Verdict.WRONG, f"{SECRET} 질문이었음")
    return item.id, answer, correction.id


def test_a_forgotten_resident_leaves_no_words(desk: DeskForTests) -> None:
    item, answer, correction = judged(desk)
    assert SECRET in everything(desk.database)
    forget(desk.database, answer)
    assert SECRET not in everything(desk.database)
    assert desk.queue.page(KIM, ALL).items == ()
    for action in (desk.queue.claim, desk.items.open):
        with pytest.raises(UnknownItemError):
            action(KIM, item)
    (kept,) = desk.corrections.versions(KIM, correction)
    assert (kept.question, kept.variants) == (None, ("AI 시티 예산",))
    assert len(kept.sentences) == 1


def test_what_staff_decided_stays_counted(desk: DeskForTests) -> None:
    _, answer, correction = judged(desk)
    forget(desk.database, answer)
    desk.feed.run(everything=True)
    with desk.store.reading() as session:
        assert session.scalars(select(ItemRow)).all() == []
        assert session.scalars(select(VerdictNoteRow)).all() == []
        row = session.scalars(select(VerdictRow)).one()
        assert (row.verdict, row.answer_id, row.item_id, row.by, row.language) == ("wrong", None, None, "kim", "ko")
        assert row.reasons == ["disputed", "thumbs_down", "ticket"]
    (kept,) = desk.corrections.versions(KIM, correction)
    assert kept.item_id is None
    assert AuditLog(desk.database).verify(ROOT).row is None


def test_one_of_several_is_forgotten(desk: DeskForTests) -> None:
    gone = desk.ask("AI 시티 예산은?", conversation="c1")
    stays = desk.ask("AI 시티의 예산은", notices=DISPUTED, conversation="c2")
    desk.thumb_down(gone)
    desk.ticket(gone)
    before = desk.item(wanted=OPEN)
    assert (before.answer_id, before.asked, before.risk) == (gone, 2, 105)
    forget(desk.database, "c1")
    assert desk.queue.page(KIM, OPEN).items == ()
    desk.feed.run(everything=True)
    after = desk.item(wanted=OPEN)
    assert (after.id, after.answer_id, after.asked, after.residents) == (before.id, stays, 1, 1)
    assert (after.risk, [each.reason.value for each in after.reasons]) == (15, ["disputed"])
    forget(desk.database, "c2")
    desk.feed.run(everything=True)
    with desk.store.reading() as session:
        for table in (ItemRow, MemberRow, SignalRow):
            assert session.scalars(select(table)).all() == []


def test_a_reason_that_goes_with_its_answer_takes_the_item_back(desk: DeskForTests) -> None:
    gone = desk.ask("AI 시티 예산은?", conversation="c1")
    desk.ask("AI 시티 예산은?", conversation="c2")
    desk.thumb_down(gone)
    assert desk.item(wanted=OPEN).asked == 2
    forget(desk.database, "c1")
    desk.feed.run(everything=True)
    assert desk.queue.page(KIM, ALL).total == 0


def test_what_is_too_old_goes_the_same_way(desk: DeskForTests) -> None:
    judged(desk)
    desk.clock.move(days=2)
    new = desk.ask("AI 시티 위치는?", notices=DISPUTED)
    desk.feed.run()
    purged = desk.records.purge(START + timedelta(days=1))
    assert purged.exchanges == 1
    assert SECRET not in everything(desk.database)
    desk.feed.run(everything=True)
    assert desk.item(wanted=ALL).answer_id == new


@pytest.mark.parametrize("target", KINDS)
def test_a_backup_brings_it_all_back(
    desk: DeskForTests,
    target: Kind,
    tmp_path: Path,
    address_of: Callable[[Kind], str],
    opened: Callable[[str], Database],
    library: LiveIndex,
) -> None:
    item, _, correction = judged(desk)
    desk.corrections.save(
        KIM, item, draft_until(desk.corrections.prefill(KIM, item)), correction_id=correction, based_on=1
    )
    view = desk.items.open(KIM, item)
    backup(desk.database, tmp_path / "backup.zip")
    other = opened(address_of(target))
    restore(other, tmp_path / "backup.zip", keep=tmp_path)
    again = open_desk_for_tests(other, library)
    assert again.items.open(KIM, item) == view
    assert again.corrections.versions(KIM, correction) == desk.corrections.versions(KIM, correction)
    # Numbers that the database gives go on.
    answer = again.ask("AI 시티 위치는?", notices=DISPUTED)
    new = again.item_of(answer)
    assert new > item
    assert again.verdicts.judge(KIM, new, Verdict.CORRECT).id > view.verdicts[0].id
    assert AuditLog(other).verify(ROOT).row is None


def draft_until(draft: Draft) -> Draft:
    return draft.model_copy(update={"valid_until": (START + timedelta(days=30)).date()})
