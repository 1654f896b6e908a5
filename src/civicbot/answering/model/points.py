"""The point of an answer: what the library's best sentences tell, and an answer of the model may not leave out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from civicbot.answering.context import Candidate, Context, Part
from civicbot.answering.features import values_asked_for
from civicbot.answering.model.selection import closest, place_of
from civicbot.language.quantities import figures
from civicbot.model import Language
from civicbot.retrieval.opened import OpenGeneration

_SHARE = 0.4
"""Least share of the words of a best sentence, those of the question left out, where no value is asked for."""
_SHARE_OF_NAMES = 0.5
"""The same of its names and figures, where the answer is in another language."""


@dataclass(frozen=True)
class Point:
    """What a best sentence tells.

    Attributes:
        values: figures of the kind that is asked for; all of them must be told.
        words: search tokens that the question does not hold.
        marks: figures and keys of names that it does not hold.
        language: of the sentence.
    """

    values: frozenset[str]
    words: frozenset[str]
    marks: frozenset[str]
    language: Language


def points_of(context: Context) -> tuple[Point, ...]:
    """The points of an answer: its first sentence, the best one of each part, and what else was asked for."""
    outcome = context.outcome
    if outcome is None or not outcome.candidates:
        return ()
    last = closest(context)
    said = {place_of(candidate) for candidate in outcome.candidates if candidate not in last}
    leading: dict[tuple[str, int], tuple[Candidate, Part]] = {}
    for part in context.parts:
        # Of a comparison each side is a point.
        for candidate in part.candidates if part.asked.compare else part.candidates[:1]:
            if place_of(candidate) in said:
                leading.setdefault(place_of(candidate), (candidate, part))
    first = outcome.candidates[0]
    if context.parts:
        leading.setdefault(place_of(first), (first, _part_of(context, first)))
        for candidate in _telling_more(context, [each for each in outcome.candidates if each not in last]):
            leading.setdefault(place_of(candidate), (candidate, _part_of(context, candidate)))
    return tuple(_point(context, candidate, part) for candidate, part in leading.values())


def told(points: Iterable[Point], sentences: Sequence[str], language: Language, generation: OpenGeneration) -> bool:
    """Whether sentences together tell every point."""
    values = frozenset().union(*(figures(text) for text in sentences))
    words = frozenset(token for text in sentences for token in generation.tokenizer.tokens(text))
    marks = values | {mention.key for text in sentences for mention in generation.glossary.mentions(text)}
    for point in points:
        if not point.values <= values:
            return False
        if point.values:
            continue
        wanted, held, share = (
            (point.words, words, _SHARE) if point.language == language else (point.marks, marks, _SHARE_OF_NAMES)
        )
        if len(wanted & held) < share * len(wanted):
            return False
    return bool(sentences)


def _telling_more(context: Context, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """The sentences that tell a word which the question demands and those before them do not."""
    demanded = {term.token for part in context.parts for term in part.asked.terms if term.weight >= 1.0}
    for candidate in candidates:
        words = frozenset(context.generation.tokenizer.tokens(candidate.statement.text))
        if demanded & words:
            yield candidate
        demanded -= words


def _part_of(context: Context, candidate: Candidate) -> Part:
    owners = (part for part in context.parts if place_of(candidate) in {place_of(each) for each in part.candidates})
    return next(owners, context.parts[0])


def _point(context: Context, candidate: Candidate, part: Part) -> Point:
    generation, text = context.generation, candidate.statement.text
    asked = frozenset(generation.tokenizer.tokens(context.standalone))
    named = {mention.key for mention in generation.glossary.mentions(context.standalone)} | figures(context.standalone)
    marks = figures(text) | {mention.key for mention in generation.glossary.mentions(text)}
    return Point(
        values=values_asked_for(part.asked, text),
        words=frozenset(generation.tokenizer.tokens(text)) - asked,
        marks=frozenset(marks) - named,
        language=candidate.passage.language,
    )
