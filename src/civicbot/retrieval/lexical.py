"""Search by words: BM25 over Korean morphemes and stemmed English."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from civicbot.errors import IndexDamagedError

Scores = NDArray[np.float32]


class LexicalIndex:
    """A bm25s index over rows of tokens.

    Args:
        folder: where bm25s saved it.
        rows: how many rows it must have.

    Raises:
        IndexDamagedError: the files are absent, unreadable or hold another number of rows.
    """

    def __init__(self, folder: Path, rows: int) -> None:
        import bm25s

        try:
            self._bm25 = bm25s.BM25.load(folder, load_corpus=False, show_progress=False)
            self._document_counts = np.diff(self._bm25.scores["indptr"])
            found = int(self._bm25.scores["num_docs"])
        except (OSError, ValueError, LookupError, EOFError, TypeError, AttributeError) as error:
            raise IndexDamagedError(f"The word index {folder.name!r} cannot be read: {error}.") from error
        if found != rows:
            raise IndexDamagedError(f"The word index {folder.name!r} holds {found} rows, not {rows}.")
        self.rows = rows

    def scores(self, tokens: Sequence[str]) -> Scores:
        """BM25 scores (Lucene variant) of all rows, float32 (rows,), 0 where nothing matches."""
        known = [token for token in tokens if token and token in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self.rows, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def idf(self, token: str) -> float:
        """How telling a token is: ln(1 + (N - n + 0.5) / (n + 0.5)), Robertson's idf kept positive as in Lucene.

        A token that the library does not have is the most telling one.
        """
        position = self._bm25.vocab_dict.get(token)
        count = int(self._document_counts[position]) if token and position is not None else 0
        return math.log(1 + (self.rows - count + 0.5) / (count + 0.5))

    def bound(self, tokens: Sequence[str]) -> float:
        """What a row's score for these tokens stays below, however often it repeats them: the sum of their idf."""
        return sum(self.idf(token) for token in tokens)

    def knows(self, token: str) -> bool:
        """Whether any row has the token."""
        return bool(token) and token in self._bm25.vocab_dict
