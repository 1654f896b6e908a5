from __future__ import annotations

import pytest

from civicbot.records.codes import ALPHABET, LENGTH, new_code, read_code


def test_codes_are_random_and_read_back() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(read_code(code) == code for code in codes)
    assert {character for code in codes for character in code} == {*ALPHABET, "-"}
    assert len(ALPHABET) ** LENGTH == 2**60


@pytest.mark.parametrize(
    "typed",
    [
        "7K3Q-XM9T-0101",
        "7k3q-xm9t-0101",
        "7K3QXM9T0101",
        " 7K3Q XM9T 0101\n",
        "7k3.qx_m9—t0101",
        "7K3Q-XM9T-OIOI",
        "7k3q-xm9t-olo1",
        "７Ｋ３Ｑ－ＸＭ９Ｔ－０１０１",
    ],
)
def test_how_it_is_typed_does_not_matter(typed: str) -> None:
    assert read_code(typed) == "7K3Q-XM9T-0101"


@pytest.mark.parametrize(
    "typed", ["", "7K3QX-M9T0", "7K3Q-XM9T-01011", "7K3QX-M9T0U", "7K3QX-M9T0가", "x" * 100_000, "߁" * 12]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
