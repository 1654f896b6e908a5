"""False premises: the library's own "not X but Y", where a question takes X for granted."""

from __future__ import annotations

import re

from civicbot.answering.context import Candidate, Context, Part
from civicbot.model import Facet, Passage

_FACETS = (Facet.PLACE, Facet.WHAT, Facet.STATUS, Facet.DISPUTES)
"""Where briefs set a common mistake right, the plainest first."""
_ASKED_OF_A_PLACE = frozenset({Facet.SCHEDULE, Facet.PLACE, Facet.STATUS, Facet.COST})
"""What is asked of a project that is taken to be somewhere."""
_NEGATED = {
    "ko": re.compile(r"(?P<negated>[\w·]+?)(?:이|가|은|는|에|으로|로)?\s*(?:아니라|아닌)\s"),
    "en": re.compile(r"\bnot (?:in |for |to |at )?(?P<negated>[A-Z]\w+)"),
}


def correct_premise(context: Context, part: Part) -> Candidate | None:
    """The sentence of the entity's own brief that sets right what the question takes for granted, or None.

    A sentence does when it denies a name that the question uses ("Haenam, not Gwangju") about the entity asked.
    """
    if not part.asked.entities or _best(part) is None or not _ASKED_OF_A_PLACE & {*part.asked.facets[:1]}:
        return None
    for facet in _FACETS:
        for passage in context.generation.passages:
            if (
                passage.entity == part.asked.entities[0]
                and passage.facet is facet
                and passage.language == context.language
            ):
                found = _correction(context, part, passage)
                if found is not None:
                    return found
    return None


def _correction(context: Context, part: Part, passage: Passage) -> Candidate | None:
    for statement in passage.statements:
        match = _NEGATED[context.language].search(statement.text)
        if match and _presumed(match.group("negated"), context):
            best = _best(part)
            if best is not None:
                return Candidate(statement, passage, best.score, best.confidence, best.features)
    return None


def _best(part: Part) -> Candidate | None:
    """The sentence that answers, or would have with more confidence: a correction stands in its place."""
    return part.candidates[0] if part.candidates else part.rejected


def _presumed(name: str, context: Context) -> bool:
    """Whether the question places something at ``name`` ("광주에", "in Gwangju")."""
    if context.language == "ko":
        return (
            re.search(rf"{re.escape(name)}\s*\S{{0,6}}?(?:에|에서|로|으로)(?:\s|$|는|도|서)", context.text) is not None
        )
    return re.search(rf"\b(?:in|at|into) (?:\w+ ){{0,2}}{re.escape(name)}\b", context.text, re.IGNORECASE) is not None
