"""Deleting what is older than the city may keep it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, exists, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from civicbot.errors import CivicbotError
from civicbot.model import Noun
from civicbot.records.database import Database, error_name
from civicbot.records.tables import ConversationRow, ExchangeRow, FeedbackRow, TicketRow
from civicbot.recurring import Recurring

logger = logging.getLogger(__name__)

_BATCH = 200
_DAY = 24 * 3600.0
_SOON = 15 * 60.0


class Purged(Noun):
    """How much was deleted."""

    exchanges: int = 0
    conversations: int = 0
    feedback: int = 0
    tickets: int = 0

    def __add__(self, other: Purged) -> Purged:
        return Purged(**{name: getattr(self, name) + getattr(other, name) for name in Purged.model_fields})


def limit(days: int, now: datetime) -> datetime:
    """What was asked before this time is too old."""
    return now - timedelta(days=days)


def purge(database: Database, before: datetime) -> Purged:
    """Deletes the exchanges that were asked before a time, their feedback and tickets, and emptied conversations.

    An exchange stays while its ticket has changed since, so that the resident can still read the reply. It deletes
    little by little: residents' answers are stored in between.

    Raises:
        SQLAlchemyError: the database cannot be used; what was deleted so far is gone.
    """
    total = Purged()
    while True:
        with database.writing() as session:
            part = _purge_some(session, before)
        total += part
        if not part.exchanges:
            break
    with database.writing() as session:
        empty = ~exists().where(ExchangeRow.conversation_id == ConversationRow.id)
        gone = session.scalars(
            delete(ConversationRow).where(ConversationRow.last_at < before, empty).returning(ConversationRow.id)
        ).all()
    if gone or total.exchanges:
        empty_journal(database)
    return total + Purged(conversations=len(gone))


def empty_journal(database: Database) -> None:
    """Writes SQLite's journal into the file: until then it holds deleted pages as they were."""
    if database.file is not None:
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _purge_some(session: Session, before: datetime) -> Purged:
    kept = exists().where(TicketRow.answer_id == ExchangeRow.answer_id, TicketRow.updated_at >= before)
    old = select(ExchangeRow.answer_id).where(ExchangeRow.asked_at < before, ~kept).limit(_BATCH)
    ids = session.scalars(old).all()
    feedback = session.scalar(select(func.count()).where(FeedbackRow.answer_id.in_(ids)))
    tickets = session.scalar(select(func.count()).where(TicketRow.answer_id.in_(ids)))
    session.execute(delete(ExchangeRow).where(ExchangeRow.answer_id.in_(ids)))
    return Purged(exchanges=len(ids), feedback=feedback or 0, tickets=tickets or 0)


class Retention(Recurring):
    """Purges at once and then daily, in the background, until it is stopped.

    Args:
        purge: deletes what was asked before a time.
        days: how long an exchange is kept.
    """

    def __init__(self, purge: Callable[[datetime], Purged], days: int) -> None:
        super().__init__("retention")
        self._purge = purge
        self._days = days

    def _turn(self) -> float:
        """Purges; what went wrong is tried again soon."""
        try:
            purged = self._purge(limit(self._days, datetime.now(UTC)))
        except (SQLAlchemyError, CivicbotError) as error:
            name = error_name(error) if isinstance(error, SQLAlchemyError) else error.code
            logger.warning("purge_failed", extra={"fields": {"error": name}})
            return _SOON
        logger.info("purged", extra={"fields": purged.model_dump()})
        return _DAY
