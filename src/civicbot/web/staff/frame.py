"""What stands around the screens: tabs, who is logged in, messages, and what the script needs to know."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jinja2 import Environment

from civicbot.errors import CivicbotError
from civicbot.review.access import Role, may
from civicbot.web.staff.forms import Sent
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Screen, Shown, Sight
from civicbot.web.staff.texts import StaffTexts

_PLACES = ("item", "document", "site", "part", "approved", "publishing")
HIDDEN = "item"
"""A screen without a tab: its items are reached through the queue."""


@dataclass(frozen=True)
class Tab:
    """A screen in the list of screens."""

    name: str
    title: str
    here: bool


class Frame:
    """Renders the frame.

    Args:
        painter: renders what knows who is logged in.
        templates: for what does not.
        waiting: how many items wait, for the first tab.
    """

    def __init__(self, painter: Painter, templates: Environment, waiting: Callable[[Sight], int]) -> None:
        self._painter = painter
        self._templates = templates
        self._waiting = waiting

    def head(self, sight: Sight, screens: Sequence[Screen]) -> str:
        """Tabs of the screens that are for the actor, their name and role, the language, display and help."""
        titles = sight.texts.frame.tabs
        tabs = [
            Tab(one.name, titles[one.name], one.name == sight.address.screen)
            for one in screens
            if one.name != HIDDEN and may(sight.actor, one.action)
        ]
        return self._painter.paint("frame", sight, tabs=tabs, waiting=self._waiting(sight), roles=list(Role))

    def main(self, sent: Sent, sight: Sight, shown: Shown) -> str:
        """A screen, with the number of the event that it answers."""
        place = zlib.crc32(repr([sight.address.screen, *(sight.address.values.get(one) for one in _PLACES)]).encode())
        return self._painter.paint("main", sight, seq=sent.seq, shown=shown, place=f"{place:08x}")

    def panel(self, sent: Sent, panel: str) -> str:
        """What stands below a screen, with the number of the event that it answers; nothing stays nothing."""
        return f'<div class="sd-panel" data-seq="{sent.seq}">\n{panel}\n</div>' if panel else ""

    def state(self, sent: Sent, sight: Sight, done: Done, screen: Shown | None) -> str:
        """What the script needs to know of an event that went well, and the message to its user."""
        return self._templates.get_template("staff-state.html").render(
            t=sight.texts,
            seq=sent.seq,
            language=sight.language,
            said=done.said,
            code="warned" if done.warns else "",
            settled=done.settled,
            drawn="screen" if screen else "panel",
            address=str(sight.address) if screen else "",
            title=screen.title if screen else "",
            fields=(),
        )

    def problem(self, sent: Sent, texts: StaffTexts, error: CivicbotError, fields: Sequence[str]) -> str:
        """What the script needs to know of an event that was refused, and why, for its user."""
        return self._templates.get_template("staff-state.html").render(
            t=texts,
            seq=sent.seq,
            language=sent.language,
            said=texts.problem(error),
            code=error.code,
            settled=False,
            drawn="",
            address="",
            title="",
            fields=fields,
        )
