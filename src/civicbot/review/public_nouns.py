"""What everybody may read about the service's work; frozen, and fit to be shown as they are."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from civicbot.model import AnswerStatus, Language, Noun
from civicbot.review.nouns import Verdict
from civicbot.review.view_nouns import SwitchScope

SMALL = 5
"""Counts of residents' questions below this are not told exactly."""


class Count(Noun):
    """A count; where it is one to four, only that."""

    count: int | None = Field(None, description="The count; null where it is withheld")
    fewer_than: int | None = Field(None, description="5 where the count is one to four, else null")


class Total(Noun):
    """The least and the most that the counts beside it can add up to."""

    least: int
    most: int


# ---------------------------------------------------------------- judged by staff


class Basis(StrEnum):
    """Which judged answers are counted.

    ``chance``: those that chance picked, among answers with amounts or dates. ``all``: every judged answer, which
    over-represents complaints.
    """

    CHANCE = "chance"
    ALL = "all"


class Span(StrEnum):
    """Answers given since when: in the last days that are counted, or ever."""

    RECENT = "recent"
    EVER = "ever"


class ShareTold(Noun):
    """A share and its Wilson 95 % interval, each 0..1 and rounded to a tenth of a per cent."""

    value: float
    low: float
    high: float


class Accuracy(Noun):
    """What staff said about some of the answers.

    Attributes:
        language: of the answers; None for both together.
        judged: how many were judged; neither of its fields is set where a small count could be worked out from it.
        right: the share that was right and whole; None below a sample of 20 and where ``judged`` is withheld.
        incomplete: the share that was right as far as it went.
        wrong: the share that was wrong, outdated, or answered or refused where it should not have been.
    """

    basis: Basis = Field(description="`chance`: picked at random; `all`: every judged answer, complaints included")
    span: Span = Field(description="`recent`: answers given since `since`; `ever`: all")
    language: Language | None = Field(description="Of the answers; null for both together")
    judged: Count = Field(
        description="Sample size; both fields null where a small count could be worked out from it and others"
    )
    right: ShareTold | None = Field(description="Right and whole; null below a sample of 20")
    incomplete: float | None = Field(description="Right as far as it went, 0..1")
    wrong: float | None = Field(description="Wrong, outdated, or wrongly answered or refused, 0..1")


class Judged(Noun):
    """All accuracies.

    Attributes:
        since: the first day of ``recent``.
    """

    since: date
    figures: tuple[Accuracy, ...]


# ---------------------------------------------------------------- asked by residents


class StatusCount(Noun):
    """How many questions ended so."""

    status: AnswerStatus
    questions: Count


class Part(Noun):
    """A language or site, by its share of the questions.

    Attributes:
        key: the language, the site's name, or "" for our own pages and the bare API.
        share: of all questions, in whole per cent; 0 means under half a per cent.
        answered: of its questions, the share that got an answer, at least in part; None where too few were asked.
    """

    key: str = Field(description="`ko`, `en`, a site's name, or empty for our own pages and programs")
    share: int = Field(description="Of all questions, in whole per cent")
    answered: int | None = Field(description="Of its questions: given an answer, in whole per cent; null if too few")


class Asked(Noun):
    """What became of residents' questions on whole days of Korean time.

    Attributes:
        complete: False while the newest figures are still being counted.
        languages: empty where there are too few questions for it.
        sites: likewise, and where there is no site.
    """

    first: date
    last: date = Field(description="Yesterday: single questions of today cannot be watched coming in")
    complete: bool = Field(description="False while questions of these days are still being counted")
    statuses: tuple[StatusCount, ...]
    total: Total
    languages: tuple[Part, ...] = Field(description="Empty where too few were asked")
    sites: tuple[Part, ...] = Field(description="Empty where too few were asked, or on no site")


class Name(Noun):
    """How something is called in both languages."""

    key: str
    ko: str
    en: str


class Pause(Noun):
    """A time in which questions were not answered.

    Attributes:
        value: the site, language or topic; None for everything.
        until: when it ended, or will end; None while nobody knows.
        over: whether it has ended.
    """

    scope: SwitchScope
    value: Name | None
    since: AwareDatetime
    until: AwareDatetime | None = Field(description="When it ended or will end; null while that is open")
    over: bool
    text_ko: str = Field(description="What residents were told, in Korean")
    text_en: str = Field(description="The same in English")


# ---------------------------------------------------------------- corrected by staff


class CorrectionState(StrEnum):
    """What has become of a published answer of staff.

    ``live`` is given; ``replaced`` was followed by a newer one; ``suspended`` waits for a check against its sources;
    ``withdrawn`` is not given any more.
    """

    LIVE = "live"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class PublicCorrection(Noun):
    """An answer that staff have published in the place of one that was looked at.

    Attributes:
        kind: what was said about the answer before: ``correct`` for one that was confirmed, ``outdated`` where its
            sources had changed; None for a revision of staff's own.
        question: a wording that staff published and five residents or more asked; None otherwise.
    """

    day: date = Field(description="When it was published, in Korean time")
    language: Language
    topics: tuple[Name, ...]
    kind: Verdict | None = Field(
        description="What was wrong with the answer before; `correct`: it was confirmed; null: staff revised their own"
    )
    state: CorrectionState
    question: str | None = Field(
        description="As staff published it, and only where five residents or more have asked it; never their own words"
    )


class Corrections(Noun):
    """What staff have corrected.

    Attributes:
        newest: the newest first, 50 at most.
        published: how many there are in all.
        prepared: corrected answers that are not published.
    """

    newest: tuple[PublicCorrection, ...]
    published: int
    prepared: int = Field(description="Corrected answers that staff have written and not published")


class VerifiedRun(Noun):
    """How a version did on the cases that staff's verdicts have made.

    Attributes:
        passed: how many were answered as staff said is right; None below 20 cases.
    """

    at: AwareDatetime
    app: str
    index: str
    cases: Count
    passed: int | None = Field(description="Answered as staff said is right; null below 20 cases")


class Figures(Noun):
    """All that is counted in the records.

    Attributes:
        at: when.
        verified: the newest run; None before the first.
    """

    at: AwareDatetime
    judged: Judged
    asked: Asked
    pauses: tuple[Pause, ...]
    corrections: Corrections
    verified: VerifiedRun | None


class Reading(Noun):
    """What can be told now.

    Attributes:
        state: ``told``; ``old`` while the records cannot be read and the figures are those of before; ``lost`` while
            there are none of before either; ``none`` where no records are kept.
    """

    state: Literal["told", "old", "lost", "none"]
    figures: Figures | None = None
