"""The connections to a server with OpenAI's interface: no redirects, and no response that never ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2

_CONNECTIONS = httpx2.Limits(max_connections=None, max_keepalive_connections=8, keepalive_expiry=30.0)
_MOST_BYTES = 4_000_000
"""Of one response; a written answer has some thousands."""


@dataclass(frozen=True)
class _Bounds:
    given_up: threading.Event
    until: float


_HERE = threading.local()


@contextmanager
def limited(given_up: threading.Event, until: float) -> Iterator[None]:
    """Bounds the responses that this thread reads inside: until a moment, or until they are given up."""
    _HERE.bounds = _Bounds(given_up, until)
    try:
        yield
    finally:
        _HERE.bounds = None


class LimitedClient:
    """An HTTP client whose responses end.

    Args:
        connect: seconds to connect.
        read: seconds between bytes.
    """

    def __init__(self, connect: float, read: float) -> None:
        self.timeout = httpx2.Timeout(connect=connect, read=read, write=connect, pool=connect)
        # A redirect would carry the question and the key to where nobody has configured them to go.
        self.client = httpx2.Client(
            timeout=self.timeout,
            follow_redirects=False,
            limits=_CONNECTIONS,
            event_hooks={"request": [_bare], "response": [_bound]},
        )

    def close(self) -> None:
        """Closes the connections."""
        self.client.close()


class _BoundedStream(httpx2.SyncByteStream):
    """A response's bytes, which end in an error where a server drips them for ever, or nobody wants them any more."""

    def __init__(self, stream: httpx2.SyncByteStream, bounds: _Bounds) -> None:
        self._stream = stream
        self._bounds = bounds

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for piece in self._stream:
            read += len(piece)
            if self._bounds.given_up.is_set() or time.monotonic() > self._bounds.until or read > _MOST_BYTES:
                raise httpx2.ReadTimeout("The response took too long.")
            yield piece

    def close(self) -> None:
        self._stream.close()


def _bare(request: httpx2.Request) -> None:
    # The client takes these from variables that were set for other programs.
    for name in ("openai-organization", "openai-project"):
        if name in request.headers:
            del request.headers[name]


def _bound(response: httpx2.Response) -> None:
    bounds = getattr(_HERE, "bounds", None)
    if isinstance(bounds, _Bounds) and isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _BoundedStream(response.stream, bounds)
