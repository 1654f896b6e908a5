from __future__ import annotations

import pytest

from civicbot.answering.gate.measures import clash, measures, rates


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("40MW로", "40000000", "power"),
        ("40 megawatts", "40000000", "power"),
        ("8.67㎞를", "8670", "length"),
        ("3.38 million square metres", "3380000", "area"),
        ("약 30만 평", "300000", "pyeong"),
        ("310억 원", "31000000000", "money"),
        ("86퍼센트", "86", "percent"),
        ("16.6km/h", "16.6", "speed"),
        ("6개월", "6", "months"),
        ("107페타바이트", "107000000000000000", "bytes"),
        ("23곳", "23", "things"),
        ("아무 42", "42", ""),
    ],
)
def test_value_and_unit(text: str, value: str, unit: str) -> None:
    (measure,) = measures(text)
    assert (measure.value, measure.unit) == (value, unit)


def test_units_that_exclude_each_other() -> None:
    assert clash("power", "length")
    assert clash("people", "things")
    assert not clash("", "length")
    assert not clash("length", "length")


def test_periods() -> None:
    assert rates("하루 1200톤, 매월 두 번") == {"day", "month"}
    assert rates("2026년 5월 11일 Daily Alpha") == frozenset()
