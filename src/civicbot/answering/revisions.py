"""Values that have changed or that sources dispute: none is told without those that the library records beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from civicbot.answering.context import Candidate, Context
from civicbot.language.quantities import as_told, figures
from civicbot.model import Document, Facet, Figure, Passage, Statement

MOST = 2
"""How many further values are told beside one."""
_LIVE = frozenset({"current", "planned"})
_DAY = "date"
_TELLING = 5
"""A value of so many characters is found again in another document; fewer may be the number of anything."""
_NAME = 3
"""Of so many characters the first word of a publisher's name tells which it is."""


@dataclass(frozen=True)
class _Held:
    """A figure whose value a sentence tells, and the brief that records it."""

    brief: Document
    figure: Figure


def told_whole(context: Context, told: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The sentences with those that belong to them.

    Before a value that has been superseded stands the one that holds now, behind it where the question is after what
    was before; behind one that sources dispute stands what the others say. A question after a change ("how much more
    is it than planned?") gets all values of the thing, one after what a source has said ("what figure did KBC give?")
    nothing of what others dispute.

    Args:
        context: the question.
        told: the sentences that answer it, in order.
    """
    changed = any(part.asked.changed for part in context.parts)
    whole: list[Candidate] = []
    known = {value for one in told for value in figures(one.statement.text)}
    for candidate in told:
        place = len(whole)
        whole.append(candidate)
        further = 0
        disputed = not _of_a_source(context, candidate)
        for held in _held(context, candidate):
            for other in _others(held, changed=changed, disputed=disputed):
                value = as_told(other)
                found = None if value in known or further == MOST else _telling(context, candidate, held.brief, value)
                if found is not None:
                    first = held.figure.status == "superseded" and not _asked_after(context, held.figure, other)
                    whole.insert(place if first else len(whole), found)
                    place += first
                    known |= figures(found.statement.text)
                    further += 1
    return tuple(whole)


def _asked_after(context: Context, figure: Figure, now: Figure) -> bool:
    """Whether the question is after a figure although another holds now: "at first", "in 2024", the figure itself."""
    year, this_year = str(figure.as_of)[:4], str(now.as_of)[:4]
    return any(
        part.asked.changed
        or part.asked.before
        or (year in part.asked.years and this_year not in part.asked.years)
        or as_told(figure) in figures(part.text)
        for part in context.parts
    )


def figure_states(context: Context, candidate: Candidate) -> set[str]:
    """The statuses of the brief's figures whose value stands in the sentence, where one status is all they have."""
    return {held.figure.status for held in _held(context, candidate)}


def _held(context: Context, candidate: Candidate) -> list[_Held]:
    """The figures whose value a sentence tells; none of a value that has several statuses in the brief."""
    told = figures(candidate.statement.text)
    own = context.generation.document(candidate.passage.document_id)
    if not own.figures:
        told = frozenset(value for value in told if len(value) >= _TELLING)
    found: dict[str, list[_Held]] = {}
    for brief in (own,) if own.figures else _briefs(context):
        for figure in brief.figures:
            found.setdefault(as_told(figure), []).append(_Held(brief, figure))
    return [
        those[0] for value, those in found.items() if value in told and len({one.figure.status for one in those}) == 1
    ]


def _briefs(context: Context) -> Iterator[Document]:
    """The briefs of what the question is about, which record the values that digests tell, too."""
    entities = context.generation.glossary.entities
    asked = (key for part in context.parts for key in part.asked.entities)
    names = dict.fromkeys(f"{entities[key].brief}-{context.language}" for key in asked if entities[key].brief)
    held = {passage.document_id for passage in context.generation.passages}
    yield from (context.generation.document(name) for name in names if name in held)


def _of_a_source(context: Context, candidate: Candidate) -> bool:
    """Whether the question names the publisher whose words the sentence tells."""
    documents = context.generation.documents
    names = {words[0] for one in documents if one.publisher and len((words := one.publisher.split())[0]) >= _NAME}
    text = candidate.statement.text
    return any(name in text and name in context.text for name in names)


def _others(held: _Held, *, changed: bool, disputed: bool) -> list[Figure]:
    """The further values to tell beside a figure, what holds now before the rest and the newer before the older."""
    figure = held.figure
    if figure.unit == _DAY and not changed:
        # A year stands in many sentences that are about something else.
        return []
    same = [
        other
        for other in held.brief.figures
        if other.key == figure.key and other.unit == figure.unit and other.value != figure.value
    ]
    wanted = [
        other
        for other in same
        if changed
        or (figure.status == "superseded" and other.status in _LIVE)
        or (disputed and figure.status == "disputed" and other.status in (*_LIVE, "disputed"))
    ]
    wanted.sort(key=lambda other: (other.status in _LIVE, str(other.as_of)), reverse=True)
    return wanted


def _telling(context: Context, candidate: Candidate, brief: Document, value: str) -> Candidate | None:
    """The sentence of the brief that tells a value, of the section that was told where there is one."""
    found = [
        (passage, statement)
        for passage in context.generation.passages
        if passage.document_id == brief.id and passage.facet is not Facet.UNKNOWN
        for statement in passage.statements
        if value in figures(statement.text)
    ]
    if not found:
        return None

    def elsewhere(each: tuple[Passage, Statement]) -> bool:
        return each[0].facet is not candidate.passage.facet

    passage, statement = min(found, key=elsewhere)
    return replace(candidate, statement=statement, passage=passage)
