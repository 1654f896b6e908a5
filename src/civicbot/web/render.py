"""The chat page's HTML: everything in it comes from templates that escape what they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import Environment

from civicbot.model import Language
from civicbot.web.conversation import Turn, View
from civicbot.web.phrases import Phrases
from civicbot.web.sources import Source, document_link, kind_label, web_address


@dataclass(frozen=True)
class Panel:
    """A source as its panel shows it."""

    id: str
    number: int
    title: str
    publisher: str | None
    published: str | None
    label: str
    quote: str
    language: Language
    foreign: str | None
    document: str
    original: str | None


@dataclass(frozen=True)
class Sentence:
    """A sentence and the panels of its citations."""

    text: str
    panels: tuple[Panel, ...]


class Renderer:
    """Renders the parts of the chat page.

    Args:
        templates: holds ``header.html``, ``conversation.html``, ``status.html`` and ``footer.html``.
        phrases: the texts of each language.
    """

    def __init__(self, templates: Environment, phrases: Mapping[Language, Phrases]) -> None:
        self._templates = templates
        self._phrases = phrases

    def header(self, language: Language) -> str:
        """Title, what this is, and that an AI answers."""
        return self._render("header.html", language)

    def footer(self, language: Language, newest: date | None) -> str:
        """Whose page this is not, and how fresh the library is."""
        phrases = self._phrases[language]
        updated = phrases.page.updated.format(date=phrases.date(newest)) if newest else None
        return self._render("footer.html", language, updated=updated)

    def conversation(self, view: View, language: Language, examples: Sequence[str]) -> str:
        """The turns so far; example questions before the first."""
        phrases = self._phrases[language]
        turns = [
            self._turn(turn, view.first + place, newest=place == len(view.turns) - 1, phrases=phrases)
            for place, turn in enumerate(view.turns)
        ]
        return self._render("conversation.html", language, turns=turns, examples=examples)

    def status(self, view: View, language: Language) -> str:
        """The line that screen readers hear: an alert, the running stage, or that the answer is there."""
        phrases = self._phrases[language]
        newest = view.turns[-1] if view.turns else None
        text = ""
        if view.alert:
            text = phrases.problem(view.alert)
        elif newest and newest.pending:
            text = phrases.stage(newest.stage or "other")
        elif newest and newest.answer:
            text = phrases.chat.ready
        return self._render("status.html", language, text=text, alert=bool(view.alert))

    def _turn(self, turn: Turn, number: int, *, newest: bool, phrases: Phrases) -> dict[str, object]:
        panels = {source.citation.number: _panel(source, number, phrases) for source in turn.sources}
        sentences = [
            Sentence(one.text, tuple(panels[n] for n in one.citations if n in panels)) for one in turn.sentences
        ]
        answer, lead = turn.answer, _lead(turn)
        told = answer.contact if answer and answer.contact and answer.contact not in answer.text else None
        return {
            "number": number,
            "question": turn.question,
            "pending": turn.pending,
            "stage": phrases.stage(turn.stage or "other"),
            "problem": phrases.problem(turn.problem) if turn.problem else None,
            "answer": answer,
            "lead": lead,
            "sentences": sentences,
            "panels": [panels[n] for n in sorted(panels)],
            "as_of": phrases.chat.as_of.format(date=phrases.date(answer.as_of)) if answer and answer.as_of else None,
            "contact": phrases.chat.contact.format(contact=told) if told else None,
            "newest": newest,
        }

    def _render(self, template: str, language: Language, **values: object) -> str:
        texts = self._phrases[language]
        return self._templates.get_template(template).render(language=language, texts=texts, **values)


def _lead(turn: Turn) -> str:
    """What an answer's text says before its cited sentences: the whole text when there are none."""
    if turn.answer is None:
        return ""
    if not turn.sentences:
        return turn.answer.text
    head, found, _ = turn.answer.text.partition(turn.sentences[0].text)
    return head.strip() if found else ""


def _panel(source: Source, turn: int, phrases: Phrases) -> Panel:
    citation, texts = source.citation, phrases.source
    return Panel(
        id=f"source-{turn}-{citation.number}",
        number=citation.number,
        title=citation.title,
        publisher=citation.publisher,
        published=phrases.date(citation.published) if citation.published else None,
        label=kind_label(source.kind, citation.publisher, citation.published, phrases),
        quote=citation.quote,
        language=citation.language,
        foreign=texts.language_ko if citation.language == "ko" else texts.language_en,
        document=document_link(citation),
        original=web_address(citation.url),
    )
