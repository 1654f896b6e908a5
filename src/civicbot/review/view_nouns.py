"""What the switches and the views of the staff desk take and give; frozen, and fit to be shown as they are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from civicbot.model import Answer, DocumentKind, Facet, Language, Noun
from civicbot.site import Site
from civicbot.statistics import Share

MOST_TEXT = 500
"""Characters of a public text."""
MOST_REASON = 1000
"""Characters of a reason."""


# ---------------------------------------------------------------- switches


class SwitchScope(StrEnum):
    """What a switch pauses; where several apply, the text of the first of them is told."""

    EVERYTHING = "everything"
    SITE = "site"
    LANGUAGE = "language"
    TOPIC = "topic"


class NewSwitch(Noun):
    """A pause as staff set it.

    Attributes:
        scope: what is paused.
        value: the site's name, the language, or the glossary key of the topic; None for everything.
        reason: why, for staff alone; it must say something.
        text_ko: what Korean residents read.
        text_en: what English ones read.
        until: when it ends by itself; None until it is lifted.
    """

    scope: SwitchScope
    value: str | None = None
    reason: str
    text_ko: str
    text_en: str
    until: AwareDatetime | None = None

    def text(self, language: Language) -> str:
        """The public text in a language."""
        return self.text_ko if language == "ko" else self.text_en


class Switch(NewSwitch):
    """A pause as it is kept; a change of one lifts it and sets another.

    Attributes:
        set_by: the name of who set it.
        lifted_by: the name of who lifted it; None while nobody has, also when its time has run out.
        lift_reason: why it was lifted, if they said so; ``→ 12`` where switch 12 has replaced it.
    """

    id: int
    set_by: str
    set_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lift_reason: str | None = None

    def active(self, now: datetime) -> bool:
        """Whether it pauses anything at a time."""
        return self.lifted_at is None and (self.until is None or now < self.until)


class Choice(Noun):
    """Something to choose from a list: its key and how it is called."""

    key: str
    ko: str
    en: str


# ---------------------------------------------------------------- canned texts


class AnswerClass(StrEnum):
    """A class of questions that end without an answer; all but ``no_evidence`` are the keys of the status texts."""

    OUT_OF_SCOPE = "out_of_scope"
    OTHER_CITY = "out_of_scope_city"
    GYEONGGI = "out_of_scope_gyeonggi"
    OPINION = "refused_opinion"
    PERSONAL_CASE = "refused_personal"
    UNSAFE = "refused_unsafe"
    NO_EVIDENCE = "no_evidence"


class NewCanned(Noun):
    """A text of staff for a class of questions, in the place of the usual one.

    Attributes:
        answer_class: which questions.
        entity: for ``no_evidence``: only questions about this glossary key; None for all.
        facet: for ``no_evidence`` on an entity: only questions about this; None for all.
        reason: why, for staff alone.
        text_ko: what Korean residents read.
        text_en: what English ones read.
    """

    answer_class: AnswerClass
    entity: str | None = None
    facet: Facet | None = None
    reason: str
    text_ko: str
    text_en: str

    def text(self, language: Language) -> str:
        """The text in a language."""
        return self.text_ko if language == "ko" else self.text_en


class Canned(NewCanned):
    """A canned text as it is kept; every change makes a new one and ends the one before.

    Attributes:
        set_by: the name of who laid it down.
        ended_by: the name of who ended or replaced it; None while it is on.
        end_reason: why it was switched off, None when it was replaced.
    """

    id: int
    set_by: str
    set_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None

    @property
    def on(self) -> bool:
        """Whether residents read it."""
        return self.ended_at is None


# ---------------------------------------------------------------- sites


class SiteSeen(Noun):
    """A site and how much it is used, as far as exchanges are kept.

    Attributes:
        paused: whether a switch pauses this very site now.
    """

    site: Site
    added_at: datetime
    changed_at: datetime
    questions: int
    conversations: int
    last_asked_at: datetime | None
    paused: bool


# ---------------------------------------------------------------- overview


class Period(Noun):
    """Days in Korean time, both ends included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("a period ends before it begins")
        return self

    @classmethod
    def latest(cls, days: int, today: date) -> Period:
        """The latest days up to today, today included: 1 for today alone, 7, 30, 90."""
        return cls(first=today - timedelta(days=days - 1), last=today)

    @property
    def days(self) -> tuple[date, ...]:
        """All its days in order."""
        return tuple(self.first + timedelta(days=place) for place in range((self.last - self.first).days + 1))


class Rate(Noun):
    """A share with its Wilson 95 % interval, all 0..1; the interval is 0 to 1 where nothing was counted."""

    hits: int
    total: int
    value: float
    low: float
    high: float

    @classmethod
    def of(cls, hits: int, total: int) -> Rate:
        """The rate of so many of so many."""
        share = Share(hits=hits, total=total)
        low, high = share.interval
        return cls(hits=hits, total=total, value=share.value, low=low, high=high)


class Counted(Noun):
    """How often something occurred.

    Attributes:
        key: a language, channel, site, status or glossary key; empty for "none" (no site).
        ko: how it is called in Korean, where it has a name of its own; else the key.
        en: the same in English.
    """

    key: str
    ko: str
    en: str
    count: int


class Day(Noun):
    """The numbers of one day in Korean time.

    Attributes:
        asked: questions, whatever became of them.
        answered: with status ``answered`` or ``partial``.
        refused: with status ``refused`` or ``out_of_scope``.
        no_evidence: with this status.
        median: seconds; None on a day without questions.
        p95: seconds, likewise.
    """

    day: date
    asked: int = 0
    answered: int = 0
    refused: int = 0
    no_evidence: int = 0
    helpful: int = 0
    unhelpful: int = 0
    median: float | None = None
    p95: float | None = None


class Freshness(Noun):
    """How fresh the library is; None while no index is open or nothing is dated.

    Attributes:
        newest: the newest source's date.
        indexed_at: when the live generation was made.
        generation: its name.
        documents: how many it holds.
        stale: how many sources are older than CIVICBOT_STALE_DAYS.
    """

    newest: date | None
    indexed_at: datetime | None
    generation: str | None
    documents: int
    stale: int


class Numbers(Noun):
    """What the overview shows of a period.

    Attributes:
        days: every day of the period, in order.
        answered, refused, no_evidence, other: shares of all questions; other are clarifications, pauses, errors.
        wrong: of the answers that staff have judged (the newest verdict counts), those judged wrong, outdated,
            should have refused or should have answered. Staff look at what is likely to be wrong, so this is more
            than the share of all answers.
        wrong_sampled: the same of those that chance picked.
        helpful: of the answers with feedback (the newest counts), those called helpful.
        median, p95: seconds from question to answer; None without questions.
        waiting: exchanges that are not counted yet; they are within a minute, after an upgrade within some.
    """

    period: Period
    site: str | None
    language: Language | None
    asked: int
    days: tuple[Day, ...]
    answered: Rate
    refused: Rate
    no_evidence: Rate
    other: Rate
    wrong: Rate
    wrong_sampled: Rate
    helpful: Rate
    statuses: tuple[Counted, ...]
    languages: tuple[Counted, ...]
    channels: tuple[Counted, ...]
    sites: tuple[Counted, ...]
    topics: tuple[Counted, ...]
    verdicts: tuple[Counted, ...]
    median: float | None
    p95: float | None
    freshness: Freshness
    waiting: int


# ---------------------------------------------------------------- library


class DocumentSeen(Noun):
    """A document of the library as the desk lists it.

    Attributes:
        told: published, or last edited; None of an undated source.
        updated: last edited; of a source, when it was read.
        age: days since it was published, or read where it is undated; None without a date.
        stale: whether it is a source older than CIVICBOT_STALE_DAYS.
        cited: in how many kept answers it is cited.
        cited_at: when it was cited last.
    """

    id: str
    source_id: str | None
    kind: DocumentKind
    language: Language
    title: str
    publisher: str | None
    url: str | None
    published: date | None
    updated: date | None
    told: date | None
    reliability: str | None
    topics: tuple[str, ...]
    age: int | None
    stale: bool
    passages: int
    cited: int
    cited_at: datetime | None


class CitingAnswer(Noun):
    """An answer that cites a document; the question is masked, as it is kept."""

    answer_id: str
    asked_at: datetime
    question: str
    status: str
    language: Language
    quotes: tuple[str, ...]


class FoundPassage(Noun):
    """A passage that the search found, with its scores.

    Attributes:
        score: fused; comparable within one search.
        lexical: BM25 over whole words.
        wording: how well its best asked-as wording matches, 0..1.
        dense: cosine similarity, None when vectors did not find it.
        sentences: its sentences, verbatim, in order: what may be cited.
    """

    passage_id: str
    document_id: str
    kind: DocumentKind
    language: Language
    title: str
    heading: str
    text: str
    sentences: tuple[str, ...]
    published: date | None
    score: float
    lexical: float
    wording: float
    dense: float | None


class Ingest(Noun):
    """An index generation that is there.

    Attributes:
        live: whether it serves.
        added: documents that the generation before it, if that is still there, did not have; likewise the others.
        problems: files that were left out, and why.
    """

    name: str
    created: datetime
    app: str
    embedder: str
    live: bool
    documents: int
    passages: int
    wordings: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    compared: bool = False
    problems: tuple[str, ...] = ()


# ---------------------------------------------------------------- try it


class TrialTurn(Noun):
    """An earlier question of a trial, for follow-ups: as it was asked, and as it stood alone."""

    question: str
    standalone: str


class TrialStage(Noun):
    """A stage of the pipeline and how long it took, in seconds."""

    name: str
    seconds: float = Field(ge=0.0)


class TrialHit(Noun):
    """A passage that was found for a part; scores as in :class:`FoundPassage`."""

    passage_id: str
    document_id: str
    title: str
    heading: str
    score: float
    lexical: float
    wording: float
    dense: float | None


class TrialCandidate(Noun):
    """A sentence that was weighed.

    Attributes:
        score: for ranking; comparable within one part.
        confidence: 0..1, that it answers.
        needed: the least confidence with which it could have.
        used: whether it stands in the answer, as an answer or as the closest that is known.
        hindrance: why it may not answer (a word of ``Hindrance``); None where it may, used or not.
        features: all that went into score and confidence, by name.
    """

    document_id: str
    passage_id: str
    title: str
    text: str
    score: float
    confidence: float
    needed: float
    used: bool
    hindrance: str | None
    features: dict[str, float]


class TrialPart(Noun):
    """One thing that the question asks.

    Attributes:
        entities: glossary keys that it is about.
        facets: what about them, the likeliest first.
        kinds: kinds of value that an answer must hold.
        terms: words that must be met, with their weights.
    """

    text: str
    entities: tuple[str, ...]
    facets: tuple[Facet, ...]
    kinds: tuple[str, ...]
    terms: tuple[tuple[str, float], ...]
    hits: tuple[TrialHit, ...]
    candidates: tuple[TrialCandidate, ...]


class Trial(Noun):
    """A question asked as a resident would, and all that happened on its way; nothing of it is kept.

    Attributes:
        question: as it would be kept, masked.
        ruling: ``switch``, ``approved`` or ``canned`` where staff have laid down the answer, else None.
        approved: the approved answer that was given, with that ruling.
        thresholds: of the evidence stage, by name.
        seconds: from question to answer.
    """

    question: str
    standalone: str
    answer: Answer
    masked: tuple[str, ...]
    ruling: Literal["switch", "canned", "approved"] | None
    approved: int | None = None
    degraded: bool
    stages: tuple[TrialStage, ...]
    parts: tuple[TrialPart, ...]
    thresholds: dict[str, float]
    seconds: float

    @property
    def turn(self) -> TrialTurn:
        """This trial as the earlier turn of a next one."""
        return TrialTurn(question=self.question, standalone=self.standalone)
