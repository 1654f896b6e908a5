"""Where the calls of clients are counted: in memory, or in Redis for several processes together."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from typing import Protocol

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.25
"""How long a request waits for Redis."""

REST_SECONDS = 5.0
"""For how long Redis is left alone after it could not be reached."""


class Windows(Protocol):
    """Counts calls in moving windows; thread-safe."""

    def hit(self, item: RateLimitItem, client: str, /) -> bool:
        """Counts a call; False, and not counted, when none is left."""
        ...

    def test(self, item: RateLimitItem, client: str, /) -> bool:
        """Whether a call is left."""
        ...

    def reset_time(self, item: RateLimitItem, client: str, /) -> float:
        """When the oldest call leaves the window, in seconds since the epoch."""
        ...


class MemoryWindows:
    """Counts in this process."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, item: RateLimitItem, client: str) -> bool:
        """Counts a call; False, and not counted, when none is left."""
        return self._windows.hit(item, client)

    def test(self, item: RateLimitItem, client: str) -> bool:
        """Whether a call is left."""
        return self._windows.test(item, client)

    def reset_time(self, item: RateLimitItem, client: str) -> float:
        """When the oldest call leaves the window, in seconds since the epoch."""
        return self._windows.get_window_stats(item, client).reset_time


class Watch(Protocol):
    """Is told how Redis fares; operators see it in the metrics."""

    def rate_storage_failed(self) -> None:
        """Redis was lost."""


class RedisWindows:
    """Counts in Redis, and in memory while that cannot be reached: its loss stops no answer.

    Redis is given a hash of the client's address, for about a minute.

    Args:
        url: ``redis://…`` or ``rediss://…``; it also keys the hash.
        watch: told when Redis is lost.
    """

    def __init__(self, url: str, watch: Watch) -> None:
        self._url = url
        self._key = hashlib.sha256(url.encode()).digest()
        self._watch = watch
        self._memory = MemoryWindows()
        self._lock = threading.Lock()
        self._windows: MovingWindowRateLimiter | None = None
        self._lost = False
        self._rest_until = 0.0

    def hit(self, item: RateLimitItem, client: str) -> bool:
        """Counts a call; False, and not counted, when none is left."""
        windows = self._reachable()
        if windows is not None:
            try:
                allowed = windows.hit(item, self._hashed(client))
            except StorageError as error:
                self._fail(error)
            else:
                self._works()
                return allowed
        return self._memory.hit(item, client)

    def test(self, item: RateLimitItem, client: str) -> bool:
        """Whether a call is left."""
        windows = self._reachable()
        if windows is not None:
            try:
                return windows.test(item, self._hashed(client))
            except StorageError as error:
                self._fail(error)
        return self._memory.test(item, client)

    def reset_time(self, item: RateLimitItem, client: str) -> float:
        """When the oldest call leaves the window, in seconds since the epoch."""
        windows = self._reachable()
        if windows is not None:
            try:
                return windows.get_window_stats(item, self._hashed(client)).reset_time
            except StorageError as error:
                self._fail(error)
        return self._memory.reset_time(item, client)

    def _reachable(self) -> MovingWindowRateLimiter | None:
        """The windows in Redis; None while it rests, or where it cannot be reached at all."""
        with self._lock:
            if time.monotonic() < self._rest_until:
                return None
            if self._windows is not None:
                return self._windows
        try:
            storage = RedisStorage(
                self._url,
                wrap_exceptions=True,
                socket_timeout=TIMEOUT_SECONDS,
                socket_connect_timeout=TIMEOUT_SECONDS,
            )
        except StorageError as error:
            self._fail(error)
            return None
        with self._lock:
            self._windows = self._windows or MovingWindowRateLimiter(storage)
            return self._windows

    def _fail(self, error: StorageError) -> None:
        with self._lock:
            self._rest_until = time.monotonic() + REST_SECONDS
            first, self._lost = not self._lost, True
        if first:
            self._watch.rate_storage_failed()
            log.error("rate_storage_lost", extra={"fields": {"problem": type(error.__cause__ or error).__name__}})

    def _works(self) -> None:
        if self._lost:
            with self._lock:
                back, self._lost = self._lost, False
            if back:
                log.warning("rate_storage_back")

    def _hashed(self, client: str) -> str:
        return hashlib.blake2b(client.encode(), key=self._key, digest_size=16).hexdigest()


def open_windows(storage: str, watch: Watch) -> Windows | None:
    """Where calls are counted, as ``CIVICBOT_RATE_STORAGE`` names it; None for memory."""
    return None if storage == "memory" else RedisWindows(storage, watch)
