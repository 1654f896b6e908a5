"""What the queue, its items and the verdicts take and give; frozen, and fit to be shown as they are."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from civicbot.model import AnswerStatus, Channel, Exchange, Language, Noun, TicketState, Versions
from civicbot.review.evidence_nouns import SentenceView, UnusedEvidence

MOST_NOTE = 2000
"""Characters of a note."""
MOST_SEARCH = 200
"""Characters of a text that is searched for."""
PAGE = 25
"""Items on a page, if nothing else is asked for."""
MOST_PAGE = 200


# ---------------------------------------------------------------- the queue


class Reason(StrEnum):
    """Why a question is in the queue; ``civicbot.review.queue_rules`` holds the rules and their weights."""

    APPROVED_THUMBS_DOWN = "approved_thumbs_down"
    TICKET = "ticket"
    APPROVED_SUSPENDED = "approved_suspended"
    THUMBS_DOWN = "thumbs_down"
    REPEATED_NO_EVIDENCE = "repeated_no_evidence"
    DEGRADED = "degraded"
    DISPUTED = "disputed"
    LOW_CONFIDENCE = "low_confidence"
    SAMPLED_FIGURES = "sampled_figures"


class ItemState(StrEnum):
    """Where an item stands; whether somebody has claimed it is told beside it.

    ``open`` waits for a verdict, ``done`` has one, ``closed`` was put aside without one. A new thumbs-down or ticket
    opens a done or closed item again. ``quiet`` questions have no reason to be looked at: no page shows them.
    """

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"
    QUIET = "quiet"


class ReasonCount(Noun):
    """A reason with the number of answers that it holds for, and the newest time."""

    reason: Reason
    answers: int
    newest: AwareDatetime


class Claim(Noun):
    """Who is at an item.

    Attributes:
        by: the user's name.
        since: when they began.
        until: when others may take it, unless its holder does something to it before.
    """

    by: str
    since: AwareDatetime
    until: AwareDatetime


class QueueItem(Noun):
    """A question as residents put it once or many times, in nearly the same words and one language.

    Attributes:
        risk: the sum of its reasons' weights.
        priority: what it is ordered by: risk, and 5 for every doubling of its residents, 40 at most.
        question: of its representative, the riskiest answer and of those the latest; personal data masked.
        answer_id: of the representative; status, channel, site and confidence are its, too.
        asked: how many times it was asked.
        residents: in how many conversations.
        opened_at: when it came into the queue, this time.
        reopened: whether it had a verdict, or was closed, before.
        open_tickets: how many tickets about it wait for a reply.
        claim: who is at it now; None when nobody is, or their time is over.
        verdict: the newest.
    """

    id: int
    state: ItemState
    language: Language
    question: str
    answer_id: str
    status: AnswerStatus
    channel: Channel
    site: str | None
    confidence: float
    reasons: tuple[ReasonCount, ...]
    risk: int
    priority: float
    asked: int
    residents: int
    first_asked: AwareDatetime
    last_asked: AwareDatetime
    opened_at: AwareDatetime
    reopened: bool = False
    open_tickets: int = 0
    claim: Claim | None = None
    verdict: VerdictRecord | None = None


class QueueFilter(Noun):
    """Which items are wanted; what is None does not matter.

    Attributes:
        state: ``open`` by default; None for all but quiet ones.
        reason: with this reason among theirs.
        site: asked from this site at least once; "" for our own pages and the bare API.
        channel: asked through it at least once.
        status: answered with it at least once.
        verdict: whose newest verdict is this.
        since: asked on this day or later, of the desk's time zone (Korea).
        until: asked on this day or before.
        claim: ``mine``, ``others``, ``free`` (nobody's now) or None.
        text: words that a question, comment or ticket of the item holds, all of them; blanks, case and marks do not
            matter.
    """

    state: ItemState | None = ItemState.OPEN
    reason: Reason | None = None
    language: Language | None = None
    site: str | None = None
    channel: Channel | None = None
    status: AnswerStatus | None = None
    verdict: Verdict | None = None
    since: date | None = None
    until: date | None = None
    claim: Literal["mine", "others", "free"] | None = None
    text: str = Field("", max_length=MOST_SEARCH)


class QueuePage(Noun):
    """A page of the queue.

    Attributes:
        total: how many items the filter finds.
        number: of this page, from 1.
        pages: how many there are, at least 1.
    """

    items: tuple[QueueItem, ...]
    total: int
    number: int
    pages: int
    size: int


class QueueCounts(Noun):
    """What the head of the queue says.

    Attributes:
        open: items that wait.
        mine: those of them that the asking person has claimed.
        claimed: those that anybody has.
        reasons: open items by reason.
        tickets: tickets that wait for a reply.
        fed_at: when something was taken in last; None before the first time.
    """

    open: int
    mine: int
    claimed: int
    reasons: dict[Reason, int]
    tickets: int
    fed_at: AwareDatetime | None = None


class Refusal(Noun):
    """An item that a bulk action left alone, and why."""

    item_id: int
    code: str
    message: str
    claim: Claim | None = None


class BulkResult(Noun):
    """What a bulk action did."""

    done: tuple[int, ...]
    refused: tuple[Refusal, ...] = ()


# ---------------------------------------------------------------- an item


class Wording(Noun):
    """How residents put the question, and how many times."""

    text: str
    asked: int


class AnswerRef(Noun):
    """One of the answers that an item gathers; each can be opened.

    Attributes:
        text: of the answer, shortened.
        reasons: its own.
    """

    answer_id: str
    asked_at: AwareDatetime
    status: AnswerStatus
    text: str
    confidence: float
    channel: Channel
    site: str | None
    versions: Versions
    reasons: tuple[Reason, ...]


class FeedbackView(Noun):
    """What a resident said about one of the item's answers; the comment is masked."""

    answer_id: str
    at: AwareDatetime
    helpful: bool
    reasons: tuple[str, ...]
    comment: str | None


class TicketView(Noun):
    """A ticket; the code opens it for whoever has it, so it is shown to nobody and written to no log.

    Attributes:
        item_id: the item that its question belongs to; None before the queue has taken it in.
    """

    code: str = Field(repr=False)
    state: TicketState
    language: Language
    question: str
    answer_id: str
    item_id: int | None
    message: str | None
    reply: str | None
    opened_at: AwareDatetime
    updated_at: AwareDatetime


class ItemView(Noun):
    """All that staff see of an item.

    Attributes:
        exchange: the answer that is looked at, as the resident saw it; the representative if no other is asked for.
        conversation: all exchanges of its conversation, oldest first, this one included.
        live_index: the live index generation's name; None while none is open.
        versions: what produced the answer.
        answers: the item's answers, the riskiest and then the latest first, up to 50.
        wordings: how it was put, the most frequent first, up to 20.
    """

    item: QueueItem
    exchange: Exchange
    conversation: tuple[Exchange, ...]
    sentences: tuple[SentenceView, ...]
    unused: tuple[UnusedEvidence, ...]
    versions: Versions
    live_index: str | None
    answers: tuple[AnswerRef, ...]
    wordings: tuple[Wording, ...]
    feedback: tuple[FeedbackView, ...]
    tickets: tuple[TicketView, ...]
    verdicts: tuple[VerdictRecord, ...]
    corrections: tuple[CorrectionRef, ...]


# ---------------------------------------------------------------- verdicts


class Verdict(StrEnum):
    """What staff say about an answer."""

    CORRECT = "correct"
    INCOMPLETE = "incomplete"
    WRONG = "wrong"
    OUTDATED = "outdated"
    SHOULD_HAVE_REFUSED = "should_have_refused"
    SHOULD_HAVE_ANSWERED = "should_have_answered"


class VerdictRecord(Noun):
    """A verdict; of several on one item the newest counts.

    Attributes:
        answer_id: the answer that was looked at; None once it is deleted.
        note: masked; None without, or once the answer is deleted.
    """

    id: int
    item_id: int | None
    answer_id: str | None
    verdict: Verdict
    note: str | None
    by: str
    at: AwareDatetime


class CorrectionRef(Noun):
    """That there is a correction, and its newest version."""

    id: int
    version: int
    by: str
    at: AwareDatetime


QueueItem.model_rebuild()
QueueFilter.model_rebuild()
ItemView.model_rebuild()
