"""Sixth stage: which sentences answer, and whether the question can be answered at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from civicbot.answering.context import Candidate, Context, Outcome, Part
from civicbot.answering.distinct import distinct
from civicbot.answering.lexicon import Kind, lexicon
from civicbot.answering.premises import correct_premise
from civicbot.answering.retrieve import Retrieve
from civicbot.answering.revisions import told_whole
from civicbot.answering.scoring import Scorer
from civicbot.answering.suggestions import facets_of
from civicbot.answering.texts import texts
from civicbot.answering.understanding import ASIDE, split_clauses
from civicbot.model import AnswerStatus, Facet, Language, NoticeKind
from civicbot.retrieval.opened import OpenGeneration

ANSWERABLE = 0.7
"""Least confidence with which a sentence may answer."""
KNOWN_UNKNOWN = 0.6
"""The same for a sentence that says that something has not been published: it leads to a refusal, which risks less."""
UNMATCHED_UNKNOWN = 0.8
"""The same where none of the questions that it answers is much like this one."""
_MATCHED_UNKNOWN = 0.6
"""From this match of one of its questions on."""
OUTRIGHT = 0.5
"""The same for a sentence that answers this very question by the word of an editor; no rule overrides that."""
_MATCHED = 0.85
"""From this match of one of its questions on."""
BROAD = 0.25
"""The same for a sentence of the very section that a question without further words asks for."""
_BROAD_MARGIN = 0.6
"""How far below the best sentence's score such a sentence may lie; scores are log odds, up to a constant."""
NEAR = 0.12
"""Least confidence with which a sentence is shown as the closest that is known, where nothing may answer."""
STRANGE_NEAR = 0.25
"""The same for a question that names nothing known."""
MOST_NEAR = 3
"""How many such sentences are shown for a part of a question."""
_CLOSE = 2.5
"""How far below the best sentence's score they may lie; ranking scores are log odds, up to a constant."""
_NEAREST = 8
"""Among how many of the best they are looked for."""
_WEIGHED = 8
"""How many sentences of a part are kept for staff, used or not."""
MOST_SHOWN = 3
"""How many of them are shown in all."""
_ANOTHER_ACT = 1.0
"""A date of something else that happened does not answer when this happens."""
_HARD_KINDS = frozenset({Kind.AMOUNT, Kind.DATE, Kind.COUNT, Kind.SIZE})
"""Kinds of value that the answering sentence must hold."""
_STRANGE = 0.35
"""Below this covered share, a question without a known name is not about these projects."""


THRESHOLDS = {
    "answerable": ANSWERABLE,
    "known_unknown": KNOWN_UNKNOWN,
    "unmatched_unknown": UNMATCHED_UNKNOWN,
    "outright": OUTRIGHT,
    "broad": BROAD,
    "near": NEAR,
    "strange_near": STRANGE_NEAR,
}
"""The least confidences by name, for staff."""


class Hindrance(StrEnum):
    """Why a sentence may not answer."""

    UNSURE = "unsure"
    OTHER_CITY = "other_city"
    OTHER_YEAR = "other_year"
    OTHER_ACT = "other_act"
    UNMET = "unmet"
    NO_VALUE = "no_value"


@dataclass(frozen=True)
class Weighed:
    """A sentence, the least confidence with which it could answer, and what stood in its way if anything did."""

    candidate: Candidate
    needed: float
    hindrance: Hindrance | None


class Evidence:
    """Finds the answering sentences of each part.

    Args:
        retrieve: the stage before, asked again for the other language where this one has nothing.
        asked_as: whether asked-as wordings count.
    """

    name = "evidence"

    def __init__(self, retrieve: Retrieve, *, asked_as: bool) -> None:
        self._retrieve = retrieve
        self._asked_as = asked_as

    def __call__(self, context: Context) -> Context:
        """Scores the sentences; ends the question where nothing answers any part."""
        scorer = self._scorer_of(context.generation)
        parts = tuple(self._answered(context, part, scorer) for part in context.parts)
        context = replace(context, parts=parts)
        if context.outcome is not None and not all(_says_which(part) for part in parts):
            return replace(context, final=True)
        context = replace(context, outcome=None)
        if any(part.candidates for part in parts):
            return context
        return replace(context, outcome=_nothing(context), final=True)

    def prepare(self, generation: OpenGeneration) -> None:
        """Works out beforehand what questions would wait for; takes some seconds."""
        self._scorer_of(generation).prepare()

    def ranked(self, context: Context, part: Part) -> list[Candidate]:
        """All sentences of a part's passages that could answer, best first, whatever the thresholds say."""
        return self._scorer_of(context.generation).candidates(part.asked, part.hits)

    def _scorer_of(self, generation: OpenGeneration) -> Scorer:
        # Kept with the generation: what a scorer has computed about its sentences goes when the generation goes.
        held = generation.worked_out.get(self)
        if not isinstance(held, Scorer):
            held = generation.worked_out[self] = Scorer(generation, asked_as=self._asked_as)
        return held

    def _answered(self, context: Context, part: Part, scorer: Scorer) -> Part:
        found = scorer.candidates(part.asked, part.hits)
        part = replace(part, weighed=tuple(found[:_WEIGHED]))
        cities = _cities(context, part)
        fitting = [c for c in found if all(city.search(c.statement.text) for city in cities)]
        good = tuple(c for c in fitting if _answers(part, c))
        if good and good[0].score < fitting[0].score - _BROAD_MARGIN and _only_broad(part, good[0]):
            good = ()
        if good:
            return replace(part, candidates=good)
        translated = self._in_other_language(context, part, scorer)
        close = (c for c in fitting[:_NEAREST] if comes_close(c) and c.score >= fitting[0].score - _CLOSE)
        near = distinct(context, close, MOST_NEAR)
        part = replace(part, candidates=translated, rejected=found[0] if found else None, near=near)
        correction = None if translated else correct_premise(context, part)
        return part if correction is None else replace(part, candidates=(correction,))

    def _in_other_language(self, context: Context, part: Part, scorer: Scorer) -> tuple[Candidate, ...]:
        """Sentences of the other language, for questions made of a known name and a facet alone.

        Words of one language cannot be looked up in the other without a model, so a question that demands any
        further word is not answered this way.
        """
        asked = part.asked
        if not asked.entities or not asked.facets or any(term.weight > ASIDE for term in asked.terms):
            return ()
        held = facets_of(context.generation, asked.entities[0], context.language)
        if held & set(asked.facets):
            return ()
        other: Language = "en" if context.language == "ko" else "ko"
        entities = context.generation.glossary.entities
        names = " ".join(entities[key].names(other).name for key in asked.entities)
        query = texts(other).facets[asked.facets[0]].question.format(name=names)
        found = self._retrieve.retriever(context.generation).search(query, other)
        wanted = replace(asked, terms=())
        good = (c for c in scorer.candidates(wanted, found.hits) if c.features["facet_first"])
        return tuple(candidate for candidate in good if _answers(part, candidate))


def _cities(context: Context, part: Part) -> list[re.Pattern[str]]:
    """The cities that the question names: an answer about them must name them, too."""
    words = lexicon(context.language, context.generation.tokenizer)
    asking = split_clauses(part.text, words).asking
    return [pattern for pattern in words.cities.values() if pattern.search(asking)]


def weighed_up(context: Context, part: Part) -> list[Weighed]:
    """The sentences that were weighed for a part, best first, each with what stood in its way."""
    cities = _cities(context, part)
    return [
        Weighed(
            candidate,
            _needed(part, candidate),
            _hindrance(part, candidate)
            if all(city.search(candidate.statement.text) for city in cities)
            else Hindrance.OTHER_CITY,
        )
        for candidate in part.weighed
    ]


def _answers(part: Part, candidate: Candidate) -> bool:
    return _hindrance(part, candidate) is None


def _needed(part: Part, candidate: Candidate) -> float:
    """The least confidence with which a sentence may answer."""
    features = candidate.features
    if candidate.passage.facet is Facet.UNKNOWN:
        # "Not published" over something that is published is worse than no answer: its own questions must match.
        sure = features["asked_match"] >= _MATCHED_UNKNOWN or not features["questioned"]
        return KNOWN_UNKNOWN if sure else UNMATCHED_UNKNOWN
    if _outright(candidate):
        return OUTRIGHT
    return BROAD if _broad(part, candidate) else ANSWERABLE


def _hindrance(part: Part, candidate: Candidate) -> Hindrance | None:
    features = candidate.features
    if candidate.confidence < _needed(part, candidate):
        return Hindrance.UNSURE
    outright = _outright(candidate)
    if denies_another(candidate) or (features["unmet"] and not outright and not features["unknown"]):
        return Hindrance.UNMET
    if candidate.passage.facet is Facet.UNKNOWN:
        return None
    if outright:
        return Hindrance.OTHER_YEAR if features["year_other"] else None
    if features["acts_missed"] >= _ANOTHER_ACT:
        return Hindrance.OTHER_ACT
    return Hindrance.NO_VALUE if features["lacking"] and _HARD_KINDS & set(part.asked.kinds) else None


def _says_which(part: Part) -> bool:
    """Whether a question in which a name may mean several projects is, word for word, an editor's about one of them."""
    written = (c for c in part.candidates if c.features["asked_same"] and c.features["asked_match"] >= _MATCHED)
    return len({candidate.passage.entity for candidate in written}) == 1


def _outright(candidate: Candidate) -> bool:
    """Whether an editor has written down, in nearly these words, that the sentence answers this question."""
    return bool(candidate.features["asked_same"]) or candidate.features["asked_match"] >= _MATCHED


def _broad(part: Part, candidate: Candidate) -> bool:
    """Whether a question asks for no more than a section of a known project, and the sentence stands in it."""
    asked, features = part.asked, candidate.features
    bare = len(asked.entities) == 1 and not asked.people and not any(term.weight > ASIDE for term in asked.terms)
    # What has no brief of its own (AI Dangjigi) is told of in another's, by name.
    about = features["entity_own"] or features["entity_named"]
    return bool(bare and not asked.years and features["facet_first"] and about)


def _only_broad(part: Part, candidate: Candidate) -> bool:
    """Whether a sentence may answer for no better reason than where it stands."""
    return not _outright(candidate) and candidate.confidence < ANSWERABLE and _broad(part, candidate)


def comes_close(candidate: Candidate) -> bool:
    """Whether a sentence is worth showing beside a refusal: about the thing asked, and no other value of it."""
    features = candidate.features
    misleading = (features["unmet"] and not _outright(candidate)) or features["entity_other"] or features["year_other"]
    return candidate.confidence >= NEAR and not misleading and not denies_another(candidate)


def denies_another(candidate: Candidate) -> bool:
    """Whether a sentence says that something is not told, and nothing in it is what the question asks for.

    That a report gives no telephone number answers no question but the one for the number. In the very section asked
    for, what is missing may be put in words that the question does not have.
    """
    features = candidate.features
    asked_for = features["sentence"] or features["facet_first"] or features["asked_match"] >= _MATCHED
    return bool(features["denies"]) and not asked_for


def _nothing(context: Context) -> Outcome:
    """Why there is no answer: another city, not these projects, or simply not in the library."""
    words = lexicon(context.language, context.generation.tokenizer)
    asking = split_clauses(context.text, words).asking
    elsewhere = any(pattern.search(asking) for pattern in words.cities.values())
    if elsewhere and not any(part.near for part in context.parts):
        return Outcome(AnswerStatus.OUT_OF_SCOPE, text_key="out_of_scope_city", confidence=0.2)
    named = any(part.asked.entities or part.asked.people for part in context.parts)
    known = any(part.rejected and part.rejected.features["coverage"] >= _STRANGE for part in context.parts)
    best = max((part.rejected.confidence for part in context.parts if part.rejected), default=0.0)
    notices: tuple[tuple[NoticeKind, dict[str, str]], ...] = ((NoticeKind.DEGRADED, {}),) if context.degraded else ()
    # Of several parts each has its closest sentence before any has a second.
    ranks = zip_longest(*(part.near for part in context.parts))
    near = distinct(context, (found for rank in ranks for found in rank if found is not None), MOST_SHOWN)
    # Of a question that names nothing known, a chance likeness is no reason to show anything.
    about = (
        named
        or known
        or words.ours.search(context.text)
        or any(candidate.confidence >= STRANGE_NEAR for candidate in near)
    )
    if not about:
        return Outcome(AnswerStatus.OUT_OF_SCOPE, text_key="out_of_scope", confidence=best)
    near = told_whole(context, near)
    key = "no_evidence_close" if near else "no_evidence"
    return Outcome(AnswerStatus.NO_EVIDENCE, text_key=key, candidates=near, confidence=best, notices=notices)
