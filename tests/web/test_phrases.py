from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import yaml

from civicbot.model import LANGUAGES, NoticeKind
from civicbot.web.phrases import FOLDER, load_phrases, preferred_language


def keys(value: Any, path: str = "") -> dict[str, set[str]]:
    """All paths of a tree of texts, with the fields that each text fills in."""
    if isinstance(value, dict):
        return {name: fields for key, inner in value.items() for name, fields in keys(inner, f"{path}.{key}").items()}
    return {path: set(re.findall(r"{(\w+)}", str(value)))}


def test_all_languages_hold_the_same_texts() -> None:
    trees = [keys(yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))) for language in LANGUAGES]
    assert trees[0] == trees[1]
    assert all(load_phrases(language) for language in LANGUAGES)


def test_every_notice_has_a_heading() -> None:
    for language in LANGUAGES:
        assert set(load_phrases(language).notices) == {kind.value for kind in NoticeKind}


def test_dates_are_written_as_people_do() -> None:
    assert load_phrases("ko").date(date(2025, 8, 17)) == "2025년 8월 17일"
    assert load_phrases("en").date(date(2025, 8, 17)) == "17 August 2025"


def test_unknown_stages_and_problems_have_a_text() -> None:
    phrases = load_phrases("en")
    assert phrases.stage("levitate") == phrases.stages["other"]
    assert phrases.problem("levitated") == phrases.problems["other"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ko"),
        ("", "ko"),
        ("fr", "ko"),
        ("en", "en"),
        ("en-GB,en;q=0.9,ko;q=0.8", "en"),
        ("fr, ko;q=0.4, en;q=0.6", "en"),
        ("ko-KR, en", "ko"),
        ("en;q=0", "ko"),
        ("en;q=much, *", "ko"),
    ],
)
def test_the_browsers_language_is_taken(header: str | None, language: str) -> None:
    assert preferred_language(header) == language
