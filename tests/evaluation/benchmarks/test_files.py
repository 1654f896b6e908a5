import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from civicbot.errors import BenchmarkError
from civicbot.evaluation.benchmarks.files import (
    paragraph_documents,
    paragraph_retrieval_set,
    read_paragraphs,
    read_retrieval_set,
)
from civicbot.evaluation.benchmarks.plain import PlainDocument

CORPUS = [{"id": "a", "text": "시장 앞"}, {"id": "b", "text": "The pool", "more": 1}]
QUERIES = [{"id": "1", "question": "어디?", "relevant": ["a"]}]
PARAGRAPHS = [
    {"title": "Bus", "context": "Bus 28 stops.", "questions": [{"id": "q", "question": "Which?", "answers": ["28"]}]},
    {"context": "Nobody asks.", "questions": []},
]


def write(path: Path, rows: Sequence[object]) -> Path:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_retrieval_set(tmp_path: Path, suffix: str) -> None:
    data = read_retrieval_set(write(tmp_path / f"c{suffix}", CORPUS), write(tmp_path / f"q{suffix}", QUERIES))
    assert data.documents == (PlainDocument("a", "시장 앞"), PlainDocument("b", "The pool"))
    (query,) = data.queries
    assert (query.question, query.relevant) == ("어디?", ("a",))


def test_paragraphs(tmp_path: Path) -> None:
    paragraphs = read_paragraphs(write(tmp_path / "p.jsonl", PARAGRAPHS))
    assert paragraphs[0].questions[0].answers == ("28",)
    assert paragraph_documents(paragraphs)[0] == PlainDocument("1", "Bus 28 stops.", "Bus")
    data = paragraph_retrieval_set(paragraphs)
    assert len(data.documents) == 2
    assert [query.relevant for query in data.queries] == [("1",)]


@pytest.mark.parametrize(
    ("corpus", "queries", "message"),
    [
        ([], QUERIES, "holds no line"),
        ([*CORPUS, CORPUS[0]], QUERIES, "1 ids stand more than once"),
        ([{"id": "a"}], QUERIES, "Line 1 of .* cannot be used: text: Field required"),
        ([CORPUS[0], "a"], QUERIES, "Line 2 of .* cannot be used: the line"),
        (CORPUS, [{"id": "1", "question": "?", "relevant": []}], "relevant"),
        (CORPUS, [{"id": "1", "question": "?", "relevant": ["z"]}], "names the document 'z'"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, corpus: list[object], queries: list[object], message: str) -> None:
    with pytest.raises(BenchmarkError, match=message):
        read_retrieval_set(write(tmp_path / "c.jsonl", corpus), write(tmp_path / "q.jsonl", queries))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{", "Line 1 of .* is not JSON"),
        (b"\xff\xfe", "is not UTF-8"),
        (gzip.compress(b'{"id": "a", "text": "b"}', mtime=0)[:-9], "cannot be read"),
        (gzip.compress(b"a", mtime=0)[:10] + b"\xff\xff", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_bytes_that_cannot_be_read(tmp_path: Path, data: bytes | None, message: str) -> None:
    path = tmp_path / "p.jsonl"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BenchmarkError, match=message) as caught:
        read_paragraphs(path)
    assert "docs/evaluation.md" in str(caught.value)
