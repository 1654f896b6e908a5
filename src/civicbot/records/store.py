"""The records in a database: conversations, feedback and tickets, kept for good until their time is over."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from civicbot.errors import UnknownAnswerError, UnknownConversationError
from civicbot.model import AnswerStatus, Exchange, Feedback, Language, Ticket
from civicbot.records.database import Database
from civicbot.records.dialects import insert_or_ignore, next_turn
from civicbot.records.retention import Purged, purge
from civicbot.records.rows import EarlierTurn, conversation_values, exchange_of, exchange_values, feedback_of, storable
from civicbot.records.tables import ExchangeRow, FeedbackRow
from civicbot.records.tickets import open_ticket, read_ticket, reply_to_ticket, tickets_about

TURNS = 50
"""How many exchanges of a conversation are looked at for a follow-up, the newest ones."""

_EARLIER = (
    select(ExchangeRow.question, ExchangeRow.standalone)
    .where(ExchangeRow.conversation_id == bindparam("conversation"))
    .order_by(ExchangeRow.ordinal.desc())
    .limit(TURNS)
)
_STARTED = 10_000
_BATCH = 200


class Records:
    """What was asked and answered, in a database; thread-safe, and safe beside other processes.

    Every method may raise SQLAlchemyError when the database cannot be used;
    :class:`civicbot.records.resilient.ResilientRecords` is for those who must not notice.

    Args:
        database: where it is kept.
        mask: takes personal data out of what residents write, in this language; comments and messages go through it.
        now: the time, aware; the clock by default.
    """

    def __init__(
        self,
        database: Database,
        *,
        mask: Callable[[str, Language], str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.database = database
        self._mask = mask
        self._now = now
        self._lock = threading.Lock()
        self._started: OrderedDict[str, None] = OrderedDict()

    def open(self) -> None:
        """Brings the tables up to date.

        Raises:
            RecordsVersionError: they are of a version that this program does not know.
        """
        self.database.upgrade()

    def close(self) -> None:
        """Closes the connections."""
        self.database.close()

    def start(self) -> str:
        """Starts a conversation and returns its random id; nothing is written before its first exchange."""
        identifier = secrets.token_hex(16)
        with self._lock:
            self._started[identifier] = None
            if len(self._started) > _STARTED:
                self._started.popitem(last=False)
        return identifier

    def earlier(self, conversation_id: str) -> Sequence[EarlierTurn]:
        """The latest exchanges of a conversation, oldest first.

        Raises:
            UnknownConversationError: there is no such conversation.
        """
        with self.database.engine.connect() as connection:
            rows = connection.execute(_EARLIER, {"conversation": conversation_id}).all()
        if not rows:
            self._must_have_started(conversation_id)
        return tuple(EarlierTurn(question=row.question, standalone=row.standalone) for row in reversed(rows))

    def remember(self, exchange: Exchange) -> bool:
        """Stores an exchange; True once it is stored. The same one again changes nothing."""
        self.remember_all([exchange])
        return True

    def remember_all(self, exchanges: Sequence[Exchange]) -> None:
        """Stores some exchanges, all of them or none."""
        rows = [(conversation_values(exchange), exchange_values(exchange)) for exchange in exchanges]
        with self.database.transaction() as connection:
            dialect = connection.dialect.name
            for conversation, values in rows:
                values["ordinal"] = connection.execute(next_turn(dialect), conversation).scalar_one()
                connection.execute(insert_or_ignore(dialect, ExchangeRow), values)

    def exchange(self, answer_id: str) -> Exchange:
        """The exchange that an answer belongs to.

        Raises:
            UnknownAnswerError: there is no such answer.
        """
        with self.database.reading() as session:
            return exchange_of(_known(session, answer_id))

    def conversation(self, conversation_id: str) -> tuple[Exchange, ...]:
        """All exchanges of a conversation, oldest first.

        Raises:
            UnknownConversationError: there is no such conversation.
        """
        found = select(ExchangeRow).where(ExchangeRow.conversation_id == conversation_id).order_by(ExchangeRow.ordinal)
        with self.database.reading() as session:
            exchanges = tuple(exchange_of(row) for row in session.scalars(found))
        if not exchanges:
            self._must_have_started(conversation_id)
        return exchanges

    def add_feedback(self, answer_id: str, feedback: Feedback) -> None:
        """Keeps feedback on an answer, what is written in it masked; the newest of one answer counts.

        Raises:
            UnknownAnswerError: there is no such answer.
        """
        with self.database.writing() as session:
            exchange = _known(session, answer_id)
            row = FeedbackRow(
                answer_id=answer_id,
                helpful=feedback.helpful,
                reasons=[self._masked(reason, exchange) or "" for reason in feedback.reasons],
                comment=self._masked(feedback.comment, exchange),
                created_at=self._now(),
            )
            session.add(row)

    def feedback(self, answer_id: str) -> Feedback | None:
        """The newest feedback on an answer, or None.

        Raises:
            UnknownAnswerError: there is no such answer.
        """
        with self.database.reading() as session:
            _known(session, answer_id)
        return self.feedback_on([answer_id]).get(answer_id)

    def feedback_on(self, answer_ids: Sequence[str]) -> dict[str, Feedback]:
        """The newest feedback on some answers, of those that have any."""
        found = select(FeedbackRow).where(FeedbackRow.answer_id.in_(answer_ids)).order_by(FeedbackRow.id)
        with self.database.reading() as session:
            return {row.answer_id: feedback_of(row) for row in session.scalars(found)}

    def open_ticket(self, answer_id: str, message: str | None) -> Ticket:
        """Leaves the question of an answer for staff, each time as a ticket of its own.

        Args:
            answer_id: the answer that did not do.
            message: what the resident adds; it is masked before it is kept.

        Raises:
            UnknownAnswerError: there is no such answer.
            TooManyTicketsError: too many tickets about it are open.
        """
        with self.database.writing() as session:
            exchange = _known(session, answer_id, lock=True)
            return open_ticket(session, exchange, self._masked(message, exchange), self._now())

    def ticket(self, code: str) -> Ticket:
        """The ticket with a code, however its case and separators were typed.

        Raises:
            UnknownTicketError: there is none.
        """
        with self.database.reading() as session:
            return read_ticket(session, code)

    def tickets_on(self, answer_ids: Sequence[str]) -> dict[str, tuple[Ticket, ...]]:
        """The tickets about some answers, oldest first, of those that have any."""
        with self.database.reading() as session:
            return tickets_about(session, answer_ids)

    def reply(self, code: str, text: str, *, close: bool = False) -> Ticket:
        """Gives a ticket its reply, which the resident can read from now on.

        Args:
            code: of the ticket.
            text: what staff write; kept as it is, since an office may name its number.
            close: whether the matter is settled by it.

        Raises:
            UnknownTicketError: there is none with this code.
        """
        with self.database.writing() as session:
            return reply_to_ticket(session, code, storable(text), self._now(), close=close)

    def purge(self, before: datetime) -> Purged:
        """Deletes what was asked before a time, with all that was said about it."""
        return purge(self.database, before)

    def iter_exchanges(
        self,
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        status: AnswerStatus | None = None,
        language: Language | None = None,
        site: str | None = None,
    ) -> Iterator[Exchange]:
        """Exchanges from the oldest to the newest, read bit by bit.

        Args:
            since: asked at this time or later.
            before: asked earlier than this.
            status: only with this status.
            language: only in this language.
            site: only from this site.
        """
        wanted = select(ExchangeRow).order_by(ExchangeRow.asked_at, ExchangeRow.answer_id).limit(_BATCH)
        for column, value in ((ExchangeRow.status, status), (ExchangeRow.language, language), (ExchangeRow.site, site)):
            wanted = wanted if value is None else wanted.where(column == value)
        if since is not None:
            wanted = wanted.where(ExchangeRow.asked_at >= since)
        if before is not None:
            wanted = wanted.where(ExchangeRow.asked_at < before)
        following = wanted
        while True:
            with self.database.reading() as session:
                exchanges = [exchange_of(row) for row in session.scalars(following)]
            yield from exchanges
            if len(exchanges) < _BATCH:
                return
            time, identifier = exchanges[-1].asked_at, exchanges[-1].answer.id
            same_time = and_(ExchangeRow.asked_at == time, ExchangeRow.answer_id > identifier)
            following = wanted.where(or_(ExchangeRow.asked_at > time, same_time))

    def _masked(self, text: str | None, exchange: ExchangeRow) -> str | None:
        language: Language = "ko" if exchange.language == "ko" else "en"
        return storable(self._mask(text, language)) if text else None

    def _must_have_started(self, conversation_id: str) -> None:
        with self._lock:
            if conversation_id not in self._started:
                raise UnknownConversationError(f"There is no conversation {conversation_id!r}.")


def _known(session: Session, answer_id: str, *, lock: bool = False) -> ExchangeRow:
    row = session.get(ExchangeRow, answer_id, with_for_update=lock or None)
    if row is None:
        raise UnknownAnswerError(f"There is no answer {answer_id!r}.")
    return row
