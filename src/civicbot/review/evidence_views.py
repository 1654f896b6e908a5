"""An answer beside what it was made of: cited passages with the support marked, and what was weighed and not used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from civicbot.answering.compose import MOST_SENTENCES
from civicbot.answering.distinct import SAME
from civicbot.answering.evidence import ANSWERABLE, KNOWN_UNKNOWN
from civicbot.answering.understanding import BACKGROUND_KINDS, PEOPLE_KINDS
from civicbot.language.dates import refines
from civicbot.language.quantities import Quantity, figures, missing_figures, quantities
from civicbot.model import AnswerSentence, AnswerStatus, Citation, Considered, Document, Exchange, Facet, Passage
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.evidence_nouns import EvidenceView, NotUsed, SentenceView, Span, UnusedEvidence, WhyNot

_GIVES_ANSWER = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})
_YEAR_DIGITS = 4


class EvidenceViews:
    """Looks an answer's evidence up in the live library.

    Args:
        generation: the live one; None while none is open, when only what the record holds is told.
    """

    def __init__(self, generation: OpenGeneration | None) -> None:
        self._generation = generation
        self._passages: Mapping[str, Passage] = (
            {passage.id: passage for passage in generation.passages} if generation is not None else {}
        )

    def sentences(self, exchange: Exchange) -> tuple[SentenceView, ...]:
        """The sentences of an answer, each with what is cited for it."""
        citations = {citation.number: citation for citation in exchange.answer.citations}
        origins = {" ".join(one.text.split()): one for one in exchange.considered if one.used}
        views = []
        for sentence in exchange.answer.sentences:
            origin = origins.get(sentence.text)
            cited = (citations[number] for number in sentence.citations if number in citations)
            views.append(
                SentenceView(
                    text=sentence.text,
                    evidence=tuple(self._evidence(sentence, citation) for citation in cited),
                    origin_passage_id=origin.passage_id if origin is not None else None,
                    confidence=origin.confidence if origin is not None else None,
                )
            )
        return tuple(views)

    def unused(self, exchange: Exchange) -> tuple[UnusedEvidence, ...]:
        """What was weighed and not used, best first, each with the reasons against it."""
        ranked = sorted(exchange.considered, key=lambda one: (-one.confidence, -one.score))
        return tuple(self._unused(exchange, one, rank) for rank, one in enumerate(ranked, 1) if not one.used)

    def _evidence(self, sentence: AnswerSentence, citation: Citation) -> EvidenceView:
        passage, document = self._passages.get(citation.passage_id), self._document(citation.document_id)
        text = passage.text if passage is not None else None
        support = _places(text, citation.quote)
        return EvidenceView(
            number=citation.number,
            document_id=citation.document_id,
            passage_id=citation.passage_id,
            title=citation.title,
            heading=passage.heading if passage is not None else "",
            publisher=citation.publisher,
            published=citation.published,
            url=citation.url,
            language=citation.language,
            quote=citation.quote,
            passage_text=text,
            support=support,
            figures=tuple(_shared_figures(sentence.text, citation.quote, support)),
            missing=tuple(sentence.text[q.start : q.end] for q in missing_figures(sentence.text, citation.quote)),
            document_changed=self._generation is not None and (document is None or citation.quote not in document.text),
        )

    def _unused(self, exchange: Exchange, one: Considered, rank: int) -> UnusedEvidence:
        passage, document = self._passages.get(one.passage_id), self._document(one.document_id)
        text = passage.text if passage is not None else None
        return UnusedEvidence(
            text=one.text,
            document_id=one.document_id,
            passage_id=one.passage_id,
            title=document.title if document is not None else one.document_id,
            heading=passage.heading if passage is not None else "",
            published=document.told if document is not None else None,
            url=document.url if document is not None else None,
            language=passage.language if passage is not None else None,
            passage_text=text,
            support=_places(text, one.text),
            confidence=one.confidence,
            score=one.score,
            reasons=tuple(self._against(exchange, one, passage, rank)),
        )

    def _against(self, exchange: Exchange, one: Considered, passage: Passage | None, rank: int) -> Iterator[NotUsed]:
        """Why a sentence was not used, as far as it can be told from what is kept."""
        found = False
        unknown = passage is not None and passage.facet is Facet.UNKNOWN
        least = KNOWN_UNKNOWN if unknown else ANSWERABLE
        if one.confidence < least:
            found = True
            yield NotUsed(why=WhyNot.BELOW_THRESHOLD, threshold=least)
        for why, names in (
            (WhyNot.OTHER_YEAR, _other_years(exchange.standalone, one.text)),
            (WhyNot.OTHER_ENTITY, self._other_entities(exchange.standalone, one.text, passage)),
        ):
            if names:
                found = True
                yield NotUsed(why=why, names=names)
        same = self._said(exchange.answer.sentences, one.text)
        if same is not None:
            found = True
            yield NotUsed(why=WhyNot.SAME_AS, sentence=same)
        if not found:
            ranked = exchange.answer.status in _GIVES_ANSWER
            yield NotUsed(why=WhyNot.LOWER_RANK, rank=rank) if ranked else NotUsed(why=WhyNot.HELD_BACK)

    def _other_entities(self, question: str, text: str, passage: Passage | None) -> tuple[str, ...]:
        """The thing that a sentence is about, where the question names others of its kind only."""
        if self._generation is None or passage is None or passage.entity is None:
            return ()
        glossary = self._generation.glossary
        aside = BACKGROUND_KINDS | PEOPLE_KINDS
        asked = {m.key for m in glossary.mentions(question) if glossary.entities[m.key].kind not in aside}
        told = {passage.entity, *(mention.key for mention in glossary.mentions(text))}
        return (passage.entity,) if asked and not asked & told else ()

    def _said(self, sentences: Sequence[AnswerSentence], text: str) -> int | None:
        """The number of the answer's sentence that says what another one says, by the share of its tokens."""
        if self._generation is None:
            return None
        tokens = self._generation.tokenizer.tokens
        own = frozenset(tokens(text))
        for number, sentence in enumerate(sentences[:MOST_SENTENCES], 1):
            if own and len(own & frozenset(tokens(sentence.text))) > SAME * len(own):
                return number
        return None

    def _document(self, document_id: str) -> Document | None:
        found = self._generation.documents if self._generation is not None else ()
        return next((document for document in found if document.id == document_id), None)


def _places(text: str | None, quote: str) -> tuple[Span, ...]:
    start = text.find(quote) if text is not None and quote else -1
    return (Span(start=start, end=start + len(quote)),) if start >= 0 else ()


def _shared_figures(sentence: str, quote: str, support: Sequence[Span]) -> Iterator[Span]:
    """Where in the passage, within the quote, figures of the sentence stand."""
    wanted = figures(sentence)
    for place in support:
        for quantity in quantities(quote):
            if _held(quantity, wanted):
                yield Span(start=place.start + quantity.start, end=place.start + quantity.end)


def _held(quantity: Quantity, wanted: frozenset[str]) -> bool:
    return quantity.value in wanted or any(refines(quantity.value, value) for value in wanted)


def _other_years(question: str, text: str) -> tuple[str, ...]:
    """The years that a sentence tells, where the question asks for others only."""
    asked, told = (_years(each) for each in (question, text))
    return tuple(sorted(told)) if asked and told and not asked & told else ()


def _years(text: str) -> frozenset[str]:
    dates = (quantity.value for quantity in quantities(text) if quantity.kind == "date")
    return frozenset(date[:_YEAR_DIGITS] for date in dates if not date.startswith("-"))
