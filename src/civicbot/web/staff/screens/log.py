"""The log of what staff did, and whether it is whole."""

from __future__ import annotations

from collections.abc import Sequence

from civicbot.review.access import Action
from civicbot.review.audit import PAGE, AuditLog
from civicbot.web.staff.forms import NoFields
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation


class LogScreen:
    """Shows the log.

    Args:
        painter: renders it.
        audit: reads and checks it.
    """

    name = "log"
    action = Action.READ_AUDIT

    def __init__(self, painter: Painter, audit: AuditLog) -> None:
        self._painter = painter
        self._audit = audit

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (operation("verify_log", NoFields, self._verify, Action.READ_AUDIT),)

    def show(self, sight: Sight) -> Shown:
        """The newest lines that the address asks for, or those before one of them."""
        values = sight.address.values
        before = values.get("before", "")
        entries = self._audit.entries(
            sight.actor,
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
            person=values.get("person"),
            action=next((one for one in Action if one == values.get("action")), None),
            subject=values.get("subject"),
        )
        older = sight.address.to(before=entries[-1].id) if len(entries) == PAGE else None
        newest = sight.address.to(before=None) if before else None
        main = self._painter.paint("log", sight, entries=entries, actions=list(Action), older=older, newest=newest)
        return Shown(sight.texts.frame.tabs["log"], main)

    def _verify(self, sight: Sight, _: NoFields) -> Done:
        found = self._audit.verify(sight.actor)
        texts = sight.texts.log
        if found.row is not None:
            return Done(texts.broken.format(row=found.row, rows=found.rows), warns=True)
        return Done(texts.whole.format(rows=found.rows, head=str(found.head)))
