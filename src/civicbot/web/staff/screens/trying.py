"""Asking as a resident would, to see every step on the way to the answer; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError

from civicbot.model import LANGUAGES, Language
from civicbot.review.access import Action
from civicbot.review.overview import Overview
from civicbot.review.trying import Trying
from civicbot.review.view_nouns import TrialTurn
from civicbot.web.staff.forms import Form
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation

MOST_EARLIER = 10
MOST_CANDIDATES = 15
"""How many of the sentences that were weighed are shown."""

_TURNS = TypeAdapter(tuple[TrialTurn, ...])


class _Asking(Form):
    """A question, and the questions before it where it is to be a follow-up."""

    question: str
    answer_language: Language | None = None
    site: str | None = None
    despite: bool = False
    follow: bool = False
    earlier: str = "[]"

    def turns(self) -> tuple[TrialTurn, ...]:
        """The turns before, as far as they can be read."""
        if not self.follow:
            return ()
        try:
            return _TURNS.validate_json(self.earlier)[-MOST_EARLIER:]
        except ValidationError:
            return ()


class TryingScreen:
    """Asks and shows the trace.

    Args:
        painter: renders it.
        trying: asks.
        overview: knows the sites to choose from.
    """

    name = "try"
    action = Action.TRY

    def __init__(self, painter: Painter, trying: Trying, overview: Overview) -> None:
        self._painter = painter
        self._trying = trying
        self._overview = overview

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (operation("try_question", _Asking, self._ask, Action.TRY),)

    def show(self, sight: Sight) -> Shown:
        """The form, with the question that the address brings along."""
        main = self._painter.paint(
            "try",
            sight,
            question=sight.address.values.get("question", ""),
            languages=LANGUAGES,
            sites=self._overview.sites(sight.actor),
        )
        return Shown(sight.texts.frame.tabs["try"], main)

    def _ask(self, sight: Sight, form: _Asking) -> Done:
        earlier = form.turns()
        trial = self._trying.ask(
            sight.actor,
            form.question,
            language=form.answer_language,
            site=form.site,
            earlier=earlier,
            despite_rulings=form.despite,
        )
        turns = _TURNS.dump_json((*earlier, trial.turn)[-MOST_EARLIER:]).decode()
        slowest = max((stage.seconds for stage in trial.stages), default=0.0) or 1.0
        panel = self._painter.paint(
            "trial", sight, trial=trial, earlier=earlier, turns=turns, slowest=slowest, most=MOST_CANDIDATES
        )
        return Done(sight.texts.trying.done.format(seconds=f"{trial.seconds:.2f}"), panel=panel)
