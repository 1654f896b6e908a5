"""The gaps: what residents asked in vain, what is nearest to it, and the way from there to an edited brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from civicbot.model import LANGUAGES, Language
from civicbot.review.access import Action, Actor, may
from civicbot.review.brief_edits import BriefEdits
from civicbot.review.brief_nouns import EditKind
from civicbot.review.brief_proposals import slug_of
from civicbot.review.gaps import LONGEST, Gaps
from civicbot.review.gaps_nouns import Gap, GapFilter, NextStep
from civicbot.review.nouns import MOST_SEARCH
from civicbot.review.view_nouns import Period
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Operation, Shown, Sight
from civicbot.web.staff.screens.brief_editor import BriefEditor, PreparesUpdates
from civicbot.web.staff.screens.wanted import page_number
from civicbot.web.staff.sparks import spark

PERIODS = (7, 30, 90, 365)
USUAL = 30
NO_TOPIC = "-"
"""Stands for gaps about nothing known."""
_CARRIED = ("days", "first", "last", "language", "topic", "step", "text", "at")


class GapsScreen:
    """Shows the gaps, one gap, or the editor of a brief.

    Args:
        painter: renders it.
        gaps: gathers them.
        briefs: edits briefs.
        updates: prepares library updates; None where there is nothing that does.
    """

    name = "gaps"
    action = Action.READ_GAPS

    def __init__(self, painter: Painter, gaps: Gaps, briefs: BriefEdits, updates: PreparesUpdates | None) -> None:
        self._painter = painter
        self._gaps = gaps
        self._briefs = briefs
        self._editor = BriefEditor(painter, briefs, updates)

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it: all of it in the editor."""
        return self._editor.operations

    def show(self, sight: Sight) -> Shown:
        """What the address names: the editor of a gap's or another brief, the list of briefs, a gap, or all gaps."""
        values, title = sight.address.values, sight.texts.frame.tabs["gaps"]
        edits = may(sight.actor, Action.EDIT_LIBRARY)
        key, brief, edit = values.get("gap"), values.get("brief"), values.get("edit")
        if edits and (brief or (key and edit)):
            return Shown(title, *self._edited(sight, key, brief, edit))
        if edits and values.get("part") == "briefs":
            return Shown(title, self._editor.chooser(sight))
        return Shown(title, self._one(sight, key) if key else self._all(sight))

    def file(self, actor: Actor, values: Mapping[str, str], form: Literal["csv", "jsonl"]) -> tuple[str, str]:
        """A file's name and its content, for the gaps of an address."""
        period = self._period(actor, values)
        text = self._gaps.export(actor, period, wanted(values), form=form)
        return f"civicbot-gaps-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{form}", text

    def _all(self, sight: Sight) -> str:
        values = sight.address.values
        period = self._period(sight.actor, values)
        page = self._gaps.page(sight.actor, period, wanted(values), number=page_number(sight.address))
        carried = {name: value for name in _CARRIED if (value := values.get(name))}
        return self._painter.paint(
            "gaps",
            sight,
            page=page,
            links={gap.key: Address("gaps", {**carried, "gap": gap.key}) for gap in page.gaps},
            offers={gap.key: offers(gap) for gap in page.gaps},
            sparks={gap.key: self._spark(sight, gap) for gap in page.gaps},
            called={topic.key: topic.ko if sight.language == "ko" else topic.en for topic in page.topics},
            days=None if values.get("first") else _days(values),
            periods=PERIODS,
            steps=list(NextStep),
            no_topic=NO_TOPIC,
            filtered=any(values.get(name) for name in ("language", "topic", "step", "text")),
            query=str(Address("", carried)).partition("&")[2],
        )

    def _one(self, sight: Sight, key: str) -> str:
        gap = self._gaps.gap(sight.actor, key, self._period(sight.actor, sight.address.values))
        return self._painter.paint(
            "gap",
            sight,
            gap=gap,
            offers=offers(gap),
            slug=slug_of(gap),
            plot=self._spark(sight, gap),
            back=sight.address.to(gap=None),
        )

    def _edited(self, sight: Sight, key: str | None, brief: str | None, edit: str | None) -> tuple[str, str]:
        kind = next((one for one in EditKind if one == edit), None)
        back = sight.address.to(edit=None, brief=None)
        if key and kind is not None and kind is not EditKind.TEXT:
            gap = self._gaps.gap(sight.actor, key, self._period(sight.actor, sight.address.values))
            draft = self._briefs.propose(sight.actor, gap, kind, slug=brief)
        else:
            draft = self._briefs.open(sight.actor, brief or "", gap=key)
        return self._editor.opened(sight, draft, back)

    def _period(self, actor: Actor, values: Mapping[str, str]) -> Period:
        first, last = _day(values.get("first")), _day(values.get("last"))
        latest = self._gaps.latest(actor, _days(values))
        if first is None:
            return latest
        last = max(first, min(last or latest.last, first + timedelta(days=LONGEST - 1)))
        return Period(first=first, last=last)

    def _spark(self, sight: Sight, gap: Gap) -> str:
        return spark(gap.weeks, sight.texts.gaps.trend_told.format(weeks=", ".join(map(str, gap.weeks))))


def offers(gap: Gap) -> tuple[EditKind, ...]:
    """The edits that are offered for a gap, the one to begin with first."""
    if slug_of(gap) is None:
        return ()
    told = gap.nearest is not None and bool(gap.nearest.sentence)
    wording = (EditKind.WORDING,) if told else ()
    if gap.step in (NextStep.WORDING, NextStep.KNOWN_UNPUBLISHED):
        return (*wording, EditKind.SENTENCE)
    return (EditKind.SENTENCE, EditKind.UNPUBLISHED, *wording)


def wanted(values: Mapping[str, str]) -> GapFilter:
    """Which gaps an address names; a choice that cannot be read is like none."""
    language: Language | None = next((one for one in LANGUAGES if one == values.get("language")), None)
    topic = values.get("topic") or None
    return GapFilter(
        language=language,
        entity="" if topic == NO_TOPIC else topic,
        step=next((one for one in NextStep if one == values.get("step")), None),
        text=values.get("text", "")[:MOST_SEARCH],
    )


def _days(values: Mapping[str, str]) -> int:
    told = values.get("days", "")
    return int(told) if told in {str(one) for one in PERIODS} else USUAL


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told or "")
    except ValueError:
        return None
