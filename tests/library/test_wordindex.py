from pathlib import Path

import bm25s
import pytest

from civicbot.library.build import file_hashes
from civicbot.library.wordindex import save_word_index

ROWS = [["광주", "예산"], ["ai", "city", "예산", "예산"], [], ["도로"]]


def test_rows_keep_their_order(tmp_path: Path) -> None:
    save_word_index(ROWS, tmp_path / "index")
    index = bm25s.BM25.load(tmp_path / "index", load_corpus=False, show_progress=False)
    scores = index.get_scores(["예산"])
    assert scores.shape == (4,)
    assert scores[1] > scores[0] > scores[2] == scores[3] == 0


def test_equal_input_gives_equal_files(tmp_path: Path) -> None:
    save_word_index(ROWS, tmp_path / "one")
    save_word_index(ROWS, tmp_path / "two")
    assert file_hashes(tmp_path / "one") == file_hashes(tmp_path / "two") != {}


@pytest.mark.parametrize("rows", [[[]], [[], []]])
def test_rows_without_any_token(rows: list[list[str]], tmp_path: Path) -> None:
    save_word_index(rows, tmp_path)
    index = bm25s.BM25.load(tmp_path, load_corpus=False, show_progress=False)
    assert index.scores["num_docs"] == len(rows)
