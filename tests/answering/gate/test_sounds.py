from __future__ import annotations

import pytest

from civicbot.answering.gate.sounds import english_sound, korean_sound, sound_alike


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("김영록", "Kimyungrok"),
        ("리벨리온", "Rebellions"),
        ("네이버", "Naver"),
        ("세계일보", "Segye"),
        ("안산", "Ansan"),
    ],
)
def test_one_name_in_two_alphabets(korean: str, english: str) -> None:
    assert sound_alike(korean, english)


@pytest.mark.parametrize(("korean", "english"), [("김영록", "Phoenix"), ("포항", "Gumi"), ("나", "No")])
def test_other_names(korean: str, english: str) -> None:
    assert not sound_alike(korean, english)


def test_the_nasal_at_the_end_of_a_syllable() -> None:
    assert korean_sound("상주") == english_sound("Sangju")
