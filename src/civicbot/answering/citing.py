"""From sentences with their quotes to an answer's sentences with numbered citations."""

from __future__ import annotations

from collections.abc import Sequence

from civicbot.answering.context import Candidate
from civicbot.answering.events import SentenceReady
from civicbot.model import AnswerSentence, Citation, Support
from civicbot.retrieval.opened import OpenGeneration


class Citing:
    """Numbers the quotes of an answer in order of first use; the same quote keeps its number.

    Args:
        generation: the library that the quotes stand in.
    """

    def __init__(self, generation: OpenGeneration) -> None:
        self._generation = generation
        self._numbers: dict[tuple[str, int, int], Citation] = {}
        self._sentences: list[AnswerSentence] = []

    @property
    def sentences(self) -> tuple[AnswerSentence, ...]:
        """The sentences so far."""
        return tuple(self._sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far."""
        return tuple(self._numbers.values())

    def add(self, candidate: Candidate) -> SentenceReady:
        """Adds a sentence; what a reader is told of it."""
        used: list[int] = []
        new: list[Citation] = []
        for support in candidate.statement.supports:
            key = (support.document_id, support.start, support.end)
            if key not in self._numbers:
                self._numbers[key] = citation_of(self._generation, support, len(self._numbers) + 1)
                new.append(self._numbers[key])
            used.append(self._numbers[key].number)
        sentence = AnswerSentence(text=" ".join(candidate.statement.text.split()), citations=tuple(used))
        self._sentences.append(sentence)
        return SentenceReady(sentence=sentence, new_citations=tuple(new))

    def add_all(self, candidates: Sequence[Candidate]) -> None:
        """Adds sentences."""
        for candidate in candidates:
            self.add(candidate)


def citation_of(generation: OpenGeneration, support: Support, number: int) -> Citation:
    """A quote of the library under a number."""
    document = generation.document(support.document_id)
    return Citation(
        number=number,
        quote=support.quote,
        document_id=document.id,
        passage_id=support.passage_id,
        title=document.title,
        publisher=document.publisher,
        published=document.told,
        url=document.url,
        language=document.language,
    )
