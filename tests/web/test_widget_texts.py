from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from tests.web.test_phrases import keys

from civicbot.model import LANGUAGES, Language
from civicbot.web.embedding import SCRIPT
from civicbot.web.phrases import FOLDER, load_phrases
from civicbot.web.widget_texts import load_all_widget_texts, load_widget_texts

GROUPS = ["actions", "composer", "feedback", "leave", "live", "navigation", "widget"]
"""Groups of texts whose names mean nothing else in the script."""


def test_all_languages_hold_the_same_texts() -> None:
    own = [keys(yaml.safe_load((FOLDER / f"widget.{one}.yaml").read_text(encoding="utf-8"))) for one in LANGUAGES]
    assert own[0] == own[1]
    trees = [keys(texts) for texts in load_all_widget_texts().values()]
    assert trees[0] == trees[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_the_same_as_the_chat_page(language: Language) -> None:
    phrases, texts = load_phrases(language), load_widget_texts(language)
    assert texts["page"]["ai_notice"] == phrases.page.ai_notice
    assert texts["actions"]["ai_label"] == phrases.actions.ai_label
    assert texts["notices"] == phrases.notices
    assert set(texts["problems"]) > set(phrases.problems)


def test_a_refusal_tells_the_seconds() -> None:
    for texts in load_all_widget_texts().values():
        assert "{seconds}" in texts["problems"]["rate_limited"]


def test_they_are_json() -> None:
    texts = load_widget_texts("ko")
    assert json.loads(json.dumps(texts)) == texts


def test_the_script_uses_every_text_and_no_other() -> None:
    script, texts = SCRIPT.read_text(encoding="utf-8"), load_widget_texts("en")
    for group in GROUPS:
        used = set(re.findall(rf"(?<![\w.'/-])(?:texts\.)?{group}\.(\w+)", script))
        assert used <= set(texts[group]), group
    unused = [name for name in _leaves(texts) if not re.search(rf"\b{name}\b", script)]
    assert unused == []


def _leaves(texts: dict[str, Any]) -> list[str]:
    """The names of the texts that the script itself must name: not those that it looks up by a code of the API."""
    looked_up = {"stages", "notices", "problems"}
    computed = {"language_ko", "language_en", "brief", "document"}
    return [name for group, each in texts.items() if group not in looked_up for name in each if name not in computed]
