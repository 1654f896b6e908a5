"""Next questions that the library can answer, for the chips under an answer."""

from __future__ import annotations

import re

from civicbot.answering.context import Context
from civicbot.answering.texts import texts
from civicbot.model import AnswerStatus, DocumentKind, Facet, Language
from civicbot.retrieval.opened import OpenGeneration

MOST = 3
_OWNED = re.compile(r"\S+['’]s\b")
_ORDER = (Facet.STATUS, Facet.COST, Facet.SCHEDULE, Facet.PLACE, Facet.WHAT, Facet.ACTORS, Facet.PURPOSE, Facet.UNKNOWN)
_NO_SUGGESTIONS = frozenset({AnswerStatus.CLARIFICATION, AnswerStatus.PAUSED, AnswerStatus.ERROR})


def suggestions(context: Context) -> tuple[str, ...]:
    """Up to three questions about the same entity whose facets its brief has and the question did not ask."""
    outcome = context.outcome
    if outcome is None or outcome.status in _NO_SUGGESTIONS:
        return ()
    entity = _entity(context)
    if entity is None:
        return ()
    asked = {facet for part in context.parts for facet in part.asked.facets[:1]}
    asked |= {candidate.passage.facet for candidate in outcome.candidates if candidate.passage.facet is not None}
    held = facets_of(context.generation, entity, context.language)
    words = texts(context.language)
    name = context.generation.glossary.entities[entity].names(context.language).name
    return tuple(
        _question(words.facets[facet].question, name) for facet in _ORDER if facet in held and facet not in asked
    )[:MOST]


def _question(template: str, name: str) -> str:
    """The question about a name; an English name that begins with an owner ("Gwangju's bid") takes no article."""
    if _OWNED.match(name):
        template = template.replace("the {name}", "{name}")
    return template.format(name=name)


def facets_of(generation: OpenGeneration, entity: str, language: Language) -> frozenset[Facet]:
    """The facets that the entity's brief has in a language."""
    return frozenset(
        passage.facet
        for passage in generation.passages
        if passage.entity == entity
        and passage.language == language
        and passage.facet is not None
        and passage.statements
    )


def _entity(context: Context) -> str | None:
    entities = context.generation.glossary.entities
    named = [key for part in context.parts for key in part.asked.entities]
    told = [
        candidate.passage.entity
        for candidate in (context.outcome.candidates if context.outcome else ())
        if candidate.passage.kind is DocumentKind.BRIEF and candidate.passage.entity is not None
    ]
    return next((key for key in (*told, *named) if key in entities and entities[key].brief), None)
