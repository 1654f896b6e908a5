"""Conversations and feedback of the running process, in memory, bounded, gone when it stops."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence

from civicbot.errors import UnknownAnswerError, UnknownConversationError
from civicbot.model import Exchange, Feedback


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
        self._feedback: dict[str, Feedback | None] = {}

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
            self._feedback[exchange.answer.id] = None
            self._forget(turns[: -self._turns])
            del turns[: -self._turns]
        return True

    def add_feedback(self, answer_id: str, feedback: Feedback) -> None:
        """Notes feedback on an answer; the newest of one answer counts.

        Raises:
            UnknownAnswerError: no answer with this id is remembered.
        """
        with self._lock:
            if answer_id not in self._feedback:
                raise UnknownAnswerError(f"There is no answer {answer_id!r}.")
            self._feedback[answer_id] = feedback

    def feedback(self, answer_id: str) -> Feedback | None:
        """The newest feedback on an answer, or None.

        Raises:
            UnknownAnswerError: no answer with this id is remembered.
        """
        with self._lock:
            if answer_id not in self._feedback:
                raise UnknownAnswerError(f"There is no answer {answer_id!r}.")
            return self._feedback[answer_id]

    def _open(self, identifier: str) -> list[Exchange]:
        """The conversation's exchanges, now the most recently used; others go when there are too many."""
        turns = self._conversations.setdefault(identifier, [])
        self._conversations.move_to_end(identifier)
        while len(self._conversations) > self._limit:
            _, dropped = self._conversations.popitem(last=False)
            self._forget(dropped)
        return turns

    def _forget(self, exchanges: Sequence[Exchange]) -> None:
        for exchange in exchanges:
            self._feedback.pop(exchange.answer.id, None)
