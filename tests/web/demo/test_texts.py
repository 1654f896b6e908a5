"""The texts of the demonstration site."""

from __future__ import annotations

import pytest

from civicbot.model import LANGUAGES, Language
from civicbot.web.demo.site import PAGES
from civicbot.web.demo.texts import load_demo_texts
from civicbot.web.demo.variants import VARIANTS


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_are_whole(language: Language) -> None:
    texts = load_demo_texts(language)
    assert tuple(texts.variants) == VARIANTS
    assert all(texts.title(page) for page in PAGES)
    dates = [item.date for item in texts.news.items]
    assert dates == sorted(dates, reverse=True)
    assert {len(row) for row in texts.services.rows} == {3}


def test_both_languages_tell_the_same() -> None:
    korean, english = (load_demo_texts(language) for language in LANGUAGES)
    assert [item.date for item in korean.news.items] == [item.date for item in english.news.items]
    for name in ("rows", "ways"):
        assert len(getattr(korean.services, name)) == len(getattr(english.services, name))
    assert len(korean.directions.ways) == len(english.directions.ways)
