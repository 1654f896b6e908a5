"""Questions that residents leave for staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicbot.errors import TooManyTicketsError, UnknownTicketError
from civicbot.model import Ticket, TicketState
from civicbot.records.codes import new_code, read_code
from civicbot.records.rows import ticket_of
from civicbot.records.tables import ExchangeRow, TicketRow

OPEN_TICKETS = 3
"""How many open tickets an answer may have: answers can be shared, and each reader may leave the question."""


def open_ticket(session: Session, exchange: ExchangeRow, message: str | None, now: datetime) -> Ticket:
    """Opens a ticket about an exchange, always with a code of its own: a code opens what its holder wrote.

    Args:
        session: for writing.
        exchange: what it is about; locked, so that the tickets can be counted.
        message: what the resident adds, masked.
        now: the time, aware.

    Raises:
        TooManyTicketsError: :data:`OPEN_TICKETS` of them are open.
    """
    still_open = TicketRow.answer_id == exchange.answer_id, TicketRow.state == TicketState.OPEN.value
    if (session.scalar(select(func.count()).select_from(TicketRow).where(*still_open)) or 0) >= OPEN_TICKETS:
        raise TooManyTicketsError(f"{OPEN_TICKETS} tickets about this answer are open already.")
    row = TicketRow(
        code=new_code(),
        answer_id=exchange.answer_id,
        state=TicketState.OPEN.value,
        message=message,
        reply=None,
        opened_at=now,
        updated_at=now,
    )
    session.add(row)
    return ticket_of(row, exchange)


def read_ticket(session: Session, code: str) -> Ticket:
    """The ticket with a code, however its case and separators were typed.

    Raises:
        UnknownTicketError: there is none.
    """
    return ticket_of(*_find(session, code))


def tickets_about(session: Session, answer_ids: Sequence[str]) -> dict[str, tuple[Ticket, ...]]:
    """The tickets about some answers, oldest first, of those that have any."""
    found = (
        select(TicketRow, ExchangeRow)
        .join(ExchangeRow)
        .where(TicketRow.answer_id.in_(answer_ids))
        .order_by(TicketRow.opened_at)
    )
    tickets: dict[str, tuple[Ticket, ...]] = {}
    for row, exchange in session.execute(found):
        tickets[row.answer_id] = (*tickets.get(row.answer_id, ()), ticket_of(row, exchange))
    return tickets


def reply_to_ticket(session: Session, code: str, text: str, now: datetime, *, close: bool) -> Ticket:
    """Gives a ticket its reply, or a new one in its place.

    Raises:
        UnknownTicketError: there is none with this code.
    """
    row, exchange = _find(session, code)
    row.reply = text
    row.state = (TicketState.CLOSED if close else TicketState.ANSWERED).value
    row.updated_at = now
    return ticket_of(row, exchange)


def _find(session: Session, code: str) -> tuple[TicketRow, ExchangeRow]:
    found = select(TicketRow, ExchangeRow).join(ExchangeRow).where(TicketRow.code == (read_code(code) or ""))
    row = session.execute(found).one_or_none()
    if row is None:
        raise UnknownTicketError("There is no ticket with this code.")
    return row[0], row[1]
