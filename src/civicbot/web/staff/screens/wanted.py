"""The queue's filter as it stands in an address, for the queue and for the way through it item by item."""

from __future__ import annotations

from pydantic import ValidationError

from civicbot.review.nouns import QueueFilter
from civicbot.web.staff.addresses import Address

ANY = "any"
"""Stands for "all states", since the state is ``open`` when nothing is chosen."""

_NAMES = ("state", "reason", "language", "site", "channel", "status", "verdict", "since", "until", "claim", "text")
PAGE = "at"
"""The page of a list in addresses; Gradio takes ``page`` for one of its own."""

NO_SITE = "-"
"""Stands for our own pages, which no site is."""


def wanted(address: Address) -> QueueFilter:
    """The filter of an address; a choice that cannot be read is like none."""
    told: dict[str, str | None] = {name: address.values[name] for name in _NAMES if address.values.get(name)}
    if told.get("state") == ANY:
        told["state"] = None
    if told.get("site") == NO_SITE:
        told["site"] = ""
    try:
        return QueueFilter.model_validate(told)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
        return QueueFilter.model_validate({name: value for name, value in told.items() if name not in wrong})


def page_number(address: Address) -> int:
    """The page of an address, from 1."""
    told = address.values.get(PAGE, "")
    return max(1, int(told)) if told.isascii() and told.isdecimal() and len(told) < 7 else 1


def filter_values(address: Address) -> dict[str, str]:
    """What an address says of the filter and page, to be carried along to another screen."""
    return {name: value for name, value in address.values.items() if name in (*_NAMES, PAGE)}


def is_filtered(address: Address) -> bool:
    """Whether anything but the page is chosen."""
    return any(address.values.get(name) for name in _NAMES)
