"""Works out what is counted of exchanges: narrow rows beside the wide ones, little by little, behind their backs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.exc import SQLAlchemyError

from civicbot.errors import CivicbotError
from civicbot.records.database import Database, error_name
from civicbot.records.dialects import insert_or_ignore
from civicbot.records.tables import CitationRow, ExchangeRow, FactRow, TopicRow
from civicbot.recurring import Recurring

logger = logging.getLogger(__name__)

KOREA = timezone(timedelta(hours=9), "KST")
"""The time that staff live by; a day of the overview is a day of it. Korea has no summer time."""

_BATCH = 200
_EVERY = 5.0
_BETWEEN = 0.25
_SWEEP_EVERY = 3600.0
_LATE = timedelta(days=1)
"""How long after it was asked an exchange may come in without waiting for the next sweep: an outage of the database."""

_WANTED = (
    ExchangeRow.answer_id,
    ExchangeRow.question,
    ExchangeRow.standalone,
    ExchangeRow.language,
    ExchangeRow.status,
    ExchangeRow.channel,
    ExchangeRow.site,
    ExchangeRow.seconds,
    ExchangeRow.asked_at,
    ExchangeRow.answer,
)

_COUNTED = ExchangeRow.channel != "desk"
"""What residents asked; staff's own reminders are none of it."""


class Facts(Recurring):
    """Fills the tables of :mod:`civicbot.records.tables.facts`; thread-safe, and safe beside other processes.

    Once started it takes in what is new every few seconds, and everything at once and hourly.

    Args:
        database: of the records.
        topics: the glossary entities that a question names; it may raise a CivicbotError while there is no library,
            and then nothing is worked out yet.
        now: the time, aware; the clock by default.
    """

    def __init__(
        self,
        database: Database,
        topics: Callable[[str], Iterable[str]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__("facts")
        self._database = database
        self._topics = topics
        self._now = now
        self._swept = float("-inf")
        self._lost = False

    def waiting(self) -> int:
        """How many exchanges are not worked out yet."""
        with self._database.reading() as session:
            exchanges = session.scalar(select(func.count()).select_from(ExchangeRow).where(_COUNTED)) or 0
            return max(0, exchanges - (session.scalar(select(func.count()).select_from(FactRow)) or 0))

    def gather(self, *, everything: bool = False) -> int:
        """Works out some of the newest exchanges that are not yet, and returns how many; 0 when none is left.

        Args:
            everything: whether those that came in long ago are looked for as well, which takes longer.

        Raises:
            CivicbotError: there is no library to know the topics by.
            SQLAlchemyError: the database cannot be used.
        """
        missing = ~exists().where(FactRow.answer_id == ExchangeRow.answer_id)
        found: Select[Any] = select(*_WANTED).where(missing, _COUNTED)
        if not everything:
            found = found.where(ExchangeRow.asked_at >= self._now() - _LATE)
        with self._database.reading() as session:
            rows = session.execute(found.order_by(ExchangeRow.asked_at.desc()).limit(_BATCH)).all()
        if rows:
            self._store(rows, [one for row in rows for one in self._named(row)])
        return len(rows)

    def _named(self, row: Row[Any]) -> list[dict[str, Any]]:
        named = {key for text in {row.question, row.standalone} if text for key in self._topics(text)}
        return [{"answer_id": row.answer_id, "entity": key} for key in sorted(named)]

    def _store(self, rows: Sequence[Row[Any]], named: Sequence[dict[str, Any]]) -> None:
        facts = [_fact(row) for row in rows]
        cited = [one for row in rows for one in _citations(row)]
        with self._database.transaction() as connection:
            # Some may be forgotten since they were read; those that are left cannot be until this is over.
            left = select(ExchangeRow.answer_id).where(ExchangeRow.answer_id.in_([row.answer_id for row in rows]))
            there = set(connection.scalars(left.with_for_update(read=True, key_share=True)))
            for table, values in ((FactRow, facts), (TopicRow, named), (CitationRow, cited)):
                kept = [each for each in values if each["answer_id"] in there]
                if kept:
                    connection.execute(insert_or_ignore(connection.dialect.name, table), kept)

    def _turn(self) -> float:
        """Works out one batch; an outage is told once."""
        everything = time.monotonic() - self._swept >= _SWEEP_EVERY
        try:
            more = self.gather(everything=everything)
        except CivicbotError:
            return _EVERY  # the library is being opened
        except SQLAlchemyError as error:
            if not self._lost:
                logger.warning("facts_failed", extra={"fields": {"problem": error_name(error)}})
            self._lost = True
            return _EVERY
        self._lost = False
        if more:
            # Residents' answers are computed and stored in between.
            return _BETWEEN
        if everything:
            self._swept = time.monotonic()
        return _EVERY


def _fact(row: Row[Any]) -> dict[str, Any]:
    return {
        "answer_id": row.answer_id,
        "day": f"{row.asked_at.astimezone(KOREA):%Y-%m-%d}",
        "asked_at": row.asked_at,
        "language": row.language,
        "status": row.status,
        "channel": row.channel,
        "site": row.site,
        "seconds": row.seconds,
    }


def _citations(row: Row[Any]) -> list[dict[str, Any]]:
    cited = dict.fromkeys(citation["document_id"] for citation in row.answer.get("citations", ()))
    return [{"answer_id": row.answer_id, "document_id": each, "asked_at": row.asked_at} for each in cited]
