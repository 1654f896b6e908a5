"""Third stage: a follow-up is made to stand alone, and a question is cut into the parts that it asks."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Context
from civicbot.answering.lexicon import lexicon
from civicbot.answering.parts import split_parts, understood
from civicbot.answering.understanding import Understanding

_FEW_TERMS = 2
"""A question with at most so many words of its own can lean on the one before it."""


class FollowUp:
    """Resolves what a question leaves unsaid from the conversation's earlier questions."""

    name = "context"

    def __call__(self, context: Context) -> Context:
        """Rewrites the question to stand alone and splits it into parts."""
        standalone = self._standalone(context)
        return replace(context, standalone=standalone, parts=split_parts(context, standalone))

    def _standalone(self, context: Context) -> str:
        if not context.earlier:
            return context.text
        words = lexicon(context.language, context.generation.tokenizer)
        asked = understood(context, context.text)
        marked = words.followup.search(context.text) is not None
        demanded = [term for term in asked.terms if term.weight >= 1.0]
        if asked.entities:
            bare = not (asked.kinds or asked.facets or demanded)
            previous = understood(context, context.earlier[-1].standalone)
            if bare and (marked or not previous.entities):
                return self._same_question_about(context, asked, previous)
            return context.text
        if not marked and len(demanded) > _FEW_TERMS:
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


def _joined(context: Context, name: str, question: str) -> str:
    return f"{name} {question}" if context.language == "ko" else f"{question} ({name})"
