"""The texts of the pages around the chat: about, how it works, privacy, a shared answer, and what leads to them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class TextGroup(BaseModel):
    """A group of texts: every key must be there, no other may."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True, str_min_length=1)


class NavigationTexts(TextGroup):
    """The links at the head and foot of every page."""

    skip: str
    pages: str
    ask: str
    about: str
    how: str
    privacy: str
    transparency: str
    other_language: str
    ai: str


class AboutTexts(TextGroup):
    """What this is, and the list of the library; ``topics`` names topics that no overview is about."""

    title: str
    lead: str
    who_title: str
    who: str
    official: str
    ai_title: str
    library_title: str
    library: str
    newest: str
    empty: str
    topic_count: str
    overview: str
    undated: str
    others: str
    publishers_title: str
    publishers: str
    publisher: str
    publisher_count: str
    publisher_newest: str
    topics: dict[str, str]


class Mark(TextGroup):
    """A mark or notice that stands beside an answer, and what it means."""

    name: str
    meaning: str


class HowTexts(TextGroup):
    """How an answer is made, what the service does not do, what its marks mean and how well it does.

    ``…_model`` is told where a language model writes the answers.
    """

    title: str
    lead: str
    lead_model: str
    steps_title: str
    steps: list[str]
    step_model: str
    not_title: str
    not_done: list[str]
    marks_title: str
    marks: list[Mark]
    well_title: str
    well: str
    well_rows: dict[str, str]
    well_note: str
    wrong_title: str
    wrong: str


class Section(TextGroup):
    """A heading and its paragraphs."""

    title: str
    lines: list[str]


class PrivacyTexts(TextGroup):
    """What is kept of residents, in short; ``{days}`` in a line is the retention.

    ``lead_model`` is told where a language model writes the answers.
    """

    title: str
    lead: str
    lead_model: str
    sections: list[Section]
    contact_title: str
    contact: str
    no_contact: str


class SharedTexts(TextGroup):
    """The page of one shared question and answer."""

    title: str
    lead: str
    question: str
    answer: str
    asked: str
    ai: str
    notices: str
    sources: str
    quote: str
    see: str
    ask: str
    not_found_title: str
    not_found: str
    unavailable_title: str
    unavailable: str
