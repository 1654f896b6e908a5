from __future__ import annotations

import pytest
from tests.review.desks import KIM, ROOT, START, DeskForTests

from civicbot.errors import UnknownTicketError
from civicbot.model import TicketState
from civicbot.review.access import Action
from civicbot.review.audit import AuditLog
from civicbot.review.refusals import InvalidReviewError
from civicbot.review.replies import MOST_REPLY


def test_the_resident_reads_the_reply_with_the_code(desk: DeskForTests) -> None:
    ticket = desk.ticket(desk.ask("AI 시티 예산은?"))
    desk.clock.move(hours=1)
    view = desk.replies.reply(KIM, ticket.code, " 40억 원입니다. 문의: 062-613-2114 ")
    assert (view.state, view.reply) == (TicketState.ANSWERED, "40억 원입니다. 문의: 062-613-2114")
    read = desk.records.ticket(ticket.code)
    assert (read.state, read.reply, read.updated_at) == (TicketState.ANSWERED, view.reply, desk.clock.now)
    closed = desk.replies.reply(KIM, ticket.code, "고쳤습니다.", close=True)
    assert (closed.state, closed.reply) == (TicketState.CLOSED, "고쳤습니다.")
    assert desk.records.ticket(ticket.code).reply == "고쳤습니다."


def test_a_ticket_is_closed_as_it_is(desk: DeskForTests) -> None:
    ticket = desk.ticket(desk.ask("AI 시티 예산은?"))
    desk.clock.move(hours=1)
    closed = desk.replies.close(KIM, ticket.code)
    assert (closed.state, closed.reply, closed.updated_at) == (TicketState.CLOSED, None, desk.clock.now)
    desk.clock.move(hours=1)
    assert desk.replies.close(KIM, ticket.code) == closed


def test_open_tickets_the_oldest_first(desk: DeskForTests) -> None:
    codes = []
    for number in range(5):
        codes.append(desk.ticket(desk.ask(f"AI 시티 {number}번째 예산은?"), f"{number}").code)
        desk.clock.move(minutes=1)
    desk.replies.reply(KIM, codes[1], "네")
    page = desk.replies.page(KIM, size=3)
    assert [ticket.code for ticket in page.tickets] == [codes[0], codes[2], codes[3]]
    assert (page.total, page.number, page.pages) == (4, 1, 2)
    assert page.tickets[0].opened_at == START
    assert page.tickets[0].item_id is None
    assert [ticket.code for ticket in desk.replies.page(KIM, number=7, size=3).tickets] == [codes[4]]
    assert [ticket.code for ticket in desk.replies.page(KIM, TicketState.ANSWERED).tickets] == [codes[1]]
    assert desk.replies.page(KIM, None).total == 5
    desk.feed.run()
    assert all(ticket.item_id is not None for ticket in desk.replies.page(KIM).tickets)


def test_a_code_may_be_typed_as_it_is_read_out(desk: DeskForTests) -> None:
    ticket = desk.ticket(desk.ask("AI 시티 예산은?"))
    assert desk.replies.read(KIM, ticket.code.lower().replace("-", " ")).code == ticket.code


def test_unknown_tickets(desk: DeskForTests) -> None:
    for act in (desk.replies.read, desk.replies.close, lambda who, code: desk.replies.reply(who, code, "네")):
        for code in ("K7QX-9M2D-4TVA", "", "x"):
            with pytest.raises(UnknownTicketError, match="no ticket with this code") as refused:
                act(KIM, code)
            assert "K7QX" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "  \n", "가" * (MOST_REPLY + 1)])
def test_a_reply_says_something_and_not_too_much(desk: DeskForTests, text: str) -> None:
    ticket = desk.ticket(desk.ask("AI 시티 예산은?"))
    with pytest.raises(InvalidReviewError, match="The reply is"):
        desk.replies.reply(KIM, ticket.code, text)
    assert desk.records.ticket(ticket.code).reply is None


def test_reading_and_replying_is_in_the_log_without_codes_and_words(desk: DeskForTests) -> None:
    answer = desk.ask("AI 시티 예산은?")
    ticket = desk.ticket(answer, "급해요")
    item = desk.item_of(answer)
    desk.replies.page(KIM)
    desk.replies.read(KIM, ticket.code)
    desk.replies.reply(KIM, ticket.code, "네, 됩니다.")
    desk.replies.close(KIM, ticket.code)
    log = AuditLog(desk.database)
    lines = [line for line in reversed(log.entries(ROOT)) if line.action in (Action.READ_TICKET, Action.REPLY)]
    assert [(line.actor, line.action, line.subject, line.details) for line in lines] == [
        ("kim", "read_ticket", "tickets", {"tickets": 1, "items": [str(item)]}),
        ("kim", "read_ticket", "ticket", {"item": item}),
        ("kim", "reply", "ticket", {"item": item, "characters": 7, "closed": False}),
        ("kim", "reply", "ticket", {"item": item, "closed": True}),
    ]
    told = repr(log.entries(ROOT))
    assert ticket.code not in told
    assert "급해요" not in told
    assert "됩니다" not in told
