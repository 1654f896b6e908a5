"""What an update does to an answer: two answers to one question, compared without knowing where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from civicbot.judging import ANSWERS, unmarked
from civicbot.language.quantities import figures
from civicbot.model import Answer
from civicbot.review.updates_nouns import (
    CaseKind,
    Concern,
    Documents,
    ImpactCase,
    ImpactClass,
    Outcome,
    Report,
    Rule,
    Side,
    SideCitation,
)

ORDER = tuple(ImpactClass)
"""The classes, the worst first: the order of a report."""

_WORTH: dict[Outcome, int] = {"wrong": 0, "missed": 1, "incomplete": 2, "correct": 3}


def side_of(answer: Answer, *, outcome: Outcome | None = None, approved: int | None = None) -> Side:
    """An answer as it is compared.

    Args:
        answer: the answer.
        outcome: how a verified case judges it.
        approved: the approved answer that it is.
    """
    text = " ".join(unmarked(answer.text).split())
    return Side(
        status=answer.status,
        text=text,
        figures=tuple(sorted(figures(text))),
        citations=tuple(
            SideCitation(
                document_id=each.document_id,
                title=each.title,
                quote=each.quote,
                publisher=each.publisher,
                published=each.published,
                language=each.language,
            )
            for each in answer.citations
        ),
        outcome=outcome,
        approved=approved,
    )


def classify(before: Side, after: Side) -> ImpactClass:
    """What has become of an answer.

    How a verified case judges it comes first, then whether it answers at all, then its figures, then its words and what
    it cites.
    """
    if before.outcome is not None and after.outcome is not None and before.outcome != after.outcome:
        better = _WORTH[after.outcome] > _WORTH[before.outcome]
        return ImpactClass.BETTER if better else ImpactClass.WORSE
    answered, answers = before.status in ANSWERS, after.status in ANSWERS
    if answered != answers:
        return ImpactClass.NEW_REFUSAL if answered else ImpactClass.NEWLY_ANSWERED
    if (before.status, before.text, _cited(before)) == (after.status, after.text, _cited(after)):
        return ImpactClass.UNCHANGED
    return ImpactClass.CHANGED_FIGURES if set(before.figures) != set(after.figures) else ImpactClass.CHANGED


def report_of(documents: Documents, known_problems: Iterable[str], cases: Sequence[ImpactCase]) -> Report:
    """The numbers of a report, and the rules that an update breaks.

    Args:
        documents: what it does to the documents.
        known_problems: those of the live generation: nobody is held up by what is there already.
        cases: all questions that were asked.
    """
    counts: dict[CaseKind, dict[ImpactClass, int]] = {}
    for kind in CaseKind:
        of_kind = [case.impact for case in cases if case.kind is kind]
        if of_kind:
            counts[kind] = {impact: of_kind.count(impact) for impact in ORDER if impact in of_kind}
    found = {
        Rule.VERIFIED_WORSE: counts.get(CaseKind.VERIFIED, {}).get(ImpactClass.WORSE, 0),
        Rule.DOCUMENT_PROBLEMS: len(set(documents.problems) - set(known_problems)),
        Rule.APPROVED_SUSPENDED: counts.get(CaseKind.APPROVED, {}).get(ImpactClass.SUSPENDED, 0),
    }
    concerns = tuple(Concern(rule=rule, count=count) for rule, count in found.items() if count)
    return Report(documents=documents, counts=counts, concerns=concerns)


def _cited(side: Side) -> frozenset[tuple[str, str]]:
    return frozenset((each.document_id, each.quote) for each in side.citations)
