"""Fourth stage: what the assistant does not answer, and what it must ask back."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Context, Outcome
from civicbot.answering.lexicon import lexicon
from civicbot.answering.texts import texts
from civicbot.answering.understanding import ASIDE, Understanding
from civicbot.model import AnswerStatus, Facet

MOST_CHOICES = 8
_OF_A_PROJECT = frozenset({Facet.COST, Facet.SCHEDULE, Facet.PLACE, Facet.STATUS, Facet.ACTORS})
"""What every project has of its own, so that asking for it without a project needs asking back."""


def _names_nothing(asked: Understanding) -> bool:
    """Whether a value of some project is asked but nothing tells of which ("How much is the budget?")."""
    # A facet's cue weighs ASIDE at most, whether other words for it are known or not.
    demanded = any(term.weight > ASIDE for term in asked.terms)
    of_a_project = bool(asked.facets) and asked.facets[0] in _OF_A_PROJECT
    return of_a_project and not (asked.people or demanded or asked.what)


class Scope:
    """Ends questions that no evidence may answer (unsafe, personal, opinion, another city), or asks which is meant."""

    name = "scope"

    def __call__(self, context: Context) -> Context:
        """Checks the question against the lexicon and the glossary's easily confused names."""
        words = lexicon(context.language, context.generation.tokenizer)
        refusals = (
            (words.unsafe, AnswerStatus.REFUSED, "refused_unsafe"),
            (words.personal, AnswerStatus.REFUSED, "refused_personal"),
            (words.opinion, AnswerStatus.REFUSED, "refused_opinion"),
            (words.elsewhere, AnswerStatus.OUT_OF_SCOPE, "out_of_scope_gyeonggi"),
        )
        for pattern, status, key in refusals:
            if pattern.search(context.text):
                return replace(context, outcome=Outcome(status, text_key=key, confidence=0.9), final=True)
        return self._clarified(context)

    def _clarified(self, context: Context) -> Context:
        glossary = context.generation.glossary
        if any(part.asked.entities for part in context.parts):
            return context
        group = glossary.ambiguous(context.standalone)
        if group is not None:
            keys = group.entities
        elif all(_names_nothing(part.asked) for part in context.parts):
            keys = tuple(key for key, entity in glossary.entities.items() if entity.kind == "project" and entity.brief)
        else:
            return context
        names = tuple(glossary.entities[key].names(context.language).name for key in keys[:MOST_CHOICES])
        if not names:
            return context
        words = texts(context.language)
        text = words.clarify_project if group is None else words.clarify_pair.format(names=", ".join(names))
        outcome = Outcome(AnswerStatus.CLARIFICATION, text=text, choices=names, confidence=0.6)
        # A name that may mean several may still stand in a question that an editor has written down for one of them.
        return replace(context, outcome=outcome, final=group is None)
