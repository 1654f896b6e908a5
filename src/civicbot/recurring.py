"""Work that a server does again and again beside answering, in a thread of its own."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod


class Recurring(ABC):
    """Takes turns, with rests in between, from its start until it is stopped; it starts once.

    Args:
        name: of the thread.
        first: seconds before the first turn.
    """

    def __init__(self, name: str, *, first: float = 0.0) -> None:
        self._first = first
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it for good; a turn that is being taken is waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _rest(self, seconds: float) -> bool:
        """Waits within a turn; True as soon as it is being stopped."""
        return self._stopping.wait(seconds)

    @abstractmethod
    def _turn(self) -> float:
        """Does the work once.

        Returns:
            Seconds before the next turn. What it raises ends the thread: a turn knows what may go wrong in it.
        """

    def _run(self) -> None:
        wait = self._first
        while not self._rest(wait):
            wait = self._turn()
