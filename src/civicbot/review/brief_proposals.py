"""What is proposed for a gap: residents' wordings where they belong, or a footnoted sentence in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from civicbot.errors import CivicbotError
from civicbot.library.checks.papers import Paper, other_language, read_papers, twin
from civicbot.library.checks.questions import COUNT
from civicbot.library.checks.schema import WORDINGS
from civicbot.library.files import CorpusFile
from civicbot.model import LANGUAGES, Facet, Language
from civicbot.review.brief_files import Held, Place, digest_of
from civicbot.review.brief_nouns import Advice, BriefFileKind, EditKind
from civicbot.review.brief_text import add_questions, add_sentence, add_wordings, asked_of, clean_wording
from civicbot.review.gaps_nouns import Gap, Nearest, NextStep

MOST_WORDINGS = 2
"""So many wordings of each language are proposed at once: each further one says less."""
_TEMPLATES: Mapping[EditKind, Mapping[Language, str]] = {
    EditKind.SENTENCE: {
        "ko": "○○○○년 ○월 ○일 ○○ 기준으로 {name}의 ○○은 ○○입니다.[^S000]",
        "en": "As of DAY MONTH YEAR, the … of {name} is ….[^S000]",
    },
    EditKind.UNPUBLISHED: {
        "ko": "○○의 ○○○○년 ○월 ○일 보도에는 {name}의 ○○이 나오지 않습니다.[^S000]",
        "en": "The report of … of DAY MONTH YEAR does not give the … of {name}.[^S000]",
    },
}
"""Sentences with gaps: the footnote belongs to no digest, so that none of them can be saved as it is."""

Texts = dict[Place, str]
Names = Callable[[str | None, Language], str]


@dataclass(frozen=True)
class Proposal:
    """New texts of files, and what the editor must know of them."""

    texts: Mapping[Place, str]
    advice: tuple[Advice, ...] = ()


class Proposals:
    """Makes proposals for one brief.

    Args:
        held: its files in both languages as they are.
        read: reads a digest by its path below the corpus folder; None where there is none.
        personal: whether a text looks as if it holds personal data.
        names: how an entity is called.
    """

    def __init__(
        self,
        held: Mapping[Place, Held],
        read: Callable[[str], bytes | None],
        personal: Callable[[str, Language], bool],
        names: Names,
    ) -> None:
        self._held = held
        self._read = read
        self._personal = personal
        self._names = names
        briefs = {place: one for place, one in held.items() if place.kind is BriefFileKind.BRIEF}
        self._papers: dict[Language, Paper] = {
            place.language: paper
            for place, one in briefs.items()
            if (paper := _paper(place.path, one.data)) is not None
        }

    def of(self, gap: Gap, kind: EditKind | None = None) -> Proposal:
        """What is proposed.

        Args:
            gap: what was asked in vain.
            kind: the sort of edit; what the gap's next step asks for by default.
        """
        near = gap.nearest
        if kind is None:
            known = gap.step in (NextStep.WORDING, NextStep.KNOWN_UNPUBLISHED)
            kind = EditKind.WORDING if known else EditKind.SENTENCE
        if kind is EditKind.WORDING and near is not None and near.sentence:
            return self._wordings(gap, near)
        if kind in _TEMPLATES:
            return self._sentence(gap, kind)
        return Proposal({})

    def _wordings(self, gap: Gap, near: Nearest) -> Proposal:
        """Residents' wordings to the questions of the sentence, else to the list of its section."""
        texts: Texts = {}
        advice: list[Advice] = []
        for language in gap.languages:
            told = self._twin_sentence(near, language)
            added = self._asked(gap, language, self._there(language, told, near.facet))
            if not added:
                advice.append(Advice.NO_WORDING)
                continue
            place = self._home(language, told, near.facet, added)
            if place is None:
                advice.append(Advice.NO_ROOM)
            else:
                texts[place] = self._with(place, told, near.facet, added)
        return Proposal(texts, tuple(dict.fromkeys(advice)))

    def _home(self, language: Language, sentence: str, facet: Facet | None, added: list[str]) -> Place | None:
        """Where wordings go; those for which there is no room are taken out of ``added``."""
        questions, brief = self._place(language, BriefFileKind.QUESTIONS), self._place(language, BriefFileKind.BRIEF)
        listed = self._listed(language, facet)
        if questions is not None and sentence and self._held[questions].data is not None:
            there = len(asked_of(self._held[questions].text, sentence))
            room = COUNT[-1] - there
            if room > 0 and there + len(added) >= COUNT[0]:
                del added[room:]
                return questions
        if brief is not None and facet is not None and len(listed) < WORDINGS[-1]:
            del added[WORDINGS[-1] - len(listed) :]
            return brief
        return None

    def _with(self, place: Place, sentence: str, facet: Facet | None, added: Sequence[str]) -> str:
        text = self._held[place].text
        if place.kind is BriefFileKind.QUESTIONS:
            before = []
            for one in self._papers[place.language].sentences:
                if one.text == sentence:
                    break
                before.append(one.text)
            return add_questions(text, sentence, added, after=before)
        assert facet is not None
        return add_wordings(text, place.language, facet, added)

    def _sentence(self, gap: Gap, kind: EditKind) -> Proposal:
        """A sentence under the facet in both languages: a digest's own where one came close, else one with gaps."""
        facet = Facet.UNKNOWN if kind is EditKind.UNPUBLISHED else _facet(gap)
        lines = self._of_digest(gap) if kind is EditKind.SENTENCE else {}
        advice = [Advice.FROM_DIGEST if lines else Advice.TEMPLATE]
        texts: Texts = {}
        for language in LANGUAGES:
            place = self._place(language, BriefFileKind.BRIEF)
            if place is None or language not in self._papers:
                advice.append(Advice.NO_TWIN)
                continue
            line = lines.get(language) or _TEMPLATES[kind][language].format(name=self._names(gap.entity, language))
            asked = self._asked(gap, language, ())
            if facet not in {part.facet for part in self._papers[language].parts}:
                advice.append(Advice.NEW_FACET)
            texts[place] = add_sentence(self._held[place].text, language, facet, line, asked)
        return Proposal(texts, tuple(dict.fromkeys(advice)))

    def _of_digest(self, gap: Gap) -> dict[Language, str]:
        """The digest's sentence that came closest, in both languages, unless the brief tells it already."""
        near = gap.digest
        if near is None or not near.sentence:
            return {}
        here = _paper(near.path, self._read(near.path))
        other = other_language(near.language)
        there = _paper(twin(near.path, other), self._read(twin(near.path, other)))
        if here is None or there is None:
            return {}
        ours, theirs = [one.text for one in here.sentences], [one.text for one in there.sentences]
        source = here.document.source_id
        if near.sentence not in ours or len(ours) != len(theirs) or source is None:
            return {}
        pair = {near.language: near.sentence, other: theirs[ours.index(near.sentence)]}
        told = {one.text for paper in self._papers.values() for one in paper.sentences}
        return {} if told & set(pair.values()) else {language: f"{text}[^{source}]" for language, text in pair.items()}

    def _asked(self, gap: Gap, language: Language, there: Sequence[str]) -> list[str]:
        """How residents put it in a language, the most frequent first; what may not be written down is left out."""
        found: list[str] = []
        for one in gap.examples:
            if one.language != language or self._personal(one.question, language):
                continue
            try:
                wording = clean_wording(one.question)
            except CivicbotError:
                continue
            if wording not in (*there, *found):
                found.append(wording)
        return found[:MOST_WORDINGS]

    def _there(self, language: Language, sentence: str, facet: Facet | None) -> tuple[str, ...]:
        place = self._place(language, BriefFileKind.QUESTIONS)
        asked = asked_of(self._held[place].text, sentence) if place is not None and sentence else ()
        return (*asked, *self._listed(language, facet))

    def _listed(self, language: Language, facet: Facet | None) -> tuple[str, ...]:
        paper = self._papers.get(language)
        parts = paper.parts if paper is not None else ()
        return next((part.asked_as for part in parts if part.facet is facet and facet is not None), ())

    def _twin_sentence(self, near: Nearest, language: Language) -> str:
        """The sentence that came closest, in a language; empty where it has no twin there."""
        ours, theirs = self._papers.get(near.language), self._papers.get(language)
        if ours is None or theirs is None:
            return ""
        told = [one.text for one in ours.sentences]
        other = [one.text for one in theirs.sentences]
        if near.sentence not in told or len(told) != len(other):
            return near.sentence if language == near.language else ""
        return other[told.index(near.sentence)]

    def _place(self, language: Language, kind: BriefFileKind) -> Place | None:
        return next((one for one in self._held if one.language == language and one.kind is kind), None)


def slug_of(gap: Gap) -> str | None:
    """The brief that a gap belongs to; None where there is none."""
    path = PurePosixPath(gap.nearest.path) if gap.nearest is not None else None
    return path.stem if path is not None and path.parent.name == BriefFileKind.BRIEF.value else None


def _facet(gap: Gap) -> Facet:
    """The section in which a new sentence belongs."""
    near = gap.nearest.facet if gap.nearest is not None else None
    return gap.facet or (near if near is not None and near is not Facet.UNKNOWN else None) or Facet.STATUS


def _paper(path: str, data: bytes | None) -> Paper | None:
    if data is None:
        return None
    papers = read_papers([CorpusFile(path, data, digest_of(data))])
    return papers[0] if papers else None
