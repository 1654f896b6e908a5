"""What the web needs from the rest of the service, as Protocols; ``civicbot.wiring`` puts the real parts together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from civicbot.answering.events import Event
from civicbot.answering.findings import Findings
from civicbot.health import Check
from civicbot.model import Answer, Document, Exchange, Feedback, Language, Question, Ticket, Versions
from civicbot.review.accounts import Accounts
from civicbot.review.desk import ReviewDesk
from civicbot.review.public_nouns import Reading
from civicbot.settings import Settings
from civicbot.site import Site


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

    def feedback_on(self, answer_ids: Sequence[str], /) -> Mapping[str, Feedback]:
        """The newest feedback on some answers, of those that have any."""
        ...

    def tickets_on(self, answer_ids: Sequence[str], /) -> Mapping[str, Sequence[Ticket]]:
        """The tickets about some answers, oldest first, of those that have any."""
        ...


class SitesPort(Protocol):
    """The municipal sites that may show the assistant, only those that are switched on; never raises for an outage."""

    def named(self, name: str, /) -> Site | None:
        """The site with a name, None when there is none."""
        ...

    def of_origin(self, origin: str, /) -> Sequence[Site]:
        """The sites whose pages have an origin, which is written exactly as browsers do."""
        ...


class ServicePort(Protocol):
    """The whole service behind the web; all methods are blocking and thread-safe."""

    @property
    def review(self) -> ReviewDesk | None:
        """The services of the staff desk; None where records are kept in memory, so that there is none."""
        ...

    @property
    def accounts(self) -> Accounts | None:
        """Who may come in to the staff desk; None where there is none, since records are kept in memory."""
        ...

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

    @property
    def sites(self) -> SitesPort:
        """The registered sites."""
        ...

    def paused(self, language: Language, site: str | None, /) -> str | None:
        """Why nothing is answered just now on a site (None for our own pages); None while questions are answered."""
        ...

    def document(self, document_id: str, /) -> Document:
        """A document of the library; UnknownDocumentError when there is none."""
        ...

    def search(self, question: Question, limit: int, /) -> Findings:
        """Passages of the library about what is asked, best first; nothing is answered, and nothing remembered.

        An InvalidQuestionError for what cannot be looked for, a PausedError where a switch holds it back.
        """
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

    def versions(self) -> Versions | None:
        """What answers now; None while nothing is loaded."""
        ...

    def public_figures(self) -> Reading:
        """What everybody may read about the service's work; it never raises for an outage."""
        ...

    def index_created(self) -> datetime | None:
        """When the live index generation was made, aware; None while none is open."""
        ...

    def close(self) -> None:
        """Frees what the service holds."""
        ...
