"""The one object that all stages share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from civicbot.answering.protocols import NoRulings, Rules, Turn
from civicbot.answering.understanding import Understanding
from civicbot.language.personal import PersonalKind
from civicbot.model import AnswerStatus, Language, ModelWork, NoticeKind, Passage, Question, Statement
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit


@dataclass(frozen=True)
class Candidate:
    """A sentence that may answer, with what was found out about it.

    Attributes:
        statement: the sentence.
        passage: where it stands.
        score: how well it answers, for ranking; higher is better.
        confidence: 0..1, how sure it is that it answers what was asked.
        features: what went into the score, by name, for staff and tests.
    """

    statement: Statement
    passage: Passage
    score: float
    confidence: float
    features: dict[str, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Part:
    """One thing that a question asks; most questions have one part.

    Attributes:
        text: the part as a question that stands alone.
        asked: what it asks.
        hits: passages found for it.
        candidates: sentences that answer it, best first; empty when nothing does.
        rejected: the best sentence that was not good enough, for staff and for the choice of the status.
        near: sentences that do not answer for sure but come close, shown where nothing answers.
        weighed: the best sentences before any threshold, for staff: used or not.
    """

    text: str
    asked: Understanding
    hits: tuple[Hit, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    rejected: Candidate | None = None
    near: tuple[Candidate, ...] = ()
    weighed: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How the question ended before an answer object is made of it.

    Attributes:
        status: the status.
        text_key: the key of the text under ``status`` in the texts; empty when sentences speak for themselves.
        text: a text that replaces the keyed one (a ruling's public text, a question back).
        candidates: the sentences to say, in order.
        notices: kinds of notices with the values that fill their texts.
        choices: what may be meant, for a clarification.
        confidence: 0..1.
    """

    status: AnswerStatus
    text_key: str = ""
    text: str = ""
    candidates: tuple[Candidate, ...] = ()
    notices: tuple[tuple[NoticeKind, dict[str, str]], ...] = ()
    choices: tuple[str, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True)
class Context:
    """A question on its way through the stages; each stage returns a changed copy.

    A stage that sets ``outcome`` may end the pipeline: the stages after it see ``final`` and are skipped. From intake
    on, ``question`` holds the masked text, ``text`` the same without placeholders, and ``masked`` tells what kinds of
    personal data were in it. ``rules`` are those of staff that hold for this question from its start to its end, and
    ``ruling`` tells which kind of them has settled it, ``approved`` which approved answer; with ``ruled`` False none
    may, with ``switches`` False no switch. ``work`` tells what the language model did; with ``written`` False it has no
    part.
    """

    question: Question
    generation: OpenGeneration
    today: date
    text: str = ""
    language: Language = "ko"
    conversation_id: str = ""
    earlier: tuple[Turn, ...] = ()
    masked: tuple[PersonalKind, ...] = ()
    standalone: str = ""
    parts: tuple[Part, ...] = ()
    degraded: bool = False
    outcome: Outcome | None = None
    final: bool = False
    ruled: bool = True
    switches: bool = True
    rules: Rules = field(default_factory=NoRulings)
    ruling: Literal["switch", "canned", "approved"] | None = None
    approved: int | None = None
    written: bool = True
    work: ModelWork | None = None
