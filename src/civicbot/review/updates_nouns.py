"""What library updates take and give; frozen, and fit to be shown as they are."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from civicbot.model import AnswerStatus, Language, Noun
from civicbot.review.evidence_nouns import Span

MOST_REASON = 500
"""Characters of a reason."""
PAGE = 20
"""Cases on a page of a report."""


# ---------------------------------------------------------------- updates


class UpdateKind(StrEnum):
    """What takes the live library's place: one made of the corpus, or the one that was live before."""

    UPDATE = "update"
    ROLLBACK = "rollback"


class UpdateState(StrEnum):
    """Where an update stands.

    ``preparing``: it is being indexed or compared. ``ready``: it can be published or discarded. ``unchanged``: the
    corpus is what the live library was made of. ``publishing``: it is being put in place; whoever starts next goes on
    with it. ``published``, ``discarded``: decided. ``replaced``: another one was prepared instead. ``failed``: see
    :attr:`Update.problem`.
    """

    PREPARING = "preparing"
    READY = "ready"
    UNCHANGED = "unchanged"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    REPLACED = "replaced"
    FAILED = "failed"


class Stage(StrEnum):
    """What is being done to prepare an update."""

    INDEXING = "indexing"
    COMPARING = "comparing"


class Progress(Noun):
    """How far the preparation is.

    Attributes:
        step: of the stage: ``read``, ``link``, ``tokens``, ``embed``, ``store``, or a kind of cases; empty at first.
        total: 0 while it is not known.
    """

    stage: Stage
    step: str = ""
    done: int = 0
    total: int = 0


class Documents(Noun):
    """What an update does to the library's documents, by their ids."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    passages: int = 0
    skipped: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class Rule(StrEnum):
    """Why an update ought not to be published as it is; :data:`BLOCKING` says which of them take a reason."""

    VERIFIED_WORSE = "verified_worse"
    DOCUMENT_PROBLEMS = "document_problems"
    APPROVED_SUSPENDED = "approved_suspended"


BLOCKING = frozenset({Rule.VERIFIED_WORSE, Rule.DOCUMENT_PROBLEMS})
"""What keeps an update from being published without a reason; the others are warnings."""


class Concern(Noun):
    """A rule that an update breaks, and how often."""

    rule: Rule
    count: int

    @property
    def blocks(self) -> bool:
        """Whether publishing takes a reason."""
        return self.rule in BLOCKING


class Report(Noun):
    """What an update would change, in numbers.

    Attributes:
        counts: how many cases of each kind fell into each class; combinations without any are left out.
    """

    documents: Documents
    counts: dict[CaseKind, dict[ImpactClass, int]] = Field(default_factory=dict)
    concerns: tuple[Concern, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether publishing takes a reason."""
        return any(concern.blocks for concern in self.concerns)

    def total(self, impact: ImpactClass | None = None, kind: CaseKind | None = None) -> int:
        """How many cases there are, of all classes or kinds or of one."""
        return sum(
            count
            for of, classes in self.counts.items()
            for which, count in classes.items()
            if kind in (None, of) and impact in (None, which)
        )


class Update(Noun):
    """An update of the library, or a roll-back.

    Attributes:
        base: the generation that was live when it began.
        generation: the one that is to take its place; None until it is made.
        progress: while it is prepared.
        report: once it is ready; None for a roll-back.
        stale: whether the live library is another one by now, so that the report no longer holds.
        decided_by: who published or discarded it.
        reason: why, as far as a reason was given.
        problem: why it failed, in plain words.
    """

    id: int
    kind: UpdateKind
    state: UpdateState
    started_by: str
    started_at: AwareDatetime
    base: str | None = None
    generation: str | None = None
    progress: Progress | None = None
    report: Report | None = None
    stale: bool = False
    finished_at: AwareDatetime | None = None
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    reason: str | None = None
    problem: str | None = None


class GenerationSeen(Noun):
    """An index generation that is there."""

    name: str
    created: AwareDatetime
    documents: int
    passages: int


class Library(Noun):
    """What serves, and what could.

    Attributes:
        live: what answers are made of; None while there is none.
        previous: what a roll-back brings back.
        rolled_back: whether the live one was brought back in the place of a newer one.
    """

    live: GenerationSeen | None = None
    previous: GenerationSeen | None = None
    rolled_back: bool = False


# ---------------------------------------------------------------- what it would change


class CaseKind(StrEnum):
    """Where a case comes from: an approved answer, a verdict, or what residents asked lately."""

    APPROVED = "approved"
    VERIFIED = "verified"
    RECENT = "recent"


class ImpactClass(StrEnum):
    """What an update does to a case; the worst first."""

    WORSE = "worse"
    SUSPENDED = "suspended"
    NEW_REFUSAL = "new_refusal"
    CHANGED_FIGURES = "changed_figures"
    CHANGED = "changed"
    NEWLY_ANSWERED = "newly_answered"
    RESUMED = "resumed"
    BETTER = "better"
    UNCHANGED = "unchanged"


Outcome = Literal["correct", "incomplete", "wrong", "missed"]


class SideCitation(Noun):
    """What an answer cites."""

    document_id: str
    title: str
    quote: str
    publisher: str | None = None
    published: date | None = None
    language: Language


class Side(Noun):
    """An answer as it would be given by one of the two generations.

    Attributes:
        text: without citation marks.
        figures: amounts, dates and other numbers in it, as :func:`civicbot.language.quantities.figures` writes them.
        outcome: how a verified case judges it; None for other kinds.
        approved: the approved answer that it is; None when it was worked out.
    """

    status: AnswerStatus
    text: str
    figures: tuple[str, ...] = ()
    citations: tuple[SideCitation, ...] = ()
    outcome: Outcome | None = None
    approved: int | None = None


class SourceChange(Noun):
    """A cited sentence that the new generation lacks, and the most similar one that it has in that document."""

    document_id: str
    before: str
    after: str | None = None


class ImpactCase(Noun):
    """A question asked of both generations.

    Attributes:
        subject: which approved answer (``a3``) or verified case (``v12``) it is; None for what residents asked.
        answer_id: the exchange that the question's words belong to; None where they are the city's own.
        asked: how often it was asked lately; 0 where that does not matter.
        sources: for an approved answer, what its cited sentences have become.
    """

    kind: CaseKind
    impact: ImpactClass
    language: Language
    question: str
    before: Side
    after: Side
    subject: str | None = None
    answer_id: str | None = None
    asked: int = 0
    sources: tuple[SourceChange, ...] = ()


class ComparedText(Noun):
    """A text with the places where it differs from the one beside it."""

    text: str
    differing: tuple[Span, ...] = ()


class CaseSeen(Noun):
    """A case of a report, ready to be shown."""

    id: int
    case: ImpactCase
    before: ComparedText
    after: ComparedText


class CasePage(Noun):
    """Some of a report's cases, the worst first."""

    cases: tuple[CaseSeen, ...]
    total: int
    page: int
    pages: int


Report.model_rebuild()
