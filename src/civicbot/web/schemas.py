"""The bodies of the JSON API; design.md §6. Answers and citations are those of :mod:`civicbot.model`."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from civicbot.health import Check
from civicbot.model import (
    Answer,
    AnswerSentence,
    Citation,
    Document,
    DocumentKind,
    Exchange,
    Language,
    Ticket,
    TicketState,
)


def not_blank(text: str) -> str:
    """The text, if there is anything in it but white space."""
    if not text.strip():
        raise ValueError("write a question, not only white space")
    return text


class Request(BaseModel):
    """A request body: unknown fields and other types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class QuestionBody(Request):
    """A question."""

    question: Annotated[str, AfterValidator(not_blank)] = Field(min_length=1, max_length=1000)
    language: Language | None = Field(None, description="Language of the answer; null: that of the question")
    conversation_id: str | None = Field(None, max_length=100, description="Id from an earlier answer, for a follow-up")


class FeedbackBody(Request):
    """What somebody thinks of an answer."""

    helpful: bool
    reasons: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=20)
    comment: str | None = Field(None, max_length=2000)


class OpenTicketBody(Request):
    """A question to be left for staff."""

    answer_id: str = Field(min_length=1, max_length=100, description="Id of the answer that the ticket is about")
    message: str | None = Field(None, max_length=2000, description="What staff should know besides the question")


class TicketBody(BaseModel):
    """Where a question left for staff stands."""

    code: str
    state: TicketState
    language: Language
    question: str
    message: str | None
    reply: str | None
    opened_at: datetime
    updated_at: datetime
    url: str = Field(description="The ticket's page on this server")

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """What the holder of the code may see of a ticket."""
        values = {name: getattr(ticket, name) for name in cls.model_fields if name != "url"}
        return cls.model_validate(values | {"url": f"/t/{ticket.code}"})


class OpenedTicketBody(TicketBody):
    """A ticket as it was opened."""

    answer_id: str


class DocumentBody(BaseModel):
    """A document of the library as plain text."""

    id: str
    title: str
    language: Language
    kind: DocumentKind
    publisher: str | None
    published: date | None
    url: str | None
    text: str

    @classmethod
    def of(cls, document: Document) -> DocumentBody:
        """The public part of a document."""
        return cls.model_validate({name: getattr(document, name) for name in cls.model_fields})


class TurnBody(BaseModel):
    """One question of a conversation and its answer, as they are kept."""

    question: str = Field(description="As it is kept: personal data masked")
    answer: Answer
    helpful: bool | None = Field(description="What was said about the answer last, null for nothing")
    left: bool = Field(description="Whether the question has been left for staff")


class ConversationBody(BaseModel):
    """A conversation, oldest turn first."""

    id: str
    turns: list[TurnBody]

    @classmethod
    def of(
        cls, identifier: str, exchanges: Sequence[Exchange], helpful: Mapping[str, bool], left: Container[str]
    ) -> Self:
        """What whoever knows a conversation's id may read of it.

        Args:
            identifier: the conversation's id.
            exchanges: its exchanges, oldest first.
            helpful: what was said about answers, by their ids.
            left: the ids of those whose question has been left for staff.
        """
        turns = [
            TurnBody(
                question=each.question,
                answer=each.answer,
                helpful=helpful.get(each.answer.id),
                left=each.answer.id in left,
            )
            for each in exchanges
        ]
        return cls(id=identifier, turns=turns)


class SiteBody(BaseModel):
    """What the widget needs to know to show itself on a registered site."""

    name: str
    title: str
    language: Language
    languages: tuple[Language, ...]
    accent: str | None = Field(description="Colour of buttons and links, `#rrggbb`; null: the widget's own")
    greeting: str
    examples: tuple[str, ...]
    newest: date | None = Field(description="Newest publication date in the library")
    contact: str | None
    texts: dict[str, Any] = Field(description="All texts of the widget in this language")
    paused: str | None = Field(description="Why nothing is answered just now; null while questions are answered")


class HealthBody(BaseModel):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class ReadyBody(BaseModel):
    """Whether questions can be answered, and what was checked."""

    ready: bool
    checks: list[Check]


class StatusEvent(BaseModel):
    """Data of a ``status`` event: the stage that began."""

    stage: str


class SentenceEvent(BaseModel):
    """Data of a ``sentence`` event: a verified sentence and the citations that no earlier sentence used."""

    text: str
    citations: tuple[int, ...]
    new_citations: tuple[Citation, ...]

    @classmethod
    def of(cls, sentence: AnswerSentence, new_citations: tuple[Citation, ...]) -> SentenceEvent:
        """The event for a sentence."""
        return cls(text=sentence.text, citations=sentence.citations, new_citations=new_citations)
