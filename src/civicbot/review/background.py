"""Work of the desk that goes on behind a request, and ends with the service."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Background:
    """Runs pieces of work in threads of their own until the service stops; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads: set[threading.Thread] = set()

    @property
    def stopped(self) -> bool:
        """Whether what runs must come to its end."""
        return self._stopping.is_set()

    def run(self, name: str, work: Callable[[], None]) -> None:
        """Begins a piece of work; once the service stops, nothing begins any more.

        Args:
            name: of the thread.
            work: looks at :attr:`stopped` now and then, or rests with :meth:`rest`.
        """
        with self._lock:
            if self.stopped:
                return
            self._threads = {thread for thread in self._threads if thread.is_alive()}
            thread = threading.Thread(target=work, name=name, daemon=True)
            self._threads.add(thread)
            thread.start()

    def rest(self, seconds: float) -> bool:
        """Waits; True as soon as the service stops."""
        return self._stopping.wait(seconds)

    def stop(self) -> None:
        """Has everything come to its end, and waits for it."""
        with self._lock:
            self._stopping.set()
            threads = tuple(self._threads)
        for thread in threads:
            thread.join()
