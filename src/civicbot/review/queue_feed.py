"""Takes what residents asked and said into the queue, bit by bit, as often as wanted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import ValidationError
from sqlalchemy import func, select

from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer
from civicbot.model import Exchange, Language, Ticket
from civicbot.records.rows import exchange_of, feedback_of
from civicbot.records.tables import CursorRow, ExchangeRow, FeedbackRow, MemberRow, TicketRow
from civicbot.records.tickets import tickets_about
from civicbot.review.alike import normal, signature
from civicbot.review.queue_intake import QUEUE, Taken, stray, take_in, tidy
from civicbot.review.queue_rules import Case
from civicbot.review.store import Store

logger = logging.getLogger(__name__)

BATCH = 40
"""Exchanges that are taken in by one transaction: few, since residents' answers are stored in between."""
OVERLAP = timedelta(hours=1)
"""How far behind the newest exchange that was taken in others are looked for: some are stored late."""
_NEWEST_FEEDBACK = 2_000
"""Among how many of the newest comments new ones are looked for; their numbers may be given out of order."""
_TRIES = 2


class Names(Protocol):
    """What of a library generation questions are compared by."""

    @property
    def glossary(self) -> Glossary:
        """The names that it knows."""

    @property
    def tokenizer(self) -> Tokenizer:
        """Cuts words."""


class Library(Protocol):
    """Where the live generation comes from."""

    def reader(self) -> AbstractContextManager[Names]:
        """Lends the live generation; raises CivicbotError while there is none."""


class Feed:
    """Brings the queue up to date; thread-safe, and safe beside other processes.

    What was taken in is known by its row in ``review_members``, written in the same transaction as all that follows
    from it: killed at any moment, the next run goes on where this one was, and nothing counts twice.

    Args:
        store: the database.
        library: tells names and words; exchanges wait while there is no live generation.
        sample: the share of answers with money or dates that are looked at by chance, 0..1.
    """

    def __init__(self, store: Store, library: Library, *, sample: float) -> None:
        self._store = store
        self._library = library
        self._sample = sample

    def run(
        self,
        *,
        everything: bool = False,
        seconds: float | None = None,
        rest: Callable[[float], bool] = lambda _: False,
    ) -> int:
        """Takes in what is new.

        Args:
            everything: look for exchanges of any age, and for items whose questions were deleted.
            seconds: stop after so long, whatever is left.
            rest: called after each batch with the seconds that it took; True ends the run.

        Returns:
            How many answers were looked at.

        Raises:
            RecordsUnavailableError: the database cannot be used just now.
            CivicbotError: there is no live generation.
        """
        begun, total = time.monotonic(), 0
        for find in (self._unseen, self._said):
            while seconds is None or time.monotonic() - begun < seconds:
                started = time.monotonic()
                ids = find(everything)
                if ids:
                    total += self._take(ids)
                if len(ids) < BATCH or rest(time.monotonic() - started):
                    break
        if everything:
            self._tidy()
        return total

    def fed_at(self) -> datetime | None:
        """When something was taken in last; None before the first time."""
        with self._store.reading() as session:
            return session.scalar(select(CursorRow.fed_at).where(CursorRow.name == QUEUE))

    def _unseen(self, everything: bool) -> Sequence[str]:
        """Exchanges that were never taken in, oldest first."""
        taken = select(MemberRow.answer_id).where(MemberRow.answer_id == ExchangeRow.answer_id).exists()
        found = select(ExchangeRow.answer_id).where(~taken).order_by(ExchangeRow.asked_at, ExchangeRow.answer_id)
        with self._store.reading() as session:
            newest = session.scalar(select(CursorRow.asked_at).where(CursorRow.name == QUEUE))
            if newest is not None and not everything:
                found = found.where(ExchangeRow.asked_at >= newest - OVERLAP)
            return session.scalars(found.limit(BATCH)).all()

    def _said(self, everything: bool) -> Sequence[str]:
        """Exchanges about which something was said since they were looked at."""
        comments = (
            select(FeedbackRow.answer_id)
            .join(MemberRow, MemberRow.answer_id == FeedbackRow.answer_id)
            .where(FeedbackRow.id > MemberRow.feedback_seen)
            .distinct()
            .limit(BATCH)
        )
        if not everything:
            newest = select(func.coalesce(func.max(FeedbackRow.id), 0)).scalar_subquery()
            comments = comments.where(FeedbackRow.id > newest - _NEWEST_FEEDBACK)
        tickets = (
            select(TicketRow.answer_id)
            .join(MemberRow, MemberRow.answer_id == TicketRow.answer_id)
            .group_by(TicketRow.answer_id, MemberRow.tickets_seen)
            .having(func.count() != MemberRow.tickets_seen)
            .limit(BATCH)
        )
        with self._store.reading() as session:
            found = {*session.scalars(comments), *session.scalars(tickets)}
        return sorted(found)[:BATCH]

    def _take(self, ids: Sequence[str]) -> int:
        # All that takes time is done before the write: others wait for it.
        with self._library.reader() as names:
            found = self._read(ids, names)
        with self._store.writing(_TRIES) as session:
            take_in(session, found, self._store.now())
        return len(found)

    def _read(self, ids: Sequence[str], names: Names) -> list[Taken]:
        with self._store.reading() as session:
            rows = session.scalars(select(ExchangeRow).where(ExchangeRow.answer_id.in_(ids))).all()
            said: dict[str, list[FeedbackRow]] = {}
            comments = select(FeedbackRow).where(FeedbackRow.answer_id.in_(ids)).order_by(FeedbackRow.id)
            for comment in session.scalars(comments):
                said.setdefault(comment.answer_id, []).append(comment)
            tickets = tickets_about(session, ids)
            rows = sorted(rows, key=lambda row: (row.asked_at, row.answer_id))
            return [
                self._taken(row, said.get(row.answer_id, []), tickets.get(row.answer_id, ()), names) for row in rows
            ]

    def _taken(self, row: ExchangeRow, said: list[FeedbackRow], tickets: tuple[Ticket, ...], names: Names) -> Taken:
        language: Language = "ko" if row.language == "ko" else "en"
        newest = said[-1] if said else None
        texts = (row.question, row.standalone, *(s.comment for s in said), *(ticket.message for ticket in tickets))
        exchange = _exchange(row)
        return Taken(
            answer_id=row.answer_id,
            conversation_id=row.conversation_id,
            asked_at=row.asked_at,
            status=row.status,
            channel=row.channel,
            site=row.site,
            language=language,
            key=signature(row.standalone, language, row.asked_at, names.glossary, names.tokenizer).key,
            search=_search(texts),
            case=exchange
            and Case(
                exchange=exchange,
                feedback=feedback_of(newest) if newest is not None else None,
                tickets=tickets,
                sample=self._sample,
            ),
            feedback_seen=newest.id if newest is not None else 0,
            feedback_at=newest.created_at if newest is not None else None,
            tickets_seen=len(tickets),
        )

    def _tidy(self) -> None:
        """Puts items right whose questions were deleted."""
        with self._store.reading() as session:
            wrong = stray(session)
        for start in range(0, len(wrong), BATCH):
            with self._store.writing(_TRIES) as session:
                tidy(session, wrong[start : start + BATCH], self._store.now())


def _exchange(row: ExchangeRow) -> Exchange | None:
    """The exchange in a row; None for one that this version cannot read, which must not hold up the others."""
    try:
        return exchange_of(row)
    except ValidationError:
        logger.warning("exchange_unreadable", extra={"fields": {"answer": row.answer_id}})
        return None


def _search(texts: Iterable[str | None]) -> str:
    return "\n".join(dict.fromkeys(folded for text in texts if text and (folded := normal(text))))
