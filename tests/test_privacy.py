"""docs/privacy.md promises, in both languages, what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from civicbot.language.personal.words import words
from civicbot.model import LANGUAGES, Language
from civicbot.records.codes import LENGTH
from civicbot.settings import Settings

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
PARTS = dict(zip(LANGUAGES, re.split(r"^## (?:한국어|English)$", TEXT, flags=re.MULTILINE)[1:], strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_masked_data_is_named_and_no_other(language: Language) -> None:
    assert set(re.findall(r"`(\[[^`]+\])`", PARTS[language])) == set(words().placeholders[language].values())


@pytest.mark.parametrize(("language", "days"), [("ko", "365일"), ("en", "365 days")])
def test_the_retention_is_the_settings(language: Language, days: str) -> None:
    assert Settings.model_fields["retention_days"].default == 365
    assert f"**{days}**" in PARTS[language]
    assert "`CIVICBOT_RETENTION_DAYS`" in PARTS[language]


@pytest.mark.parametrize(("language", "length"), [("ko", "({}자)"), ("en", "({} characters)")])
def test_the_length_of_codes_is_true(language: Language, length: str) -> None:
    assert length.format(LENGTH) in PARTS[language]


def test_both_languages_have_the_same_sections() -> None:
    korean, english = (re.findall(r"^### ", PARTS[language], re.MULTILINE) for language in LANGUAGES)
    assert len(korean) == len(english) == 8
