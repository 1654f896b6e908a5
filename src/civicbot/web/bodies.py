"""The size of request bodies, limited before anything parses them."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civicbot.web.errors import plain_error
from civicbot.web.metrics import Metrics

LIMIT = 64 * 1024
"""The longest body that is accepted, in bytes."""

DRAIN = 8 * 1024 * 1024
"""How much of a longer body is read and thrown away, in bytes, so that the client gets to read the refusal."""


class BodyLimit:
    """ASGI layer that reads bodies up to ``limit`` bytes and refuses longer ones with 413.

    Bodies without ``Content-Length`` (chunked ones) are counted as they come in.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, limit: int = LIMIT) -> None:
        self._app = app
        self._metrics = metrics
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app with the whole body at hand."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        body = await self._read(receive, _declared_length(scope))
        if body is None:
            self._metrics.rejected("size")
            await plain_error(413, headers={"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive, declared: int) -> bytes | None:
        """The whole body, or None when it is too long."""
        chunks: list[bytes] = []
        length, most = 0, max(declared, 0)
        if declared > DRAIN:
            return None
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(chunks)
            chunk = message.get("body", b"")
            length += len(chunk)
            if max(length, most) <= self._limit:
                chunks.append(chunk)
            else:
                chunks.clear()
            if not message.get("more_body", False) or length > DRAIN:
                return None if max(length, most) > self._limit else b"".join(chunks)


def _declared_length(scope: Scope) -> int:
    value = Headers(scope=scope).get("content-length", "")
    return int(value) if value.isascii() and value.isdigit() else 0


def _replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that hands the body out once, then what comes from the connection."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
