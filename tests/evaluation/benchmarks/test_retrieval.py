import math
import os
from pathlib import Path

import pytest

from civicbot.errors import BenchmarkError
from civicbot.evaluation.benchmarks.files import (
    QueryRow,
    RetrievalSet,
    paragraph_retrieval_set,
    read_paragraphs,
    read_retrieval_set,
)
from civicbot.evaluation.benchmarks.plain import PlainDocument
from civicbot.evaluation.benchmarks.retrieval import bootstrap, measure_retrieval, ndcg
from civicbot.settings import Settings

WORDS_ALONE = Settings(embedder_languages="none")
SHARED = Path(os.environ.get("CIVICBOT_BENCH_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
DOCUMENTS = (
    PlainDocument("bus", "Bus 28 stops in front of the market."),
    PlainDocument("pool", "The pool is closed on Mondays."),
    PlainDocument("market", "The market opens at six.\n\nThe market is never closed."),
)


def query(question: str, *relevant: str) -> QueryRow:
    return QueryRow(id=question, question=question, relevant=relevant)


def shared(folder: str) -> Path:
    path = SHARED / folder
    if not path.is_dir():
        pytest.skip(f"{str(path)!r} is not there; set CIVICBOT_BENCH_DATA to the folder of the public sets")
    return path


def test_scores_of_a_small_set() -> None:
    queries = (
        query("Which bus stops at the market?", "bus"),
        query("Is the market closed?", "pool", "market"),
        query("Is the pool closed on Mondays?", "bus"),
    )
    scores = measure_retrieval(RetrievalSet(DOCUMENTS, queries), WORDS_ALONE)
    assert (scores.queries, scores.documents) == (3, 3)
    assert scores.hit_1 == pytest.approx(2 / 3)
    assert scores.hit_5 == scores.hit_10 == scores.recall_10 == pytest.approx(2 / 3)
    assert scores.ndcg_10 == pytest.approx(2 / 3)
    values = scores.model_dump(by_alias=True)
    assert {"hit@1", "hit@5", "hit@10", "recall@10", "ndcg@10"} == set(scores.intervals) <= set(values)
    assert all(low <= values[name] <= high for name, (low, high) in scores.intervals.items())


def test_a_document_counts_once_at_its_best_passage() -> None:
    long = " ".join(f"Stop {number} of the market line is named after a tree." for number in range(60))
    documents = (PlainDocument("long", long), PlainDocument("short", "The market line has stops."))
    scores = measure_retrieval(RetrievalSet(documents, (query("stops of the market line", "short"),)), WORDS_ALONE)
    assert scores.hit_5 == 1
    assert scores.ndcg_10 >= 1 / math.log2(3)


def test_the_first_questions_only() -> None:
    queries = (query("When is the pool closed?", "pool"), query("market", "bus"))
    assert measure_retrieval(RetrievalSet(DOCUMENTS, queries), WORDS_ALONE, limit=1).queries == 1
    with pytest.raises(BenchmarkError, match="no question"):
        measure_retrieval(RetrievalSet(DOCUMENTS, ()), WORDS_ALONE)


def test_gain_is_less_further_down() -> None:
    assert ndcg([True], 1) == ndcg([True, True, False], 2) == 1
    assert ndcg([False, True], 1) == pytest.approx(1 / math.log2(3))
    assert ndcg([False] * 10, 1) == 0
    # No more than ten can be found.
    assert ndcg([True] * 10, 30) == pytest.approx(1)


def test_bootstrap_intervals_are_the_same_every_time() -> None:
    values = [0.0, 1.0, 1.0, 1.0]
    low, high = bootstrap(values)
    assert bootstrap(values) == (low, high)
    assert 0 <= low < 0.75 < high <= 1
    assert bootstrap([1.0, 1.0]) == (1.0, 1.0)


@pytest.mark.slow
def test_autorag_is_found_as_well_as_promised() -> None:
    folder = shared("autorag_ko")
    data = read_retrieval_set(folder / "corpus.jsonl.gz", folder / "queries.jsonl.gz")
    scores = measure_retrieval(data, WORDS_ALONE)
    assert scores.hit_1 >= 0.86
    assert scores.ndcg_10 >= 0.945


@pytest.mark.slow
def test_xquad_is_found_as_well_as_promised() -> None:
    paragraphs = read_paragraphs(shared("xquad_en") / "paragraphs.jsonl.gz")
    # Words alone: with vectors it is 0.98, but computing them takes a minute.
    assert measure_retrieval(paragraph_retrieval_set(paragraphs), WORDS_ALONE).ndcg_10 >= 0.966
