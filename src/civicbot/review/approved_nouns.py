"""What approved answers are made of; frozen, and fit to be shown as they are."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from civicbot.model import AnswerStatus, Language, Noun
from civicbot.review.correction_nouns import CorrectedSentence

MOST_WORDINGS = 60
"""Wordings of one approved answer, its question included."""
MOST_REASON = 500
"""Characters of a reason."""
MOST_SEARCH = 200
"""Characters of a text that is searched for."""


class ApprovedState(StrEnum):
    """Where an approved answer stands.

    ``proposed`` waits for a second person and was never given; ``live`` is given; ``suspended`` is not given until
    what it cites stands again or a new version is published; ``withdrawn`` is not given any more.
    """

    PROPOSED = "proposed"
    LIVE = "live"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class SuspensionReason(StrEnum):
    """Why an approved answer is not given for now.

    ``source_changed``: a sentence that it cites no longer stands in its document. ``source_gone``: nor does the
    document in the library. ``expired``: the last day on which it may be given is over.
    """

    SOURCE_CHANGED = "source_changed"
    SOURCE_GONE = "source_gone"
    EXPIRED = "expired"


class EventKind(StrEnum):
    """What happened to an approved answer."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REJECTED = "rejected"
    REVERTED = "reverted"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"


class CitationChange(Noun):
    """A citation that no longer stands in the library.

    Attributes:
        sentence: of the answer, from 0.
        citation: of the sentence, from 0.
        before: what was quoted.
        after: the most similar sentence of that document now; None when none is, or the document is gone.
    """

    sentence: int = Field(ge=0)
    citation: int = Field(ge=0)
    document_id: str
    before: str
    after: str | None = None


class Proposal(Noun):
    """A version that waits for a second person, while an earlier one may still be given.

    Attributes:
        version: of the correction.
        wordings: the question first.
    """

    version: int
    wordings: tuple[str, ...]
    by: str
    at: AwareDatetime


class Approved(Noun):
    """An answer that staff have approved, as it stands now.

    Attributes:
        correction_id: the corrected answer that it is a version of; each has one approved answer at most.
        version: of the correction; the one that is (or was last) given, or the proposed one when none ever was.
        wordings: the question first, then its other wordings: the city's own text.
        owner: who answers for it.
        valid_until: the last day on which it is given, in Korean time; None for as long as its sources stand.
        proposed_by: who proposed what was published, or is proposed; None where one person publishes.
        published_by: who published it, or confirmed it; None while it never was.
        checked_on: the day on which it was published, in Korean time: what residents read.
        index: the last index generation that all it cites stood in.
        suspended: why it is not given for now.
        changes: what a new library changed, with ``source_changed`` and ``source_gone``.
        proposal: a newer version that waits for a second person; with ``proposed`` the version itself.
        item_id: the queue's item that it belongs to; None once that is deleted.
    """

    id: int
    correction_id: int
    version: int
    language: Language
    wordings: tuple[str, ...]
    status: AnswerStatus
    sentences: tuple[CorrectedSentence, ...]
    owner: str
    valid_until: date | None = None
    state: ApprovedState
    proposed_by: str | None = None
    proposed_at: AwareDatetime | None = None
    published_by: str | None = None
    published_at: AwareDatetime | None = None
    checked_on: date | None = None
    index: str
    suspended: SuspensionReason | None = None
    changes: tuple[CitationChange, ...] = ()
    proposal: Proposal | None = None
    item_id: int | None = None

    @property
    def question(self) -> str:
        """The question that it answers."""
        return self.wordings[0] if self.wordings else ""

    @property
    def quotes(self) -> frozenset[tuple[str, str]]:
        """All that it cites: pairs of document id and quote hash."""
        return frozenset((cited.document_id, cited.quote_hash) for one in self.sentences for cited in one.citations)


class ApprovedEvent(Noun):
    """Something that happened to an approved answer; the history is only ever added to.

    Attributes:
        version: of the correction, that it is about.
        by: who did it; None for what the library or the calendar did.
        index: the index generation that was live.
        reason: why it was suspended, or what was said.
        wordings: with what they were proposed or published.
    """

    id: int
    approved_id: int
    kind: EventKind
    version: int
    by: str | None
    at: AwareDatetime
    index: str
    reason: str | None = None
    changes: tuple[CitationChange, ...] = ()
    wordings: tuple[str, ...] = ()


class Complaint(Noun):
    """An approved answer that residents did not find helpful, and nobody has looked since.

    Attributes:
        question: of the approved answer.
        answers: how many answers they said it of.
    """

    approved_id: int
    item_id: int
    question: str
    answers: int


class ApprovedFilter(Noun):
    """Which approved answers are wanted; what is None does not matter.

    Attributes:
        waiting: whether a version waits for a second person.
        text: words that a wording or sentence holds, all of them; blanks, case and marks do not matter.
    """

    state: ApprovedState | None = None
    language: Language | None = None
    owner: str | None = None
    waiting: bool | None = None
    text: str = Field("", max_length=MOST_SEARCH)


class ApprovedCounts(Noun):
    """How many there are in each state, and how many versions wait for a second person."""

    states: dict[ApprovedState, int]
    waiting: int
