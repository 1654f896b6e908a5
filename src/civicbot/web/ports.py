"""What the web needs from the rest of the service, as Protocols; ``civicbot.wiring`` puts the real parts together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from civicbot.answering.events import Event
from civicbot.health import Check
from civicbot.model import Answer, Document, Feedback, Language, Question
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
    """Keeps what residents say about answers."""

    def add_feedback(self, answer_id: str, feedback: Feedback, /) -> None:
        """Notes feedback; an unknown answer is an UnknownAnswerError."""
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
        """Keeps feedback."""
        ...

    def document(self, document_id: str, /) -> Document:
        """A document of the library; UnknownDocumentError when there is none."""
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

    def close(self) -> None:
        """Frees what the service holds."""
        ...
