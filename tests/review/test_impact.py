"""What has become of an answer, by what one reads of it."""

from __future__ import annotations

import pytest
from tests.review.desks import exchange

from civicbot.model import AnswerStatus, Citation, Language
from civicbot.review.impact import ORDER, classify, report_of, side_of
from civicbot.review.updates_nouns import (
    CaseKind,
    Concern,
    Documents,
    ImpactCase,
    ImpactClass,
    Outcome,
    Rule,
    Side,
)

BUDGET = "2026년도 예산안에는 AI 시티 예산 40억 원이 담겼습니다."
MORE = "2026년도 예산안에는 AI 시티 예산 50억 원이 담겼습니다."
OTHERWISE = "AI 시티 예산으로 40억 원이 2026년도 예산안에 담겼습니다."


def side(
    text: str = BUDGET,
    status: AnswerStatus = AnswerStatus.ANSWERED,
    *,
    outcome: Outcome | None = None,
    document: str = "S001-ko",
) -> Side:
    kept = exchange("?", sentence=text, status=status).answer
    cited = tuple(
        Citation(**{**each.model_dump(), "document_id": document, "language": _language(document)})
        for each in kept.citations
    )
    return side_of(kept.model_copy(update={"citations": cited}), outcome=outcome)


def _language(document: str) -> Language:
    return "ko" if document.endswith("ko") else "en"


def case(kind: CaseKind, impact: ImpactClass) -> ImpactCase:
    return ImpactCase(kind=kind, impact=impact, language="ko", question="?", before=side(), after=side())


def test_a_side_is_what_one_reads() -> None:
    found = side()
    assert found.text == BUDGET
    assert {"4000000000", "2026"} <= set(found.figures)
    assert [cited.document_id for cited in found.citations] == ["S001-ko"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (side(), side(), ImpactClass.UNCHANGED),
        (side(), side(OTHERWISE), ImpactClass.CHANGED),
        (side(), side(document="S002-ko"), ImpactClass.CHANGED),
        (side(), side(status=AnswerStatus.PARTIAL), ImpactClass.CHANGED),
        (side(), side(MORE), ImpactClass.CHANGED_FIGURES),
        (side(), side(status=AnswerStatus.NO_EVIDENCE), ImpactClass.NEW_REFUSAL),
        (side(), side(status=AnswerStatus.ERROR), ImpactClass.NEW_REFUSAL),
        (side(status=AnswerStatus.PARTIAL), side(status=AnswerStatus.CLARIFICATION), ImpactClass.NEW_REFUSAL),
        (side(status=AnswerStatus.REFUSED), side(), ImpactClass.NEWLY_ANSWERED),
        (side(status=AnswerStatus.NO_EVIDENCE), side(status=AnswerStatus.REFUSED), ImpactClass.CHANGED),
        (side(status=AnswerStatus.REFUSED), side(status=AnswerStatus.REFUSED), ImpactClass.UNCHANGED),
    ],
)
def test_what_has_become_of_an_answer(before: Side, after: Side, expected: ImpactClass) -> None:
    assert classify(before, after) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("correct", "wrong", ImpactClass.WORSE),
        ("correct", "missed", ImpactClass.WORSE),
        ("correct", "incomplete", ImpactClass.WORSE),
        ("incomplete", "wrong", ImpactClass.WORSE),
        ("missed", "wrong", ImpactClass.WORSE),
        ("wrong", "missed", ImpactClass.BETTER),
        ("wrong", "correct", ImpactClass.BETTER),
        ("incomplete", "correct", ImpactClass.BETTER),
        ("wrong", "wrong", ImpactClass.CHANGED_FIGURES),
    ],
)
def test_the_judgement_of_a_verified_case_comes_first(before: Outcome, after: Outcome, expected: ImpactClass) -> None:
    assert classify(side(outcome=before), side(MORE, outcome=after)) is expected


def test_a_refusal_that_a_case_wants_is_better() -> None:
    before, after = side(outcome="wrong"), side(status=AnswerStatus.NO_EVIDENCE, outcome="correct")
    assert classify(before, after) is ImpactClass.BETTER


def test_the_numbers_and_what_blocks() -> None:
    cases = [
        case(CaseKind.VERIFIED, ImpactClass.WORSE),
        case(CaseKind.VERIFIED, ImpactClass.UNCHANGED),
        case(CaseKind.APPROVED, ImpactClass.SUSPENDED),
        case(CaseKind.RECENT, ImpactClass.UNCHANGED),
        case(CaseKind.RECENT, ImpactClass.UNCHANGED),
    ]
    documents = Documents(added=("a",), problems=("old.md:1: [x] known", "new.md:1: [x] not known"))
    report = report_of(documents, ["old.md:1: [x] known"], cases)
    assert report.total() == 5
    assert report.total(ImpactClass.UNCHANGED) == 3
    assert report.total(kind=CaseKind.VERIFIED) == 2
    assert report.total(ImpactClass.WORSE, CaseKind.RECENT) == 0
    assert report.concerns == (
        Concern(rule=Rule.VERIFIED_WORSE, count=1),
        Concern(rule=Rule.DOCUMENT_PROBLEMS, count=1),
        Concern(rule=Rule.APPROVED_SUSPENDED, count=1),
    )
    assert [concern.blocks for concern in report.concerns] == [True, True, False]
    assert report.blocked


@pytest.mark.parametrize("cases", [[], [case(CaseKind.RECENT, ImpactClass.NEW_REFUSAL)]])
def test_what_residents_asked_blocks_nothing(cases: list[ImpactCase]) -> None:
    report = report_of(Documents(problems=("old",)), ["old"], cases)
    assert report.concerns == ()
    assert not report.blocked
    assert report.total() == len(cases)


def test_a_suspended_answer_alone_is_a_warning() -> None:
    report = report_of(Documents(), (), [case(CaseKind.APPROVED, ImpactClass.SUSPENDED)])
    assert [concern.rule for concern in report.concerns] == [Rule.APPROVED_SUSPENDED]
    assert not report.blocked


def test_the_worst_comes_first() -> None:
    assert ORDER[0] is ImpactClass.WORSE
    assert ORDER[-1] is ImpactClass.UNCHANGED
