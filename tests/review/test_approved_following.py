"""Approved answers follow the library and the calendar, in every process, with and without the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select, text
from tests.review.approvals import CHANGED, PARK, QUESTION, Approvals, Shelf, open_approvals
from tests.review.desks import ALL, KIM, OPEN, QUOTE, ROOT

from civicbot.generation import current_name, index_folder
from civicbot.model import Feedback
from civicbot.records.database import Database
from civicbot.records.forget import forget
from civicbot.records.tables import ExchangeRow, SignalRow
from civicbot.review.access import Action
from civicbot.review.approved_nouns import ApprovedState, EventKind, SuspensionReason
from civicbot.review.approved_watch import ApprovedWatch
from civicbot.review.audit import AuditLog
from civicbot.review.nouns import ItemState, Reason, Verdict

SUSPENDED = ApprovedState.SUSPENDED


def published(approvals: Approvals, **changes: object) -> int:
    return approvals.answers.publish(PARK, approvals.correct(**changes).id, 1).id  # type: ignore[arg-type]


def judged(approvals: Approvals, approved_id: int) -> int:
    """Ends the item of an approved answer with a verdict; its id."""
    item = approvals.answers.get(KIM, approved_id).item_id
    assert item is not None
    approvals.desk.verdicts.judge(KIM, item, Verdict.CORRECT)
    return item


def kinds(approvals: Approvals, approved_id: int) -> list[EventKind]:
    return [event.kind for event in approvals.answers.history(KIM, approved_id)]


def test_a_changed_source_suspends_and_brings_the_item_back(changing: Approvals, shelf: Shelf) -> None:
    approved_id = published(changing)
    item = judged(changing, approved_id)
    assert changing.follow() == 0
    shelf.swap("40억", "50억")
    # Nothing is written yet, and it is not given any more.
    assert changing.given() is None
    assert changing.follow() == 1
    suspended = changing.answers.get(KIM, approved_id)
    assert (suspended.state, suspended.suspended) == (SUSPENDED, SuspensionReason.SOURCE_CHANGED)
    assert [(one.before, one.after) for one in suspended.changes] == [(QUOTE, CHANGED)]
    back = changing.desk.item(wanted=OPEN)
    assert (back.id, back.reopened, [one.reason for one in back.reasons]) == (
        item,
        True,
        [Reason.APPROVED_SUSPENDED],
    )
    assert changing.answers.mine(PARK) == (suspended,)
    assert changing.answers.mine(KIM) == ()
    (line, *_) = AuditLog(changing.desk.database).entries(ROOT, action=Action.PUBLISH)
    assert (line.actor, line.subject, line.details["change"]) == ("-", f"approved:{approved_id}", "suspended")
    assert AuditLog(changing.desk.database).verify(ROOT).row is None
    # The same again changes nothing, and what residents say meanwhile leaves the reason.
    assert changing.follow() == 0
    changing.desk.thumb_down(back.answer_id)
    after = changing.desk.item(wanted=OPEN)
    assert {one.reason for one in after.reasons} == {Reason.APPROVED_SUSPENDED, Reason.THUMBS_DOWN}
    assert kinds(changing, approved_id) == [EventKind.SUSPENDED, EventKind.PUBLISHED]


def test_it_is_resumed_when_the_sentence_comes_back(changing: Approvals, shelf: Shelf) -> None:
    approved_id = published(changing)
    judged(changing, approved_id)
    shelf.swap("40억", "50억")
    changing.follow()
    shelf.swap("50억", "40억")
    assert changing.follow() == 1
    resumed = changing.answers.get(KIM, approved_id)
    assert (resumed.state, resumed.suspended, resumed.changes) == (ApprovedState.LIVE, None, ())
    name = current_name(index_folder(shelf.settings.data))
    assert resumed.index == name
    assert kinds(changing, approved_id) == [EventKind.RESUMED, EventKind.SUSPENDED, EventKind.PUBLISHED]
    assert changing.desk.item().state is ItemState.DONE
    assert changing.given() is not None


def test_a_new_version_ends_the_suspension(changing: Approvals, shelf: Shelf) -> None:
    approved_id = published(changing)
    shelf.swap("40억", "50억")
    changing.follow()
    item = changing.desk.item(wanted=OPEN)
    (known,) = changing.desk.items.open(KIM, item.id).corrections
    (hit, *_) = changing.desk.corrections.search(KIM, CHANGED, "ko")
    picks = next(one.supports for one in hit.sentences if one.text == CHANGED or one.matched)
    draft = changing.desk.corrections.prefill(KIM, item.id)
    fixed = draft.sentences[0].model_copy(update={"text": CHANGED, "citations": picks})
    draft = draft.model_copy(update={"sentences": (fixed,)})
    changing.desk.corrections.save(KIM, item.id, draft, correction_id=known.id, based_on=1)
    again = changing.answers.publish(PARK, known.id, 2)
    assert (again.id, again.state, again.version, again.changes) == (approved_id, ApprovedState.LIVE, 2, ())
    assert changing.desk.queue.page(KIM, OPEN).items == ()
    assert changing.follow() == 0
    given = changing.given()
    assert given is not None
    assert given.sentences[0][0] == CHANGED


@pytest.mark.parametrize("later", [False, True])
def test_what_was_judged_before_does_not_keep_the_item(changing: Approvals, shelf: Shelf, *, later: bool) -> None:
    approved_id = published(changing)
    item = judged(changing, approved_id)
    first = changing.desk.item().answer_id
    changing.desk.thumb_down(first)
    assert changing.desk.item(wanted=OPEN).id == item
    changing.desk.clock.move(minutes=1)
    judged(changing, approved_id)
    changing.desk.clock.move(minutes=1)
    shelf.swap("40억", "50억")
    changing.follow()
    assert changing.desk.item(wanted=OPEN).id == item
    changing.desk.clock.move(minutes=1)
    if later:
        changing.desk.thumb_down(changing.desk.ask(QUESTION))
        assert changing.desk.item(wanted=OPEN).id == item
    shelf.swap("50억", "40억")
    changing.follow()
    back = changing.desk.item()
    assert back.state is (ItemState.OPEN if later else ItemState.DONE)
    assert [one.reason for one in back.reasons] == [Reason.THUMBS_DOWN]


def test_the_calendar_suspends(approvals: Approvals) -> None:
    approved_id = published(approvals, valid_until=date(2026, 11, 22))
    # In Korea the day ends at 15 hours UTC; the desk's clock begins at 3.
    approvals.desk.clock.move(hours=11, minutes=59)
    assert approvals.follow() == 0
    assert approvals.given() is not None
    approvals.desk.clock.move(minutes=1)
    assert approvals.given() is None
    assert approvals.follow() == 1
    expired = approvals.answers.get(KIM, approved_id)
    assert (expired.state, expired.suspended, expired.changes) == (SUSPENDED, SuspensionReason.EXPIRED, ())
    assert approvals.desk.item(wanted=OPEN).reasons[0].reason is Reason.APPROVED_SUSPENDED


def test_an_item_is_made_where_it_is_gone(changing: Approvals, shelf: Shelf) -> None:
    answer = changing.desk.ask(QUESTION, conversation="c1")
    approved = changing.answers.approve_as_is(PARK, changing.desk.item_of(answer))
    forget(changing.desk.database, "c1")
    changing.desk.feed.run(everything=True)
    shelf.swap("40억", "50억")
    changing.follow()
    item = changing.desk.item(QUESTION, OPEN)
    assert [one.reason for one in item.reasons] == [Reason.APPROVED_SUSPENDED]
    assert (item.channel, item.asked) == ("desk", 1)
    view = changing.desk.items.open(KIM, item.id)
    assert view.exchange.approved == approved.id
    assert view.exchange.answer.text == f"{QUOTE}[1]"
    assert view.sentences[0].evidence[0].document_changed
    assert [one.id for one in view.corrections] == [approved.correction_id]
    assert changing.answers.get(KIM, approved.id).item_id == item.id
    # Should that go as well, the next look makes another one.
    forget(changing.desk.database, view.exchange.answer.id)
    changing.desk.feed.run(everything=True)
    assert changing.desk.queue.page(KIM, ALL).items == ()
    assert changing.follow() == 0
    assert changing.desk.item(QUESTION, OPEN).answer_id != item.answer_id
    assert kinds(changing, approved.id) == [EventKind.SUSPENDED, EventKind.PUBLISHED]


def test_a_quiet_item_comes_back(changing: Approvals, shelf: Shelf) -> None:
    published(changing)
    assert changing.desk.queue.page(KIM, ALL).items == ()
    shelf.swap("40억", "50억")
    changing.follow()
    item = changing.desk.item(wanted=OPEN)
    assert (item.channel, item.question) == ("page", QUESTION)
    changing.desk.queue.close(KIM, item.id)
    assert changing.follow() == 0
    assert changing.desk.queue.page(KIM, OPEN).items == ()


def test_a_process_that_lags_behind_changes_nothing(
    changing: Approvals, shelf: Shelf, address: str, opened: Callable[[str], Database]
) -> None:
    approved_id = published(changing)
    other = open_approvals(opened(address), shelf.index, folder=index_folder(shelf.settings.data))
    with shelf.index.reader() as old:
        shelf.swap("40억", "50억")
        assert changing.follow() == 1
        assert other.follower.follow(old) == 0
        other.rulings.refresh()
        assert other.rulings.current().approval(QUESTION, "ko", old, date(2026, 11, 22)) is None
    assert changing.answers.get(KIM, approved_id).state is SUSPENDED


def test_of_many_processes_one_suspends(
    changing: Approvals, shelf: Shelf, address: str, opened: Callable[[str], Database]
) -> None:
    approved_id = published(changing)
    shelf.swap("40억", "50억")
    begin = threading.Barrier(4)
    others = [open_approvals(opened(address), shelf.index, folder=index_folder(shelf.settings.data)) for _ in range(4)]

    def follow(there: Approvals) -> int:
        begin.wait()
        return there.follow()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(follow, others)) == [0, 0, 0, 1]
    assert kinds(changing, approved_id) == [EventKind.SUSPENDED, EventKind.PUBLISHED]
    with changing.desk.store.reading() as session:
        told = SignalRow.reason == Reason.APPROVED_SUSPENDED.value
        assert session.scalar(select(func.count()).select_from(SignalRow).where(told)) == 1


def test_without_the_database_the_last_known_are_given_as_far_as_the_library_bears_them(
    changing: Approvals, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    approved_id = published(changing)
    watch = ApprovedWatch(changing.follower, shelf.index)
    with changing.desk.database.changing() as connection:
        connection.execute(text("ALTER TABLE approved_events RENAME TO away"))
    changing.rulings.refresh()
    assert "rulings_lost" in caplog.text
    assert changing.given() is not None
    shelf.swap("40억", "50억")
    with shelf.index.reader() as generation:
        watch.arriving(generation)  # which holds nobody up
    assert changing.given() is None
    with changing.desk.database.changing() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO approved_events"))
    assert changing.follow() == 1
    assert changing.answers.get(KIM, approved_id).state is SUSPENDED


def test_before_the_first_question_from_a_new_library(changing: Approvals, shelf: Shelf) -> None:
    approved_id = published(changing)
    states: list[tuple[bool, ApprovedState]] = []

    def arriving(generation: object) -> None:
        watch.arriving(generation)  # type: ignore[arg-type]
        with shelf.index.reader() as lent:
            states.append((lent is generation, changing.answers.get(KIM, approved_id).state))

    watch = ApprovedWatch(changing.follower, shelf.index)
    shelf.index._arriving = arriving
    shelf.swap("40억", "50억")
    # It was suspended while the library before it still answered.
    assert states == [(False, SUSPENDED)]


def test_the_watch_looks_by_itself(changing: Approvals, shelf: Shelf) -> None:
    approved_id = published(changing)
    shelf.swap("40억", "50억")
    watch = ApprovedWatch(changing.follower, shelf.index, every=0.05)
    watch.start()
    try:
        begin = threading.Event()
        for _ in range(400):
            if changing.answers.get(KIM, approved_id).state is SUSPENDED:
                break
            begin.wait(0.05)
    finally:
        watch.stop()
    assert changing.answers.get(KIM, approved_id).state is SUSPENDED


def test_a_thumbs_down_on_an_approved_answer_is_told_to_its_owner(approvals: Approvals) -> None:
    approved_id = published(approvals)
    kept = approvals.desk.ask(QUESTION)
    with approvals.desk.store.writing() as session:
        row = session.get(ExchangeRow, kept)
        assert row is not None
        row.approved = approved_id
    approvals.desk.records.add_feedback(kept, Feedback(helpful=False))
    item = approvals.desk.item(wanted=OPEN)
    assert [one.reason for one in item.reasons] == [Reason.APPROVED_THUMBS_DOWN]
    (complaint,) = approvals.answers.complaints(PARK)
    assert (complaint.approved_id, complaint.item_id, complaint.answers) == (approved_id, item.id, 1)
    assert complaint.question == QUESTION
    assert approvals.answers.complaints(KIM) == ()
    assert approvals.answers.given(KIM) == {approved_id: 1}
    approvals.desk.verdicts.judge(KIM, item.id, Verdict.CORRECT)
    assert approvals.answers.complaints(PARK) == ()
    approvals.desk.clock.move(minutes=1)
    approvals.desk.records.add_feedback(kept, Feedback(helpful=False, comment="아직도"))
    assert approvals.desk.item(wanted=OPEN).reopened
