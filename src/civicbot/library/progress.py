"""How the write path tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Something that shows progress; a rich progress bar fulfils it with a few lines."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins: ``read``, ``link``, ``tokens``, ``embed`` or ``store``, with ``total`` steps to come."""

    def advance(self, steps: int) -> None:
        """So many more steps of the stage are done."""


class NoProgress:
    """Shows nothing."""

    def stage(self, name: str, total: int) -> None:
        """Nothing."""

    def advance(self, steps: int) -> None:
        """Nothing."""
