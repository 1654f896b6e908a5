from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.statistics import Share, percentile, share, wilson

COUNTS = st.integers(0, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


def test_known_intervals() -> None:
    # E.g. R: binom::binom.confint(9, 10, methods = "wilson").
    low, high = wilson(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0


@given(COUNTS)
def test_an_interval_holds_its_share(counts: tuple[int, int]) -> None:
    hits, total = counts
    low, high = wilson(hits, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low <= hits / total <= high
        # Hits and misses are treated alike.
        other_low, other_high = wilson(total - hits, total)
        assert low == pytest.approx(1 - other_high)
        assert high == pytest.approx(1 - other_low)


@given(st.integers(1, 100), st.integers(2, 10))
def test_more_questions_narrow_the_interval(total: int, times: int) -> None:
    low, high = wilson(total // 2, total)
    more_low, more_high = wilson(total // 2 * times, total * times)
    assert more_high - more_low < high - low


def test_shares() -> None:
    assert share([True, False, True]) == Share(hits=2, total=3)
    assert share([]).value == 0.0
    assert share([True]).interval == wilson(1, 1)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values(values: list[float], part: float) -> None:
    found = percentile(values, part)
    assert found in values
    assert sum(value <= found for value in values) >= part * len(values) - 1e-6
    assert percentile(values, 0.0) == min(values)
    assert percentile(values, 1.0) == max(values)


def test_known_percentiles() -> None:
    assert percentile([15, 20, 35, 40, 50], 0.4) == 20
    assert percentile(list(range(1, 101)), 0.95) == 95
    assert percentile([], 0.5) == 0.0
