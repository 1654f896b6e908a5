"""No count of one to four can be worked out from what is told."""

from __future__ import annotations

from itertools import product

import pytest

from civicbot.review.disclosure import is_small, tellable, told, total_of
from civicbot.review.public_nouns import Count

NAMES = "abcd"
ALL, AB, A, B, C, CD = "abcd", "ab", "a", "b", "c", "cd"


def cells(*counts: int) -> dict[str, int]:
    return dict(zip(NAMES, counts, strict=False))


def test_one_to_four_is_told_as_fewer_than_five() -> None:
    assert [is_small(count) for count in (0, 1, 4, 5, 500)] == [False, True, True, False, False]
    assert told(0) == Count(count=0)
    assert told(1) == told(4) == Count(fewer_than=5)
    assert told(5) == Count(count=5)


def test_a_total_says_no_more_than_its_parts() -> None:
    assert total_of([10, 0, 7]) == (17, 17)
    assert total_of([10, 1, 3]) == total_of([10, 4, 2]) == (12, 18)
    assert total_of([]) == (0, 0)


@pytest.mark.parametrize(
    ("counts", "sums", "may"),
    [
        ((10, 8, 0, 0), (ALL, A, B), (True, True, True)),
        # Small itself, or what is left of a total.
        ((10, 3, 0, 0), (AB, A, B), (True, False, False)),
        ((10, 3, 0, 0), (A, AB), (True, False)),
        # What is left may be nothing, or large enough in all.
        ((10, 0, 0, 0), (AB, A), (True, True)),
        ((10, 3, 3, 0), ("abc", A), (True, True)),
        ((10, 3, 3, 0), ("abc", A, "ac"), (True, True, False)),
        # By two steps: abcd - ab - c = d.
        ((9, 9, 9, 2), (ALL, AB, C), (True, True, False)),
        # By adding: (abc + ad - abcd) = a.
        ((4, 9, 9, 9), (ALL, "abc", "ad"), (True, True, False)),
    ],
)
def test_what_small_counts_follow_from(counts: tuple[int, ...], sums: tuple[str, ...], may: tuple[bool, ...]) -> None:
    assert tellable(cells(*counts), sums) == may


def test_nothing_small_is_ever_told_directly_or_as_a_difference() -> None:
    sums = (ALL, AB, CD, A, C, "abc", "bd")
    for counts in product((0, 2, 4, 5, 30), repeat=4):
        table = cells(*counts)
        values = [
            (set(names), sum(table[name] for name in names))
            for names, may in zip(sums, tellable(table, sums), strict=True)
            if may
        ]
        assert not any(is_small(value) for _, value in values)
        assert not any(is_small(one - other) for whole, one in values for part, other in values if part < whole)


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="13 cells are too many"):
        tellable({str(number): 1 for number in range(13)}, [])
