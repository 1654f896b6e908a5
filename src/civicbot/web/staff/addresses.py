"""What the desk shows, as it stands in the browser's address: the screen and what is chosen on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, urlencode

FIRST = "queue"
"""The screen that is shown when the address names none."""

_LONGEST = 2000
_OTHERS = frozenset({"screen", "lang"})


@dataclass(frozen=True)
class Address:
    """A screen and its choices; ``str()`` gives the query string.

    Attributes:
        screen: its name.
        values: what is chosen; a choice that is empty is left out.
    """

    screen: str = FIRST
    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: str) -> Self:
        """Reads a query string, with or without ``?``; of values that come twice the last counts."""
        found = dict(parse_qsl(query.removeprefix("?")[:_LONGEST]))
        values = {name: value for name, value in found.items() if name not in _OTHERS}
        return cls(found.get("screen", FIRST), values)

    def to(self, **changes: object) -> Self:
        """The same screen with some choices changed; None and empty take one away."""
        told = {name: "" if value is None else str(value) for name, value in changes.items()}
        merged = {**self.values, **told}
        return type(self)(self.screen, {name: value for name, value in merged.items() if value})

    def __str__(self) -> str:
        return "?" + urlencode({"screen": self.screen, **self.values})
