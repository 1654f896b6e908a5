"""The hybrid retriever: words and vectors fused, as a LangChain BaseRetriever."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict, Field

from civicbot.language.detect import detect_language
from civicbot.model import Language, Passage
from civicbot.retrieval.dense import DenseSearchError
from civicbot.retrieval.opened import OpenGeneration

logger = logging.getLogger(__name__)

PIECES_WEIGHT = 0.4
"""What the score of pieces counts beside that of whole tokens, before both are fused with the rest.

From 0.2 to 0.6 the public sets change by 0.003 in nDCG@10 at most, but for AutoRAG (0.954 to 0.965);
docs/evaluation.md has the figures and tells on what the choice was made.
"""
LEAST_MATCH = 0.2
"""The score by words that counts in full, in shares of what BM25 could give the question at most.

A passage that reaches it and is the best one counts in full. Without it a chance match of some letters, being the best
there is, would count as much as all words of another question, and hide what the vectors find. In shares of 0, 0.2,
0.4, 0.6: nDCG@10 on XQuAD English is 0.980, 0.980, 0.982, 0.982, on MS MARCO in English 0.976, 0.976, 0.978, 0.980; but
the model reads misspelt words badly: of our English dev questions with a wrong letter in twelve, 0.67, 0.66 and 0.51
have the right passage first with 0, 0.2 and 0.4.
"""
LEXICAL_WEIGHT, WORDING_WEIGHT, DENSE_WEIGHT = 1.0, 2.0, 0.5
"""Weights in the fusion of scores. Words lead: on Korean and on names they are the better side (design.md §4).

Measured on 2026-11-22. Dense side, with the bundled model: nDCG@10 on XQuAD English is 0.968 by words alone, 0.976 with
a dense weight of 0.3, 0.980 with 0.5, 0.979 with 1; MS MARCO in English rises from 0.930 to 0.966, 0.976 and 0.979, but
on our own dev questions a weight of 1 puts fewer right passages first (0.79 and 0.78, misspelt 0.66 and 0.52). Fused
ranks (reciprocal rank fusion) were worse on XQuAD than fused scores: 0.966 and 0.973, both without pieces. Wordings,
500 a language of our own library as questions: with a wording's own row left out, a weight of 1 does a little better
than 2 (mean reciprocal rank, Korean 0.37 and 0.35, English 0.32 and 0.32; ranks at best 0.34 and 0.32); asked verbatim,
2 does much better (Korean 0.77 against 0.65, English 0.62 against 0.50), and what an editor writes down must be found.
"""
_DENSE_DEPTH = 20
"""How many nearest passages the dense side names, unless more are wanted in all."""
_DIGITS = 9
"""Decimal places of a fused score; sums in another order differ in the last of sixteen, which must not part equals."""
_SENTENCE_DIGITS = 3
"""Decimal places that a float16 holds of a similarity."""


@dataclass(frozen=True)
class Hit:
    """A passage found.

    Attributes:
        passage: what was found.
        score: fused score, above 0, only comparable within one search.
        lexical: BM25 score of whole tokens, 0 when they did not find it (pieces of words or vectors may have).
        wording: how well its best asked-as wording matches, 0..1: BM25 over the summed idf of the question. The
            very same wording has 0.3 to 0.5, not 1, as BM25 stays below idf.
        dense: cosine similarity, None when vectors did not find it.
        sentences: cosine similarity of each of its statements to the query; empty when vectors took no part.
        asked: for each of its statements that of the most similar of the questions that it answers, 0 without one;
            empty when vectors or wordings took no part.
    """

    passage: Passage
    score: float
    lexical: float
    wording: float
    dense: float | None
    sentences: tuple[float, ...] = ()
    asked: tuple[float, ...] = ()


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
    k: int = Field(20, ge=1)

    def search(self, query: str, language: Language) -> Retrieval:
        """Searches the passages of one language.

        Args:
            query: the question, standing alone.
            language: the language of the passages wanted.
        """
        generation = self.generation
        terms = generation.tokenizer.terms(query)
        mask = generation.in_language(language)
        lexical = np.where(mask, generation.lexical.scores(terms.tokens), 0.0)
        words = lexical + PIECES_WEIGHT * np.where(mask, generation.pieces.scores(terms.pieces), 0.0)
        wording = np.where(mask, self._wording_shares(terms.tokens), 0.0)
        dense, degraded = self._dense(query, language)
        bound = generation.lexical.bound(terms.tokens) + PIECES_WEIGHT * generation.pieces.bound(terms.pieces)
        fused = LEXICAL_WEIGHT * _over_best(words, LEAST_MATCH * bound) + WORDING_WEIGHT * wording
        for passage_id, share in _over_span(dense, max(self.k, _DENSE_DEPTH)):
            fused[generation.position(passage_id)] += DENSE_WEIGHT * share
        fused = np.round(fused, _DIGITS)
        similarity = dict(dense)
        vector = generation.dense.last_vector(query) if dense else None
        # Equal scores keep index order, so the same question always gets the same passages.
        order = [row for row in np.argsort(-fused, kind="stable")[: self.k] if fused[row] > 0]
        hits = tuple(
            Hit(
                passage=(passage := generation.passages[row]),
                score=float(fused[row]),
                lexical=float(lexical[row]),
                wording=float(wording[row]),
                dense=similarity.get(passage.id),
                sentences=self._sentences(row, vector),
                asked=self._asked(row, vector),
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

    def _sentences(self, row: int, vector: NDArray[np.float32] | None) -> tuple[float, ...]:
        if vector is None:
            return ()
        similarities = self.generation.sentence_vectors(row).astype(np.float32) @ vector
        return tuple(float(similarity) for similarity in np.round(similarities, _SENTENCE_DIGITS))

    def _asked(self, row: int, vector: NDArray[np.float32] | None) -> tuple[float, ...]:
        if vector is None or not self.asked_as:
            return ()
        passage = self.generation.passages[row]
        similarities = self.generation.wording_vectors(row).astype(np.float32) @ vector
        best, start = [], len(passage.asked_as)
        for statement in passage.statements:
            end = start + len(statement.asked_as)
            best.append(round(float(similarities[start:end].max(initial=0.0)), _SENTENCE_DIGITS))
            start = end
        return tuple(best)

    def _wording_shares(self, tokens: list[str]) -> NDArray[np.float64]:
        """For each passage the best match of its wordings, 0..1; see :attr:`Hit.wording`."""
        shares = np.zeros(len(self.generation.passages))
        wordings = self.generation.wordings
        if not self.asked_as or wordings is None or not tokens:
            return shares
        # A word said twice is one word: the sum below counts it once.
        once = list(dict.fromkeys(tokens))
        scores = wordings.scores(once)
        best = float(sum(wordings.idf(token) for token in once))
        np.maximum.at(shares, np.asarray(self.generation.wording_owner), scores)
        return np.minimum(shares / best, 1.0) if best > 0 else shares

    def _dense(self, query: str, language: Language) -> tuple[list[tuple[str, float]], bool]:
        if language not in self.dense_languages:
            return [], False
        try:
            return self.generation.dense.search(query, language, max(self.k, _DENSE_DEPTH)), False
        except DenseSearchError as error:
            logger.warning("dense_search_failed", extra={"fields": {"reason": str(error)}})
            return [], True


def _over_best(scores: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """Scores over the highest, 0..1, or over ``least`` where that is more."""
    best = max(float(scores.max(initial=0.0)), least)
    return scores / best if best > 0 else np.zeros_like(scores)


def _over_span(hits: list[tuple[str, float]], depth: int) -> list[tuple[str, float]]:
    """Similarities between the last place (0) and the best (1), since cosines of all passages lie close together.

    Where fewer passages than ``depth`` are there at all, none is the last of many: they count from similarity 0.
    """
    if not hits:
        return []
    top = hits[0][1]
    floor = hits[-1][1] if len(hits) >= depth else min(0.0, hits[-1][1])
    span = top - floor
    return [(passage_id, (similarity - floor) / span if span > 0 else 1.0) for passage_id, similarity in hits]
