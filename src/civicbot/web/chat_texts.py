"""The groups of texts that only the chat page shows; :mod:`civicbot.web.phrases` puts them with the others."""

from __future__ import annotations

from civicbot.web.page_texts import TextGroup


class SettingsTexts(TextGroup):
    """How the page is to look."""

    language: str
    title: str
    theme: str
    themes: dict[str, str]
    size: str
    sizes: dict[str, str]
    kept: str


class HomeTexts(TextGroup):
    """What stands there before the first question; ``topics`` name what each example question is about."""

    welcome: str
    can_title: str
    can: list[str]
    cannot_title: str
    cannot: list[str]
    topics: list[str]
    newest: str


class ComposerTexts(TextGroup):
    """The question box, and what the page says by itself when the server cannot be reached."""

    skip: str
    note: str
    keys: str
    stop: str
    count: str
    retry: str
    lost: str
    back: str
    interrupted: str


class LiveTexts(TextGroup):
    """What screen readers are told of an answer: that it has begun and that it is there."""

    working: str
    ready: str
    ready_plain: str


class ActionTexts(TextGroup):
    """What can be done with an answer, and the words that go with a copy of it."""

    label: str
    ai_label: str
    copy_answer: str
    copied: str
    copy_failed: str
    share: str
    shared: str
    print: str
    retry: str
    address: str
    source_line: str
    more: str


class FeedbackTexts(TextGroup):
    """Whether an answer helped; ``reasons`` holds a text for every code that is kept."""

    ask: str
    helpful: str
    unhelpful: str
    noted: str
    why: str
    reasons: dict[str, str]
    comment: str
    hint: str
    send: str
    thanks: str


class LeaveTexts(TextGroup):
    """Leaving a question for staff."""

    offer: str
    about: str
    question: str
    message: str
    send: str
    done: str
    code: str
    keep: str
    page: str
    copy_code: str
    already: str
    copied: str
