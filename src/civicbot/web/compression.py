"""Answers sent compressed, static ones from a cache; event streams are never touched."""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALLEST = 500
"""Bodies below this are sent as they are, in bytes."""

LARGEST = 4 * 1024 * 1024
"""Bodies over this are sent as they are, in bytes; nothing of ours is as large."""

_QUALITY = {"br": 5, "gzip": 6}
_KEPT = 512
_TYPES = re.compile(
    r"(?:text/(?:html|css|plain|javascript|csv|xml)|application/(?:json|javascript|xml)|image/svg\+xml)\b",
    re.IGNORECASE,
)
_HASHED = re.compile(r"/assets/.+-[\w-]{8}\.(?:js|css|woff2?|svg)")
_WEIGHT = re.compile(r"q\s*=\s*([\d.]+)")


class Compression:
    """ASGI layer that compresses whole answers of known length and says how long static files stay good.

    What the app answers to a GET with an ``ETag`` is compressed once and kept.

    Args:
        app: the next layer; it is not told what the client accepts.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encoding = accepted(Headers(scope=scope).get("accept-encoding", ""))
        # In place: the outer layers read what the inner ones add.
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        sender = _Sender(self, send, encoding, scope["path"], head=scope["method"] == "HEAD")
        await self._app(scope, receive, sender)

    def compressed(self, body: bytes, encoding: str, path: str, tag: str) -> bytes:
        """The body in an encoding; kept when it has an ``ETag``."""
        if not tag:
            return _compress(body, encoding)
        key = (path, tag, encoding)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _compress(body, encoding)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


class _Sender:
    """Holds the start of an answer back until its body is there, if it is one that is compressed."""

    def __init__(self, layer: Compression, send: Send, encoding: str | None, path: str, *, head: bool) -> None:
        self._layer = layer
        self._send = send
        self._encoding = encoding
        self._path = path
        self._head = head
        self._start: Message | None = None
        self._chunks: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            if _HASHED.fullmatch(self._path) and message["status"] == 200:
                headers["Cache-Control"] = "public, max-age=31536000, immutable"
            elif self._path.startswith(("/ui/", "/static/", "/assets/", "/theme.css")):
                headers.setdefault("Cache-Control", "no-cache")
            if _worth(headers, message["status"]):
                headers.add_vary_header("Accept-Encoding")
                if self._encoding and not self._head:
                    self._start = {**message, "headers": headers.raw}
                    return
            await self._send({**message, "headers": headers.raw})
        elif self._start is None:
            await self._send(message)
        else:
            self._chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(self._start, b"".join(self._chunks))

    async def _finish(self, start: Message, body: bytes) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        assert self._encoding is not None
        tag = headers.get("etag", "")
        body = self._layer.compressed(body, self._encoding, self._path, tag)
        headers["Content-Encoding"] = self._encoding
        headers["Content-Length"] = str(len(body))
        if tag and not tag.startswith("W/"):
            headers["ETag"] = f"W/{tag}"  # the same in another encoding is not the same bytes
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def accepted(header: str) -> str | None:
    """The better of our encodings that an ``Accept-Encoding`` header allows; None for none."""
    weights: dict[str, float] = {}
    for item in header.lower().split(","):
        name, _, parameter = item.strip().partition(";")
        found = _WEIGHT.search(parameter)
        try:
            weights[name.strip()] = float(found[1]) if found else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return next((name for name in _QUALITY if weights.get(name, 0.0) > 0), None)


def _worth(headers: MutableHeaders, status: int) -> bool:
    length = headers.get("content-length", "")
    return (
        status not in (204, 206, 304)
        and "content-encoding" not in headers
        and length.isdigit()
        and SMALLEST <= int(length) <= LARGEST
        and _TYPES.match(headers.get("content-type", "")) is not None
    )


def _compress(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=_QUALITY["br"]))
    return gzip.compress(body, _QUALITY["gzip"], mtime=0)
