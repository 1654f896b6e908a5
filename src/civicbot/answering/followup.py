"""Third stage: a follow-up is made to stand alone, and a question is cut into the parts that it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from civicbot.answering.context import Context, Part
from civicbot.answering.lexicon import lexicon
from civicbot.answering.parts import split_parts, understood
from civicbot.answering.understanding import Understanding

_BEFORE = 0.3
"""What a term of the question before weighs for a follow-up, of its weight there."""
_FEW_TERMS = 2
"""A question with at most so many words of its own can lean on the one before it."""


Rewrite = Callable[[Context, str], Context]
"""Puts a follow-up, and what the rules make of it, into words that stand alone, or leaves it as the rules have it."""


class FollowUp:
    """Resolves what a question leaves unsaid from the conversation's earlier questions.

    Args:
        rewrite: asked where the rules are unsure.
    """

    name = "context"

    def __init__(self, rewrite: Rewrite | None = None) -> None:
        self._rewrite = rewrite

    def __call__(self, context: Context) -> Context:
        """Rewrites the question to stand alone and splits it into parts."""
        context = replace(context, standalone=self._standalone(context))
        if self._rewrite is not None and context.written and _unsure(context):
            context = self._rewrite(context, context.standalone)
        parts = split_parts(context, context.standalone)
        return replace(context, parts=tuple(self._leaning(context, part) for part in parts))

    def _leaning(self, context: Context, part: Part) -> Part:
        """A part with few words of its own also looks for those of the question before it, less strongly."""
        words = lexicon(context.language, context.generation.tokenizer)
        if not context.earlier or _demanded(part.asked) > _FEW_TERMS:
            return part
        own = understood(context, context.text)
        if own.entities and words.followup.search(context.text) is None:
            return part
        before = understood(context, context.earlier[-1].standalone)
        if part.asked.entities and before.entities and not set(part.asked.entities) & set(before.entities):
            return part
        said = {term.token for term in part.asked.terms}
        added = tuple(replace(term, weight=_BEFORE * term.weight) for term in before.terms if term.token not in said)
        entities, people = part.asked.entities or before.entities, part.asked.people or before.people
        asked = replace(part.asked, terms=part.asked.terms + added, entities=entities, people=people)
        return replace(part, text=f"{context.earlier[-1].standalone} {part.text}", asked=asked)

    def _standalone(self, context: Context) -> str:
        if not context.earlier:
            return context.text
        words = lexicon(context.language, context.generation.tokenizer)
        asked = understood(context, context.text)
        marked = words.followup.search(context.text) is not None
        demanded = _demanded(asked)
        if asked.entities:
            bare = not (asked.kinds or asked.facets or demanded)
            previous = understood(context, context.earlier[-1].standalone)
            if bare and (marked or not previous.entities):
                return self._same_question_about(context, asked, previous)
            return context.text
        if not marked and demanded > _FEW_TERMS:
            return context.text
        name = self._last_entity_name(context)
        if name is None:
            return context.text
        return _joined(context, name, context.text)

    def _same_question_about(self, context: Context, asked: Understanding, previous: Understanding) -> str:
        """The previous question about another entity: what is meant by "And the NPU centre?" or by a choice."""
        question = context.earlier[-1].standalone
        name = context.generation.glossary.entities[asked.entities[0]].names(context.language).name
        if not previous.entities:
            return _joined(context, name, question)
        first = next(mention for mention in previous.mentions if mention.key == previous.entities[0])
        return question[: first.start] + name + question[first.end :]

    def _last_entity_name(self, context: Context) -> str | None:
        glossary = context.generation.glossary
        for turn in reversed(context.earlier):
            entities = understood(context, turn.standalone).entities
            if entities:
                return glossary.entities[entities[0]].names(context.language).name
        return None


def _unsure(context: Context) -> bool:
    """Whether the rules cannot know what a follow-up leaves unsaid: nothing has been named yet, or several things."""
    if not context.earlier or understood(context, context.text).entities:
        return False
    words = lexicon(context.language, context.generation.tokenizer)
    marked = words.followup.search(context.text) is not None
    if not marked and _demanded(understood(context, context.text)) > _FEW_TERMS:
        return False
    named = {key for turn in context.earlier for key in understood(context, turn.standalone).entities}
    return len(named) != 1


def _demanded(asked: Understanding) -> int:
    return sum(term.weight >= 1.0 for term in asked.terms)


def _joined(context: Context, name: str, question: str) -> str:
    return f"{name} {question}" if context.language == "ko" else f"{question} ({name})"
