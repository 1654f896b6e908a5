"""An answer's sentences beside what they were made of, and what was not used; frozen, and fit to be shown as it is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from civicbot.model import Language, Noun


class Span(Noun):
    """A stretch of a text: 0-based, end-exclusive, in Python characters."""

    start: int
    end: int


class EvidenceView(Noun):
    """A citation beside the passage that it is quoted from, as the live library has it.

    Attributes:
        passage_text: None when the live library lacks the passage.
        quote: what was cited.
        support: where the quote stands in ``passage_text``; empty when it stands there no more.
        figures: where in ``passage_text`` the figures of the sentence stand, within the quote.
        missing: figures of the sentence that the quote lacks; empty as long as the answer's own rules held.
        document_changed: whether the quote is no longer in the document at all.
    """

    number: int
    document_id: str
    passage_id: str
    title: str
    heading: str = ""
    publisher: str | None = None
    published: date | None = None
    url: str | None = None
    language: Language
    quote: str
    passage_text: str | None = None
    support: tuple[Span, ...] = ()
    figures: tuple[Span, ...] = ()
    missing: tuple[str, ...] = ()
    document_changed: bool = False


class SentenceView(Noun):
    """A sentence of the answer with what supports it.

    Attributes:
        origin_passage_id: the passage that the sentence itself was taken from (a brief's, say); None if not known.
        confidence: 0..1, how sure it was that the sentence answers; None if not known.
    """

    text: str
    evidence: tuple[EvidenceView, ...]
    origin_passage_id: str | None = None
    confidence: float | None = None


class WhyNot(StrEnum):
    """Why a sentence that was weighed does not stand in the answer.

    ``below_threshold``: it was not sure enough. ``other_year``, ``other_entity``: it tells of another year or thing
    than the question. ``same_as``: it says what a sentence of the answer says. ``lower_rank``: others were better, and
    an answer is short. ``held_back``: it was sure enough, but a rule forbade an answer, or it lacked the kind of value.
    """

    BELOW_THRESHOLD = "below_threshold"
    OTHER_YEAR = "other_year"
    OTHER_ENTITY = "other_entity"
    SAME_AS = "same_as"
    LOWER_RANK = "lower_rank"
    HELD_BACK = "held_back"


class NotUsed(Noun):
    """One reason against a sentence.

    Attributes:
        threshold: the least confidence asked for, with ``below_threshold``.
        sentence: the number (from 1) of the answer's sentence that says the same, with ``same_as``.
        rank: its place among all that was weighed, from 1, with ``lower_rank``.
        names: the years, or glossary keys of the things, that it tells of instead.
    """

    why: WhyNot
    threshold: float | None = None
    sentence: int | None = None
    rank: int | None = None
    names: tuple[str, ...] = ()


class UnusedEvidence(Noun):
    """A sentence that was weighed and not used, best first.

    Attributes:
        passage_text: None when the live library lacks the passage.
        support: where the sentence stands in it.
        reasons: why it was not used, the weightiest first; never empty.
    """

    text: str
    document_id: str
    passage_id: str
    title: str
    heading: str = ""
    published: date | None = None
    url: str | None = None
    language: Language | None = None
    passage_text: str | None = None
    support: tuple[Span, ...] = ()
    confidence: float
    score: float
    reasons: tuple[NotUsed, ...]
