"""How the review services reach the database: they wait for their turn, and say so in plain words when they cannot."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from civicbot.errors import RecordsUnavailableError
from civicbot.records.database import Database, is_outage

TRIES = 8
"""How often a member of staff tries for a turn to write; each waits half a second for the writer before (SQLite)."""
_BETWEEN = 0.05


class Store:
    """The database as the review services use it; thread-safe.

    Args:
        database: of the records.
        now: the time, aware; the clock by default.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.database = database
        self.now = now

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads.

        Raises:
            RecordsUnavailableError: the database cannot be used just now.
        """
        with _told(), self.database.reading() as session:
            yield session

    @contextlib.contextmanager
    def writing(self, tries: int = TRIES) -> Iterator[Session]:
        """A session whose changes are stored, all of them, when the block ends well.

        Residents' answers come first: whoever stores one waits half a second at most, so the blocks must be short,
        and staff are the ones who try again.

        Args:
            tries: how often a turn is tried for.

        Raises:
            RecordsUnavailableError: the database cannot be used just now.
        """
        with _told(), ExitStack() as stack:
            yield self._turn(stack, tries)

    def _turn(self, stack: ExitStack, tries: int) -> Session:
        for left in reversed(range(tries)):
            with ExitStack() as attempt:
                try:
                    session = attempt.enter_context(self.database.writing())
                    session.connection()  # begins the transaction, which is what may have to wait
                except SQLAlchemyError as error:
                    if not left or not is_outage(error):
                        raise
                else:
                    stack.enter_context(attempt.pop_all())
                    return session
            time.sleep(_BETWEEN)
        raise AssertionError("the last try returns or raises")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        if not is_outage(error):
            raise
        raise RecordsUnavailableError("The records cannot be read or written just now.") from error
