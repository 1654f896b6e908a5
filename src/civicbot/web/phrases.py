"""The texts of the web pages, one YAML file per language, checked for completeness when they are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml
from pydantic import Field

from civicbot.model import LANGUAGES, Language
from civicbot.web.chat_texts import (
    ActionTexts,
    ComposerTexts,
    FeedbackTexts,
    HomeTexts,
    LeaveTexts,
    LiveTexts,
    SettingsTexts,
)
from civicbot.web.page_texts import AboutTexts, HowTexts, NavigationTexts, PrivacyTexts, SharedTexts, TextGroup

FOLDER = Path(__file__).parent / "texts"


class PageTexts(TextGroup):
    """The frame of the chat page."""

    title: str
    tagline: str
    about: str
    ai_notice_title: str
    ai_notice: str
    language: str
    no_script: str
    updated: str
    footer: str
    not_found_title: str
    not_found: str


class ChatTexts(TextGroup):
    """The conversation."""

    examples: str
    conversation: str
    question: str
    placeholder: str
    ask: str
    again: str
    you: str
    answer: str
    as_of: str
    choices: str
    suggestions: str
    contact: str
    sources: str
    ready: str
    started: str


class SourceTexts(TextGroup):
    """The panel of one source."""

    open: str
    heading: str
    close: str
    publisher: str
    published: str
    undated: str
    quote: str
    summary: str
    summary_unpublished: str
    summary_unnamed: str
    brief: str
    document: str
    in_document: str
    original: str
    new_tab: str
    language_ko: str
    language_en: str


class DocumentTexts(TextGroup):
    """The page of one document."""

    home: str
    marked: str
    not_marked: str
    jump: str
    other_language: str
    not_found_title: str
    not_found: str
    unavailable_title: str
    unavailable: str


class TicketTexts(TextGroup):
    """The page of a question left for staff; ``states`` holds a text for every state."""

    title: str
    code: str
    opened: str
    updated: str
    states: dict[str, str]
    question: str
    message: str
    reply: str
    no_reply: str
    keep: str
    not_found_title: str
    not_found: str
    too_many_title: str
    too_many: str
    unavailable_title: str
    unavailable: str


class DateTexts(TextGroup):
    """How a date is written: ``pattern`` with year, month and day; ``months`` holds the twelve names."""

    pattern: str
    months: list[str] = Field(min_length=12, max_length=12)


class Phrases(TextGroup):
    """All texts of the web pages in one language.

    ``stages`` and ``problems`` hold an ``other`` for names that have no text of their own.
    """

    page: PageTexts
    chat: ChatTexts
    source: SourceTexts
    document: DocumentTexts
    ticket: TicketTexts
    navigation: NavigationTexts
    about: AboutTexts
    how: HowTexts
    privacy: PrivacyTexts
    shared: SharedTexts
    settings: SettingsTexts
    home: HomeTexts
    composer: ComposerTexts
    live: LiveTexts
    actions: ActionTexts
    feedback: FeedbackTexts
    leave: LeaveTexts
    dates: DateTexts
    stages: dict[str, str]
    notices: dict[str, str]
    problems: dict[str, str]

    def date(self, day: date) -> str:
        """The date as people write it in this language."""
        return self.dates.pattern.format(year=day.year, month=self.dates.months[day.month - 1], day=day.day)

    def stage(self, name: str) -> str:
        """What the reader is told while the stage ``name`` runs."""
        return self.stages.get(name, self.stages["other"])

    def problem(self, code: str) -> str:
        """What the reader is told when a question failed with the error ``code``."""
        return self.problems.get(code, self.problems["other"])


def load_phrases(language: Language) -> Phrases:
    """Reads the texts of one language.

    Raises:
        pydantic.ValidationError: naming the keys that are missing or unknown.
    """
    return Phrases.model_validate(yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")))


def load_all_phrases() -> dict[Language, Phrases]:
    """Reads the texts of all languages."""
    return {language: load_phrases(language) for language in LANGUAGES}


def preferred_language(accept_language: str | None, default: Language = "ko") -> Language:
    """The first of our languages in an ``Accept-Language`` header, by its weights.

    Args:
        accept_language: the header's value, e.g. ``en-GB,en;q=0.9,ko;q=0.8``; None when it was not sent.
        default: what is taken when the header names neither language.
    """
    best: tuple[float, Language] | None = None
    for item in (accept_language or "").lower().split(","):
        tag, _, weight = item.strip().partition(";")
        language = tag.strip().split("-")[0]
        quality = _weight(weight)
        if language in LANGUAGES and quality > 0 and (best is None or quality > best[0]):
            best = (quality, language)
    return best[1] if best else default


def _weight(parameter: str) -> float:
    """The number in ``q=0.8``; 1 when there is none, 0 when it cannot be read."""
    if not parameter.strip():
        return 1.0
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
