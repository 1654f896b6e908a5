from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.evaluation.statistics import auc, bins, brier, calibration_error, mcnemar

CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def apart(cases: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [confidence for confidence, _ in cases], [outcome for _, outcome in cases]


@given(CASES)
def test_scores_of_confidence_stay_in_bounds(cases: list[tuple[float, bool]]) -> None:
    confidences, outcomes = apart(cases)
    held = bins(confidences, outcomes)
    assert sum(each.count for each in held) == len(cases)
    assert all(each.low - 1e-9 <= each.confidence <= each.high + 1e-9 for each in held)
    assert 0 <= calibration_error(held) <= 1
    assert 0 <= brier(confidences, outcomes) <= 1
    # Knowing nothing (0.5 always) costs .25; the square is never more than the worst distance.
    assert brier([0.5] * len(cases), outcomes) == pytest.approx(0.25)


@given(st.lists(st.booleans(), min_size=1))
def test_perfect_confidence(outcomes: list[bool]) -> None:
    confidences = [float(outcome) for outcome in outcomes]
    assert brier(confidences, outcomes) == 0.0
    assert calibration_error(bins(confidences, outcomes)) == 0.0
    assert auc(confidences, outcomes) == (1.0 if len(set(outcomes)) == 2 else None)


def test_known_calibration() -> None:
    held = bins([0.95, 0.9, 0.15], [True, False, False])
    assert [(each.low, each.count, each.right) for each in held] == [(0.1, 1, 0.0), (0.9, 2, 0.5)]
    assert calibration_error(held) == pytest.approx((1 * 0.15 + 2 * 0.425) / 3)
    assert (calibration_error(()), brier([], [])) == (0.0, 0.0)


@given(CASES)
def test_auc_is_symmetric(cases: list[tuple[float, bool]]) -> None:
    confidences, outcomes = apart(cases)
    one, other = auc(confidences, outcomes), auc(confidences, [not outcome for outcome in outcomes])
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one + other == pytest.approx(1.0)


def test_known_mcnemar() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(5, 0) == pytest.approx(2 / 2**5)
    assert mcnemar(1, 7) == pytest.approx(2 * 9 / 2**8)


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_a_probability(one: int, other: int) -> None:
    assert 0 <= mcnemar(one, other) <= 1
    assert mcnemar(one, other) == mcnemar(other, one)
