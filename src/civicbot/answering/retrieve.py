"""Fifth stage: passages for each part of the question."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Context, Part
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import HybridRetriever


class Retrieve:
    """Searches the library in the question's language.

    Args:
        dense_languages: languages in which vectors take part.
        asked_as: whether asked-as wordings take part.
    """

    name = "retrieve"

    def __init__(self, dense_languages: frozenset[str], *, asked_as: bool) -> None:
        self._dense_languages = dense_languages
        self._asked_as = asked_as

    def retriever(self, generation: OpenGeneration) -> HybridRetriever:
        """The retriever over a generation, with this stage's settings."""
        return HybridRetriever(generation=generation, dense_languages=self._dense_languages, asked_as=self._asked_as)

    def __call__(self, context: Context) -> Context:
        """Finds passages for every part."""
        retriever = self.retriever(context.generation)
        parts: list[Part] = []
        degraded = False
        for part in context.parts:
            found = retriever.search(part.text, context.language)
            degraded |= found.degraded
            parts.append(replace(part, hits=found.hits))
        return replace(context, parts=tuple(parts), degraded=degraded)
