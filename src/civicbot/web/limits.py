"""How often one client may ask, and all visitors of one registered site together."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Self

from limits import RateLimitItemPerMinute
from starlette.types import Scope

from civicbot.site import Site
from civicbot.web.errors import RateLimitedError
from civicbot.web.metrics import Metrics
from civicbot.web.windows import MemoryWindows, Windows

MOVES_PER_ANSWER = 10
"""How many cheap calls (opening the page, switching its language, …) a client has for every question."""


class RateLimit:
    """A moving window of one minute per client; thread-safe.

    Args:
        per_minute: how many calls a client has in any minute; None for no limit.
        name: keeps the windows of several limits apart.
        windows: where the calls are counted; in memory, for this limit alone, by default.
    """

    def __init__(self, per_minute: int | None, name: str = "answers", windows: Windows | None = None) -> None:
        self._item = RateLimitItemPerMinute(per_minute, namespace=name) if per_minute else None
        self._windows = windows or MemoryWindows()

    def hit(self, client: str) -> None:
        """Counts a call of a client.

        Raises:
            RateLimitedError: the client has none left; the call is not counted.
        """
        if self._item and not self._windows.hit(self._item, household(client)):
            raise RateLimitedError(self.retry_after(client))

    def exhausted(self, client: str) -> bool:
        """Whether the client's next call would be refused."""
        return self._item is not None and not self._windows.test(self._item, household(client))

    def retry_after(self, client: str) -> int:
        """Whole seconds until the client's oldest call leaves the window, at least 1."""
        if self._item is None:
            return 1
        return max(1, math.ceil(self._windows.reset_time(self._item, household(client)) - time.time()))


class SiteLimit:
    """A moving window of one minute for every registered site, as long as the site says; thread-safe.

    Args:
        windows: where the calls are counted; in memory, for this limit alone, by default.
    """

    def __init__(self, windows: Windows | None = None) -> None:
        self._windows = windows or MemoryWindows()

    def hit(self, site: Site) -> None:
        """Counts a call from a site.

        Raises:
            RateLimitedError: its visitors have none left together; the call is not counted.
        """
        item = RateLimitItemPerMinute(site.per_minute, namespace="site")
        if not self._windows.hit(item, site.name):
            seconds = max(1, math.ceil(self._windows.reset_time(item, site.name) - time.time()))
            raise RateLimitedError(seconds, "Too many questions from the visitors of this site in the last minute.")


@dataclass(frozen=True)
class Limits:
    """The limits of one app.

    Attributes:
        asking: questions of one client.
        moving: cheaper things of one client, such as opening a conversation again.
        sites: questions from one registered site.
    """

    asking: RateLimit
    moving: RateLimit
    sites: SiteLimit

    @classmethod
    def of(cls, per_minute: int | None, windows: Windows | None) -> Self:
        """The limits for so many questions a minute and client; None for no limit but that of sites."""
        return cls(
            asking=RateLimit(per_minute, windows=windows),
            moving=RateLimit(per_minute and per_minute * MOVES_PER_ANSWER, "moves", windows),
            sites=SiteLimit(windows),
        )

    def asked(self, client: str, site: Site | None, metrics: Metrics) -> None:
        """Counts a question, of its client and of the site that it is asked on.

        Raises:
            RateLimitedError: one of them has none left; the metrics know of it.
        """
        with counting("rate", metrics):
            self.asking.hit(client)
        if site is not None:
            with counting("site", metrics):
                self.sites.hit(site)


@contextmanager
def counting(reason: str, metrics: Metrics) -> Iterator[None]:
    """Counts what a limit refuses inside, and lets it through."""
    try:
        yield
    except RateLimitedError:
        metrics.rejected(reason)
        raise


def client_of(scope: Scope) -> str:
    """The address of the client: the peer's, or what a trusted proxy told (see :mod:`civicbot.web.proxies`)."""
    peer = scope.get("client")
    return peer[0] if peer else "local"


def household(client: str) -> str:
    """What is counted as one client: an address, in IPv6 the /64 network, of which everybody has many addresses."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if not isinstance(address, IPv6Address):
        return client
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
