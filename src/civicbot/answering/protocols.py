"""What the pipeline needs from outside, as small Protocols that other rooms fulfil."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from civicbot.model import AnswerStatus, Exchange, Language


class Turn(Protocol):
    """An earlier exchange of a conversation."""

    @property
    def question(self) -> str:
        """The question as it was asked."""

    @property
    def standalone(self) -> str:
        """The question as it stood alone after rewriting."""


class Conversations(Protocol):
    """Where conversations are kept."""

    def start(self) -> str:
        """Starts a conversation and returns its random id."""

    def earlier(self, conversation_id: str) -> Sequence[Turn]:
        """The exchanges of a conversation, oldest first.

        Raises:
            UnknownConversationError: there is no such conversation.
        """

    def remember(self, exchange: Exchange) -> bool:
        """Keeps an exchange; False when it could not be stored for good (the conversation goes on all the same)."""


class Ruling(Protocol):
    """What staff have laid down for a question: it ends the pipeline with this status and text."""

    @property
    def status(self) -> AnswerStatus:
        """``paused`` for a switch."""

    @property
    def text(self) -> str:
        """The public text; empty for the status's own text."""


class Rulings(Protocol):
    """Switches and other decisions of staff that come before any answering."""

    def find(self, question: str, language: Language) -> Ruling | None:
        """What applies to a question, or None."""


class NoRulings:
    """No switch is on."""

    def find(self, question: str, language: Language) -> Ruling | None:
        """Always None."""
        del question, language
        return None
