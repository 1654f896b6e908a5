"""The hybrid retriever: words and vectors fused, as a LangChain BaseRetriever."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from civicbot.language.detect import detect_language
from civicbot.model import Language, Passage
from civicbot.retrieval.dense import DenseSearchError
from civicbot.retrieval.opened import OpenGeneration

logger = logging.getLogger(__name__)

RRF_K = 60
"""Constant of reciprocal rank fusion, score = sum of weight / (k + rank): Cormack, Clarke, Büttcher, SIGIR 2009."""
LEXICAL_WEIGHT, WORDING_WEIGHT, DENSE_WEIGHT = 1.0, 1.0, 0.5
"""Weights in the fusion. Words lead: on Korean and on names they are the better side (design.md §4)."""


@dataclass(frozen=True)
class Hit:
    """A passage found.

    Attributes:
        passage: what was found.
        score: fused score, only comparable within one search.
        lexical: BM25 score, 0 when words did not find it.
        wording: share (0..1) of the question that its best asked-as wording matches.
        dense: cosine similarity, None when vectors did not find it.
    """

    passage: Passage
    score: float
    lexical: float
    wording: float
    dense: float | None


@dataclass(frozen=True)
class Retrieval:
    """The outcome of one search; ``degraded`` says that the dense side should have taken part and could not."""

    hits: tuple[Hit, ...]
    degraded: bool


class HybridRetriever(BaseRetriever):
    """Finds the passages of an open generation for a question.

    Attributes:
        generation: the generation to search.
        dense_languages: languages that the embedding model knows; the dense side stays out of the others.
        asked_as: whether asked-as wordings take part.
        k: how many passages are returned, at least 1.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    generation: OpenGeneration
    dense_languages: frozenset[str] = frozenset()
    asked_as: bool = True
    k: int = 20

    def search(self, query: str, language: Language) -> Retrieval:
        """Searches the passages of one language.

        Args:
            query: the question, standing alone.
            language: the language of the passages wanted.
        """
        generation = self.generation
        tokens = generation.tokenizer.tokens(query)
        mask = np.fromiter((p.language == language for p in generation.passages), dtype=bool)
        lexical = np.where(mask, generation.lexical.scores(tokens), 0.0)
        wording = np.where(mask, self._wording_shares(tokens), 0.0)
        dense, degraded = self._dense(query, language)
        fused = np.zeros(len(generation.passages))
        _add_ranks(fused, lexical, LEXICAL_WEIGHT)
        _add_ranks(fused, wording, WORDING_WEIGHT)
        for rank, (passage_id, _) in enumerate(dense, start=1):
            fused[generation.position(passage_id)] += DENSE_WEIGHT / (RRF_K + rank)
        similarity = dict(dense)
        # Equal scores keep index order, so the same question always gets the same passages.
        order = [row for row in np.argsort(-fused, kind="stable")[: self.k] if fused[row] > 0]
        hits = tuple(
            Hit(
                passage=(passage := generation.passages[row]),
                score=float(fused[row]),
                lexical=float(lexical[row]),
                wording=float(wording[row]),
                dense=similarity.get(passage.id),
            )
            for row in order
        )
        return Retrieval(hits, degraded)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        del run_manager
        found = self.search(query, detect_language(query))
        return [
            LangChainDocument(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "passage_id": hit.passage.id,
                    "document_id": hit.passage.document_id,
                    "title": hit.passage.title,
                    "heading": hit.passage.heading,
                    "language": hit.passage.language,
                    "score": hit.score,
                    "degraded": found.degraded,
                },
            )
            for hit in found.hits
        ]

    def _wording_shares(self, tokens: list[str]) -> NDArray[np.float64]:
        """For each passage the best match of its wordings, 0..1: BM25 over the score of the question with itself."""
        shares = np.zeros(len(self.generation.passages))
        wordings = self.generation.wordings
        if not self.asked_as or wordings is None or not tokens:
            return shares
        scores = wordings.scores(tokens)
        best = float(sum(wordings.idf(token) for token in set(tokens)))
        np.maximum.at(shares, np.asarray(self.generation.wording_owner), scores)
        return np.minimum(shares / best, 1.0) if best > 0 else shares

    def _dense(self, query: str, language: Language) -> tuple[list[tuple[str, float]], bool]:
        if language not in self.dense_languages:
            return [], False
        try:
            return self.generation.dense.search(query, language, self.k), False
        except DenseSearchError as error:
            logger.warning("dense_search_failed", extra={"reason": str(error)})
            return [], True


def _add_ranks(fused: NDArray[np.float64], scores: NDArray[np.float64], weight: float) -> None:
    order = np.argsort(-scores, kind="stable")
    for rank, row in enumerate(order[: int((scores > 0).sum())][:100], start=1):
        fused[row] += weight / (RRF_K + rank)
