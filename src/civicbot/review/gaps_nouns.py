"""What residents asked in vain, gathered by what they meant; frozen, and fit to be shown as it is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from civicbot.answering.lexicon import Kind
from civicbot.errors import CivicbotError
from civicbot.model import AnswerStatus, Facet, Language, Noun
from civicbot.review.nouns import MOST_SEARCH
from civicbot.review.view_nouns import Period

FEW = 5
"""A question that was asked less often may tell who asked it: it stays within the house."""
PAGE = 25
MOST_PAGE = 100


class NextStep(StrEnum):
    """What to do about a gap.

    ``wording``: the library answers, and only residents' words for it are missing. ``write``: there is a brief, and it
    does not tell this. ``upload``: there is no brief for what they ask about. ``known_unpublished``: the brief says
    that this is not publicly known; there is nothing to write until it is.
    """

    WORDING = "wording"
    WRITE = "write"
    UPLOAD = "upload"
    KNOWN_UNPUBLISHED = "known_unpublished"


class Nearest(Noun):
    """The sentence of the library that came closest to answering.

    Attributes:
        path: of its document, below the corpus folder.
        entity: whose brief it is, as a glossary key.
        heading: of its section.
        sentence: empty where no sentence came close, and only the section is named.
        score: 0..1, how sure it was that the sentence answers, when it was weighed.
    """

    document_id: str
    path: str
    title: str
    language: Language
    entity: str | None = None
    facet: Facet | None = None
    heading: str = ""
    sentence: str = ""
    score: float = Field(0.0, ge=0.0, le=1.0)


class GapExample(Noun):
    """How residents put it.

    Attributes:
        missing: what of it was not found, where the rest was answered.
        answer_id: of the latest answer to it, which opens it in the queue.
    """

    question: str
    language: Language
    status: AnswerStatus
    asked: int
    last_asked: AwareDatetime
    answer_id: str
    missing: str = ""


class Gap(Noun):
    """Questions of one meaning that were asked in vain.

    Attributes:
        key: names it, within a period; it holds no words.
        label: the most frequent of its questions, standing alone.
        languages: in which it was asked, the more frequent first.
        entity: what it is about, as a glossary key; None where the questions name nothing known.
        kind: the kind of value that is asked for.
        asked: how many times, in the period.
        residents: in how many conversations.
        before: how many times in the period before, which is as long.
        weeks: askings by week of the period, the last week the last.
        statuses: askings by what they were answered with.
        nearest: the closest sentence of a brief; None where there is none.
        digest: the closest sentence of a digest.
        few: whether it was asked so rarely that its questions must stay within the house.
        edited_at: when a brief was last edited for it, and that was not taken back.
    """

    key: str
    label: str
    language: Language
    languages: tuple[Language, ...]
    entity: str | None = None
    facet: Facet | None = None
    kind: Kind | None = None
    asked: int
    residents: int
    before: int
    weeks: tuple[int, ...]
    statuses: dict[AnswerStatus, int]
    step: NextStep
    nearest: Nearest | None = None
    digest: Nearest | None = None
    last_asked: AwareDatetime
    few: bool
    edited_at: AwareDatetime | None = None
    examples: tuple[GapExample, ...] = ()


class GapFilter(Noun):
    """Which gaps are wanted; what is None does not matter.

    Attributes:
        entity: about this glossary key; empty for those about nothing known.
        text: a part of the label.
    """

    language: Language | None = None
    entity: str | None = None
    step: NextStep | None = None
    text: str = Field("", max_length=MOST_SEARCH)


class Topic(Noun):
    """What gaps are about, and how many there are."""

    key: str
    ko: str
    en: str
    gaps: int


class GapPage(Noun):
    """A page of gaps, those with the most residents first.

    Attributes:
        weeks: the first day of each week of the period.
        total: how many gaps the filter finds.
        asked: how often these were asked.
        steps: gaps by what to do, whatever the filter says of that.
        topics: what all gaps of the period are about, the most frequent first.
        waiting: how many kinds of questions are not gathered by their meaning yet; they will be in a moment.
        left_out: how many rare kinds of questions were left out since there are too many.
    """

    period: Period
    weeks: tuple[date, ...]
    gaps: tuple[Gap, ...]
    total: int
    number: int
    pages: int
    asked: int
    steps: dict[NextStep, int]
    topics: tuple[Topic, ...]
    waiting: int = 0
    left_out: int = 0


class UnknownGapError(CivicbotError):
    """There is no such gap in the period (any more)."""

    code = "unknown_gap"
    hint = "Open the list of gaps again; a gap goes when its questions are answered, judged or deleted."
