from __future__ import annotations

import pytest
from tests.review.desks import START, exchange

from civicbot.model import AnswerStatus, Feedback, NoticeKind, Ticket, TicketState
from civicbot.review.nouns import Reason
from civicbot.review.queue_rules import (
    LOW_CONFIDENCE,
    REOPENING,
    RULES,
    WEIGHTS,
    Case,
    priority,
    reasons,
    risk,
    sampled,
)

PLAIN = "정진욱 의원이 광주에서 추진해 달라고 요청했습니다."


def ticket() -> Ticket:
    return Ticket(
        code="K7QX-9M2D-4TVA",
        state=TicketState.CLOSED,
        language="ko",
        question="?",
        answer_id="a",
        opened_at=START,
        updated_at=START,
    )


def test_every_reason_has_a_rule_and_a_weight() -> None:
    assert set(RULES) == set(WEIGHTS) == set(Reason)
    assert list(WEIGHTS.values()) == sorted(WEIGHTS.values(), reverse=True)


def test_a_sure_answer_without_complaint_is_left_alone() -> None:
    assert reasons(Case(exchange=exchange("?"), feedback=Feedback(helpful=True))) == ()


def test_each_reason_by_itself() -> None:
    plain = exchange("?", sentence=PLAIN)
    approved = plain.model_copy(update={"approved": 7})
    cases = {
        Reason.APPROVED_THUMBS_DOWN: Case(exchange=approved, feedback=Feedback(helpful=False)),
        Reason.TICKET: Case(exchange=plain, tickets=(ticket(),)),
        Reason.APPROVED_SUSPENDED: Case(exchange=plain, suspended=True),
        Reason.THUMBS_DOWN: Case(exchange=plain, feedback=Feedback(helpful=False)),
        Reason.REPEATED_NO_EVIDENCE: Case(exchange=exchange("?", status=AnswerStatus.NO_EVIDENCE), unanswered=2),
        Reason.DEGRADED: Case(exchange=exchange("?", sentence=PLAIN, notices=(NoticeKind.DEGRADED,))),
        Reason.DISPUTED: Case(exchange=exchange("?", sentence=PLAIN, notices=(NoticeKind.DISPUTED,))),
        Reason.LOW_CONFIDENCE: Case(exchange=exchange("?", sentence=PLAIN, confidence=LOW_CONFIDENCE - 0.01)),
        Reason.SAMPLED_FIGURES: Case(exchange=exchange("?"), sample=1.0),
    }
    assert {reason: reasons(case) for reason, case in cases.items()} == {reason: (reason,) for reason in Reason}


def test_all_at_once_the_weightiest_first() -> None:
    case = Case(
        exchange=exchange("?", confidence=0.1, notices=(NoticeKind.DISPUTED, NoticeKind.DEGRADED)),
        feedback=Feedback(helpful=False),
        tickets=(ticket(),),
        suspended=True,
        sample=1.0,
    )
    never = {Reason.REPEATED_NO_EVIDENCE, Reason.APPROVED_THUMBS_DOWN}
    assert reasons(case) == tuple(reason for reason in WEIGHTS if reason not in never)
    # A thumbs-down on an approved answer stands in the place of one on any other.
    approved = case.model_copy(update={"exchange": case.exchange.model_copy(update={"approved": 7})})
    never = {Reason.REPEATED_NO_EVIDENCE, Reason.THUMBS_DOWN}
    assert reasons(approved) == tuple(reason for reason in WEIGHTS if reason not in never)


@pytest.mark.parametrize("status", [AnswerStatus.NO_EVIDENCE, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED])
def test_what_gives_no_answer_is_neither_unsure_nor_sampled(status: AnswerStatus) -> None:
    assert reasons(Case(exchange=exchange("?", status=status, confidence=0.01), sample=1.0)) == ()


def test_a_first_question_without_evidence_is_no_repeated_one() -> None:
    assert reasons(Case(exchange=exchange("?", status=AnswerStatus.NO_EVIDENCE), unanswered=1)) == ()
    assert reasons(Case(exchange=exchange("?", sentence=PLAIN), unanswered=5)) == ()


def test_an_error_counts_as_degraded() -> None:
    assert reasons(Case(exchange=exchange("?", status=AnswerStatus.ERROR))) == (Reason.DEGRADED,)


def test_only_answers_with_money_or_dates_are_sampled() -> None:
    assert reasons(Case(exchange=exchange("?", sentence=PLAIN), sample=1.0)) == ()
    assert reasons(Case(exchange=exchange("?", sentence="2027년에 착공합니다."), sample=1.0)) == (
        Reason.SAMPLED_FIGURES,
    )
    assert reasons(Case(exchange=exchange("?", sentence="버스 30대가 다닙니다."), sample=1.0)) == ()


def test_the_sample_is_the_share_and_the_same_each_time() -> None:
    ids = [f"{number:032x}" for number in range(20_000)]
    tenth = [each for each in ids if sampled(each, 0.1)]
    assert 1_850 < len(tenth) < 2_150  # 2,000 give or take three and a half standard deviations
    assert [each for each in ids if sampled(each, 0.1)] == tenth
    assert set(tenth) <= {each for each in ids if sampled(each, 0.2)}
    assert not any(sampled(each, 0.0) for each in ids)
    assert all(sampled(each, 1.0) for each in ids)


def test_risk_counts_each_reason_once() -> None:
    assert risk([Reason.TICKET, Reason.TICKET, Reason.DISPUTED]) == WEIGHTS[Reason.TICKET] + WEIGHTS[Reason.DISPUTED]
    assert risk([]) == 0


def test_priority_grows_with_the_residents_up_to_a_point() -> None:
    assert priority(10, 1) == 10
    assert priority(10, 2) == 15
    assert priority(10, 8) == 25
    assert priority(10, 256) == priority(10, 100_000) == 50
    quiet = risk([Reason.SAMPLED_FIGURES])
    assert priority(quiet, 100_000) < priority(risk(REOPENING), 1)
