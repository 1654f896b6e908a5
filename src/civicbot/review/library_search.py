"""Finds what a corrected answer can cite, with the bot's own retriever."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from civicbot.answering.retrieve import Retrieve
from civicbot.model import Language, Passage, Statement, Support
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit
from civicbot.review.correction_nouns import FoundSentence, LibraryHit, Pick
from civicbot.review.evidence_nouns import Span

_SHORT = 2
"""A shorter token says too little to be marked wherever its letters stand."""


def search(
    generation: OpenGeneration, retrieve: Retrieve, text: str, language: Language, most: int
) -> tuple[LibraryHit, ...]:
    """The passages that the bot itself finds for some words, best first, with the words marked.

    Args:
        generation: the live library.
        retrieve: makes the retriever, with the settings that answers are found with.
        text: the words.
        language: of the passages.
        most: how many at most.
    """
    if not text.strip():
        return ()
    found = retrieve.retriever(generation).model_copy(update={"k": most}).search(text, language)
    pattern = _pattern(generation.tokenizer.tokens(text))
    return tuple(_hit(generation, hit, pattern) for hit in found.hits)


def pick_of(support: Support) -> Pick:
    """A citation's target as staff pick it."""
    return Pick(**support.model_dump())


def _hit(generation: OpenGeneration, hit: Hit, pattern: re.Pattern[str] | None) -> LibraryHit:
    passage, document = hit.passage, generation.document(hit.passage.document_id)
    marks = tuple(_marks(passage.text, pattern))
    return LibraryHit(
        passage_id=passage.id,
        document_id=document.id,
        kind=passage.kind.value,
        language=passage.language,
        title=document.title,
        heading=passage.heading,
        publisher=document.publisher,
        published=document.told,
        url=document.url,
        text=passage.text,
        highlights=marks,
        sentences=tuple(_sentence(passage, statement, marks) for statement in passage.statements),
        score=hit.score,
    )


def _sentence(passage: Passage, statement: Statement, marks: Sequence[Span]) -> FoundSentence:
    start, end = statement.start - passage.start, statement.end - passage.start
    return FoundSentence(
        text=statement.text,
        start=start,
        end=end,
        matched=any(start <= mark.start < end for mark in marks),
        supports=tuple(map(pick_of, statement.supports)),
    )


def _pattern(tokens: Iterable[str]) -> re.Pattern[str] | None:
    """What a token looks like in a text: Korean stems anywhere in a word, others (which are stemmed) at its start."""
    wanted = sorted({token for token in tokens if len(token) >= _SHORT}, key=len, reverse=True)
    if not wanted:
        return None
    forms = (rf"\b{re.escape(token)}\w*" if token.isascii() else re.escape(token) for token in wanted)
    return re.compile("|".join(forms), re.IGNORECASE)


def _marks(text: str, pattern: re.Pattern[str] | None) -> Sequence[Span]:
    """Where the words stand; those that touch, as the parts of a Korean compound do, as one."""
    marks: list[Span] = []
    for match in pattern.finditer(text) if pattern is not None else ():
        start, end = match.span()
        if marks and marks[-1].end == start:
            start = marks.pop().start
        marks.append(Span(start=start, end=end))
    return marks
