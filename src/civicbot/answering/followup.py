"""Third stage: a follow-up is made to stand alone, and a question is cut into the parts that it asks."""

from __future__ import annotations

import re
from dataclasses import replace

from civicbot.answering.context import Context, Part
from civicbot.answering.lexicon import lexicon
from civicbot.answering.understanding import Understanding, understand
from civicbot.model import Facet

_LIST = re.compile(r"[가-힣](?:와|과|랑|하고|및|,)\s|\S+\s+및\s|\band\b|,\s")
_FEW_TERMS = 2
"""A question with at most so many words of its own can lean on the one before it."""


class FollowUp:
    """Resolves what a question leaves unsaid from the conversation's earlier questions."""

    name = "context"

    def __call__(self, context: Context) -> Context:
        """Rewrites the question to stand alone and splits it into parts."""
        standalone = self._standalone(context)
        return replace(context, standalone=standalone, parts=self._parts(context, standalone))

    def _standalone(self, context: Context) -> str:
        if not context.earlier:
            return context.text
        words = lexicon(context.language, context.generation.tokenizer)
        asked = _understood(context, context.text)
        marked = words.followup.search(context.text) is not None
        demanded = [term for term in asked.terms if term.weight >= 1.0]
        if asked.entities:
            bare = not (asked.kinds or asked.facets or demanded)
            previous = _understood(context, context.earlier[-1].standalone)
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
            entities = _understood(context, turn.standalone).entities
            if entities:
                return glossary.entities[entities[0]].names(context.language).name
        return None

    def _parts(self, context: Context, standalone: str) -> tuple[Part, ...]:
        whole = _understood(context, standalone)
        words = lexicon(context.language, context.generation.tokenizer)
        pieces = [piece.strip(" ,.?!") for piece in words.connector.split(standalone)]
        asked = [(piece, _understood(context, piece)) for piece in pieces if piece]
        telling = [
            (piece, single) for piece, a in asked if a.kinds or a.facets or a.what for single in self._listed(piece, a)
        ]
        if len(telling) < 2 or len({(a.entities, a.kinds, a.facets, a.terms) for _, a in telling}) < 2:
            return (Part(standalone, whole),)
        return tuple(self._part(context, piece, a, whole) for piece, a in telling)

    def _listed(self, piece: str, asked: Understanding) -> list[Understanding]:
        """One understanding for each facet that is listed."""
        listed = [facet for facet in asked.facets if facet is not Facet.WHAT]
        if len(listed) < 2 or len(asked.kinds) > 1 or not _LIST.search(piece):
            return [asked]
        return [replace(asked, facets=(facet,), kinds=asked.kinds if place == 0 else ()) for place, facet in enumerate(listed)]

    def _part(self, context: Context, piece: str, asked: Understanding, whole: Understanding) -> Part:
        years = asked.years or whole.years
        if asked.entities or not whole.entities:
            return Part(piece, replace(asked, years=years))
        name = context.generation.glossary.entities[whole.entities[0]].names(context.language).name
        return Part(f"{name} {piece}", replace(asked, entities=whole.entities[:1], years=years))


def _joined(context: Context, name: str, question: str) -> str:
    return f"{name} {question}" if context.language == "ko" else f"{question} ({name})"


def _understood(context: Context, text: str) -> Understanding:
    generation = context.generation
    return understand(text, context.language, generation.glossary, generation.tokenizer, context.today.year)
