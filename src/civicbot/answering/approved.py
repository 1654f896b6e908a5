"""Whether a question is one that staff have approved an answer to.

It is when all that it says is said by the approved question's wordings, too, and it says all that these have in common:
one more word, name, year or "not", or one less, makes it another question, which the pipeline answers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from civicbot.answering.agreement import Agreement, ApprovedSaid
from civicbot.answering.nearness import Nearness
from civicbot.answering.sameness import QuestionReader, Said
from civicbot.model import LANGUAGES, Language
from civicbot.retrieval.opened import OpenGeneration

_NEARLY = 0.03
"""Two approved questions with scores as near as this are told apart by nothing: neither matches."""


class ApprovedQuestion(Protocol):
    """A question with an approved answer."""

    @property
    def id(self) -> int:
        """Of the approved answer."""

    @property
    def language(self) -> Language:
        """Of its wordings."""

    @property
    def wordings(self) -> tuple[str, ...]:
        """The question and its other wordings."""


@dataclass(frozen=True)
class Match:
    """An approved answer whose question is the one that was asked.

    Attributes:
        id: of the approved answer.
        wording: the one of its wordings that fits.
        score: 0..1, how well it does.
    """

    id: int
    wording: str
    score: float


@dataclass(frozen=True)
class _Tools:
    """What reads the questions of a language."""

    reader: QuestionReader
    agreement: Agreement


class _OfLanguage:
    """The approved questions of one language."""

    def __init__(
        self, approved: Sequence[ApprovedQuestion], generation: OpenGeneration, language: Language, year: int
    ) -> None:
        tools = _tools(generation, language, year)
        self._reader, self.agreement = tools.reader, tools.agreement
        self._all = [ApprovedSaid.of(each.id, each.wordings, self._reader) for each in approved if each.wordings]
        self._exact: dict[str, list[Match]] = {}
        for each in approved:
            for folded, wording in {_folded(wording): wording for wording in each.wordings}.items():
                self._exact.setdefault(folded, []).append(Match(each.id, wording, 1.0))
        self._by_entity: dict[str | None, list[ApprovedSaid]] = {}
        for one in self._all:
            for key in _keys(one):
                self._by_entity.setdefault(key, []).append(one)

    def match(self, question: str) -> Match | None:
        """The approved answer to a question, or None."""
        exact = self._exact.get(_folded(question))
        if exact:
            return exact[0] if len({match.id for match in exact}) == 1 else None
        said = self._reader.read(question)
        fitting = [_best(said, one) for one in self._candidates(said) if self.agreement.agrees(said, one)]
        fitting.sort(key=lambda match: -match.score)
        if len(fitting) > 1 and fitting[0].score - fitting[1].score < _NEARLY:
            return None
        return fitting[0] if fitting else None

    def _candidates(self, said: Said) -> list[ApprovedSaid]:
        keys: tuple[str | None, ...] = (*sorted(said.entities), None)
        found = {one.id: one for key in keys for one in self._by_entity.get(key, ())}
        return list(found.values())


class ApprovedMatcher:
    """Finds the approved answer to a question; strict, since a wrong one would be told with staff's name on it.

    Args:
        approved: the questions.
        generation: the library that names and words are known by.
        year: in which it is asked, for "this year".
    """

    def __init__(self, approved: Sequence[ApprovedQuestion], generation: OpenGeneration, year: int) -> None:
        self._languages = {
            language: _OfLanguage([each for each in approved if each.language == language], generation, language, year)
            for language in LANGUAGES
        }

    def match(self, question: str, language: Language) -> Match | None:
        """The approved answer to a question, or None.

        Args:
            question: standing alone.
            language: of the answer.
        """
        return self._languages[language].match(question) if _folded(question) else None


def _tools(generation: OpenGeneration, language: Language, year: int) -> _Tools:
    """What reads questions, kept with the generation: an answer published anew must not wait for it again."""
    key = ("approved_tools", language, year)
    held = generation.worked_out.get(key)
    if not isinstance(held, _Tools):
        reader = QuestionReader(generation, language, year)
        nearness = Nearness(generation, language, reader.rules.akin)
        held = generation.worked_out[key] = _Tools(reader, Agreement(reader, nearness))
    return held


def _best(said: Said, one: ApprovedSaid) -> Match:
    scored = [(_likeness(said, wording.said), -place) for place, wording in enumerate(one.wordings)]
    score, place = max(scored)
    return Match(one.id, one.wordings[-place].text, 0.5 + 0.5 * score)


def _likeness(one: Said, other: Said) -> float:
    own = one.terms | one.asks | one.entities | one.names | one.figures
    theirs = other.terms | other.asks | other.entities | other.names | other.figures
    return len(own & theirs) / len(own | theirs) if own | theirs else 1.0


def _keys(one: ApprovedSaid) -> Iterable[str | None]:
    # A wording without a name of its own is compared with every question.
    return {key for w in one.wordings for key in (*w.said.entities, *(() if w.said.entities else (None,)))}


def _folded(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
