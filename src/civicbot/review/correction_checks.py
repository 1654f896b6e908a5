"""Whether a sentence that staff wrote is supported by what they cite: the rules of answers, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from civicbot.answering.gate.quotations import quotations
from civicbot.answering.verify import in_place
from civicbot.errors import UnknownDocumentError
from civicbot.language.quantities import missing_figures
from civicbot.model import DocumentKind, Passage, Support
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.alike import normal
from civicbot.review.correction_nouns import (
    CheckedSentence,
    CitedSentence,
    DraftSentence,
    Pick,
    Problem,
    ProblemKind,
    quote_hash,
)
from civicbot.review.evidence_nouns import Span

_TIMES = frozenset({"date", "time"})


def check(generation: OpenGeneration, sentence: DraftSentence) -> CheckedSentence:
    """A sentence with all that is wrong with it; every citation must hold all of it, as those of answers do."""
    return CheckedSentence(sentence=sentence, problems=tuple(_problems(generation, sentence)))


def cited(generation: OpenGeneration, pick: Pick) -> CitedSentence:
    """A sound citation as it is stored."""
    document = generation.document(pick.document_id)
    return CitedSentence(
        document_id=document.id,
        passage_id=pick.passage_id,
        start=pick.start,
        end=pick.end,
        quote=pick.quote,
        quote_hash=quote_hash(pick.quote),
        title=document.title,
        publisher=document.publisher,
        published=document.told,
        url=document.url,
        language=document.language,
    )


def _problems(generation: OpenGeneration, sentence: DraftSentence) -> Iterator[Problem]:
    if not sentence.text.strip():
        yield Problem(kind=ProblemKind.NO_TEXT)
        return
    if not sentence.citations:
        yield Problem(kind=ProblemKind.NO_CITATION)
    for number, pick in enumerate(sentence.citations, 1):
        passage = _passage(generation, pick)
        if passage is None:
            yield Problem(kind=ProblemKind.QUOTE_GONE, citation=number, missing=pick.quote)
        elif passage.kind is DocumentKind.BRIEF:
            yield Problem(kind=ProblemKind.NOT_CITABLE, citation=number, missing=pick.quote)
        else:
            yield from _lacking(generation, sentence.text, number, pick, passage)


def _passage(generation: OpenGeneration, pick: Pick) -> Passage | None:
    """The passage that holds just this sentence; None when there is none."""
    support = Support(**pick.model_dump())
    try:
        passage = generation.passage(pick.passage_id)
        there = passage.document_id == pick.document_id and in_place(generation, support)
    except (KeyError, UnknownDocumentError):
        return None
    whole = any((statement.start, statement.end) == (pick.start, pick.end) for statement in passage.statements)
    return passage if there and whole else None


def _lacking(generation: OpenGeneration, text: str, number: int, pick: Pick, passage: Passage) -> Iterator[Problem]:
    for quantity in missing_figures(text, pick.quote):
        kind = ProblemKind.DATE if quantity.kind in _TIMES else ProblemKind.FIGURE
        yield _missing(kind, number, text, quantity.start, quantity.end)
    # A passage names its subject once, in its heading perhaps, and its sentences leave it out.
    glossary = generation.glossary
    known = {mention.key for mention in glossary.mentions(passage.search_text)}
    for mention in glossary.mentions(text):
        if mention.key not in known:
            yield _missing(ProblemKind.NAME, number, text, mention.start, mention.end)
    said = normal(passage.text)
    for quotation, start, end in quotations(text):
        if normal(quotation) not in said:
            yield _missing(ProblemKind.QUOTATION, number, text, start, end)


def _missing(kind: ProblemKind, number: int, text: str, start: int, end: int) -> Problem:
    return Problem(kind=kind, citation=number, missing=text[start:end], span=Span(start=start, end=end))
