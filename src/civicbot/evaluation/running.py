"""Asks the questions of a set and keeps what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from civicbot.evaluation.answerers import Answerer, Opened, Understood
from civicbot.evaluation.questions import Item
from civicbot.judging import Verdict, judge
from civicbot.model import Answer, Citation, Language


@dataclass(frozen=True)
class Cited:
    """One citation of an answer.

    Attributes:
        number: its number in the answer.
        expected: whether it cites one of the sources that the question expects.
        verbatim: whether the document opens and holds the quote word for word.
    """

    number: int
    expected: bool
    verbatim: bool


@dataclass(frozen=True)
class Asked:
    """A question of a set and what came of it.

    Attributes:
        milliseconds: how long the answer took; earlier turns of its conversation are not counted.
        understood: what the question was taken to ask, where that can be seen.
    """

    item: Item
    answer: Answer
    verdict: Verdict
    milliseconds: float
    citations: tuple[Cited, ...]
    understood: Understood | None = None


Judging = Callable[[Item, Answer], Verdict]
"""Says what an answer to a question is worth."""


def run(items: Sequence[Item], answerer: Answerer, judging: Judging = judge) -> Iterator[Asked]:
    """Asks one question after the other, each in a conversation of its own.

    Args:
        items: the questions.
        answerer: who is asked.
        judging: judges the answers; by what the questions require if nothing else is given.

    Raises:
        CivicbotError: a question cannot be asked at all.
    """
    shelf = _Shelf(answerer)
    for item in items:
        conversation: str | None = None
        for turn in item.history:
            conversation = answerer.ask(turn, conversation).answer.conversation_id
        understood = answerer.understood(item.question, conversation)
        reply = answerer.ask(item.question, conversation)
        citations = tuple(shelf.cited(item, citation) for citation in reply.answer.citations)
        verdict = judging(item, reply.answer)
        yield Asked(item, reply.answer, verdict, reply.milliseconds, citations, understood)


class _Shelf:
    """Opens each cited document once."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._opened: dict[str, Opened | None] = {}

    def cited(self, item: Item, citation: Citation) -> Cited:
        opened = self._open(citation.document_id, citation.language)
        if opened is None:
            return Cited(citation.number, expected=False, verbatim=False)
        expected = not opened.names.isdisjoint(item.expected_sources)
        return Cited(citation.number, expected=expected, verbatim=citation.quote in opened.text)

    def _open(self, document_id: str, language: Language) -> Opened | None:
        if document_id not in self._opened:
            self._opened[document_id] = self._answerer.document(document_id, language)
        return self._opened[document_id]
