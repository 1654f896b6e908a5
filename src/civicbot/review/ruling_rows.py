"""Switches and canned texts: from their rows to what is shown, and what staff type on its way to the rows."""

from __future__ import annotations

from collections.abc import Callable

from civicbot.errors import CivicbotError
from civicbot.records.rows import storable
from civicbot.records.tables import CannedRow, SwitchRow
from civicbot.review.view_nouns import MOST_REASON, MOST_TEXT, AnswerClass, Canned, Switch, SwitchScope


class InvalidSwitchError(CivicbotError):
    """A switch cannot be set as it is."""

    code = "invalid_switch"


class UnknownSwitchError(CivicbotError):
    """No switch with this id pauses anything."""

    code = "unknown_switch"
    hint = "Look at the list again: somebody may have lifted it, or its time has run out."


class InvalidCannedError(CivicbotError):
    """A canned text cannot be laid down as it is."""

    code = "invalid_canned_text"


class UnknownCannedError(CivicbotError):
    """There is no such canned text."""

    code = "unknown_canned_text"
    hint = "Look at the list again: somebody may have switched it off or replaced it."


def switch_of(row: SwitchRow) -> Switch:
    """The switch in a row; a ValidationError for one that this program does not know."""
    return Switch(
        id=row.id,
        scope=SwitchScope(row.scope),
        value=row.value,
        reason=row.reason,
        text_ko=row.text_ko,
        text_en=row.text_en,
        until=row.until,
        set_by=row.set_by,
        set_at=row.set_at,
        lifted_by=row.lifted_by,
        lifted_at=row.lifted_at,
        lift_reason=row.lift_reason,
    )


def canned_of(row: CannedRow) -> Canned:
    """The canned text in a row; a ValueError for one that this program does not know."""
    return Canned.model_validate(
        {
            "id": row.id,
            "answer_class": AnswerClass(row.answer_class),
            "entity": row.entity,
            "facet": row.facet,
            "reason": row.reason,
            "text_ko": row.text_ko,
            "text_en": row.text_en,
            "set_by": row.set_by,
            "set_at": row.set_at,
            "ended_by": row.ended_by,
            "ended_at": row.ended_at,
            "end_reason": row.end_reason,
        }
    )


def checked_text(text: str, what: str, refuse: Callable[..., CivicbotError]) -> str:
    """What staff wrote for residents, on one line; refused where it is empty or too long."""
    return _checked(" ".join(text.split()), what, MOST_TEXT, refuse)


def checked_reason(text: str | None, refuse: Callable[..., CivicbotError]) -> str:
    """Why staff do something; refused where it is empty or too long."""
    return _checked((text or "").strip(), "reason", MOST_REASON, refuse)


def _checked(text: str, what: str, most: int, refuse: Callable[..., CivicbotError]) -> str:
    if not any(char.isalnum() for char in text):
        raise refuse(f"The {what} is missing.", hint="Write it; the log shows the reason, residents read the texts.")
    if len(text) > most:
        raise refuse(f"The {what} has {len(text):,} characters.", hint=f"Write {most:,} at most.")
    return storable(text)
