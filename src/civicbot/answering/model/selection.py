"""Which of the library's sentences the model is given."""

from __future__ import annotations

from collections.abc import Callable

from civicbot.answering.compose import only_unknown
from civicbot.answering.context import Candidate, Context
from civicbot.answering.model.numbered import Numbered
from civicbot.answering.verify import supported
from civicbot.model import AnswerStatus, Facet

MOST = 8
"""Pieces of evidence in all."""
_OF_A_PART = 5
_MARGIN = 1.8
"""How far below the best sentence's score a further one may lie; ranking scores are log odds, up to a constant."""


def place_of(candidate: Candidate) -> tuple[str, int]:
    """Where a sentence stands in the library."""
    return candidate.passage.id, candidate.statement.start


def closest(context: Context) -> tuple[Candidate, ...]:
    """The sentences of an answer that only come close to a part without one; the reader is told which they are."""
    outcome = context.outcome
    if outcome is None or outcome.status is not AnswerStatus.PARTIAL:
        return ()
    places = {place_of(each) for part in context.parts for each in part.near[:1] if not part.candidates}
    places |= {place_of(each) for part in context.parts for each in part.candidates[:1] if only_unknown(part)}
    return tuple(candidate for candidate in outcome.candidates if place_of(candidate) in places)


def evidence_of(context: Context, tellable: Callable[[Context, Candidate], bool]) -> list[Numbered]:
    """The sentences that answer, those of the extractive answer first, numbered.

    Args:
        context: with its extractive answer.
        tellable: whether staff let a sentence be told.
    """
    outcome = context.outcome
    if outcome is None:
        return []
    last = closest(context)
    found = [candidate for candidate in outcome.candidates if candidate not in last]
    for part in context.parts:
        if part.candidates and not only_unknown(part):
            least = part.candidates[0].score - _MARGIN
            good = (each for each in part.candidates[:_OF_A_PART] if each.score >= least)
            found += [each for each in good if each.passage.facet is not Facet.UNKNOWN]
    distinct = {place_of(candidate): candidate for candidate in reversed(found)}
    ordered = sorted(distinct, key=[place_of(candidate) for candidate in found].index)
    numbered: list[Numbered] = []
    for candidate in (distinct[place] for place in ordered):
        if len(numbered) < MOST and tellable(context, candidate):
            numbered += _numbered(context, candidate, len(numbered) + 1)
    return numbered


def _numbered(context: Context, candidate: Candidate, number: int) -> list[Numbered]:
    text = candidate.statement.text
    carrying = (s for s in candidate.statement.supports if supported(context.generation, text, s))
    support = next(carrying, None)
    return [] if support is None else [Numbered(number, candidate, context.generation.document(support.document_id))]
