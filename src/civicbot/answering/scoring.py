"""How well a sentence answers, and how sure that is: linear models over the same features."""

from __future__ import annotations

import math
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import Field

from civicbot.answering.context import Candidate
from civicbot.answering.features import FeatureExtractor, Features
from civicbot.answering.reading import Reader, Reading
from civicbot.answering.understanding import Understanding
from civicbot.model import DocumentKind, Noun
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit

SCORE = "score"
"""The ranking score as a feature of the confidence model."""
SCORE_SCALE = 10.0
"""What it is divided by there, so that it is about as large as the other features."""

_VERY_WORDS = 0.97
"""From this match on, a question is one that an editor has written down for a sentence."""
_BY_EDITOR = 3.0
"""What that adds to the ranking score: more than the words that another sentence happens to share with the question."""


class Weights(Noun):
    """The models; all but ``rank_plain`` are trained by evals/train_weights.py.

    Attributes:
        rank: weight of each feature in the ranking score.
        rank_plain: the same for sentences of plain documents, which have no facets and figures; set by hand on the
            grounds told in docs/evaluation.md, on the scale of ``rank``. Empty: they are ranked like all others.
        confidence: weight of each feature in the logit of "this sentence answers the question".
        bias: constant of that logit.
    """

    rank: dict[str, float]
    rank_plain: dict[str, float] = Field(default_factory=dict)
    confidence: dict[str, float]
    bias: float


@lru_cache(maxsize=1)
def trained_weights() -> Weights:
    """The weights that the package ships."""
    resource = files("civicbot.answering") / "data" / "weights.yaml"
    return Weights.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8")))


class Scorer:
    """Scores the sentences of an open generation.

    Args:
        generation: the generation that the sentences come from.
        asked_as: whether asked-as wordings count.
        weights: the models; the shipped ones by default.
    """

    def __init__(self, generation: OpenGeneration, *, asked_as: bool, weights: Weights | None = None) -> None:
        self._extractor = FeatureExtractor(generation, asked_as=asked_as)
        self._reader = Reader(generation)
        self._weights = weights or trained_weights()

    def prepare(self) -> None:
        """Works out beforehand what is needed of every sentence; takes some seconds."""
        self._extractor.prepare()

    def candidates(self, asked: Understanding, hits: tuple[Hit, ...]) -> list[Candidate]:
        """All sentences of the passages found that could answer, best first; ties keep retrieval order.

        Sentences that give a sum without the year asked about are left out.
        """
        survey = self._extractor.survey(asked, hits)
        reading = self._reader.reading(asked, hits) if any(self._plain(hit) for hit in hits) else None
        found = [
            self._candidate(hit, place, features, reading)
            for hit in hits
            for place, statement in enumerate(hit.passage.statements)
            if not (features := self._extractor.features(asked, hit, statement, survey))["year_forbidden"]
        ]
        return sorted(found, key=lambda candidate: -candidate.score)

    def _candidate(self, hit: Hit, place: int, features: Features, reading: Reading | None) -> Candidate:
        if reading is not None and self._plain(hit):
            features |= self._reader.features(reading, hit, place)
        rank = self._weights.rank_plain if self._plain(hit) else self._weights.rank
        score = sum(weight * features[name] for name, weight in rank.items())
        features[SCORE] = score / SCORE_SCALE
        if features["asked_same"] and features["asked_match"] >= _VERY_WORDS:
            score += _BY_EDITOR
        logit = self._weights.bias + sum(weight * features[name] for name, weight in self._weights.confidence.items())
        confidence = 1.0 / (1.0 + math.exp(-max(min(logit, 30.0), -30.0)))
        return Candidate(hit.passage.statements[place], hit.passage, score, confidence, features)

    def _plain(self, hit: Hit) -> bool:
        """Whether a passage is of a document that has nothing but its text."""
        return hit.passage.kind is DocumentKind.DOCUMENT and bool(self._weights.rank_plain)
