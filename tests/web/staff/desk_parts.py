"""The operations of the desk, without a server: what services they would call does not matter."""

from __future__ import annotations

from typing import Any

from civicbot.web.staff.mounting import desk_screens
from civicbot.web.staff.screens.base import Operation


class Nothing:
    """Stands for services that are only named, never called."""

    def __getattr__(self, _: str) -> Any:
        return self


def operations() -> list[Operation]:
    """All operations of all screens."""
    nothing: Any = Nothing()
    return [one for screen in desk_screens(nothing, nothing) for one in screen.operations]
