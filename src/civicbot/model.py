"""The nouns: what the library holds, what is asked and what is answered.

All of them are frozen. Character offsets are 0-based, end-exclusive, in Python characters (code points) of
:attr:`Document.text`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["ko", "en"]
LANGUAGES: tuple[Language, ...] = ("ko", "en")


class Noun(BaseModel):
    """Base of the frozen value objects; unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ---------------------------------------------------------------- the library


class DocumentKind(StrEnum):
    """What a document of the library is."""

    BRIEF = "brief"
    SOURCE = "source"
    DOCUMENT = "document"


class Facet(StrEnum):
    """What a section of a brief tells about its entity; the fixed headings of briefs."""

    WHAT = "what"
    COST = "cost"
    SCHEDULE = "schedule"
    PLACE = "place"
    ACTORS = "actors"
    STATUS = "status"
    PURPOSE = "purpose"
    POSITIONS = "positions"
    DISPUTES = "disputes"
    PARTICIPATION = "participation"
    UNKNOWN = "unknown"


FigureStatus = Literal["current", "superseded", "disputed", "requested", "planned"]


class Figure(Noun):
    """A key value of a brief as data.

    Attributes:
        value: in the unit's base (won, square metres, persons, …), or a date as text.
        as_of: the day, or the month (``2025-10``), for which it was told.
        sources: ids of the digests that tell it.
    """

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    value: float | str
    unit: str
    as_of: date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")] | None = None
    status: FigureStatus
    sources: tuple[str, ...]


class Document(Noun):
    """A document of the library in its indexed form.

    Attributes:
        id: unique, URL-safe; ``S012-ko`` for a digest, ``ai-mobility-new-town-en`` for a brief.
        source_id: the digest's id in both languages (``S012``), None for other kinds.
        path: POSIX path below the corpus folder.
        text: plain text without marks and footnotes; headings stand on lines of their own.
        content_hash: SHA-256 (hex) of the file's bytes.
    """

    id: str
    kind: DocumentKind
    language: Language
    title: str
    text: str
    path: str
    content_hash: str
    source_id: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    updated: date | None = None
    reliability: Literal["primary", "press", "secondary"] | None = None
    topics: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    entity: str | None = None
    figures: tuple[Figure, ...] = ()

    @property
    def told(self) -> date | None:
        """The day its contents were told: published, or last edited; None of an undated source.

        An undated source's ``updated`` is the day it was read, which tells nothing about when its contents held.
        """
        return self.published or (None if self.kind is DocumentKind.SOURCE else self.updated)

    @property
    def known(self) -> date | None:
        """The day by which its contents were known at the latest: told, or read."""
        return self.published or self.updated


class Support(Noun):
    """A sentence of a document that carries a statement, and what a citation quotes."""

    document_id: str
    passage_id: str
    quote: str
    start: int
    end: int


class Statement(Noun):
    """One sentence of a passage.

    Attributes:
        text: the sentence, verbatim in the document's text at ``start:end``.
        supports: what a citation may quote for it, best first. A digest's or plain document's sentence supports
            itself; a brief's sentence is supported by the digest sentences behind its footnotes.
        asked_as: questions of residents that this very sentence answers; matched, never shown, never cited.
    """

    text: str
    start: int
    end: int
    supports: tuple[Support, ...]
    asked_as: tuple[str, ...] = ()


class Passage(Noun):
    """A run of sentences of one document under one heading: the unit of retrieval.

    Attributes:
        id: ``<document id>.<ordinal>``, ordinals from 1.
        heading: the nearest heading above, empty when there is none.
        entity: whose it is (a glossary key), where the document says so.
        facet: what it tells, for a brief's section.
        asked_as: wordings of residents' questions that it answers; matched, never shown, never cited.
        content_hash: SHA-256 (hex) of everything that search sees of the passage.
    """

    id: str
    document_id: str
    kind: DocumentKind
    language: Language
    title: str
    heading: str
    text: str
    start: int
    end: int
    statements: tuple[Statement, ...]
    content_hash: str
    entity: str | None = None
    facet: Facet | None = None
    asked_as: tuple[str, ...] = ()
    published: date | None = None

    @property
    def wordings(self) -> tuple[str, ...]:
        """All wordings in index order: the section's, then those of each statement."""
        return (*self.asked_as, *(wording for statement in self.statements for wording in statement.asked_as))

    @property
    def search_text(self) -> str:
        """What is indexed and embedded: title, heading and text."""
        return "\n".join(part for part in (self.title, self.heading, self.text) if part)


# ---------------------------------------------------------------- questions and answers


class AnswerStatus(StrEnum):
    """How a question ended; design.md §6."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    CLARIFICATION = "clarification"
    NO_EVIDENCE = "no_evidence"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSED = "refused"
    PAUSED = "paused"
    ERROR = "error"


class NoticeKind(StrEnum):
    """Why a notice stands beside an answer."""

    DISPUTED = "disputed"
    SUPERSEDED = "superseded"
    NOT_FOUND = "not_found"
    CLOSE = "close"
    OTHER_LANGUAGE = "other_language"
    STAFF_CHECKED = "staff_checked"
    DEGRADED = "degraded"
    MASKED = "masked"
    NOT_RECORDED = "not_recorded"


Channel = Literal["api", "page", "widget", "embed", "command", "mcp", "desk"]
"""How a question comes in; ``mcp`` is a tool of another program.

``desk`` is staff's own reminder of an approved answer, which no resident has asked.
"""


class Question(Noun):
    """What was asked, as it came in.

    Attributes:
        text: 1 to 1,000 characters after clean-up; checked by the intake stage.
        language: the language to answer in, or None to detect it.
        conversation_id: the conversation that this continues, or None to start one.
        channel: how it came in.
        site: the registered municipal site that it came from, None for our own pages and the bare API.
    """

    text: str
    language: Language | None = None
    conversation_id: str | None = None
    channel: Channel = "api"
    site: str | None = None


class Citation(Noun):
    """A numbered quote; ``quote`` occurs verbatim in the text of ``document_id``."""

    number: int = Field(ge=1)
    quote: str
    document_id: str
    passage_id: str
    title: str
    publisher: str | None
    published: date | None
    url: str | None
    language: Language


class AnswerSentence(Noun):
    """A sentence of an answer with the numbers of its citations (at least one)."""

    text: str
    citations: tuple[int, ...] = Field(min_length=1)


class Notice(Noun):
    """Something that the reader must know about the answer."""

    kind: NoticeKind
    text: str


class Versions(Noun):
    """What produced an answer."""

    app: str
    index: str
    prompt: str | None = None
    model: str | None = None


class Answer(Noun):
    """The answer object of the API; design.md §6."""

    id: str
    conversation_id: str
    status: AnswerStatus
    language: Language
    text: str
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    as_of: date | None = None
    notices: tuple[Notice, ...] = ()
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    contact: str | None = None
    confidence: float = Field(ge=0.0, le=1.0)
    versions: Versions


# ---------------------------------------------------------------- what is kept of them


class Considered(Noun):
    """A sentence that was weighed for an answer; staff see it beside the answer.

    Attributes:
        score: for ranking, higher is better; comparable within one question only.
        confidence: 0..1, how sure it was that the sentence answers.
        used: whether it stands in the answer.
    """

    document_id: str
    passage_id: str
    text: str
    score: float
    confidence: float
    used: bool


class JudgedToken(Noun):
    """What the sentence gate found wrong: the rule, and the words that it is about."""

    rule: str
    token: str


class JudgedSentence(Noun):
    """A sentence of the language model, and whether its evidence supports it.

    Attributes:
        evidence: the numbers that the model named.
        score: 0..1, the share of its words that the evidence carries.
    """

    text: str
    evidence: tuple[int, ...] = ()
    passed: bool
    score: float
    findings: tuple[JudgedToken, ...] = ()


class ModelWork(Noun):
    """What the language model had to do with an answer; staff see it beside the answer.

    Attributes:
        outcome: ``written``, ``cached``, or why the library's sentences answer (``first_token``, ``no_point``, …).
        used: whether sentences of the model stand in the answer.
        rewritten: whether it put the follow-up into words that stand alone.
        completeness: how much of the question the model says that the evidence answers, where it says so.
        sentences: all that it wrote, in order, told or not.
        sent: tokens sent.
        received: tokens received.
        seconds: that it took.
    """

    model: str
    prompt: str
    outcome: str
    used: bool = False
    rewritten: bool = False
    completeness: Literal["full", "partial", "none"] | None = None
    sentences: tuple[JudgedSentence, ...] = ()
    sent: int = 0
    received: int = 0
    seconds: float = 0.0


class Exchange(Noun):
    """One question of a conversation and its answer, as it is kept.

    Attributes:
        question: as it was asked, personal data masked.
        standalone: the question as it stood alone after rewriting, masked as well.
        considered: the evidence that was weighed, best first.
        asked_at: when it came in, aware, UTC.
        seconds: from question to answer.
        masked: the kinds of personal data that were masked.
        approved: the approved answer that was given; None for any other.
        work: what the language model did; None where it had no part.
    """

    question: str
    standalone: str
    answer: Answer
    considered: tuple[Considered, ...] = ()
    asked_at: datetime
    seconds: float = Field(ge=0.0)
    channel: Channel = "api"
    site: str | None = None
    masked: tuple[str, ...] = ()
    approved: int | None = None
    work: ModelWork | None = None


class Feedback(Noun):
    """What a resident said about an answer; the comment is masked before it is kept."""

    helpful: bool
    reasons: tuple[str, ...] = ()
    comment: str | None = None


class TicketState(StrEnum):
    """Where a question left for staff stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Ticket(Noun):
    """A question that a resident left for staff.

    Attributes:
        code: unguessable, short enough to be written down; the only key that the resident has.
        question: the question of the exchange it is about, masked.
        message: what the resident added, masked; None without.
        reply: what staff replied; None until then.
        opened_at: aware, UTC.
        updated_at: when state or reply changed last, aware, UTC.
    """

    code: str
    state: TicketState
    language: Language
    question: str
    message: str | None = None
    reply: str | None = None
    answer_id: str
    opened_at: datetime
    updated_at: datetime
