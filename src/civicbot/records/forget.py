"""Deleting what one resident asked, when they wish it."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from civicbot.errors import UnknownConversationError
from civicbot.records.codes import read_code
from civicbot.records.database import Database
from civicbot.records.retention import Purged, empty_journal
from civicbot.records.tables import ConversationRow, ExchangeRow, FeedbackRow, TicketRow


def forget(database: Database, key: str) -> Purged:
    """Deletes a conversation with all its exchanges, feedback and tickets.

    Args:
        database: where it is kept.
        key: the conversation's id, the id of one of its answers, or the code of one of its tickets.

    Raises:
        UnknownConversationError: there is none; the message never repeats the key.
        SQLAlchemyError: the database cannot be used; nothing is deleted.
    """
    with database.writing() as session:
        conversation = _conversation(session, key.strip())
        if conversation is None:
            raise UnknownConversationError(
                "There is no such conversation, answer or ticket.",
                hint="Give the id or code as the resident has it; it may be deleted already.",
            )
        gone = _counted(session, conversation)
        session.execute(delete(ConversationRow).where(ConversationRow.id == conversation))
    empty_journal(database)
    return gone


def _conversation(session: Session, key: str) -> str | None:
    """The conversation that a key leads to."""
    if session.get(ConversationRow, key) is not None:
        return key
    answer_id = session.scalar(select(TicketRow.answer_id).where(TicketRow.code == (read_code(key) or ""))) or key
    return session.scalar(select(ExchangeRow.conversation_id).where(ExchangeRow.answer_id == answer_id))


def _counted(session: Session, conversation: str) -> Purged:
    ids = select(ExchangeRow.answer_id).where(ExchangeRow.conversation_id == conversation).scalar_subquery()

    def rows(table: type[ExchangeRow | FeedbackRow | TicketRow]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(table.answer_id.in_(ids))) or 0

    return Purged(exchanges=rows(ExchangeRow), conversations=1, feedback=rows(FeedbackRow), tickets=rows(TicketRow))
