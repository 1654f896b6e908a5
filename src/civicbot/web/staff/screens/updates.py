"""Library updates: prepared, compared with what is live, then published or discarded; and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from civicbot.review.access import Action
from civicbot.review.updates import LibraryUpdates
from civicbot.review.updates_nouns import MOST_REASON, CaseKind, ImpactClass, Update, UpdateState
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.forms import Form, NoFields
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation
from civicbot.web.staff.screens.wanted import page_number

HISTORY = 20
"""How many earlier updates are listed."""
AGAIN_MS = 2000
"""After how many milliseconds the browser looks again how far a preparation is."""


class _Deciding(Form):
    """An update to be decided."""

    update: int
    reason: str | None = None


class _RollingBack(Form):
    """Why the earlier library is to come back."""

    reason: str | None = None


class UpdatesScreen:
    """Shows and decides them.

    Args:
        painter: renders it.
        updates: prepares, publishes, discards and rolls back.
    """

    name = "updates"
    action = Action.READ_UPDATES

    def __init__(self, painter: Painter, updates: LibraryUpdates) -> None:
        self._painter = painter
        self._updates = updates

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (
            operation("prepare_update", NoFields, self._prepare, Action.PREPARE_UPDATE),
            operation("publish_update", _Deciding, self._publish, Action.PUBLISH_UPDATE),
            operation("discard_update", _Deciding, self._discard, Action.PUBLISH_UPDATE),
            operation("roll_back_library", _RollingBack, self._roll_back, Action.ROLL_BACK),
        )

    def show(self, sight: Sight) -> Shown:
        """What is live, what is being prepared, and the report that the address names, or else the newest one."""
        actor = sight.actor
        found = self._updates.list(actor, limit=HISTORY)
        chosen = self._chosen(sight, found)
        values = sight.address.values
        impact = next((one for one in ImpactClass if one == values.get("impact")), None)
        kind = next((one for one in CaseKind if one == values.get("kind")), None)
        cases = None
        if chosen is not None and chosen.report is not None and chosen.report.counts:
            page = page_number(sight.address)
            cases = self._updates.cases(actor, chosen.id, impact=impact, kind=kind, unchanged=False, page=page)
        main = self._painter.paint(
            "updates",
            sight,
            library=self._updates.library(actor),
            running=next((one for one in found if one.state is UpdateState.PREPARING), None),
            chosen=chosen,
            cases=cases,
            impact=impact,
            kind=kind,
            impacts=list(ImpactClass),
            kinds=list(CaseKind),
            found=found,
            links={one.id: Address("updates", {"update": str(one.id)}) for one in found},
            most_reason=MOST_REASON,
            again=AGAIN_MS,
        )
        return Shown(sight.texts.frame.tabs["updates"], main)

    def _chosen(self, sight: Sight, found: Sequence[Update]) -> Update | None:
        """The update that the address names; without one, the newest that is not still being prepared."""
        told = sight.address.values.get("update", "")
        if told.isascii() and told.isdecimal() and len(told) < 10:
            return self._updates.get(sight.actor, int(told))
        return next((one for one in found if one.report is not None or one.problem is not None), None)

    def _prepare(self, sight: Sight, form: NoFields) -> Done:
        del form
        self._updates.prepare(sight.actor)
        return Done(go=Address(self.name))

    def _publish(self, sight: Sight, form: _Deciding) -> Done:
        self._updates.publish(sight.actor, form.update, reason=form.reason)
        return Done(sight.texts.updates.published)

    def _discard(self, sight: Sight, form: _Deciding) -> Done:
        discarded = self._updates.discard(sight.actor, form.update)
        texts = sight.texts.updates
        # Without a report it was still being prepared.
        return Done(texts.stopped if discarded.report is None else texts.discarded)

    def _roll_back(self, sight: Sight, form: _RollingBack) -> Done:
        self._updates.roll_back(sight.actor, form.reason)
        return Done(sight.texts.updates.rolled)
