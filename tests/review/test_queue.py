from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from tests.review.desks import (
    ALL,
    CLAIM_MINUTES,
    KIM,
    LEE,
    OPEN,
    PARK,
    ROOT,
    START,
    DeskForTests,
    open_desk_for_tests,
)

from civicbot.model import AnswerStatus, NoticeKind
from civicbot.records.database import Database
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action, NotAllowedError
from civicbot.review.audit import AuditLog
from civicbot.review.nouns import MOST_PAGE, ItemState, QueueFilter, QueueItem, Reason, Verdict
from civicbot.review.refusals import ClaimedError, InvalidReviewError, UnknownItemError

DISPUTED = (NoticeKind.DISPUTED,)


def fill(desk: DeskForTests, count: int) -> list[int]:
    """Some open items of one risk; their ids in the queue's order."""
    for number in range(count):
        desk.ask(f"AI 시티 {number}번째 예산은?", notices=DISPUTED)
    desk.feed.run()
    return [item.id for item in desk.queue.page(KIM, OPEN, size=MOST_PAGE).items]


def one(desk: DeskForTests) -> QueueItem:
    fill(desk, 1)
    return desk.item(wanted=OPEN)


def questions(desk: DeskForTests, **wanted: object) -> set[str]:
    found = desk.queue.page(KIM, QueueFilter.model_validate(wanted))
    assert found.total == len(found.items)
    return {item.question for item in found.items}


def noted(desk: DeskForTests, action: Action) -> list[tuple[str, str, dict[str, object]]]:
    """What the log says was done, the oldest first."""
    lines = AuditLog(desk.database).entries(ROOT, action=action)
    return [(line.actor, line.subject, dict(line.details)) for line in reversed(lines)]


def test_the_most_pressing_comes_first_and_of_equals_what_many_asked(desk: DeskForTests) -> None:
    desk.ask("AI 시티 위치", notices=DISPUTED)
    for _ in range(4):
        desk.ask("AI 시티 일정", notices=DISPUTED)
    desk.ticket(desk.ask("AI 시티 예산", notices=DISPUTED))
    desk.thumb_down(desk.ask("AI 시티 담당"))
    desk.feed.run()
    items = desk.queue.page(KIM, OPEN).items
    assert [(item.question, item.risk, item.priority) for item in items] == [
        ("AI 시티 예산", 65, 65),
        ("AI 시티 담당", 40, 40),
        ("AI 시티 일정", 15, 25),
        ("AI 시티 위치", 15, 15),
    ]


def test_pages(desk: DeskForTests) -> None:
    ids = fill(desk, 7)
    first = desk.queue.page(KIM, OPEN, size=3)
    assert ([item.id for item in first.items], first.total, first.number, first.pages) == (ids[:3], 7, 1, 3)
    assert [item.id for item in desk.queue.page(KIM, OPEN, number=3, size=3).items] == ids[6:]
    last = desk.queue.page(KIM, OPEN, number=9, size=3)
    assert (last.number, [item.id for item in last.items]) == (3, ids[6:])
    empty = desk.queue.page(KIM, QueueFilter(language="en"))
    assert (empty.items, empty.total, empty.number, empty.pages) == ((), 0, 1, 1)


def test_filters(desk: DeskForTests) -> None:
    desk.ask("AI 시티 위치", notices=DISPUTED, site="buk", channel="widget")
    desk.ask("AI 시티의 위치는?", channel="page")
    desk.clock.move(days=1)
    desk.thumb_down(desk.ask("AI 시티 일정", status=AnswerStatus.NO_EVIDENCE))
    desk.clock.move(days=1)
    desk.ask("AI City", notices=DISPUTED, language="en", channel="api")
    desk.feed.run()
    place, times, english = "AI 시티 위치", "AI 시티 일정", "AI City"
    assert questions(desk) == {place, times, english}
    assert questions(desk, language="ko") == {place, times}
    assert questions(desk, reason=Reason.THUMBS_DOWN) == {times}
    assert questions(desk, site="buk") == {place}
    assert questions(desk, site="") == {place, times, english}
    assert questions(desk, site="nam") == set()
    assert questions(desk, channel="widget") == {place}
    assert questions(desk, channel="page") == {place, times}
    assert questions(desk, site="buk", channel="page") == set()
    assert questions(desk, status=AnswerStatus.NO_EVIDENCE) == {times}
    assert questions(desk, since=date(2026, 11, 23)) == {times, english}
    assert questions(desk, until=date(2026, 11, 23)) == {place, times}
    assert questions(desk, since=date(2026, 11, 23), until=date(2026, 11, 23)) == {times}


def test_days_are_those_of_korea(desk: DeskForTests) -> None:
    desk.clock.move(hours=12)  # midnight in Korea
    desk.ask("AI 시티 위치", notices=DISPUTED)
    desk.feed.run()
    assert questions(desk, since=date(2026, 11, 23)) == {"AI 시티 위치"}
    assert questions(desk, until=date(2026, 11, 22)) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("위치", True),
        ("ai시티", True),
        ("AI  시 티 위치", True),
        ("ＡＩ 시티", True),
        ("위치는?", True),
        ("시티 일정", False),
        ("%", True),
        ("_", True),
        ("위%치", True),
        ("옛날 값", True),
        ("급해요", True),
        ("없는 말", False),
    ],
)
def test_search(desk: DeskForTests, text: str, found: bool) -> None:
    answer = desk.ask("AI 시티의 위치는 어디예요?")
    desk.thumb_down(answer, "옛날 값이에요")
    desk.ticket(answer, "급해요!")
    desk.feed.run()
    assert bool(questions(desk, text=text)) is found


def test_search_in_capitals_of_either_side(desk: DeskForTests) -> None:
    desk.ask("Where is the DATA Centre (Straße)?", notices=DISPUTED, language="en")
    desk.feed.run()
    assert questions(desk, text="data STRASSE")


def test_whose_claims(desk: DeskForTests) -> None:
    mine, others, free = fill(desk, 3)
    desk.queue.claim(KIM, mine)
    desk.queue.claim(LEE, others)

    def ids(claim: str) -> list[int]:
        found = desk.queue.page(KIM, QueueFilter.model_validate({"claim": claim}))
        return [item.id for item in found.items]

    assert (ids("mine"), ids("others"), ids("free")) == ([mine], [others], [free])
    desk.clock.move(minutes=CLAIM_MINUTES)
    assert (ids("mine"), ids("others"), ids("free")) == ([], [], [mine, others, free])


def test_a_second_person_is_told_who_and_since_when(desk: DeskForTests) -> None:
    item = one(desk)
    claimed = desk.queue.claim(KIM, item.id)
    assert claimed.claim is not None
    assert (claimed.claim.by, claimed.claim.since) == ("kim", START)
    desk.clock.move(minutes=5)
    with pytest.raises(ClaimedError, match="'kim' has been at this item since 2026-11-22 03:00 UTC") as refused:
        desk.queue.claim(LEE, item.id)
    assert refused.value.claim == claimed.claim
    assert desk.queue.page(LEE, OPEN).items[0].claim == claimed.claim


def test_a_claim_is_renewed_by_its_holder_and_ends_by_itself(desk: DeskForTests) -> None:
    item = one(desk)
    desk.queue.claim(KIM, item.id)
    desk.clock.move(minutes=CLAIM_MINUTES - 1)
    again = desk.queue.claim(KIM, item.id).claim
    assert again is not None
    assert (again.since, again.until) == (START, desk.clock.now + timedelta(minutes=CLAIM_MINUTES))
    desk.clock.move(minutes=CLAIM_MINUTES)
    assert desk.item(wanted=OPEN).claim is None
    taken = desk.queue.claim(LEE, item.id).claim
    assert taken is not None
    assert (taken.by, taken.since) == ("lee", desk.clock.now)


def test_a_publisher_may_take_over_and_give_back(desk: DeskForTests) -> None:
    item = one(desk)
    desk.queue.claim(KIM, item.id)
    with pytest.raises(NotAllowedError):
        desk.queue.take_over(LEE, item.id)
    with pytest.raises(ClaimedError):
        desk.queue.release(LEE, item.id)
    taken = desk.queue.take_over(PARK, item.id).claim
    assert taken is not None
    assert taken.by == "park"
    with pytest.raises(ClaimedError):
        desk.queue.claim(KIM, item.id)
    desk.queue.claim_many(PARK, [item.id])
    assert desk.queue.release(PARK, item.id).claim is None
    desk.queue.claim(KIM, item.id)
    assert desk.queue.release(PARK, item.id).claim is None
    assert noted(desk, Action.TAKE_OVER) == [("park", f"item:{item.id}", {"held_by": "kim"})]
    assert noted(desk, Action.RELEASE)[-1] == ("park", f"item:{item.id}", {"held_by": "kim"})


def test_closing_and_reopening(desk: DeskForTests) -> None:
    item = one(desk)
    desk.queue.claim(KIM, item.id)
    with pytest.raises(ClaimedError):
        desk.queue.close(LEE, item.id)
    closed = desk.queue.close(KIM, item.id)
    assert (closed.state, closed.claim) == (ItemState.CLOSED, None)
    assert desk.queue.page(KIM, OPEN).total == 0
    assert desk.item(wanted=QueueFilter(state=ItemState.CLOSED)).id == item.id
    opened = desk.queue.reopen(LEE, item.id)
    assert (opened.state, opened.reopened) == (ItemState.OPEN, True)
    desk.verdicts.judge(KIM, item.id, Verdict.CORRECT)
    assert desk.queue.close(KIM, item.id).state is ItemState.DONE
    assert [(who, details) for who, _, details in noted(desk, Action.CLOSE)] == [
        ("kim", {"state": "open"}),
        ("kim", {"state": "done"}),
    ]
    assert noted(desk, Action.REOPEN) == [("lee", f"item:{item.id}", {"state": "closed"})]


def test_bulk_actions_leave_alone_what_others_are_at(desk: DeskForTests) -> None:
    first, second, third = fill(desk, 3)
    desk.queue.claim(LEE, second)
    claimed = desk.queue.claim_many(KIM, [third, second, first, first, 999_999])
    assert claimed.done == (first, third)
    assert [(each.item_id, each.code) for each in claimed.refused] == [(second, "claimed"), (999_999, "unknown_item")]
    assert claimed.refused[0].claim is not None
    assert claimed.refused[0].claim.by == "lee"
    assert desk.queue.release_many(KIM, [first, second]).done == (first,)
    assert desk.queue.close_many(KIM, [first, second, third]).done == (first, third)
    assert [item.id for item in desk.queue.page(KIM, OPEN).items] == [second]
    subjects = [subject for who, subject, _ in noted(desk, Action.CLAIM) if who == "kim"]
    assert subjects == [f"item:{first}", f"item:{third}"]
    with pytest.raises(InvalidReviewError, match="201 items are too many"):
        desk.queue.close_many(KIM, range(201))


def test_an_unknown_item(desk: DeskForTests) -> None:
    for action in (desk.queue.claim, desk.queue.release, desk.queue.close, desk.queue.reopen):
        with pytest.raises(UnknownItemError, match="no item 7"):
            action(KIM, 7)
    assert noted(desk, Action.CLAIM) == []


def test_of_two_people_at_once_one_gets_it(
    database: Database, address: str, opened: Callable[[str], Database], library: LiveIndex
) -> None:
    desk = open_desk_for_tests(database, library)
    ids = fill(desk, 20)
    other = open_desk_for_tests(opened(address), library)
    begin = threading.Barrier(4)

    def take_all(number: int) -> list[int]:
        own, actor = (desk, KIM) if number % 2 else (other, LEE)
        begin.wait()
        got = []
        for item_id in ids if number < 2 else reversed(ids):
            with contextlib.suppress(ClaimedError):
                own.queue.claim(actor, item_id)
                got.append(item_id)
        return got

    with ThreadPoolExecutor(4) as pool:
        lee, kim, lee_again, kim_again = pool.map(take_all, range(4))
    assert {*kim, *kim_again} | {*lee, *lee_again} == set(ids)
    assert not {*kim, *kim_again} & {*lee, *lee_again}
    shown = desk.queue.page(KIM, OPEN, size=MOST_PAGE).items
    assert {item.id: item.claim.by for item in shown if item.claim} == {
        **dict.fromkeys((*kim, *kim_again), "kim"),
        **dict.fromkeys((*lee, *lee_again), "lee"),
    }
    assert AuditLog(database).verify(ROOT).row is None


def test_the_next_free_item(desk: DeskForTests) -> None:
    assert desk.queue.next_free(KIM, OPEN) is None
    ids = fill(desk, 4)
    desk.queue.claim(LEE, ids[1])
    assert desk.queue.next_free(KIM, OPEN) == ids[0]
    assert desk.queue.next_free(KIM, OPEN, after=ids[0]) == ids[2]
    assert desk.queue.next_free(KIM, QueueFilter(claim="mine"), after=ids[2]) == ids[3]
    assert desk.queue.next_free(KIM, OPEN, after=ids[3]) == ids[0]
    assert desk.queue.next_free(KIM, OPEN, after=999_999) == ids[0]


def test_counts(desk: DeskForTests) -> None:
    assert desk.queue.counts(KIM).fed_at is None
    first, second, third = fill(desk, 3)
    desk.ticket(desk.ask("AI 시티 위치", notices=DISPUTED))
    assert desk.queue.refresh(KIM) == 1
    desk.queue.claim(KIM, first)
    desk.queue.claim(LEE, second)
    desk.queue.close(KIM, third)
    counts = desk.queue.counts(KIM)
    assert (counts.open, counts.mine, counts.claimed, counts.tickets) == (3, 1, 2, 1)
    assert counts.reasons == {Reason.DISPUTED: 3, Reason.TICKET: 1}
    assert counts.fed_at == START


@pytest.mark.parametrize("state", [ItemState.DONE, ItemState.CLOSED])
def test_a_new_complaint_opens_it_again(desk: DeskForTests, state: ItemState) -> None:
    answer = desk.ask("AI 시티 위치", notices=DISPUTED)
    desk.thumb_down(answer)
    item = desk.item(wanted=OPEN)
    if state is ItemState.DONE:
        desk.verdicts.judge(KIM, item.id, Verdict.WRONG)
    else:
        desk.queue.close(KIM, item.id)
    desk.clock.move(hours=1)
    desk.ask("AI 시티 위치", notices=DISPUTED)
    assert desk.item(wanted=ALL).state is state
    desk.ticket(answer)
    opened = desk.item(wanted=OPEN)
    assert (opened.id, opened.reopened, opened.opened_at) == (item.id, True, desk.clock.now)
    assert (opened.verdict is not None) is (state is ItemState.DONE)
    desk.queue.close(KIM, item.id)
    desk.clock.move(hours=1)
    desk.thumb_down(answer, "아직도 틀려요")
    assert desk.item(wanted=OPEN).id == item.id


def test_the_newest_verdict_can_be_asked_for(desk: DeskForTests) -> None:
    first, second = fill(desk, 2)
    desk.verdicts.judge(KIM, first, Verdict.CORRECT)
    desk.verdicts.judge(KIM, first, Verdict.WRONG)
    desk.verdicts.judge(KIM, second, Verdict.CORRECT)
    for verdict, ids in ((Verdict.CORRECT, [second]), (Verdict.WRONG, [first]), (Verdict.OUTDATED, [])):
        found = desk.queue.page(KIM, QueueFilter(state=ItemState.DONE, verdict=verdict))
        assert [item.id for item in found.items] == ids
