"""Switches that pause the assistant, and texts laid down for a class of questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from civicbot.errors import IndexDamagedError, IndexMissingError
from civicbot.model import Facet, Language
from civicbot.review.access import Action, may
from civicbot.review.canned import CannedTexts
from civicbot.review.switches import Switches
from civicbot.review.view_nouns import MOST_REASON, MOST_TEXT, AnswerClass, Choice, NewCanned, NewSwitch, SwitchScope
from civicbot.web.staff.forms import Form, InvalidFormError
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation
from civicbot.web.staff.texts import KOREA

HISTORY = 20
"""How many earlier switches and texts are shown."""

_SEPARATOR = ":"


class _Pausing(Form):
    """A pause; ``target`` names scope and value, such as ``site:demo``; ``until`` is in Korean time."""

    target: str
    reason: str = ""
    text_ko: str = ""
    text_en: str = ""
    until: datetime | None = None
    switch: int | None = None


class _Lifting(Form):
    """A switch to be lifted."""

    switch: int
    reason: str | None = None


class _LayingDown(Form):
    """A text for a class of questions."""

    answer_class: AnswerClass
    entity: str | None = None
    facet: Facet | None = None
    reason: str = ""
    text_ko: str = ""
    text_en: str = ""


class _Canned(Form):
    """A text to be switched off, or on again."""

    canned: int
    reason: str = ""


class SwitchesScreen:
    """Shows and sets them.

    Args:
        painter: renders it.
        switches: pauses and lifts.
        canned: lays texts down.
    """

    name = "switches"
    action = Action.READ_SWITCHES

    def __init__(self, painter: Painter, switches: Switches, canned: CannedTexts) -> None:
        self._painter = painter
        self._switches = switches
        self._canned = canned

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (
            operation("pause_answers", _Pausing, self._pause, Action.SWITCH),
            operation("lift_pause", _Lifting, self._lift, Action.SWITCH),
            operation("lay_down_text", _LayingDown, self._lay_down, Action.CANNED_TEXT),
            operation("switch_text_off", _Canned, self._off, Action.CANNED_TEXT),
            operation("switch_text_on", _Canned, self._on, Action.CANNED_TEXT),
        )

    def show(self, sight: Sight) -> Shown:
        """What is paused and laid down, with the forms for who may set them."""
        actor = sight.actor
        canned = self._canned.current(actor)
        now_on = {one.id for one in canned}
        main = self._painter.paint(
            "switches",
            sight,
            current=self._switches.current(actor),
            ended=self._switches.history(actor, limit=HISTORY),
            canned=canned,
            earlier=[one for one in self._canned.history(actor, limit=HISTORY) if one.id not in now_on],
            targets=self._targets(sight),
            names=self._names(sight),
            suggested=self._switches.suggested(actor, SwitchScope.EVERYTHING),
            usual={one.value: self._canned.usual(actor, one) for one in AnswerClass},
            classes=list(AnswerClass),
            entities=_if_loaded(lambda: self._canned.entities(actor)),
            facets=self._canned.facets(actor),
            editable=may(actor, Action.SWITCH),
            most_text=MOST_TEXT,
            most_reason=MOST_REASON,
        )
        return Shown(sight.texts.frame.tabs["switches"], main)

    def _targets(self, sight: Sight) -> list[tuple[str, str, dict[Language, str]]]:
        """What can be paused: the form's value, how it is called, and the texts to begin with."""
        found = []
        for scope in SwitchScope:
            name = sight.texts.words.scopes[scope]
            if scope is SwitchScope.EVERYTHING:
                found.append((scope.value, name, dict(self._switches.suggested(sight.actor, scope))))
                continue
            for choice in self._choices(sight, scope):
                called = choice.ko if sight.language == "ko" else choice.en
                texts = dict(self._switches.suggested(sight.actor, scope, choice.key))
                found.append((f"{scope.value}{_SEPARATOR}{choice.key}", f"{name}: {called}", texts))
        return found

    def _choices(self, sight: Sight, scope: SwitchScope) -> tuple[Choice, ...]:
        return _if_loaded(lambda: self._switches.choices(sight.actor, scope))

    def _names(self, sight: Sight) -> dict[str, str]:
        """How what is paused is called, by the form's value."""
        return {value: name for value, name, _ in self._targets(sight)}

    def _pause(self, sight: Sight, form: _Pausing) -> Done:
        scope, _, value = form.target.partition(_SEPARATOR)
        if scope not in set(SwitchScope):
            raise InvalidFormError(("target",))
        until = form.until.replace(tzinfo=KOREA) if form.until is not None else None
        new = NewSwitch(
            scope=SwitchScope(scope),
            value=value or None,
            reason=form.reason,
            text_ko=form.text_ko,
            text_en=form.text_en,
            until=until,
        )
        if form.switch is not None:
            self._switches.change(sight.actor, form.switch, new)
            return Done(sight.texts.switches.changed)
        self._switches.set(sight.actor, new)
        return Done(sight.texts.switches.paused)

    def _lift(self, sight: Sight, form: _Lifting) -> Done:
        self._switches.lift(sight.actor, form.switch, form.reason)
        return Done(sight.texts.switches.lifted)

    def _lay_down(self, sight: Sight, form: _LayingDown) -> Done:
        self._canned.lay_down(sight.actor, NewCanned(**form.model_dump()))
        return Done(sight.texts.switches.laid_down)

    def _off(self, sight: Sight, form: _Canned) -> Done:
        self._canned.switch_off(sight.actor, form.canned, form.reason)
        return Done(sight.texts.switches.text_off)

    def _on(self, sight: Sight, form: _Canned) -> Done:
        self._canned.switch_on(sight.actor, form.canned, form.reason)
        return Done(sight.texts.switches.text_on)


def _if_loaded(choices: Callable[[], tuple[Choice, ...]]) -> tuple[Choice, ...]:
    """What can be chosen; nothing while no library is open: a pause must be possible then, too."""
    try:
        return choices()
    except (IndexMissingError, IndexDamagedError):
        return ()
