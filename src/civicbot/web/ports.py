"""What the web needs from the rest of the service, as Protocols; ``civicbot.wiring`` puts the real parts together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from civicbot.answering.events import Event
from civicbot.health import Check
from civicbot.model import Answer, Document, Exchange, Feedback, Language, Question, Ticket
from civicbot.settings import Settings


class AssistantPort(Protocol):
    """Answers questions; blocking and thread-safe."""

    def answer(self, question: Question, /) -> Answer:
        """Answers a question."""
        ...

    def stream(self, question: Question, /) -> Iterator[Event]:
        """Answers a question step by step; the last event is the whole answer."""
        ...


class RecordsPort(Protocol):
    """Keeps what residents say about answers; a RecordsUnavailableError where the store cannot be reached."""

    def add_feedback(self, answer_id: str, feedback: Feedback, /) -> None:
        """Notes feedback; an unknown answer is an UnknownAnswerError."""
        ...

    def open_ticket(self, answer_id: str, message: str | None, /) -> Ticket:
        """Leaves an answer's question for staff as a ticket of its own.

        An unknown answer is an UnknownAnswerError, one with too many open tickets a TooManyTicketsError.
        """
        ...

    def exchange(self, answer_id: str, /) -> Exchange:
        """The exchange that an answer belongs to; an UnknownAnswerError when there is none."""
        ...

    def ticket(self, code: str, /) -> Ticket:
        """The ticket with a code, whatever its case and separators; an UnknownTicketError when there is none."""
        ...

    def conversation(self, conversation_id: str, /) -> tuple[Exchange, ...]:
        """The exchanges of a conversation, oldest first; an UnknownConversationError when there is none."""
        ...


class ServicePort(Protocol):
    """The whole service behind the web; all methods are blocking and thread-safe."""

    @property
    def settings(self) -> Settings:
        """The settings that the service runs with."""
        ...

    @property
    def assistant(self) -> AssistantPort:
        """Answers questions; an IndexMissingError while nothing is loaded."""
        ...

    @property
    def records(self) -> RecordsPort:
        """Keeps feedback and tickets."""
        ...

    def document(self, document_id: str, /) -> Document:
        """A document of the library; UnknownDocumentError when there is none."""
        ...

    def sentences(self, document_id: str, /) -> Sequence[tuple[int, int]]:
        """Where the sentences of a document's text stand, in order; UnknownDocumentError when there is none."""
        ...

    def documents(self) -> Sequence[Document]:
        """All documents of the library; an IndexMissingError while nothing is loaded."""
        ...

    def checks(self) -> Sequence[Check]:
        """What an operator must know; any ``failed`` or ``waiting`` one means: not ready."""
        ...

    def examples(self, language: Language, /) -> Sequence[str]:
        """Example questions that the library can answer."""
        ...

    def newest_date(self) -> date | None:
        """The newest date in the library, None while it is empty or loading."""
        ...

    def index_created(self) -> datetime | None:
        """When the live index generation was made, aware; None while none is open."""
        ...

    def close(self) -> None:
        """Frees what the service holds."""
        ...
