"""The chat page's HTML: everything in it comes from templates that escape what they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest

from jinja2 import Environment

from civicbot.model import Language
from civicbot.web.afterwards import NO_MARKS, Mark, Marks
from civicbot.web.phrases import Phrases
from civicbot.web.shown import ShownTurn, shown_turn
from civicbot.web.views import View

LONGEST_MESSAGE = 2000
"""Characters of a comment or of a message to staff."""


class Renderer:
    """Renders the parts of the chat page.

    Args:
        templates: holds ``header.html``, ``opening.html``, ``conversation.html``, ``composer.html``, ``status.html``
            and ``footer.html``.
        phrases: the texts of each language.
    """

    def __init__(self, templates: Environment, phrases: Mapping[Language, Phrases]) -> None:
        self._templates = templates
        self._phrases = phrases

    def header(self, language: Language) -> str:
        """Skip links, name, pages around the chat, language and display."""
        return self._render("header.html", language)

    def footer(self, language: Language, newest: date | None) -> str:
        """Whose page this is not, and how fresh the library is."""
        return self._render("footer.html", language, updated=self._newest(language, newest))

    def composer(self, language: Language) -> str:
        """The question box; what is typed into it is the browser's alone until it is sent."""
        return self._render("composer.html", language)

    def opening(
        self, language: Language, examples: Sequence[str], newest: date | None, paused: str | None = None
    ) -> str:
        """What this is, that an AI answers, and what it can be asked; before all why it does not just now, if so."""
        topics = self._phrases[language].home.topics[: len(examples)]
        pairs = list(zip_longest(topics, examples, fillvalue=""))
        shown = self._newest(language, newest)
        return self._render("opening.html", language, examples=pairs, newest=shown, paused=paused)

    def past(self, view: View, language: Language, marks: Marks = NO_MARKS) -> str:
        """All questions and answers but the newest."""
        note = self._phrases[language].problem(view.note) if view.note else None
        return self._turns(self._shown(view, language, marks)[:-1], language, note=note, heading=bool(view.turns))

    def live(self, view: View, language: Language, marks: Marks = NO_MARKS) -> str:
        """The newest question and its answer as far as it has come."""
        return self._turns(self._shown(view, language, marks)[-1:], language)

    def status(self, view: View, language: Language, *, opened: bool = True) -> str:
        """What the script needs to know, what screen readers hear, and what is said beside the question box.

        Args:
            view: what the page shows.
            language: of the page.
            opened: False for the page as it is before the browser has asked for its own.
        """
        phrases = self._phrases[language]
        alert = phrases.problem(view.alert) if view.alert else ""
        return self._render(
            "status.html", language, view=view, told=self._told(view, phrases), alert=alert, opened=opened
        )

    def _told(self, view: View, phrases: Phrases) -> str:
        """That an answer is being made, or is there; the steps between are for the eyes alone."""
        newest = view.turns[-1] if view.turns else None
        if newest is None or newest.problem:
            return ""
        if newest.answer is None:
            return phrases.live.working
        if not newest.sentences:
            return phrases.live.ready_plain
        return phrases.live.ready.format(sentences=len(newest.sentences), sources=len(newest.answer.citations))

    def _shown(self, view: View, language: Language, marks: Marks) -> list[ShownTurn]:
        phrases, last = self._phrases[language], len(view.turns) - 1
        return [
            shown_turn(
                turn,
                view.first + place,
                marks.get(turn.answer.id, Mark()) if turn.answer else Mark(),
                phrases,
                newest=place == last,
            )
            for place, turn in enumerate(view.turns)
        ]

    def _turns(
        self, turns: Sequence[ShownTurn], language: Language, *, note: str | None = None, heading: bool = False
    ) -> str:
        return self._render(
            "conversation.html", language, turns=turns, note=note, heading=heading, longest=LONGEST_MESSAGE
        )

    def _newest(self, language: Language, newest: date | None) -> str | None:
        phrases = self._phrases[language]
        return phrases.home.newest.format(date=phrases.date(newest)) if newest else None

    def _render(self, template: str, language: Language, **values: object) -> str:
        texts = self._phrases[language]
        return self._templates.get_template(template).render(language=language, texts=texts, **values)
