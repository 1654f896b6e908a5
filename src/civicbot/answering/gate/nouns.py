"""What goes into the sentence gate and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from civicbot.model import Language


class GateRule(StrEnum):
    """What a sentence can fail by."""

    NO_CITATION = "no_citation"
    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    NEGATION = "negation"
    MODALITY = "modality"
    SPEAKER = "speaker"
    STITCHED = "stitched"
    COVERAGE = "coverage"
    LINK = "link"


@dataclass(frozen=True)
class GateEvidence:
    """A passage that was given to the model, or a sentence of one.

    Attributes:
        document_id: where it stands; two passages with one id are still two passages.
        text: one or more sentences in a row.
        published: the day of the document, part of the evidence like the publisher.
        context: what stands above or around the passage (title, heading, neighbours): it may name the subject that the
            passage leaves out, and carries nothing else.
    """

    document_id: str
    text: str
    language: Language
    published: date | None = None
    publisher: str | None = None
    context: str = ""


@dataclass(frozen=True)
class GateFinding:
    """One thing that the cited passages do not carry.

    Attributes:
        token: the words that it is about; for a clause that is missing, the words of the passage.
        span: (start, end) of the token in the sentence, None where it does not stand there.
    """

    rule: GateRule
    token: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class GateDecision:
    """What the gate says about a sentence, kept with the answer for staff.

    Attributes:
        score: 0..1, the share of the sentence's words that its passages carry.
        findings: all that is wrong, in the order of the rules; a sentence passes without any.
    """

    passed: bool
    score: float
    findings: tuple[GateFinding, ...] = ()
