"""What the pipeline needs from outside, as small Protocols that other rooms fulfil."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, Self

from civicbot.model import AnswerStatus, Exchange, Facet, Language, Support
from civicbot.retrieval.opened import OpenGeneration


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


@dataclass(frozen=True)
class Asked:
    """What a switch may depend on.

    Attributes:
        language: of the answer.
        site: the registered site that the question came from, None for our own pages and the bare API.
        topics: keys of the glossary entities that it is about.
    """

    language: Language
    site: str | None = None
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ended:
    """How a question ended without an answer, which a canned text may depend on.

    Attributes:
        key: of the text that would be told.
        language: of the answer.
        about: what was asked about which glossary entity, in order; without a facet where none is clear.
    """

    key: str
    language: Language
    about: tuple[tuple[str, Facet | None], ...] = ()


class Ruling(Protocol):
    """What staff have laid down for a question: it ends the pipeline with this status and text."""

    @property
    def status(self) -> AnswerStatus:
        """``paused`` for a switch."""

    @property
    def text(self) -> str:
        """The public text; empty for the status's own text."""


class Approval(Protocol):
    """An answer that staff have approved, as one index generation bears it out."""

    @property
    def id(self) -> int:
        """Of the approved answer."""

    @property
    def status(self) -> AnswerStatus:
        """How the question ends."""

    @property
    def sentences(self) -> Sequence[tuple[str, tuple[Support, ...]]]:
        """Its sentences, each with all that it cites, at least one; none for some non-answers."""

    @property
    def checked_on(self) -> date:
        """The day on which staff published it."""


class Rules(Protocol):
    """What staff have laid down at one moment; it never changes, so that one question is treated by one of them."""

    def find(self, asked: Asked) -> Ruling | None:
        """What applies to a question whatever its answer were, or None."""

    def text(self, ended: Ended) -> str | None:
        """The text that stands in the place of the usual one, or None."""

    def approval(self, question: str, language: Language, generation: OpenGeneration, today: date) -> Approval | None:
        """The approved answer to a question that stands alone, or None; all that it cites stands in ``generation``."""


class Rulings(Protocol):
    """Switches and other decisions of staff that come before any answering."""

    def current(self) -> Rules:
        """What holds for a question that comes in now; nobody waits for it."""


class NoRulings:
    """Nothing is laid down."""

    def current(self) -> Self:
        """Nothing, at any moment."""
        return self

    def find(self, asked: Asked) -> Ruling | None:
        """Always None."""
        del asked
        return None

    def text(self, ended: Ended) -> str | None:
        """Always None."""
        del ended
        return None

    def approval(self, question: str, language: Language, generation: OpenGeneration, today: date) -> Approval | None:
        """Always None."""
        del question, language, generation, today
        return None
