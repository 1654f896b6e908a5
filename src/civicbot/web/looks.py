"""How a resident wants pages to look: chosen on the chat page and kept by the browser.

The pages around the chat run no script and set no cookie, so the address that leads to one of them tells its colours
and text size, and every link on it carries them on.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from starlette.types import ASGIApp, Receive, Scope, Send

THEMES = ("light", "dark", "contrast")
SIZES = ("large", "largest")


@dataclass(frozen=True)
class Look:
    """Colours and text size that differ from the usual ones.

    Attributes:
        theme: one of ``THEMES``; None as the device has it.
        size: one of ``SIZES``; None for the normal one.
    """

    theme: str | None = None
    size: str | None = None

    def carried(self, address: str) -> str:
        """An address of one of our pages, with the look in its query."""
        wished = {name: value for name, value in (("theme", self.theme), ("size", self.size)) if value}
        if not wished:
            return address
        parts = urlsplit(address)
        return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(wished))))))


_USUAL = Look()
_LOOK: ContextVar[Look] = ContextVar("look")


def wished_look() -> Look:
    """The look of the page that is being made."""
    return _LOOK.get(_USUAL)


def carried(address: str) -> str:
    """An address of one of our pages, with the look of the page that is being made."""
    return wished_look().carried(address)


class Looks:
    """ASGI layer that reads the look from a request's address; a value that is none of ours is left out.

    Args:
        app: the next layer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app with the look in place."""
        token = _LOOK.set(_read(scope.get("query_string", b"")))
        try:
            await self._app(scope, receive, send)
        finally:
            _LOOK.reset(token)


def _read(query: bytes) -> Look:
    if b"theme=" not in query and b"size=" not in query:
        return _USUAL
    wished = parse_qs(query.decode("latin-1"))
    theme, size = wished.get("theme", [""])[-1], wished.get("size", [""])[-1]
    return Look(theme if theme in THEMES else None, size if size in SIZES else None)
