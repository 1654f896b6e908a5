"""What the assistant tells while it answers: stages, verified sentences, then the answer."""

from __future__ import annotations

from civicbot.model import Answer, AnswerSentence, Citation, Noun


class StageStarted(Noun):
    """A stage of the pipeline began; ``stage`` is its stable name (``intake``, ``retrieve``, …)."""

    stage: str


class SentenceReady(Noun):
    """A verified sentence of the answer.

    Attributes:
        sentence: the sentence with the numbers of its citations.
        new_citations: the citations that no earlier sentence used.
    """

    sentence: AnswerSentence
    new_citations: tuple[Citation, ...]


Event = StageStarted | SentenceReady | Answer
