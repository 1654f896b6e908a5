"""Saving bm25s indexes over rows of search tokens."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

K1, B = 0.9, 0.5
"""BM25's saturation and length normalisation for passages; docs/evaluation.md tells on what they were chosen."""
WORDINGS_K1, WORDINGS_B = 1.5, 0.75
"""The same for wordings, which are as short as questions: the usual values, to which their weight was set."""


def save_word_index(rows: Sequence[Sequence[str]], folder: Path, *, k1: float = K1, b: float = B) -> None:
    """Builds a BM25 index (Lucene variant) and saves it.

    Args:
        rows: the tokens of each row, at least one row; the index keeps their order.
        folder: where bm25s writes its files.
        k1: how slowly repeats of a token stop to count, above 0.
        b: how much a long row has to pay for its length, 0..1.
    """
    import bm25s

    # It sets its own logger to DEBUG and prints what it does.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    # bm25s numbers tokens in the order of a set, which differs from run to run: numbered here, equal input gives
    # equal files. An index without any token cannot be built, so an empty one holds the empty token once.
    vocabulary = {token: number for number, token in enumerate(sorted({token for row in rows for token in row}))}
    numbers = [[vocabulary[token] for token in row] for row in rows]
    if not vocabulary:
        vocabulary, numbers = {"": 0}, [[0] for _ in rows]
    index = bm25s.BM25(method="lucene", k1=k1, b=b)
    index.index((numbers, vocabulary), show_progress=False)
    index.save(folder, show_progress=False)
