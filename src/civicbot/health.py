"""What an operator must know: one list of checks, read by `civicbot doctor` and by `/readyz`."""

from __future__ import annotations

from typing import Literal

from civicbot.model import Noun


class Check(Noun):
    """The outcome of one check.

    Attributes:
        name: short, stable (``index``, ``contact``, …).
        state: ``ok``; ``warning`` (works, but somebody should look); ``waiting`` (not yet); ``failed`` (cannot answer).
        message: what was found.
        hint: what to do, empty when nothing is to be done.
    """

    name: str
    state: Literal["ok", "warning", "waiting", "failed"]
    message: str
    hint: str = ""
