from __future__ import annotations

import pytest

from civicbot.answering.gate.persons import in_korean, korean_spans, persons


def test_a_name_with_a_hyphen_and_its_family() -> None:
    assert list(persons("Rep. Park Su-gi of Buk-gu")) == [(5, 15, "Park", "Sugi"), (19, 25, "", "Bukgu")]


@pytest.mark.parametrize(
    ("english", "korean", "same"),
    [
        ("Lee Sang-ju", "이상주 국장", True),
        ("Kim Sang-ju", "이상주 국장", False),
        ("Park Su-gi", "박수기 시의원", True),
        ("Dong-gu", "광주 동구", True),
        ("Seo-gu", "광주 남구", False),
    ],
)
def test_the_family_and_the_sound(english: str, korean: str, same: bool) -> None:
    _, _, family, given = next(persons(english))
    assert in_korean(family, given, korean) is same


def test_where_a_korean_text_names_a_person() -> None:
    assert list(korean_spans("어제 이상주 국장이 말했습니다.", "Lee Sang-ju spoke.")) == [(3, 6)]
