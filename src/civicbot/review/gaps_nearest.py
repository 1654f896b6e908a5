"""What the library has nearest to a gap, and what to do about it, by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from civicbot.answering.evidence import NEAR
from civicbot.answering.features import values_asked_for
from civicbot.answering.lexicon import Kind
from civicbot.answering.understanding import BACKGROUND_KINDS, PEOPLE_KINDS
from civicbot.model import Document, DocumentKind, Facet, Language, Passage, Statement
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.gaps_meaning import Meant
from civicbot.review.gaps_nouns import Nearest, NextStep

ANSWERS = 0.4
"""From this confidence on a sentence is taken to answer, if it tells what is asked for: the confidence below which
nothing is said beside "this is not published", too."""
_KEY = "gap sentences"
_VALUES = frozenset({Kind.AMOUNT, Kind.DATE, Kind.COUNT, Kind.SIZE})

Place = tuple[Document, Passage, Statement]


class Library:
    """The sentences of the live library as gaps need them.

    Args:
        generation: the live one.
    """

    def __init__(self, generation: OpenGeneration) -> None:
        self._generation = generation
        held = generation.worked_out.get(_KEY)
        if not isinstance(held, _Sentences):
            held = generation.worked_out[_KEY] = _Sentences(generation)
        self._held = held

    def nearest(self, considered: Iterable[Mapping[str, Any]], kind: DocumentKind) -> Nearest | None:
        """Of what was weighed for answers the sentence of a kind of document that came closest and still stands."""
        best: tuple[float, Place] | None = None
        for one in considered:
            place = self._held.places.get((one["document_id"], " ".join(one["text"].split())))
            if place is None or place[0].kind is not kind:
                continue
            if best is None or one["confidence"] > best[0]:
                best = one["confidence"], place
        return None if best is None else _nearest(best[1][0], best[1][1], best[1][2].text, best[0])

    def section(self, meant: Meant | None) -> Nearest | None:
        """The section of a brief that would tell what is asked for, whether it is there or not."""
        entity = meant.entity if meant is not None else None
        document = self.brief_of(entity, meant.language) if meant is not None and entity is not None else None
        if document is None or meant is None:
            return None
        for passage in self._held.sections.get(document.id, ()):
            if passage.facet is meant.facet:
                return _nearest(document, passage, "", 0.0)
        return Nearest(
            document_id=document.id,
            path=document.path,
            title=document.title,
            language=document.language,
            entity=document.entity,
            facet=meant.facet,
        )

    def brief_of(self, entity: str | None, language: Language) -> Document | None:
        """The brief that tells of an entity, its own or the one that the glossary names."""
        if entity is None:
            return None
        known = self._generation.glossary.entities.get(entity)
        told = f"{known.brief}-{language}" if known is not None and known.brief else ""
        return self._held.briefs.get((entity, language)) or self._held.by_id.get(told)

    def step(self, meant: Meant | None, nearest: Nearest | None, *, wanting: bool) -> NextStep:
        """What to do about a gap.

        Args:
            meant: what is asked for.
            nearest: the sentence that came closest.
            wanting: whether staff said that the library has the answer.
        """
        told = nearest is not None and bool(nearest.sentence)
        if nearest is not None and told and nearest.facet is Facet.UNKNOWN and nearest.score >= ANSWERS:
            return NextStep.KNOWN_UNPUBLISHED
        if nearest is not None and told and nearest.score >= NEAR:
            # A wording that is added to a sentence which does not answer it would teach a wrong answer.
            if (wanting or _likely(meant, nearest)) and self._tells(meant, nearest):
                return NextStep.WORDING
            if nearest.score >= ANSWERS:
                return NextStep.WRITE
        if meant is None or meant.entity is None:
            return NextStep.WRITE if nearest is not None and nearest.score >= NEAR else NextStep.UPLOAD
        if self.brief_of(meant.entity, meant.language) is not None:
            return NextStep.WRITE
        # Persons and bodies are told of in the briefs of what they do.
        known = self._generation.glossary.entities.get(meant.entity)
        told_of = known is not None and known.kind in PEOPLE_KINDS | BACKGROUND_KINDS
        return NextStep.WRITE if told_of and nearest is not None and nearest.score >= NEAR else NextStep.UPLOAD

    def _tells(self, meant: Meant | None, nearest: Nearest) -> bool:
        """Whether a sentence tells the kind of value, and the very thing, that is asked for."""
        if meant is None:
            return True
        wanted = set(meant.entities)
        if wanted and not wanted & {nearest.entity, *self._held.named(nearest.sentence)}:
            return False
        if _VALUES & set(meant.asked.kinds) and not values_asked_for(meant.asked, nearest.sentence):
            return False
        words = set(self._generation.tokenizer.tokens(nearest.sentence)) if meant.own else set()
        own = [term for term in meant.asked.terms if term.specific]
        return all(term.token in words or term.others.words & words for term in own)


class _Sentences:
    """All sentences of briefs and digests by where they stand."""

    def __init__(self, generation: OpenGeneration) -> None:
        self._glossary = generation.glossary
        self._named: dict[str, frozenset[str]] = {}
        self.by_id = {one.id: one for one in generation.documents}
        briefs = [one for one in generation.documents if one.kind is DocumentKind.BRIEF]
        self.briefs = {(one.entity, one.language): one for one in reversed(briefs) if one.entity}
        self.sections: dict[str, list[Passage]] = {}
        self.places: dict[tuple[str, str], Place] = {}
        for passage in generation.passages:
            if passage.kind is DocumentKind.BRIEF:
                self.sections.setdefault(passage.document_id, []).append(passage)
            document = self.by_id[passage.document_id]
            for statement in passage.statements:
                self.places[document.id, " ".join(statement.text.split())] = document, passage, statement

    def named(self, sentence: str) -> frozenset[str]:
        """The glossary keys that a sentence names."""
        if sentence not in self._named:
            self._named[sentence] = frozenset(mention.key for mention in self._glossary.mentions(sentence))
        return self._named[sentence]


def _likely(meant: Meant | None, nearest: Nearest) -> bool:
    """Whether a sentence is likely to answer: sure enough, or of the very section and kind of value asked for."""
    if nearest.score >= ANSWERS:
        return meant is None or meant.facet is None or nearest.facet is meant.facet
    asked = meant is not None and meant.facet is not None and bool(_VALUES & set(meant.asked.kinds))
    return asked and meant is not None and nearest.facet is meant.facet


def merged(considered: Sequence[Sequence[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    """What was weighed for several answers, as one list."""
    return [one for each in considered for one in each or ()]


def _nearest(document: Document, passage: Passage, sentence: str, score: float) -> Nearest:
    return Nearest(
        document_id=document.id,
        path=document.path,
        title=document.title,
        language=document.language,
        entity=document.entity,
        facet=passage.facet,
        heading=passage.heading,
        sentence=sentence,
        score=min(max(score, 0.0), 1.0),
    )
