"""The nouns: what the library holds, what is asked and what is answered.

All of them are frozen. Character offsets are 0-based, end-exclusive, in Python characters (code points) of
:attr:`Document.text`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from civicbot.origins import is_local, normal_origin

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


Channel = Literal["api", "page", "widget", "embed", "command"]
"""How a question comes in."""


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


class Exchange(Noun):
    """One question of a conversation and its answer, as it is kept.

    Attributes:
        question: as it was asked, personal data masked.
        standalone: the question as it stood alone after rewriting, masked as well.
        considered: the evidence that was weighed, best first.
        asked_at: when it came in, aware, UTC.
        seconds: from question to answer.
        masked: the kinds of personal data that were masked.
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


# ---------------------------------------------------------------- where the assistant is shown

SITE_QUESTIONS = 300
"""How many questions a minute a site's visitors have together, unless it is set."""

_Line = StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f\u0085\u2028\u2029]*$")
SiteTitle = Annotated[str, _Line, StringConstraints(max_length=80)]
SiteGreeting = Annotated[str, _Line, StringConstraints(max_length=500)]
SiteExample = Annotated[str, _Line, StringConstraints(max_length=200)]
SiteExamples = Annotated[tuple[SiteExample, ...], Field(min_length=1, max_length=6)]
SiteOrigin = Annotated[str, AfterValidator(normal_origin)]


class Site(Noun):
    """A municipal web site that may show the assistant; whatever is not registered may not.

    Attributes:
        name: what the site's script tag calls it.
        origins: where its pages are, each as browsers write it, such as ``https://www.city.example``.
        allow_http: whether pages without TLS may show it; those on the visitor's own machine always may.
        languages: of the assistant there, the preferred one first.
        accent: the colour of buttons and links, None for our own.
        titles: what the assistant is called there; our own title for a language that is missing.
        greetings: its first words, likewise.
        examples: questions to begin with, likewise.
        per_minute: how many questions a minute all visitors of the site have together.
    """

    name: str = Field(pattern=r"^[a-z](?:[a-z0-9-]{0,62}[a-z0-9])?$")
    origins: tuple[SiteOrigin, ...] = Field(min_length=1, max_length=50)
    allow_http: bool = False
    languages: tuple[Language, ...] = Field(LANGUAGES, min_length=1)
    accent: Annotated[str, StringConstraints(to_lower=True, pattern=r"^#[0-9A-Fa-f]{6}$")] | None = None
    titles: dict[Language, SiteTitle] = Field(default_factory=dict)
    greetings: dict[Language, SiteGreeting] = Field(default_factory=dict)
    examples: dict[Language, SiteExamples] = Field(default_factory=dict)
    per_minute: int = Field(SITE_QUESTIONS, ge=1, le=100_000)
    enabled: bool = True

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for what, values in (("origin", self.origins), ("language", self.languages)):
            if twice := next((value for value in values if values.count(value) > 1), None):
                raise ValueError(f"the {what} {twice!r} is given twice")
        open_ones = (each for each in self.origins if each.startswith("http:") and not is_local(each))
        if not self.allow_http and (plain := next(open_ones, None)):
            raise ValueError(f"the origin {plain!r} is without TLS; give its https address, or allow http for it")
        return self
