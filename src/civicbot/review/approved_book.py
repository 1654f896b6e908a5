"""The approved answers as the pipeline uses them: matched and given from one index generation, whatever the database.

An approved answer is given only where all that it cites stands in the generation that answers: so a process that has
swapped to a new library leaves out what that has changed, before anybody has written so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from civicbot.answering.approved import ApprovedMatcher
from civicbot.answering.verify import supported
from civicbot.model import AnswerStatus, Language, Support
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.approved_nouns import Approved
from civicbot.review.approved_sources import quotes

_BUILT = "approved_book"


@dataclass(frozen=True)
class GivenAnswer:
    """An approved answer as it is told from one generation.

    Attributes:
        sentences: each with the places that it cites.
        checked_on: the day on which it was published.
    """

    id: int
    status: AnswerStatus
    sentences: tuple[tuple[str, tuple[Support, ...]], ...]
    checked_on: date


@dataclass(frozen=True)
class _Built:
    """What is worked out once for a generation and a year, and kept with the generation."""

    book: ApprovedBook
    year: int
    matcher: ApprovedMatcher
    answers: dict[int, GivenAnswer]


class ApprovedBook:
    """The approved answers that are live at one moment; it never changes.

    Args:
        approved: the live ones.
    """

    def __init__(self, approved: Iterable[Approved] = ()) -> None:
        self.approved = tuple(approved)
        self._last_days = {one.id: one.valid_until for one in self.approved}

    def find(self, question: str, language: Language, generation: OpenGeneration, today: date) -> GivenAnswer | None:
        """The approved answer to a question, or None.

        Args:
            question: standing alone.
            language: of the answer.
            generation: the library; what it does not hold any more is not given.
            today: the day in Korean time; what may not be given any more is not.
        """
        if not self.approved:
            return None
        built = self.prepare(generation, today.year)
        match = built.matcher.match(question, language)
        if match is None:
            return None
        last = self._last_days[match.id]
        return built.answers[match.id] if last is None or last >= today else None

    def warm_up(self, generation: OpenGeneration, today: date) -> None:
        """Asks a question of each language, so that no resident waits for what the first one takes; some seconds."""
        for language, question in {one.language: one.question for one in self.approved}.items():
            self.find(question, language, generation, today)

    def prepare(self, generation: OpenGeneration, year: int) -> _Built:
        """Works out what the first question would wait for."""
        held = generation.worked_out.get(_BUILT)
        if isinstance(held, _Built) and held.book is self and held.year == year:
            return held
        # Two threads may both make it; the second one only does it in vain.
        answers = {one.id: given for one in self.approved if (given := _given(one, generation)) is not None}
        matcher = ApprovedMatcher([one for one in self.approved if one.id in answers], generation, year)
        built = _Built(self, year, matcher, answers)
        generation.worked_out[_BUILT] = built
        return built


def _given(approved: Approved, generation: OpenGeneration) -> GivenAnswer | None:
    """An approved answer as a generation bears it out; None where any of it does not stand there."""
    there = quotes(generation)
    sentences = []
    for sentence in approved.sentences:
        found = [there.get((cited.document_id, cited.quote_hash)) for cited in sentence.citations]
        supports = tuple(one for one in found if one is not None)
        # All or nothing: half of an approved answer is none.
        if len(supports) < len(found) or not all(supported(generation, sentence.text, one) for one in supports):
            return None
        sentences.append((sentence.text, supports))
    if approved.checked_on is None:
        return None
    return GivenAnswer(approved.id, approved.status, tuple(sentences), approved.checked_on)
