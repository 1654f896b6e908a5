"""The texts of the demonstration site, one YAML file per language, checked when they are read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import Field

from civicbot.model import Language
from civicbot.web.page_texts import TextGroup

FOLDER = Path(__file__).parent / "texts"


class SiteTexts(TextGroup):
    """The frame of every page."""

    name: str
    tagline: str
    label: str
    notice: str
    back: str
    skip: str
    menu: str
    trail: str
    first: str
    other_language: str
    search: str
    search_button: str
    footer: str
    top: str
    assistant: str
    ask: str
    not_found: str


class IndexTexts(TextGroup):
    """The list of the variants."""

    title: str
    lead: str
    assistant: str
    name: str
    snippet: str
    silent: str
    open_other: str


class VariantTexts(TextGroup):
    """One variant, as the list tells of it."""

    title: str
    text: str


class HomeTexts(TextGroup):
    """The first page of the office."""

    title: str
    welcome: str
    lead: str
    links: str
    more: str
    hours_title: str
    hours: str


class Item(TextGroup):
    """One piece of news; the date is written YYYY-MM-DD."""

    date: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    title: str
    text: str


class NewsTexts(TextGroup):
    """The news, the newest first."""

    title: str
    lead: str
    items: list[Item]


class ServiceTexts(TextGroup):
    """The counters, and a form that sends nothing."""

    title: str
    lead: str
    caption: str
    kind: str
    desk: str
    time: str
    rows: list[list[str]]
    form: str
    form_lead: str
    subject: str
    message: str
    reply: str
    ways: list[str]
    agree: str
    send: str
    sent: str


class WayTexts(TextGroup):
    """One way to the office."""

    name: str
    text: str


class DirectionTexts(TextGroup):
    """How to get there."""

    title: str
    lead: str
    map: str
    ways: list[WayTexts]


class DemoTexts(TextGroup):
    """All texts of the site in one language."""

    site: SiteTexts
    index: IndexTexts
    variants: dict[str, VariantTexts]
    home: HomeTexts
    news: NewsTexts
    services: ServiceTexts
    directions: DirectionTexts

    def title(self, page: str) -> str:
        """The title of a page, by its name."""
        titles = {
            "home": self.home.title,
            "news": self.news.title,
            "services": self.services.title,
            "directions": self.directions.title,
        }
        return titles[page]


@cache
def load_demo_texts(language: Language) -> DemoTexts:
    """Reads the texts of one language.

    Raises:
        pydantic.ValidationError: naming the keys that are missing or unknown.
    """
    return DemoTexts.model_validate(yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")))
