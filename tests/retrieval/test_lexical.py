import math
from pathlib import Path

import numpy as np
import pytest

from civicbot.errors import IndexDamagedError
from civicbot.library.wordindex import K1, B, save_word_index
from civicbot.retrieval.lexical import LexicalIndex

ROWS = [["ai", "city", "budget"], ["bus", "city"], ["bus", "bus", "bus", "stop"], []]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_word_index(ROWS, tmp_path / "lexical")
    return tmp_path / "lexical"


def bm25(token: str, row: list[str]) -> float:
    """Robertson's BM25 as Lucene has it."""
    holding = sum(token in other for other in ROWS)
    idf = math.log(1 + (len(ROWS) - holding + 0.5) / (holding + 0.5))
    average = sum(len(other) for other in ROWS) / len(ROWS)
    count = row.count(token)
    return idf * count / (count + K1 * (1 - B + B * len(row) / average))


def test_scores_are_bm25(folder: Path) -> None:
    index = LexicalIndex(folder, len(ROWS))
    scores = index.scores(["bus", "city", "unheard-of", ""])
    assert scores.dtype == np.float32
    assert scores.shape == (4,)
    assert scores == pytest.approx([bm25("bus", row) + bm25("city", row) for row in ROWS], rel=1e-5)
    assert scores[3] == 0


@pytest.mark.parametrize("tokens", [[], [""], ["unheard-of"]])
def test_nothing_known_scores_nothing(folder: Path, tokens: list[str]) -> None:
    assert LexicalIndex(folder, len(ROWS)).scores(tokens).tolist() == [0, 0, 0, 0]


def test_idf(folder: Path) -> None:
    index = LexicalIndex(folder, len(ROWS))
    assert index.idf("bus") == pytest.approx(math.log(1 + 2.5 / 2.5))
    assert index.idf("stop") == pytest.approx(math.log(1 + 3.5 / 1.5))
    assert index.idf("unheard-of") == index.idf("") == pytest.approx(math.log(1 + 4.5 / 0.5))
    assert index.idf("unheard-of") > index.idf("stop") > index.idf("bus") > 0


def test_no_row_reaches_the_bound(folder: Path) -> None:
    index = LexicalIndex(folder, len(ROWS))
    assert index.bound([]) == 0
    assert index.bound(["bus", "bus", "stop"]) == pytest.approx(2 * index.idf("bus") + index.idf("stop"))
    assert index.scores(["bus", "stop"]).max() < index.bound(["bus", "stop"])


def test_knows(folder: Path) -> None:
    index = LexicalIndex(folder, len(ROWS))
    assert index.knows("bus")
    assert not index.knows("unheard-of")
    assert not index.knows("")


def test_rows_without_any_word(tmp_path: Path) -> None:
    save_word_index([[], []], tmp_path / "lexical")
    index = LexicalIndex(tmp_path / "lexical", 2)
    assert index.scores(["bus", ""]).tolist() == [0, 0]
    assert not index.knows("")


def test_another_number_of_rows(folder: Path) -> None:
    with pytest.raises(IndexDamagedError, match="'lexical' holds 4 rows, not 5"):
        LexicalIndex(folder, 5)


@pytest.mark.parametrize("content", [b"", b"junk", b"[]", b"{}", b'{"unheard_of": 1}'])
def test_unreadable_files(folder: Path, content: bytes) -> None:
    (folder / "params.index.json").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="'lexical'") as caught:
        LexicalIndex(folder, len(ROWS))
    assert "civicbot ingest --rebuild" in caught.value.hint


def test_every_file_is_needed(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(IndexDamagedError, match="cannot be read"):
            LexicalIndex(folder, len(ROWS))
        path.write_bytes(content[: len(content) // 2])
        with pytest.raises(IndexDamagedError, match="cannot be read"):
            LexicalIndex(folder, len(ROWS))
        path.write_bytes(content)
    LexicalIndex(folder, len(ROWS))
