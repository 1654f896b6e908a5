from __future__ import annotations

import pytest

from civicbot.answering.slips import slip


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("natoinal", "national"),
        ("nationl", "national"),
        ("nationnal", "national"),
        ("natiomal", "national"),
        ("실증벨리", "실증밸리"),
        ("gwangju", "gwangju"),
    ],
)
def test_one_slip(word: str, meant: str) -> None:
    assert slip(word, meant)
    assert slip(meant, word)


@pytest.mark.parametrize(
    ("word", "meant"),
    [("start", "smart"), ("착공", "준공"), ("nation", "notional"), ("", "a"), ("opening", "closing"), ("실증", "검증")],
)
def test_another_word(word: str, meant: str) -> None:
    assert not slip(word, meant)
    assert not slip(meant, word)
