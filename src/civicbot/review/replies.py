"""Replies to the tickets that residents left."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, Select, func, select

from civicbot.errors import UnknownTicketError
from civicbot.model import Noun, TicketState
from civicbot.records.codes import read_code
from civicbot.records.rows import storable
from civicbot.records.tables import ExchangeRow, MemberRow, TicketRow
from civicbot.records.tickets import reply_to_ticket
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.nouns import MOST_PAGE, PAGE, TicketView
from civicbot.review.refusals import InvalidReviewError
from civicbot.review.store import Store

MOST_REPLY = 4000
"""Characters of a reply."""


class TicketPage(Noun):
    """A page of tickets.

    Attributes:
        total: how many there are in this state.
        number: of this page, from 1.
        pages: how many there are, at least 1.
    """

    tickets: tuple[TicketView, ...]
    total: int
    number: int
    pages: int


class Replies:
    """Reads and answers tickets; each reading is in the audit log, without the tickets' codes.

    Args:
        store: the database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @guarded(Action.READ_TICKET)
    def page(
        self, actor: Actor, state: TicketState | None = TicketState.OPEN, *, number: int = 1, size: int = PAGE
    ) -> TicketPage:
        """The tickets in a state (None for all), the oldest first; too high a number gives the last page."""
        size = max(1, min(size, MOST_PAGE))
        conditions = [TicketRow.state == state.value] if state is not None else []
        with self._store.writing() as session:
            total = session.scalar(select(func.count()).select_from(TicketRow).where(*conditions)) or 0
            pages = max(1, -(-total // size))
            number = max(1, min(number, pages))
            found = _tickets().where(*conditions).order_by(TicketRow.opened_at, TicketRow.code)
            rows = session.execute(found.offset((number - 1) * size).limit(size)).all()
            items = sorted({str(item_id) for _, _, item_id in rows if item_id is not None}, key=int)
            note(session, actor, Action.READ_TICKET, "tickets", tickets=len(rows), items=items)
            return TicketPage(tickets=views(rows), total=total, number=number, pages=pages)

    @guarded(Action.READ_TICKET)
    def read(self, actor: Actor, code: str) -> TicketView:
        """The ticket with a code, as a resident reads it out on the telephone.

        Raises:
            UnknownTicketError: there is none.
        """
        with self._store.writing() as session:
            rows = session.execute(_tickets().where(TicketRow.code == (read_code(code) or ""))).all()
            if not rows:
                raise UnknownTicketError("There is no ticket with this code.")
            view = views(rows)[0]
            note(session, actor, Action.READ_TICKET, "ticket", item=view.item_id)
            return view

    @guarded(Action.REPLY)
    def reply(self, actor: Actor, code: str, text: str, *, close: bool = False) -> TicketView:
        """Gives a ticket its reply, or a new one in its place; the resident reads it at ``/t/{code}`` from now on.

        Args:
            actor: who replies.
            code: of the ticket.
            text: kept as it is, since an office may name its number.
            close: whether the matter is settled by it.

        Raises:
            InvalidReviewError: the reply says nothing, or is too long.
            UnknownTicketError: there is no such ticket.
        """
        told = storable(text.strip())
        if not told:
            raise InvalidReviewError("The reply is empty.", hint="Write what the resident is to read.")
        if len(told) > MOST_REPLY:
            raise InvalidReviewError("The reply is too long.", hint=f"Write {MOST_REPLY} characters at most.")
        with self._store.writing() as session:
            ticket = reply_to_ticket(session, code, told, self._store.now(), close=close)
            session.flush()
            view = views(session.execute(_tickets().where(TicketRow.code == ticket.code)).all())[0]
            note(session, actor, Action.REPLY, "ticket", item=view.item_id, characters=len(told), closed=close)
            return view

    @guarded(Action.REPLY)
    def close(self, actor: Actor, code: str) -> TicketView:
        """Closes a ticket as it is.

        Raises:
            UnknownTicketError: there is no such ticket.
        """
        with self._store.writing() as session:
            row = session.get(TicketRow, read_code(code) or "", with_for_update=True)
            if row is None:
                raise UnknownTicketError("There is no ticket with this code.")
            if row.state != TicketState.CLOSED:
                row.state, row.updated_at = TicketState.CLOSED.value, self._store.now()
            session.flush()
            view = views(session.execute(_tickets().where(TicketRow.code == row.code)).all())[0]
            note(session, actor, Action.REPLY, "ticket", item=view.item_id, closed=True)
            return view


def views(rows: Sequence[Row[TicketRow, ExchangeRow, int | None]]) -> tuple[TicketView, ...]:
    """Tickets with their exchanges and items as staff see them."""
    return tuple(
        TicketView(
            code=ticket.code,
            state=TicketState(ticket.state),
            language="ko" if exchange.language == "ko" else "en",
            question=exchange.question,
            answer_id=ticket.answer_id,
            item_id=item_id,
            message=ticket.message,
            reply=ticket.reply,
            opened_at=ticket.opened_at,
            updated_at=ticket.updated_at,
        )
        for ticket, exchange, item_id in rows
    )


def tickets_of_item(item_id: int) -> Select[TicketRow, ExchangeRow, int | None]:
    """The tickets about an item's answers, the newest first."""
    return _tickets().where(MemberRow.item_id == item_id).order_by(TicketRow.opened_at.desc())


def _tickets() -> Select[TicketRow, ExchangeRow, int | None]:
    return (
        select(TicketRow, ExchangeRow, MemberRow.item_id)
        .join(ExchangeRow, ExchangeRow.answer_id == TicketRow.answer_id)
        .outerjoin(MemberRow, MemberRow.answer_id == TicketRow.answer_id)
    )
