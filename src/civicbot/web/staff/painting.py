"""The desk's HTML: everything in it comes from templates that escape what they are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from jinja2 import Environment
from markupsafe import Markup, escape

from civicbot.model import Language
from civicbot.review.access import Action, may
from civicbot.review.evidence_nouns import Span
from civicbot.review.view_nouns import Choice
from civicbot.web.phrases import Phrases
from civicbot.web.staff.screens.base import Sight
from civicbot.web.staff.texts import KOREA, StaffTexts


class Painter:
    """Renders templates of the desk.

    Args:
        templates: holds ``staff-*.html``.
        phrases: how dates are written, and what residents read.
    """

    def __init__(self, templates: Environment, phrases: dict[Language, Phrases]) -> None:
        self._templates = templates
        self._phrases = phrases

    def paint(self, template: str, sight: Sight, **values: object) -> str:
        """Renders ``staff-<template>.html``."""
        phrases = self._phrases[sight.language]
        return self._templates.get_template(f"staff-{template}.html").render(
            t=sight.texts,
            phrases=phrases,
            language=sight.language,
            actor=sight.actor,
            address=sight.address,
            allowed=lambda action: may(sight.actor, Action(action)),
            show=Showing(sight.texts, phrases, sight.language),
            **values,
        )


class Showing:
    """How values are written in one language."""

    def __init__(self, texts: StaffTexts, phrases: Phrases, language: Language) -> None:
        self._texts = texts
        self._language = language
        self._phrases = phrases

    def day(self, day: date | None) -> str:
        """A date in words."""
        return self._phrases.date(day) if day else self._texts.common.none

    def time(self, at: datetime | None) -> str:
        """A time of today as its hour, any other with its day; in Korean time."""
        if at is None:
            return self._texts.common.none
        local, now = at.astimezone(KOREA), datetime.now(KOREA)
        if local.date() == now.date():
            return f"{local:%H:%M}"
        return f"{local:%m-%d %H:%M}" if local.year == now.year else f"{local:%Y-%m-%d %H:%M}"

    def full(self, at: datetime | None) -> str:
        """A time with its day and year; in Korean time."""
        return f"{at.astimezone(KOREA):%Y-%m-%d %H:%M}" if at else self._texts.common.none

    def local(self, at: datetime | None) -> str:
        """A time for a field of a form; in Korean time."""
        return f"{at.astimezone(KOREA):%Y-%m-%dT%H:%M}" if at else ""

    def choice(self, choices: Iterable[Choice], key: str) -> str:
        """How something that can be chosen is called."""
        return next((one.ko if self._language == "ko" else one.en for one in choices if one.key == key), key)

    def ago(self, at: datetime | None) -> str:
        """How long ago a time was, roughly."""
        if at is None:
            return self._texts.common.none
        passed = max(datetime.now(UTC) - at, timedelta())
        texts = self._texts.common
        if passed < timedelta(minutes=1):
            return texts.just_now
        if passed < timedelta(hours=1):
            return texts.minutes_ago.format(count=passed // timedelta(minutes=1))
        if passed < timedelta(days=1):
            return texts.hours_ago.format(count=passed // timedelta(hours=1))
        return texts.days_ago.format(count=passed.days)

    def percent(self, share: float) -> str:
        """A share as per cent."""
        return f"{share * 100:.0f}%" if share >= 0.1 or share == 0 else f"{share * 100:.1f}%"

    def number(self, number: float) -> str:
        """A whole number with its thousands apart."""
        return f"{number:,.0f}"

    def seconds(self, seconds: float | None) -> str:
        """A duration."""
        if seconds is None:
            return self._texts.common.none
        return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"

    def marked(self, text: str, support: Sequence[Span], figures: Iterable[Span] = ()) -> Markup:
        """A text with what supports a sentence marked in it, and the sentence's figures within that."""
        strong = [(span.start, span.end) for span in figures]
        pieces, last = [], 0
        for span in sorted(support, key=lambda one: one.start):
            start, end = max(span.start, last), min(span.end, len(text))
            if start >= end:
                continue
            pieces += [escape(text[last:start]), Markup("<mark>"), _bold(text, start, end, strong), Markup("</mark>")]
            last = end
        return Markup("").join([*pieces, escape(text[last:])])


def _bold(text: str, start: int, end: int, strong: Sequence[tuple[int, int]]) -> Markup:
    pieces, last = [], start
    for first, after in sorted(strong):
        if first < last or after > end:
            continue
        pieces += [escape(text[last:first]), Markup("<b>"), escape(text[first:after]), Markup("</b>")]
        last = after
    return Markup("").join([*pieces, escape(text[last:end])])
