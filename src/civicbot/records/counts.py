"""How much is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from civicbot.model import Noun, TicketState
from civicbot.records.database import Database
from civicbot.records.tables import Base, ConversationRow, ExchangeRow, FeedbackRow, TicketRow


class Counts(Noun):
    """How many rows there are, and from when; None for no exchanges."""

    conversations: int
    exchanges: int
    feedback: int
    tickets: int
    open_tickets: int
    oldest: datetime | None
    newest: datetime | None


def count(database: Database) -> Counts:
    """Counts what is in a database.

    Raises:
        SQLAlchemyError: it cannot be read.
    """
    still_open = TicketRow.state == TicketState.OPEN.value
    with database.reading() as session:

        def rows(table: type[Base]) -> int:
            return session.scalar(select(func.count()).select_from(table)) or 0

        return Counts(
            conversations=rows(ConversationRow),
            exchanges=rows(ExchangeRow),
            feedback=rows(FeedbackRow),
            tickets=rows(TicketRow),
            open_tickets=session.scalar(select(func.count()).select_from(TicketRow).where(still_open)) or 0,
            oldest=session.scalar(select(func.min(ExchangeRow.asked_at))),
            newest=session.scalar(select(func.max(ExchangeRow.asked_at))),
        )
