"""Whether a question says the same as an approved one, slot by slot: any slot that differs is a veto."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from civicbot.answering.asking import YES_NO
from civicbot.answering.nearness import Nearness
from civicbot.answering.sameness import QuestionReader, Said

_TOLD_BY_WORDS = frozenset({YES_NO, "?who", "?why", "?how", "?status"})
"""Asked so, only what else a question says tells it from others."""
_OPEN = frozenset({"?what", "?which", "?list"})
"""Ways of asking for the same beside anything that tells what."""


@dataclass(frozen=True)
class Wording:
    """A wording of an approved question, and what it says."""

    text: str
    said: Said


@dataclass(frozen=True)
class ApprovedSaid:
    """What the wordings of an approved question say, together and in common.

    Attributes:
        id: of the approved answer.
        wordings: each with what it says.
        entities: named by any.
        names: places, persons and bodies named by any.
        terms: said by any.
        common: said by all.
        proper: names that the glossary does not know, of any.
        companies: named by any, also inside the names of projects.
        figures: of any.
        common_figures: of all.
    """

    id: int
    wordings: tuple[Wording, ...]
    entities: frozenset[str]
    names: frozenset[str]
    terms: frozenset[str]
    common: frozenset[str]
    proper: frozenset[str]
    companies: frozenset[str]
    figures: frozenset[str]
    common_figures: frozenset[str]

    @classmethod
    def of(cls, number: int, wordings: Sequence[str], reader: QuestionReader) -> ApprovedSaid:
        """Reads the wordings of an approved question.

        Args:
            number: its id.
            wordings: at least one.
            reader: what reads them.
        """
        read = tuple(Wording(text, reader.read(text)) for text in wordings)
        said = [wording.said for wording in read]
        return cls(
            id=number,
            wordings=read,
            entities=_union(one.entities for one in said),
            names=_union(one.names | one.beside for one in said),
            terms=_union(one.around for one in said),
            common=frozenset.intersection(*(one.around for one in said)),
            proper=_union(one.proper for one in said),
            companies=_union(one.companies for one in said),
            figures=_union(one.figures for one in said),
            common_figures=frozenset.intersection(*(one.figures for one in said)),
        )


class Agreement:
    """Compares questions with approved ones.

    Args:
        reader: what reads them.
        nearness: what says the same in other words.
    """

    def __init__(self, reader: QuestionReader, nearness: Nearness) -> None:
        self._rules = reader.rules
        self._nearness = nearness

    def agrees(self, said: Said, one: ApprovedSaid) -> bool:
        """Whether a question is an approved one."""
        return self.differs(said, one) == ""

    def differs(self, said: Said, one: ApprovedSaid) -> str:
        """The first slot in which a question differs from an approved one; empty where none does."""
        return next((slot for slot, agrees in self._slots(said, one) if not agrees), "")

    def _slots(self, said: Said, one: ApprovedSaid) -> Iterator[tuple[str, bool]]:
        """The slots, what rules out most first; none is worked out that is not needed."""
        wordings = [wording.said for wording in one.wordings]
        # A question that says nothing is none of them, even of those that name nothing themselves.
        told = bool(said.entities | said.names | said.terms | said.proper)
        named = said.entities <= one.entities and any(w.entities <= said.entities for w in wordings)
        yield "entities", told and named
        wordings = [w for w in wordings if _asks_agree(said, w)]
        yield "asks", bool(wordings)
        yield "tense", _tense_agrees(said, wordings)
        yield "names", self._names_agree(said, one)
        yield "figures", self._figures_agree(said, one)
        yield "own", not said.own or any(w.own for w in wordings)
        free = self._with(self._rules.free_with, said) | self._rules.idle
        lacking = one.common - said.around - free
        yield "lacking", all(self._nearness.told(term, said.around, ()) for term in lacking)
        spare = free | self._with(self._rules.spare_with, said)
        # By one of the wordings alone: parts of several may make up another question.
        wordings = [w for w in wordings if self._says_all(w.around, said, spare) and not self._rival(w, said)]
        yield "beyond", bool(wordings)
        yield "proper", self._proper_agree(said, one)
        yield "little", any(self._said_enough(w, said, free) for w in wordings)

    @staticmethod
    def _with(free: Mapping[str, frozenset[str]], said: Said) -> frozenset[str]:
        return _union(free.get(each, frozenset()) for each in said.asks | said.terms)

    def _says_all(self, wording: frozenset[str], said: Said, spare: frozenset[str]) -> bool:
        return all(self._nearness.told(term, wording, said.entities) for term in said.terms - wording - spare)

    def _rival(self, wording: Said, said: Said) -> bool:
        """Whether each says another of what tells questions apart ("building costs", "running costs")."""
        both = ((group & wording.around, group & said.terms) for group in self._rules.rivals)
        return any(one and other and one.isdisjoint(other) for one, other in both)

    def _proper_agree(self, said: Said, one: ApprovedSaid) -> bool:
        """Whether a question that names one of those named together ("Samsung and SK") names them all."""
        named = said.around & one.proper
        return not named or any(w.said.proper and w.said.proper <= said.around for w in one.wordings)

    def _said_enough(self, wording: Said, said: Said, free: frozenset[str]) -> bool:
        wanted = wording.terms - free
        told = sum(self._nearness.told(term, said.around, ()) for term in wanted)
        if said.asks <= _TOLD_BY_WORDS or YES_NO in wording.asks:
            # Nothing but what it says tells such a question from another one.
            return told == len(wanted) and (bool(wanted) or YES_NO not in said.asks | wording.asks)
        if wording.asks != said.asks and told < len(wanted):
            return False
        agreeing = len(wording.asks & said.asks) + len(wording.entities & said.entities)
        return agreeing + 2 * told >= len(wanted)

    def _figures_said(self, wording: Said, own: frozenset[str], said: Said, one: ApprovedSaid) -> bool:
        """Whether a question says a wording's figures; those of a wording with fewer only with all else it says."""
        if not wording.figures <= own:
            return False
        return one.wordings[0].said.figures <= own or all(
            self._nearness.told(term, said.around, ()) for term in wording.terms
        )

    def _names_agree(self, said: Said, one: ApprovedSaid) -> bool:
        implied = self._nearness.implied(said.entities)
        told = said.names | said.beside | implied
        if not any(w.said.names <= told | w.said.attached for w in one.wordings):
            return False
        # In the question itself a place may narrow it, unless it stands beside the name; what leads to it does not.
        stands = self._nearness.sited(said.entities)
        told_which = (implied | stands) & said.attached
        if not said.home and any(w.said.home for w in one.wordings):
            # What is asked of this city ("AI City in Gwangju") is not what goes on elsewhere.
            told_which &= implied
        other = (said.names - one.names - told_which) | (said.beside - one.names - implied - stands)
        if not all(self._nearness.begins(key, one.terms) for key in other):
            return False
        # The same project under another company's name is another part of it.
        return not (said.companies and one.companies) or not said.companies.isdisjoint(one.companies)

    def _figures_agree(self, said: Said, one: ApprovedSaid) -> bool:
        figures = said.figures - self._nearness.figures(said.entities)
        own = said.figures | said.told_figures
        if figures - one.figures or not any(self._figures_said(w.said, own, said, one) for w in one.wordings):
            return False
        # A figure that only leads to the question ("I missed the 7th course …") is told apart by the question's own.
        return said.told_figures <= one.figures or bool(one.common_figures & said.figures)


def _asks_agree(said: Said, wording: Said) -> bool:
    asks, wanted = said.asks, wording.asks
    if asks == wanted:
        return True
    if YES_NO in asks | wanted:
        return False
    if not said.terms or not wording.terms:
        return False
    if asks and wanted:
        return asks <= _OPEN and wanted <= _OPEN
    return asks | wanted <= _OPEN


def _tense_agrees(said: Said, wordings: Iterable[Said]) -> bool:
    """Whether a question for how much or how many asks for what is meant to be, or for what has been, as they do."""
    counted = "?value" in said.asks and bool(said.tense)
    return not counted or any(wording.tense in (said.tense, "") for wording in wordings)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
