"""Saving bm25s indexes over rows of search tokens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def save_word_index(rows: Sequence[Sequence[str]], folder: Path) -> None:
    """Builds a BM25 index (Lucene variant, k1 1.5, b 0.75) and saves it.

    Args:
        rows: the tokens of each row, at least one row; the index keeps their order.
        folder: where bm25s writes its files.
    """
    import bm25s

    # bm25s numbers tokens in the order of a set, which differs from run to run: numbered here, equal input gives
    # equal files. An index without any token cannot be built, so an empty one holds the empty token once.
    vocabulary = {token: number for number, token in enumerate(sorted({token for row in rows for token in row}))}
    numbers = [[vocabulary[token] for token in row] for row in rows]
    if not vocabulary:
        vocabulary, numbers = {"": 0}, [[0] for _ in rows]
    index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    index.index((numbers, vocabulary), show_progress=False)
    index.save(folder, show_progress=False)
