"""Why an answer comes into the queue: one small rule for each reason, and what the reasons weigh.

The weights, 1 to 100, say how bad it is to leave such an answer alone: somebody was not helped by an answer that staff
vouch for and everybody gets (approved thumbs-down, which stands in the place of a thumbs-down), somebody waits for a
reply (ticket), an answer that staff had approved is not given any more (approved suspended), somebody was not helped
(thumbs-down), several people cannot be helped (repeated), something was broken (degraded), sources
contradict each other (disputed), the answer may be wrong (low confidence), or it is only one of those that are looked
at by chance (sampled). An item's risk is the sum over its reasons, each once; its priority adds 5 for every doubling
of the residents who asked, 40 at most, so that a question of many comes before a sampled one of few, and never a
question without a complaint before one with a ticket and a thumbs-down.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from civicbot.answering.evidence import ANSWERABLE
from civicbot.language.quantities import quantities
from civicbot.model import AnswerStatus, Exchange, Feedback, NoticeKind, Noun, Ticket
from civicbot.review.nouns import Reason

WEIGHTS: Mapping[Reason, int] = MappingProxyType(
    {
        Reason.APPROVED_THUMBS_DOWN: 55,
        Reason.TICKET: 50,
        Reason.APPROVED_SUSPENDED: 45,
        Reason.THUMBS_DOWN: 40,
        Reason.REPEATED_NO_EVIDENCE: 25,
        Reason.DEGRADED: 20,
        Reason.DISPUTED: 15,
        Reason.LOW_CONFIDENCE: 15,
        Reason.SAMPLED_FIGURES: 10,
    }
)
LOW_CONFIDENCE = ANSWERABLE
"""An answer below this confidence was let through by an exception to the rule that it is the least one."""
REPEATED = 2
"""In so many conversations a question must have gone without evidence."""
REOPENING = frozenset({Reason.TICKET, Reason.THUMBS_DOWN, Reason.APPROVED_THUMBS_DOWN})
"""Reasons that open an item again after its verdict: residents speak up. A suspension does so by itself."""

_DOUBLING, _MOST_FOR_RESIDENTS = 5.0, 40.0
_GIVES_ANSWER = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})
_BUCKETS = 2**32


class Case(Noun):
    """All that the rules look at.

    Attributes:
        feedback: the newest on the answer; None without.
        tickets: those about the answer.
        suspended: whether an approved answer to the question is suspended, and this answer was chosen to tell of it.
        unanswered: in how many conversations this question had gone without evidence when it was asked, this one
            included.
        sample: the share of answers that are looked at by chance, 0..1.
    """

    exchange: Exchange
    feedback: Feedback | None = None
    tickets: tuple[Ticket, ...] = ()
    unanswered: int = 0
    suspended: bool = False
    sample: float = 0.0


def ticket(case: Case) -> bool:
    """A resident left the question for staff."""
    return bool(case.tickets)


def approved_thumbs_down(case: Case) -> bool:
    """The newest feedback says that an approved answer did not help."""
    return case.exchange.approved is not None and _unhelpful(case)


def approved_suspended(case: Case) -> bool:
    """An approved answer to the question is suspended."""
    return case.suspended


def thumbs_down(case: Case) -> bool:
    """The newest feedback says that an answer of the library's did not help."""
    return case.exchange.approved is None and _unhelpful(case)


def repeated_no_evidence(case: Case) -> bool:
    """The library has nothing on a question that was asked before."""
    return case.exchange.answer.status is AnswerStatus.NO_EVIDENCE and case.unanswered >= REPEATED


def degraded(case: Case) -> bool:
    """A part of the service failed while it was answered."""
    answer = case.exchange.answer
    return answer.status is AnswerStatus.ERROR or _noticed(case, NoticeKind.DEGRADED)


def disputed(case: Case) -> bool:
    """The answer itself says that sources disagree."""
    return _noticed(case, NoticeKind.DISPUTED)


def low_confidence(case: Case) -> bool:
    """It was answered with little confidence."""
    answer = case.exchange.answer
    return answer.status in _GIVES_ANSWER and answer.confidence < LOW_CONFIDENCE


def sampled_figures(case: Case) -> bool:
    """The answer tells money or dates, and chance has picked it."""
    answer = case.exchange.answer
    if answer.status not in _GIVES_ANSWER or not sampled(answer.id, case.sample):
        return False
    told = (quantity.kind for sentence in answer.sentences for quantity in quantities(sentence.text))
    return any(kind in ("money", "date") for kind in told)


RULES: Mapping[Reason, Callable[[Case], bool]] = MappingProxyType(
    {
        Reason.APPROVED_THUMBS_DOWN: approved_thumbs_down,
        Reason.TICKET: ticket,
        Reason.APPROVED_SUSPENDED: approved_suspended,
        Reason.THUMBS_DOWN: thumbs_down,
        Reason.REPEATED_NO_EVIDENCE: repeated_no_evidence,
        Reason.DEGRADED: degraded,
        Reason.DISPUTED: disputed,
        Reason.LOW_CONFIDENCE: low_confidence,
        Reason.SAMPLED_FIGURES: sampled_figures,
    }
)


def reasons(case: Case) -> tuple[Reason, ...]:
    """The reasons to look at an answer, the weightiest first; empty when there is none."""
    return tuple(reason for reason, holds in RULES.items() if holds(case))


def risk(found: Iterable[Reason]) -> int:
    """What some reasons weigh together, each once."""
    return sum(WEIGHTS[reason] for reason in set(found))


def priority(weight: int, residents: int) -> float:
    """What an item is ordered by.

    Args:
        weight: its risk.
        residents: how many asked, at least 1.
    """
    return weight + min(_DOUBLING * math.log2(max(residents, 1)), _MOST_FOR_RESIDENTS)


def sampled(answer_id: str, share: float) -> bool:
    """Whether an answer is in the sample: the same for every process and every time, and nobody can choose it."""
    picked = int.from_bytes(hashlib.sha256(answer_id.encode()).digest()[:4], "big")
    return picked < share * _BUCKETS


def _unhelpful(case: Case) -> bool:
    return case.feedback is not None and not case.feedback.helpful


def _noticed(case: Case, kind: NoticeKind) -> bool:
    return any(notice.kind is kind for notice in case.exchange.answer.notices)
