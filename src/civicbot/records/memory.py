"""Conversations, feedback and tickets of the running process, in memory, bounded, gone when it stops."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime

from civicbot.errors import TooManyTicketsError, UnknownAnswerError, UnknownConversationError, UnknownTicketError
from civicbot.model import Exchange, Feedback, Ticket, TicketState
from civicbot.records.codes import new_code, read_code
from civicbot.records.tickets import OPEN_TICKETS


class MemoryRecords:
    """A thread-safe store of the latest conversations; the least recently used one goes first.

    Args:
        conversations: how many conversations are kept, at least 1.
        turns: how many exchanges of one conversation are kept, at least 1.
    """

    def __init__(self, conversations: int = 2_000, turns: int = 50) -> None:
        self._limit = conversations
        self._turns = turns
        self._lock = threading.Lock()
        self._conversations: OrderedDict[str, list[Exchange]] = OrderedDict()
        self._exchanges: dict[str, Exchange] = {}
        self._feedback: dict[str, Feedback] = {}
        self._tickets: dict[str, Ticket] = {}

    def start(self) -> str:
        """Starts a conversation and returns its random id."""
        identifier = uuid.uuid4().hex
        with self._lock:
            self._open(identifier)
        return identifier

    def earlier(self, conversation_id: str) -> Sequence[Exchange]:
        """The exchanges of a conversation, oldest first.

        Raises:
            UnknownConversationError: it was never started here, or is forgotten.
        """
        with self._lock:
            try:
                self._conversations.move_to_end(conversation_id)
            except KeyError:
                raise UnknownConversationError(f"There is no conversation {conversation_id!r}.") from None
            return tuple(self._conversations[conversation_id])

    def remember(self, exchange: Exchange) -> bool:
        """Adds an exchange to its conversation; a conversation dropped meanwhile is started again."""
        with self._lock:
            turns = self._open(exchange.answer.conversation_id)
            turns.append(exchange)
            self._exchanges[exchange.answer.id] = exchange
            self._forget(turns[: -self._turns])
            del turns[: -self._turns]
        return True

    def conversation(self, conversation_id: str) -> tuple[Exchange, ...]:
        """The exchanges of a conversation, oldest first.

        Raises:
            UnknownConversationError: it was never started here, or is forgotten.
        """
        return tuple(self.earlier(conversation_id))

    def exchange(self, answer_id: str) -> Exchange:
        """The exchange that an answer belongs to.

        Raises:
            UnknownAnswerError: no answer with this id is remembered.
        """
        with self._lock:
            return self._known(answer_id)

    def add_feedback(self, answer_id: str, feedback: Feedback) -> None:
        """Notes feedback on an answer; the newest of one answer counts.

        Raises:
            UnknownAnswerError: no answer with this id is remembered.
        """
        with self._lock:
            self._known(answer_id)
            self._feedback[answer_id] = feedback

    def feedback(self, answer_id: str) -> Feedback | None:
        """The newest feedback on an answer, or None.

        Raises:
            UnknownAnswerError: no answer with this id is remembered.
        """
        with self._lock:
            self._known(answer_id)
            return self._feedback.get(answer_id)

    def feedback_on(self, answer_ids: Sequence[str]) -> dict[str, Feedback]:
        """The newest feedback on some answers, of those that have any."""
        with self._lock:
            return {each: self._feedback[each] for each in answer_ids if each in self._feedback}

    def tickets_on(self, answer_ids: Sequence[str]) -> dict[str, tuple[Ticket, ...]]:
        """The tickets about some answers, oldest first, of those that have any."""
        with self._lock:
            about = {each: tuple(one for one in self._tickets.values() if one.answer_id == each) for each in answer_ids}
        return {answer_id: tickets for answer_id, tickets in about.items() if tickets}

    def open_ticket(self, answer_id: str, message: str | None) -> Ticket:
        """Leaves the question of an answer for staff, each time as a ticket of its own.

        Raises:
            UnknownAnswerError: no answer with this id is remembered.
            TooManyTicketsError: too many tickets about it are open.
        """
        with self._lock:
            exchange, now = self._known(answer_id), datetime.now(UTC)
            about = [ticket for ticket in self._tickets.values() if ticket.answer_id == answer_id]
            if sum(ticket.state is TicketState.OPEN for ticket in about) >= OPEN_TICKETS:
                raise TooManyTicketsError(f"{OPEN_TICKETS} tickets about this answer are open already.")
            ticket = Ticket(
                code=new_code(),
                state=TicketState.OPEN,
                language=exchange.answer.language,
                question=exchange.question,
                message=message,
                answer_id=answer_id,
                opened_at=now,
                updated_at=now,
            )
            self._tickets[ticket.code] = ticket
        return ticket

    def ticket(self, code: str) -> Ticket:
        """The ticket with a code, however its case and separators were typed.

        Raises:
            UnknownTicketError: there is none.
        """
        with self._lock:
            ticket = self._tickets.get(read_code(code) or "")
        if ticket is None:
            raise UnknownTicketError("There is no ticket with this code.")
        return ticket

    def _known(self, answer_id: str) -> Exchange:
        try:
            return self._exchanges[answer_id]
        except KeyError:
            raise UnknownAnswerError(f"There is no answer {answer_id!r}.") from None

    def _open(self, identifier: str) -> list[Exchange]:
        """The conversation's exchanges, now the most recently used; others go when there are too many."""
        turns = self._conversations.setdefault(identifier, [])
        self._conversations.move_to_end(identifier)
        while len(self._conversations) > self._limit:
            _, dropped = self._conversations.popitem(last=False)
            self._forget(dropped)
        return turns

    def _forget(self, exchanges: Sequence[Exchange]) -> None:
        gone = {exchange.answer.id for exchange in exchanges}
        for answer_id in gone:
            self._exchanges.pop(answer_id, None)
            self._feedback.pop(answer_id, None)
        if gone:
            self._tickets = {code: one for code, one in self._tickets.items() if one.answer_id not in gone}
