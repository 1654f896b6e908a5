"""A circuit breaker: a server that does not answer is left alone for a while, so that nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from civicbot.answering.model.failures import OF_THE_SERVER, Failure, ModelFailedError

FAILURES = 3
"""So many failures in a row open the circuit."""
OPEN_SECONDS = 30.0
"""For so long nothing is sent; then one question tries."""
KEY_SECONDS = 300.0
"""The same after a key was refused: somebody must change it first."""
_AT_ONCE = frozenset({Failure.KEY})


class Breaker:
    """Knows whether the server is worth asking; thread-safe.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0
        self._trying = False
        self._problem: Failure | None = None

    @property
    def problem(self) -> Failure | None:
        """Why nothing is sent just now; None while questions are."""
        with self._lock:
            return self._problem if self._open_until else None

    def enter(self) -> None:
        """Asks whether a call may be made; each one that may ends in :meth:`succeeded`, :meth:`failed` or :meth:`left`.

        Raises:
            ModelFailedError: the circuit is open.
        """
        with self._lock:
            if not self._open_until:
                return
            if self._trying or self._clock() < self._open_until:
                raise ModelFailedError(Failure.CIRCUIT)
            self._trying = True

    def succeeded(self) -> None:
        """The server did what it should."""
        with self._lock:
            self._failures, self._open_until, self._trying, self._problem = 0, 0.0, False, None

    def left(self) -> None:
        """The call was given up before it could tell anything about the server."""
        with self._lock:
            self._trying = False

    def failed(self, error: ModelFailedError) -> None:
        """The call came to nothing; failures that are not the server's own prove that it works."""
        if error.failure is Failure.BUSY:
            self.left()
            return
        if error.failure not in OF_THE_SERVER:
            self.succeeded()
            return
        with self._lock:
            self._failures += 1
            tried, self._trying = self._trying, False
            self._problem = error.failure
            wanted = error.retry_after or 0.0
            if tried or wanted or error.failure in _AT_ONCE or self._failures >= FAILURES:
                pause = KEY_SECONDS if error.failure in _AT_ONCE else OPEN_SECONDS
                self._open_until = self._clock() + (wanted or pause)
