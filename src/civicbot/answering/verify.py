"""Last stage: no sentence without a passage that supports it."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Candidate, Context, Outcome
from civicbot.answering.gate.library import gate_of
from civicbot.answering.gate.nouns import GateEvidence
from civicbot.language.quantities import figures_hold
from civicbot.model import AnswerStatus, Support
from civicbot.retrieval.opened import OpenGeneration

MOST_CITATIONS = 1
"""Citations of one sentence: the best support holds all of it, and a second mark has a reader check the same again."""


class Verify:
    """Drops every sentence whose quotes do not stand verbatim in their documents or lack one of its figures.

    An approved answer keeps all the citations that staff have chosen.
    """

    name = "verify"

    def __call__(self, context: Context) -> Context:
        """Checks the outcome's sentences; without any left, an answer becomes ``no_evidence``."""
        outcome = context.outcome
        if outcome is None or not outcome.candidates:
            return context
        most = None if context.ruling == "approved" else MOST_CITATIONS
        found = (_verified(context.generation, candidate, most) for candidate in outcome.candidates)
        kept = tuple(candidate for candidate in found if candidate is not None)
        if kept or outcome.status is AnswerStatus.NO_EVIDENCE:
            return replace(context, outcome=replace(outcome, candidates=kept))
        nothing = Outcome(AnswerStatus.NO_EVIDENCE, text_key="no_evidence", confidence=0.0)
        return replace(context, outcome=nothing)


def _verified(generation: OpenGeneration, candidate: Candidate, most: int | None) -> Candidate | None:
    statement = candidate.statement
    supports = tuple(s for s in statement.supports if _carried(generation, candidate, s))[:most]
    if not supports:
        return None
    return replace(candidate, statement=statement.model_copy(update={"supports": supports}))


def _carried(generation: OpenGeneration, candidate: Candidate, support: Support) -> bool:
    """Whether a citation holds a sentence by the rules of the gate that judge nothing."""
    text = candidate.statement.text
    if not supported(generation, text, support):
        return False
    document = generation.document(support.document_id)
    cited = GateEvidence(document.id, support.quote, document.language, document.known, document.publisher)
    # The rules that weigh words are for sentences that nobody has read; those of the library have been written, and
    # tied to what supports them, by editors (docs/decisions/0015-sentence-gate.md).
    return not gate_of(generation).exact(text, candidate.passage.language, [cited])


def supported(generation: OpenGeneration, text: str, support: Support) -> bool:
    """Whether a citation holds a sentence: the quote stands verbatim in its document, and has all of its figures.

    Raises:
        UnknownDocumentError: the library does not have the document.
    """
    return in_place(generation, support) and figures_hold(text, support.quote)


def in_place(generation: OpenGeneration, support: Support) -> bool:
    """Whether a quote stands verbatim in its document.

    Raises:
        UnknownDocumentError: the library does not have the document.
    """
    return generation.document(support.document_id).text[support.start : support.end] == support.quote
