"""How many tokens a day has used; kept in the data folder, so that a restart does not forget it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such locks there; one process counts for itself
    fcntl = None  # type: ignore[assignment]

logger = logging.getLogger(__name__)

FILE = "llm-tokens.json"


class DayBudget:
    """Counts the tokens of a day; thread-safe, and shared by all processes on one data folder.

    Where the file cannot be read or written the count goes on in memory: it never stops an answer.

    Args:
        folder: where the count is kept.
        most: tokens of a day.
        today: the day.
    """

    def __init__(self, folder: Path, most: int, today: Callable[[], date]) -> None:
        self._file = folder / FILE
        self._most = most
        self._today = today
        self._lock = threading.Lock()
        self._day = ""
        self._used = 0
        self._lost = False

    @property
    def used(self) -> int:
        """Tokens of this day so far."""
        with self._lock, self._whole():
            return self._used

    def take(self, tokens: int) -> bool:
        """Takes tokens beforehand; False where the day has fewer left, and nothing is taken."""
        with self._lock, self._whole():
            if self._used + tokens > self._most:
                return False
            self._used += tokens
            self._write()
            return True

    def settle(self, taken: int, used: int) -> None:
        """Puts back what was taken too much, or takes the rest."""
        if taken == used:
            return
        with self._lock, self._whole():
            self._used = max(0, self._used + used - taken)
            self._write()

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """Holds the count against other processes, as the file has it."""
        with contextlib.ExitStack() as stack:
            if fcntl is not None:
                with contextlib.suppress(OSError):
                    self._file.parent.mkdir(parents=True, exist_ok=True)
                    held = stack.enter_context(self._file.with_suffix(".lock").open("w"))
                    fcntl.flock(held, fcntl.LOCK_EX)
            self._read()
            yield

    def _read(self) -> None:
        today = self._today().isoformat()
        day, used = self._stored()
        if self._day != today:
            self._day, self._used = today, 0
        if day == today:
            # What is in memory counts more only where the file could not be written.
            self._used = max(self._used, used) if self._lost else used

    def _stored(self) -> tuple[str, int]:
        try:
            held = json.loads(self._file.read_text(encoding="utf-8"))
            return str(held["day"]), max(0, int(held["tokens"]))
        except (OSError, ValueError, TypeError, KeyError):
            return self._day, self._used

    def _write(self) -> None:
        unfinished = self._file.with_name(f".{FILE}.{os.getpid()}.tmp")
        try:
            unfinished.write_text(json.dumps({"day": self._day, "tokens": self._used}), encoding="utf-8")
            unfinished.replace(self._file)
            self._lost = False
        except OSError as error:
            if not self._lost:
                logger.warning("model_budget_lost", extra={"fields": {"problem": type(error).__name__}})
            self._lost = True
