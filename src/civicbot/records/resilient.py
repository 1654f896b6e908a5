"""Records that never stop an answer: without the database conversations go on in memory, and it is written later."""

from __future__ import annotations

import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from civicbot.errors import RecordsUnavailableError, RecordsVersionError, UnknownAnswerError, UnknownConversationError
from civicbot.model import Exchange, Feedback, Ticket
from civicbot.records.database import error_name, is_outage
from civicbot.records.memory import MemoryRecords
from civicbot.records.retention import Purged
from civicbot.records.rows import EarlierTurn
from civicbot.records.store import Records

logger = logging.getLogger(__name__)

QUEUE = 1_000
"""How many exchanges wait for the database at most; when there are more, the oldest is lost."""

RETRY_SECONDS = 5.0
"""The longest time between two tries to reach the database."""

_FIRST_RETRY = 0.5
_BATCH = 50
_IDENTIFIER = re.compile(r"[0-9a-f]{32}")
_T = TypeVar("_T")


class Watch(Protocol):
    """Is told how the database fares; operators see it in the metrics."""

    def records_failed(self) -> None:
        """The database was lost."""

    def records_queue(self, waiting: int) -> None:
        """So many exchanges wait for it."""


class _Unwatched:
    def records_failed(self) -> None:
        pass

    def records_queue(self, waiting: int) -> None:
        pass


class ResilientRecords:
    """Stores in the database while it works; nobody waits for a dead one. Thread-safe.

    After a failure the database is left alone until a background thread has reached it again and has written what
    was answered meanwhile. Until then exchanges are not stored (:meth:`remember` says so), conversations go on from
    memory, and feedback and tickets are refused.

    Args:
        records: the records in the database.
        watch: told how the database fares.
        queue: how many may wait.
    """

    def __init__(self, records: Records, *, watch: Watch | None = None, queue: int = QUEUE) -> None:
        self._records = records
        self._watch = watch or _Unwatched()
        self._limit = queue
        self._memory = MemoryRecords()
        self._lock = threading.Lock()
        self._waiting: deque[Exchange] = deque()
        self._lost = 0
        self._problem: str | None = None
        self._stopping = threading.Event()
        self._retrying: threading.Thread | None = None

    @property
    def problem(self) -> str | None:
        """Why the database is not used just now; None while it is."""
        return self._problem

    @property
    def waiting(self) -> int:
        """How many exchanges wait to be written."""
        return len(self._waiting)

    @property
    def kind(self) -> str:
        """``SQLite`` or ``PostgreSQL``."""
        return "PostgreSQL" if self._records.database.file is None else "SQLite"

    def open(self) -> None:
        """Brings the tables up to date; when the database cannot be used, that is tried again in the background."""
        try:
            self._records.open()
        except (SQLAlchemyError, RecordsVersionError) as error:
            self._fail(error)

    def close(self) -> None:
        """Tries a last time to write what waits, and closes the connections."""
        self._stopping.set()
        if self._retrying is not None:
            self._retrying.join()
        if self._waiting and not self._recover():
            logger.error("exchanges_lost", extra={"fields": {"exchanges": len(self._waiting)}})
        self._records.close()

    def start(self) -> str:
        """Starts a conversation and returns its random id."""
        return self._records.start()

    def earlier(self, conversation_id: str) -> Sequence[Exchange | EarlierTurn]:
        """The latest exchanges of a conversation, oldest first; what is known of it while there is no database.

        Raises:
            UnknownConversationError: there is no such conversation.
        """
        try:
            return self._through(lambda records: records.earlier(conversation_id))
        except UnknownConversationError:
            return self._memory.earlier(conversation_id)
        except RecordsUnavailableError:
            try:
                return self._memory.earlier(conversation_id)
            except UnknownConversationError:
                # It may well be in the database; its resident is answered, if without what was asked before.
                if _IDENTIFIER.fullmatch(conversation_id):
                    return ()
                raise

    def remember(self, exchange: Exchange) -> bool:
        """Stores an exchange; False when it is not stored for good now, though it may be later."""
        # What was considered weighs most, and nobody needs it to go on.
        self._memory.remember(exchange.model_copy(update={"considered": ()}))
        with self._lock:
            if self._problem is not None:
                self._enqueue(exchange)
                return False
        try:
            return self._records.remember(exchange)
        except SQLAlchemyError as error:
            if is_outage(error):
                self._fail(error, exchange)
            else:
                _refused(error, exchange)
            return False

    def exchange(self, answer_id: str) -> Exchange:
        """The exchange that an answer belongs to.

        Raises:
            UnknownAnswerError: there is no such answer.
            RecordsUnavailableError: it cannot be read just now.
        """
        try:
            return self._through(lambda records: records.exchange(answer_id))
        except RecordsUnavailableError as error:
            try:
                return self._memory.exchange(answer_id)
            except UnknownAnswerError:
                raise error from None

    def conversation(self, conversation_id: str) -> tuple[Exchange, ...]:
        """All exchanges of a conversation, oldest first.

        Raises:
            UnknownConversationError: there is no such conversation.
            RecordsUnavailableError: it cannot be read just now.
        """
        try:
            return self._through(lambda records: records.conversation(conversation_id))
        except RecordsUnavailableError as error:
            try:
                return self._memory.conversation(conversation_id)
            except UnknownConversationError:
                raise error from None

    def add_feedback(self, answer_id: str, feedback: Feedback) -> None:
        """Keeps feedback on an answer; see :meth:`Records.add_feedback`.

        Raises:
            UnknownAnswerError: there is no such answer.
            RecordsUnavailableError: it cannot be kept just now.
        """
        self._through(lambda records: records.add_feedback(answer_id, feedback))

    def feedback(self, answer_id: str) -> Feedback | None:
        """The newest feedback on an answer; see :meth:`Records.feedback`.

        Raises:
            UnknownAnswerError: there is no such answer.
            RecordsUnavailableError: it cannot be read just now.
        """
        return self._through(lambda records: records.feedback(answer_id))

    def feedback_on(self, answer_ids: Sequence[str]) -> dict[str, Feedback]:
        """The newest feedback on some answers, of those that have any.

        Raises:
            RecordsUnavailableError: it cannot be read just now.
        """
        return self._through(lambda records: records.feedback_on(answer_ids))

    def tickets_on(self, answer_ids: Sequence[str]) -> dict[str, tuple[Ticket, ...]]:
        """The tickets about some answers, oldest first, of those that have any.

        Raises:
            RecordsUnavailableError: they cannot be read just now.
        """
        return self._through(lambda records: records.tickets_on(answer_ids))

    def open_ticket(self, answer_id: str, message: str | None) -> Ticket:
        """Leaves the question of an answer for staff; see :meth:`Records.open_ticket`.

        Raises:
            UnknownAnswerError: there is no such answer.
            TooManyTicketsError: too many tickets about it are open.
            RecordsUnavailableError: it cannot be kept just now.
        """
        return self._through(lambda records: records.open_ticket(answer_id, message))

    def ticket(self, code: str) -> Ticket:
        """The ticket with a code; see :meth:`Records.ticket`.

        Raises:
            UnknownTicketError: there is none.
            RecordsUnavailableError: it cannot be read just now.
        """
        return self._through(lambda records: records.ticket(code))

    def reply(self, code: str, text: str, *, close: bool = False) -> Ticket:
        """Gives a ticket its reply; see :meth:`Records.reply`.

        Raises:
            UnknownTicketError: there is none with this code.
            RecordsUnavailableError: it cannot be kept just now.
        """
        return self._through(lambda records: records.reply(code, text, close=close))

    def purge(self, before: datetime) -> Purged:
        """Deletes what was asked before a time; see :meth:`Records.purge`.

        Raises:
            RecordsUnavailableError: the database cannot be used just now.
        """
        return self._through(lambda records: records.purge(before))

    def _through(self, action: Callable[[Records], _T]) -> _T:
        if self._problem is None:
            try:
                return action(self._records)
            except SQLAlchemyError as error:
                if is_outage(error):
                    self._fail(error)
                else:
                    _refused(error)
        raise RecordsUnavailableError("The records cannot be reached just now.")

    def _fail(self, error: SQLAlchemyError | RecordsVersionError, exchange: Exchange | None = None) -> None:
        """Leaves the database alone from now on and has it tried in the background."""
        with self._lock:
            if exchange is not None:
                self._enqueue(exchange)
            if self._problem is not None:
                return
            self._problem = error.message if isinstance(error, RecordsVersionError) else error_name(error)
            if not self._stopping.is_set():
                self._retrying = threading.Thread(target=self._retry, name="records", daemon=True)
                self._retrying.start()
            problem = self._problem
        self._watch.records_failed()
        logger.error("records_lost", extra={"fields": {"problem": problem}})

    def _enqueue(self, exchange: Exchange) -> None:
        if len(self._waiting) == self._limit:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(exchange)
        self._watch.records_queue(len(self._waiting))

    def _retry(self) -> None:
        wait = _FIRST_RETRY
        while not self._stopping.wait(wait):
            if self._recover():
                return
            wait = min(2 * wait, RETRY_SECONDS)

    def _recover(self) -> bool:
        """Tries the database and writes what waits; True when it is in use again."""
        written = 0
        try:
            self._records.open()
            self._records.database.probe()
            while batch := self._next():
                written += self._write(batch)
        except (SQLAlchemyError, RecordsVersionError):
            return False
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a thread that must go on
            # No traceback: it could tell what was to be stored.
            problem = {"problem": type(error).__name__}
            logger.error("records_retry_failed", extra={"fields": problem})  # noqa: TRY400
            return False
        logger.warning("records_back", extra={"fields": {"written": written, "lost": self._lost}})
        self._lost = 0
        return True

    def _next(self) -> list[Exchange]:
        """The oldest exchanges that wait; when there are none the database is in use again, so that the order stays."""
        with self._lock:
            if not self._waiting:
                self._problem = None
            return list(islice(self._waiting, _BATCH))

    def _write(self, batch: list[Exchange]) -> int:
        """Writes some exchanges; many at once are quicker than residents ask."""
        try:
            self._records.remember_all(batch)
        except SQLAlchemyError as error:
            if is_outage(error):
                raise
            if len(batch) > 1:
                return sum(self._write([exchange]) for exchange in batch)
            _refused(error, batch[0])
            stored = 0
        else:
            stored = len(batch)
        with self._lock:
            for exchange in batch:
                # While it was written, it may have made room for a newer one.
                if self._waiting and self._waiting[0] is exchange:
                    self._waiting.popleft()
                elif stored:
                    self._lost -= 1
            self._watch.records_queue(len(self._waiting))
        return stored


def _refused(error: SQLAlchemyError, exchange: Exchange | None = None) -> None:
    fields = {"problem": error_name(error)} | ({"answer": exchange.answer.id} if exchange is not None else {})
    logger.error("records_refused", extra={"fields": fields})
