"""Tells browsers which other origin may read an answer (CORS); which may, :mod:`civicbot.web.origins` decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civicbot.model import Channel
from civicbot.site import Site

SITE_HEADER = "Civicbot-Site"
"""Names the registered site that a call is made for."""

OPEN_TO_SITES = "/api"
"""Registered sites may call what lies below this, and nothing else."""

PREFLIGHT_SECONDS = 600
"""For how long a browser need not ask again whether it may call."""

_OPEN_TO_ALL = re.compile(r"/widget(?:-[^/]*)?\.js|/transparency\.json")
_KEY = "civicbot.caller"


@dataclass(frozen=True)
class Caller:
    """Where a request to the API comes from.

    Attributes:
        allowed: whether it may be made at all.
        channel: how what it asks is recorded.
        site: the registered site that it is made for; None for our own pages and for programs.
        reader: the foreign origin that may read the answer, a refusal too; None for none.
    """

    allowed: bool = True
    channel: Channel = "api"
    site: Site | None = None
    reader: str | None = None


def set_caller(scope: Scope, caller: Caller) -> None:
    """Notes who makes a request, for the layers on both sides."""
    scope[_KEY] = caller


def caller_of(scope: Scope) -> Caller:
    """Who makes a request."""
    caller = scope.get(_KEY)
    return caller if isinstance(caller, Caller) else Caller()


def preflight() -> Response:
    """Tells a browser what the pages of a registered site may send; :class:`CorsHeaders` adds which site."""
    headers = {
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": f"Content-Type, Accept, {SITE_HEADER}",
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    return Response(status_code=204, headers=headers)


class CorsHeaders:
    """ASGI layer that tells browsers whose pages may read an answer; what others say of that is taken out.

    Below ``/api`` a registered site's pages may read every answer to their calls, errors and streams too; anybody's may
    read the widget's script and the figures that are told to everybody; nobody's may read the rest. Gradio, asked
    through any name but localhost, would let every site read its pages, with the visitor's cookies. This layer must lie
    outside of whatever answers by itself: the limit of bodies, the last resort.

    Args:
        app: the next layer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(scope, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, with_headers)


def _tell(scope: Scope, headers: MutableHeaders) -> None:
    path: str = scope["path"]
    if path == OPEN_TO_SITES or path.startswith(f"{OPEN_TO_SITES}/"):
        # Also where nobody else may read: a cache must not give that answer to somebody who may.
        headers.add_vary_header("Origin")
        reader = caller_of(scope).reader
        if reader is not None:
            headers["Access-Control-Allow-Origin"] = reader
            headers["Access-Control-Expose-Headers"] = "Retry-After"
        return
    for name in [name for name in headers.keys() if name.startswith("access-control-")]:  # noqa: SIM118
        del headers[name]
    if _OPEN_TO_ALL.fullmatch(path):
        headers["Access-Control-Allow-Origin"] = "*"
