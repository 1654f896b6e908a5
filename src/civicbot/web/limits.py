"""How often one client may ask."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

from civicbot.web.errors import RateLimitedError


class RateLimit:
    """A moving window of one minute per client, in memory; thread-safe.

    Args:
        per_minute: how many calls a client has in any minute; None for no limit.
        name: keeps the windows of several limits apart.
    """

    def __init__(self, per_minute: int | None, name: str = "answers") -> None:
        self._item = RateLimitItemPerMinute(per_minute, namespace=name) if per_minute else None
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, client: str) -> None:
        """Counts a call of a client.

        Raises:
            RateLimitedError: the client has none left; the call is not counted.
        """
        if self._item and not self._windows.hit(self._item, client):
            raise RateLimitedError(self.retry_after(client))

    def exhausted(self, client: str) -> bool:
        """Whether the client's next call would be refused."""
        return self._item is not None and not self._windows.test(self._item, client)

    def retry_after(self, client: str) -> int:
        """Whole seconds until the client's oldest call leaves the window, at least 1."""
        if self._item is None:
            return 1
        reset = self._windows.get_window_stats(self._item, client).reset_time
        return max(1, math.ceil(reset - time.time()))


def client_of(scope: Scope) -> str:
    """The address of the peer; forwarded headers are not trusted."""
    peer = scope.get("client")
    return peer[0] if peer else "local"
