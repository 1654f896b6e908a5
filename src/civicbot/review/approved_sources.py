"""Whether what an approved answer cites still stands in an index generation, and what stands there instead."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Protocol

from civicbot.model import DocumentKind, Support
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.approved_nouns import CitationChange, SuspensionReason
from civicbot.review.correction_nouns import CorrectedSentence, quote_hash

ALIKE = 0.4
"""The least similarity (0..1) of a sentence that is shown as what has become of another."""

_QUOTES = "approved_sources.quotes"


class Citing(Protocol):
    """Something with sentences that cite, such as an approved answer."""

    @property
    def sentences(self) -> tuple[CorrectedSentence, ...]:
        """Its sentences."""


def quotes(generation: OpenGeneration) -> dict[tuple[str, str], Support]:
    """Where each sentence of a generation that can be cited stands, by document id and quote hash."""
    # Kept with the generation: some thousand hashes, which every question would need.
    held = generation.worked_out.get(_QUOTES)
    if isinstance(held, dict):
        return held
    found: dict[tuple[str, str], Support] = {}
    for passage in generation.passages:
        if passage.kind is DocumentKind.BRIEF:
            continue
        for statement in passage.statements:
            for support in statement.supports:
                found.setdefault((support.document_id, quote_hash(support.quote)), support)
    generation.worked_out[_QUOTES] = found
    return found


def changes(approved: Citing, generation: OpenGeneration) -> tuple[CitationChange, ...]:
    """What of an approved answer's citations no longer stands in a generation; empty when all of it does.

    A citation stands when its document holds a sentence of the same words, wherever in it: white space may differ.

    Args:
        approved: the approved answer.
        generation: the library; nothing of it is changed.
    """
    there = quotes(generation)
    return tuple(
        CitationChange(
            sentence=place,
            citation=number,
            document_id=cited.document_id,
            before=cited.quote,
            after=_instead(generation, cited.document_id, cited.quote),
        )
        for place, sentence in enumerate(approved.sentences)
        for number, cited in enumerate(sentence.citations)
        if (cited.document_id, cited.quote_hash) not in there
    )


def reason_of(found: Sequence[CitationChange], generation: OpenGeneration) -> SuspensionReason:
    """Why an approved answer with some changes is suspended: whether the documents are there at all."""
    known = {document.id for document in generation.documents}
    gone = any(change.document_id not in known for change in found)
    return SuspensionReason.SOURCE_GONE if gone else SuspensionReason.SOURCE_CHANGED


def _instead(generation: OpenGeneration, document_id: str, quote: str) -> str | None:
    """The sentence of a document that is most like one that it no longer has."""
    sentences = (
        " ".join(statement.text.split())
        for passage in generation.passages
        if passage.document_id == document_id
        for statement in passage.statements
    )
    was = " ".join(quote.split())
    ranked = sorted(((_likeness(was, text), text) for text in sentences), key=lambda one: -one[0])
    return ranked[0][1] if ranked and ranked[0][0] >= ALIKE else None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
