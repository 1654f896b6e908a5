"""The texts that the widget gets with its site's settings: the chat page's words, and a few of its own."""

from __future__ import annotations

from typing import Any

import yaml

from civicbot.model import LANGUAGES, Language
from civicbot.web.page_texts import TextGroup
from civicbot.web.phrases import FOLDER, Phrases, load_phrases

_OF_THE_PAGE: dict[str, set[str] | bool] = {
    "page": {"ai_notice_title", "ai_notice"},
    "chat": {
        "examples", "conversation", "question", "placeholder", "ask", "again", "you", "answer", "as_of", "choices",
        "suggestions", "contact", "sources", "started",
    },
    "source": True,
    "navigation": {"pages", "about", "how", "privacy", "other_language"},
    "home": {"newest"},
    "composer": {"note", "keys", "stop", "count"},
    "live": True,
    "actions": {"label", "ai_label", "copy_answer", "copied", "copy_failed", "retry", "address", "source_line"},
    "feedback": True,
    "leave": True,
    "dates": True,
    "stages": True,
    "notices": True,
}  # fmt: skip
"""The chat page's texts that the widget shows as well, by group; True for all of a group."""


class WidgetTexts(TextGroup):
    """What the widget alone says; ``problems`` are put with (and before) those of the chat page."""

    launcher: str
    full: str
    question_page: str
    loading: str
    load_again: str
    paused: str
    new_conversation: str
    hidden_question: str
    edit: str
    problems: dict[str, str]


def load_own_texts(language: Language) -> WidgetTexts:
    """Reads the texts that the widget does not share with the chat page.

    Raises:
        pydantic.ValidationError: naming the keys that are missing or unknown.
    """
    return WidgetTexts.model_validate(yaml.safe_load((FOLDER / f"widget.{language}.yaml").read_text(encoding="utf-8")))


def widget_texts(phrases: Phrases, own: WidgetTexts) -> dict[str, Any]:
    """All texts of the widget in one language, ready for JSON: groups of the chat page, ``widget`` and ``problems``."""
    shared = phrases.model_dump(include=_OF_THE_PAGE)
    alone = own.model_dump(exclude={"problems"})
    return {**shared, "widget": alone, "problems": {**phrases.problems, **own.problems}}


def load_widget_texts(language: Language) -> dict[str, Any]:
    """Reads all texts of the widget in one language."""
    return widget_texts(load_phrases(language), load_own_texts(language))


def load_all_widget_texts() -> dict[Language, dict[str, Any]]:
    """Reads all texts of the widget in all languages."""
    return {language: load_widget_texts(language) for language in LANGUAGES}
