"""How often the retriever finds the right document of a public set."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import ConfigDict, Field

from civicbot.errors import BenchmarkError
from civicbot.evaluation.benchmarks.files import RetrievalSet
from civicbot.evaluation.benchmarks.plain import PlainLibrary, plain_library
from civicbot.model import Noun
from civicbot.retrieval.retriever import HybridRetriever
from civicbot.settings import Settings
from civicbot.statistics import wilson

DEPTH = 10
_RESAMPLES, _SEED = 2000, 20261122

Interval = tuple[float, float]


class RetrievalScores(Noun):
    """The outcome of a retrieval benchmark; shares and means from 0 to 1.

    Attributes:
        hit_1: share of questions whose first document is relevant.
        hit_5: share with a relevant document among the first five.
        hit_10: share with a relevant document among the first ten.
        recall_10: mean share of a question's relevant documents that are among the first ten.
        ndcg_10: mean normalised discounted cumulative gain of the first ten.
        intervals: 95 % intervals by the names of the scores: Wilson's for shares, bootstrap percentiles for means.
        queries: how many questions were asked.
        documents: how many documents were indexed.
        ms_per_query: mean milliseconds of a search, on this machine.
    """

    # JSON carries the usual names of the measures.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    hit_1: float = Field(alias="hit@1")
    hit_5: float = Field(alias="hit@5")
    hit_10: float = Field(alias="hit@10")
    recall_10: float = Field(alias="recall@10")
    ndcg_10: float = Field(alias="ndcg@10")
    intervals: dict[str, Interval]
    queries: int
    documents: int
    ms_per_query: float


@dataclass(frozen=True)
class _Outcome:
    """One question: which of the first ten documents are relevant, and how many relevant ones there are in all."""

    found: tuple[bool, ...]
    relevant: int


def measure_retrieval(
    data: RetrievalSet, settings: Settings, *, limit: int | None = None, asked: Callable[[], None] = lambda: None
) -> RetrievalScores:
    """Indexes the documents of a set and asks its questions through the product's retriever.

    Args:
        data: the set.
        settings: which embedding model to use, and for which languages.
        limit: ask only the first so many questions.
        asked: told after every question.

    Raises:
        BenchmarkError: there is no question.
        IngestError: there is nothing to index.
        EmbedderError: the embedding model cannot be loaded.
    """
    queries = data.queries if limit is None else data.queries[:limit]
    if not queries:
        raise BenchmarkError("There is no question in this set.")
    with plain_library(data.documents, settings) as library:
        retriever = HybridRetriever(generation=library.generation, dense_languages=settings.dense_languages)
        # The first search of all waits for the embedding model.
        retriever.search(queries[0].question, library.language)
        outcomes = []
        seconds = 0.0
        for query in queries:
            start = time.perf_counter()
            found = retriever.search(query.question, library.language)
            seconds += time.perf_counter() - start
            documents = ranked_documents((hit.passage.document_id for hit in found.hits), library)
            relevant = set(query.relevant)
            outcomes.append(_Outcome(tuple(each in relevant for each in documents[:DEPTH]), len(relevant)))
            asked()
    return _scores(outcomes, len(data.documents), 1000 * seconds / len(queries))


def ranked_documents(document_ids: Iterable[str], library: PlainLibrary) -> list[str]:
    """The benchmark's ids of documents, each at the place of its best passage.

    Args:
        document_ids: the documents of the passages found, best first.
        library: knows the benchmark's ids.
    """
    return [library.own_ids[each] for each in dict.fromkeys(document_ids)]


def ndcg(found: Sequence[bool], relevant: int) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (K. Järvelin, J. Kekäläinen, TOIS 20, 2002).

    Args:
        found: whether the document at each place is relevant, best place first.
        relevant: how many relevant documents there are in all, at least 1.
    """
    gain = sum(1 / math.log2(place + 2) for place, hit in enumerate(found) if hit)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(relevant, DEPTH)))
    return gain / ideal


def bootstrap(values: Sequence[float]) -> Interval:
    """The percentile bootstrap 95 % interval of a mean (B. Efron, Annals of Statistics 7, 1979), always the same."""
    array = np.asarray(values)
    random = np.random.default_rng(_SEED)
    means = [array[random.integers(0, len(array), len(array))].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _scores(outcomes: Sequence[_Outcome], documents: int, milliseconds: float) -> RetrievalScores:
    total = len(outcomes)
    hits = {f"hit@{depth}": sum(any(each.found[:depth]) for each in outcomes) for depth in (1, 5, DEPTH)}
    recalls = [sum(each.found) / each.relevant for each in outcomes]
    gains = [ndcg(each.found, each.relevant) for each in outcomes]
    means = {f"recall@{DEPTH}": recalls, f"ndcg@{DEPTH}": gains}
    values = {name: count / total for name, count in hits.items()}
    values |= {name: sum(each) / total for name, each in means.items()}
    intervals = {name: wilson(count, total) for name, count in hits.items()}
    intervals |= {name: bootstrap(each) for name, each in means.items()}
    rest = {"intervals": intervals, "queries": total, "documents": documents, "ms_per_query": milliseconds}
    return RetrievalScores.model_validate({**values, **rest})
