"""Which counts of residents' questions may be told to everybody: none that says something about one to four of them.

A count of one to four is told as "fewer than 5". That alone protects nobody where the same count can be worked out
from others that are told, as a total less its other parts; :func:`tellable` finds those.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import product
from typing import TypeVar

import numpy as np

from civicbot.review.public_nouns import SMALL, Count

_Cell = TypeVar("_Cell", bound=Hashable)

_MOST_CELLS = 12
_TINY = 1e-9


def is_small(count: int) -> bool:
    """Whether a count is one to four."""
    return 0 < count < SMALL


def told(count: int) -> Count:
    """A count as everybody may read it."""
    return Count(fewer_than=SMALL) if is_small(count) else Count(count=count)


def total_of(counts: Iterable[int]) -> tuple[int, int]:
    """The least and the most that some counts can add up to, for who is told them by :func:`told`.

    It says nothing more than they do: the true total would let small counts be worked out.
    """
    counts = tuple(counts)
    known = sum(count for count in counts if not is_small(count))
    small = sum(map(is_small, counts))
    return known + small, known + small * (SMALL - 1)


def tellable(cells: Mapping[_Cell, int], sums: Sequence[Collection[_Cell]]) -> tuple[bool, ...]:
    """Which sums of cells may be told exactly, so that nobody can work out a small one from all that are told.

    A sum is told unless it is small itself, or some cells together hold one to four and follow from it and the sums
    before it by adding and taking away.

    Args:
        cells: disjoint counts, 12 at most.
        sums: each the cells that it adds up, the most important sum first.
    """
    names = tuple(cells)
    if len(names) > _MOST_CELLS:
        raise ValueError(f"{len(names)} cells are too many")
    unions = np.array(list(product((0.0, 1.0), repeat=len(names))))
    values = unions @ np.array([float(cells[name]) for name in names])
    small = unions[(values > 0) & (values < SMALL)]
    rows: list[list[float]] = []
    found = []
    for wanted in sums:
        row = [float(name in wanted) for name in names]
        may = not is_small(sum(cells[name] for name in names if name in wanted)) and not _follows(small, [*rows, row])
        rows += [row] if may else []
        found.append(may)
    return tuple(found)


def _follows(unions: np.ndarray[tuple[int, int], np.dtype[np.float64]], rows: list[list[float]]) -> bool:
    """Whether one of the unions is a linear combination of the rows."""
    matrix = np.array(rows)
    left = unions - unions @ (np.linalg.pinv(matrix) @ matrix)
    return bool((np.abs(left) < _TINY).all(axis=1).any())
