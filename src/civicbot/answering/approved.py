"""Whether a question is one that staff have approved an answer to.

It is when all that it says is said by the approved question's wordings, too, and it says all that these have in common:
one more word, name, year or "not", or one less, makes it another question, which the pipeline answers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from civicbot.answering.nearness import Nearness
from civicbot.answering.sameness import YES_NO, QuestionReader, Said
from civicbot.model import LANGUAGES, Language
from civicbot.retrieval.opened import OpenGeneration

_TOLD_BY_WORDS = frozenset({YES_NO, "?who", "?why", "?how", "?status"})
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
class _Wording:
    """A wording, and what it says."""

    text: str
    said: Said


@dataclass(frozen=True)
class _Approved:
    """What the wordings of an approved question say, together and in common.

    Attributes:
        id: of the approved answer.
        wordings: each with what it says.
        entities: named by any.
        names: places, persons and bodies named by any.
        asks: what each asks.
        terms: said by any.
        common: said by all.
        proper: names that the glossary does not know, of any.
        companies: named by any, also inside the names of projects.
        figures: of any.
        common_figures: of all.
    """

    id: int
    wordings: tuple[_Wording, ...]
    entities: frozenset[str]
    names: frozenset[str]
    asks: frozenset[frozenset[str]]
    terms: frozenset[str]
    common: frozenset[str]
    proper: frozenset[str]
    companies: frozenset[str]
    figures: frozenset[str]
    common_figures: frozenset[str]

    @classmethod
    def of(cls, each: ApprovedQuestion, reader: QuestionReader) -> _Approved:
        """Reads an approved question."""
        wordings = tuple(_Wording(text, reader.read(text)) for text in each.wordings)
        said = [wording.said for wording in wordings]
        return cls(
            id=each.id,
            wordings=wordings,
            entities=_union(one.entities for one in said),
            names=_union(one.names | one.beside for one in said),
            asks=frozenset(one.asks for one in said),
            terms=_union(one.around for one in said),
            common=frozenset.intersection(*(one.around for one in said)),
            proper=_union(one.proper for one in said),
            companies=_union(one.companies for one in said),
            figures=_union(one.figures for one in said),
            common_figures=frozenset.intersection(*(one.figures for one in said)),
        )


@dataclass(frozen=True)
class _Tools:
    """What reads the questions of a language."""

    reader: QuestionReader
    nearness: Nearness


class _OfLanguage:
    """The approved questions of one language."""

    def __init__(
        self, approved: Sequence[ApprovedQuestion], generation: OpenGeneration, language: Language, year: int
    ) -> None:
        self._reader, self._nearness = _tools(generation, language, year)
        self._all = [_Approved.of(each, self._reader) for each in approved if each.wordings]
        self._exact: dict[str, list[Match]] = {}
        for each in approved:
            for folded, wording in {_folded(wording): wording for wording in each.wordings}.items():
                self._exact.setdefault(folded, []).append(Match(each.id, wording, 1.0))
        self._by_entity: dict[str | None, list[_Approved]] = {}
        for one in self._all:
            for key in _keys(one):
                self._by_entity.setdefault(key, []).append(one)

    def match(self, question: str) -> Match | None:
        exact = self._exact.get(_folded(question))
        if exact:
            return exact[0] if len({match.id for match in exact}) == 1 else None
        said = self._reader.read(question)
        fitting = [
            _best(said, one) for one in self._candidates(said) if not self.differs(said, one)
        ]
        fitting.sort(key=lambda match: -match.score)
        if len(fitting) > 1 and fitting[0].score - fitting[1].score < _NEARLY:
            return None
        return fitting[0] if fitting else None

    def _candidates(self, said: Said) -> list[_Approved]:
        keys: tuple[str | None, ...] = (*sorted(said.entities), None)
        found = {one.id: one for key in keys for one in self._by_entity.get(key, ())}
        return list(found.values())

    def differs(self, said: Said, one: _Approved) -> str:
        """The first slot in which a question differs from an approved one; empty where none does."""
        if not said.entities <= one.entities or not any(w.said.entities <= said.entities for w in one.wordings):
            return "entities"
        if not any(_asks_agree(said, w.said) for w in one.wordings):
            return "asks"
        if not self._names_agree(said, one):
            return "names"
        if not self._figures_agree(said, one):
            return "figures"
        if said.own and not any(w.said.own for w in one.wordings):
            return "own"
        free = self._free(said)
        missing = [t for t in one.common - said.around - free if not self._nearness.told(t, said.around, ())]
        if missing:
            return f"missing {sorted(missing)}"
        spare = free | _union(self._reader.rules.spare_with.get(e, frozenset()) for e in said.asks | said.terms)
        more = [t for t in said.terms - one.terms - spare if not self._nearness.told(t, one.terms, said.entities)]
        if more:
            return f"more {sorted(more)}"
        if not self._proper_agree(said, one):
            return "proper"
        return "" if any(self._said_enough(w.said, said, free) for w in one.wordings) else "little"

    def _proper_agree(self, said: Said, one: _Approved) -> bool:
        """Whether a question that names one of those named together ("Samsung and SK") names them all."""
        named = said.around & one.proper
        return not named or any(w.said.proper and w.said.proper <= said.around for w in one.wordings)

    def _said_enough(self, wording: Said, said: Said, free: frozenset[str]) -> bool:
        wanted = wording.terms - free
        told = sum(self._nearness.told(term, said.around, ()) for term in wanted)
        if said.asks <= _TOLD_BY_WORDS:
            # Nothing but what it says tells such a question from another one.
            return bool(wanted) and told == len(wanted)
        agreeing = len(wording.asks & said.asks) + len(wording.entities & said.entities)
        return agreeing + 2 * told >= len(wanted)

    def _figures_said(self, wording: Said, own: frozenset[str], said: Said, one: _Approved) -> bool:
        """Whether a question says a wording's figures; those of a wording with fewer only with all else it says."""
        if not wording.figures <= own:
            return False
        return one.wordings[0].said.figures <= own or all(
            self._nearness.told(term, said.around, ()) for term in wording.terms
        )

    def _names_agree(self, said: Said, one: _Approved) -> bool:
        implied = self._nearness.implied(said.entities) | self._nearness.near(said.entities)
        told = said.names | said.beside | implied
        if not any(w.said.names <= told | w.said.attached for w in one.wordings):
            return False
        # In the question itself a place may narrow it, unless it stands beside the name; what leads to it does not.
        other = (said.names - one.names - (implied & said.attached)) | (said.beside - one.names - implied)
        if not all(self._nearness.begins(key, one.terms) for key in other):
            return False
        # The same project under another company's name is another part of it.
        return not (said.companies and one.companies) or not said.companies.isdisjoint(one.companies)

    def _half_said(self, wording: Said, said: Said, free: frozenset[str]) -> bool:
        wanted = wording.terms - free
        agreeing = len(wording.asks & said.asks) + len(wording.entities & said.entities)
        return agreeing + 2 * sum(self._nearness.told(term, said.around, ()) for term in wanted) >= len(wanted)

    def _figures_agree(self, said: Said, one: _Approved) -> bool:
        figures = said.figures - self._nearness.figures(said.entities)
        own = said.figures | said.told_figures
        if figures - one.figures or not any(self._figures_said(w.said, own, said, one) for w in one.wordings):
            return False
        # A figure that only leads to the question ("I missed the 7th course …") is told apart by the question's own.
        return said.told_figures <= one.figures or bool(one.common_figures & said.figures)

    def _free(self, said: Said) -> frozenset[str]:
        rules = self._reader.rules
        return rules.idle | _union(rules.free_with.get(each, frozenset()) for each in said.asks | said.terms)


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


_OPEN = frozenset({"?what", "?which", "?list"})
"""Ways of asking for the same beside anything that tells what."""

def _tools(generation: OpenGeneration, language: Language, year: int) -> tuple[QuestionReader, Nearness]:
    """What reads questions, kept with the generation: an answer published anew must not wait for it again."""
    key = ("approved_tools", language, year)
    held = generation.worked_out.get(key)
    if not isinstance(held, _Tools):
        reader = QuestionReader(generation, language, year)
        held = generation.worked_out[key] = _Tools(reader, Nearness(generation, language, reader.rules.akin))
    return held.reader, held.nearness


def _asks_agree(said: Said, wording: Said) -> bool:
    asks, wanted = said.asks - {YES_NO}, wording.asks - {YES_NO}
    if said.asks == wording.asks or not asks | wanted:
        return True
    if YES_NO in said.asks | wording.asks:
        return False
    if not said.terms or not wording.terms:
        return False
    if asks and wanted:
        return asks <= _OPEN and wanted <= _OPEN
    return asks | wanted <= _OPEN | {"?who"}


def _best(said: Said, one: _Approved) -> Match:
    scored = [(_likeness(said, wording.said), -place) for place, wording in enumerate(one.wordings)]
    score, place = max(scored)
    return Match(one.id, one.wordings[-place].text, 0.5 + 0.5 * score)


def _likeness(one: Said, other: Said) -> float:
    own = one.terms | one.asks | one.entities | one.names | one.figures
    theirs = other.terms | other.asks | other.entities | other.names | other.figures
    return len(own & theirs) / len(own | theirs) if own | theirs else 1.0


def _keys(one: _Approved) -> Iterable[str | None]:
    # A wording without a name of its own is compared with every question.
    return {key for w in one.wordings for key in (w.said.entities or frozenset({None}))}


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _folded(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
