"""What corrected answers are made of; frozen, and fit to be shown as they are."""

from __future__ import annotations

import hashlib
from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from civicbot.model import AnswerStatus, Language, Noun
from civicbot.review.evidence_nouns import Span

MOST_SENTENCES = 12
MOST_VARIANTS = 50
MOST_TEXT = 1000
"""Characters of a question or a sentence."""


# ---------------------------------------------------------------- picking from the library


class FoundSentence(Noun):
    """A sentence of a passage that can be cited.

    Attributes:
        start: span in the passage's text.
        end: span in the passage's text, end-exclusive.
        matched: whether it holds words of the search.
        supports: what a citation of it quotes: itself, or for a brief's sentence the digests' sentences behind it.
    """

    text: str
    start: int
    end: int
    matched: bool
    supports: tuple[Pick, ...]


class LibraryHit(Noun):
    """A passage that a search found.

    Attributes:
        highlights: where words of the search stand in ``text``.
        score: comparable within one search.
    """

    passage_id: str
    document_id: str
    kind: str
    language: Language
    title: str
    heading: str
    publisher: str | None
    published: date | None
    url: str | None
    text: str
    highlights: tuple[Span, ...]
    sentences: tuple[FoundSentence, ...]
    score: float


class Pick(Noun):
    """A sentence of the library that is cited: verbatim ``quote`` at ``start:end`` of the document's text."""

    document_id: str
    passage_id: str
    start: int
    end: int
    quote: str


class DraftSentence(Noun):
    """A sentence of a corrected answer as staff write it, with what they cite for it."""

    text: str = Field(max_length=MOST_TEXT)
    citations: tuple[Pick, ...] = ()


# ---------------------------------------------------------------- what is wrong with them


class ProblemKind(StrEnum):
    """What keeps a sentence from being stored.

    ``no_text``: it is empty. ``no_citation``: nothing is cited for it. ``quote_gone``: the live library has no such
    sentence there. ``not_citable``: it stands in a brief, our own summary; what the brief cites is to be cited.
    ``figure``, ``date``: the cited sentence lacks one of the sentence's. ``name``, ``quotation``: the passage around it
    does.
    """

    NO_TEXT = "no_text"
    NO_CITATION = "no_citation"
    QUOTE_GONE = "quote_gone"
    NOT_CITABLE = "not_citable"
    FIGURE = "figure"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"


class Problem(Noun):
    """One thing that is missing.

    Attributes:
        citation: the number (from 1) of the sentence's citation that lacks it; None when it is about the sentence.
        missing: what is missing, as it stands in the sentence.
        span: where it stands in the sentence.
    """

    kind: ProblemKind
    citation: int | None = None
    missing: str = ""
    span: Span | None = None


class CheckedSentence(Noun):
    """A sentence with what is wrong with it; it can be stored when there is nothing."""

    sentence: DraftSentence
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether it can be stored."""
        return not self.problems


# ---------------------------------------------------------------- what is stored


class CitedSentence(Noun):
    """A citation as it is stored: what was cited, and where from, at that time.

    Attributes:
        quote_hash: see :func:`quote_hash`; a later library that lacks it makes the answer stale.
    """

    document_id: str
    passage_id: str
    start: int
    end: int
    quote: str
    quote_hash: str
    title: str
    publisher: str | None
    published: date | None
    url: str | None
    language: Language


class CorrectedSentence(Noun):
    """A sentence of a corrected answer."""

    text: str
    citations: tuple[CitedSentence, ...] = Field(min_length=1)


class Draft(Noun):
    """A corrected answer as staff hand it in.

    Attributes:
        question: the wording that it answers.
        variants: other wordings of the same question.
        language: of the question and the answer.
        status: what the bot should have said: ``answered``, ``partial``, ``no_evidence``, ``out_of_scope`` or
            ``refused``.
        sentences: at least one for ``answered`` and ``partial``; none for ``out_of_scope`` and ``refused``.
        owner: who answers for it; None for whoever saves it.
        valid_until: the last day on which it may be given; None for as long as its sources stand.
    """

    question: str = Field(max_length=MOST_TEXT)
    variants: tuple[str, ...] = Field((), max_length=MOST_VARIANTS)
    language: Language
    status: AnswerStatus = AnswerStatus.ANSWERED
    sentences: tuple[DraftSentence, ...] = Field((), max_length=MOST_SENTENCES)
    owner: str | None = None
    valid_until: date | None = None


class Correction(Noun):
    """A version of a corrected answer.

    Attributes:
        item_id: the item that it was made for; None once that is deleted.
        version: from 1; each save makes a new one.
        question: None once the resident whose words it was is forgotten, and nobody wrote another.
        index: the index generation that its citations were picked from.
        by: who saved this version.
    """

    id: int
    item_id: int | None
    version: int
    question: str | None
    variants: tuple[str, ...]
    language: Language
    status: AnswerStatus
    sentences: tuple[CorrectedSentence, ...]
    owner: str
    valid_until: date | None
    index: str
    by: str
    at: AwareDatetime

    @property
    def text(self) -> str:
        """The answer as a resident would read it: ``[n]`` after each sentence, equal quotes with one number."""
        numbers: dict[tuple[str, str], int] = {}
        pieces = []
        for sentence in self.sentences:
            keys = [(cited.document_id, cited.quote_hash) for cited in sentence.citations]
            marks = "".join(f"[{numbers.setdefault(key, len(numbers) + 1)}]" for key in keys)
            pieces.append(sentence.text + marks)
        return " ".join(pieces)


def quote_hash(quote: str) -> str:
    """SHA-256 (hex) of a quote with its white space evened out, so that a new line break does not change it."""
    return hashlib.sha256(" ".join(quote.split()).encode()).hexdigest()


FoundSentence.model_rebuild()
LibraryHit.model_rebuild()
