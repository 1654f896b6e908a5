"""The tools over HTTP: one address, every call complete in itself, so that any process can take it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from http import HTTPMethod
from typing import TYPE_CHECKING

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from civicbot.web.bodies import LIMIT
from civicbot.web.errors import plain_error
from civicbot.web.mcp.server import mcp_server
from civicbot.web.mcp.tools import Tools
from civicbot.web.metrics import Metrics

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

_JSON = "application/json"


class McpEndpoint:
    """ASGI app at ``/mcp``: the streamable HTTP transport without sessions, answered with JSON.

    Args:
        tools: run the calls.
        names: the names of this server that it may be called by, without ports.
        metrics: counts the refusals.
    """

    def __init__(self, tools: Tools, names: Sequence[str], metrics: Metrics) -> None:
        self._server: Server[object] = mcp_server(tools)
        self._security = TransportSecurityMiddleware(_allowing(names))
        self._metrics = metrics
        self._manager: StreamableHTTPSessionManager | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Takes calls as long as the context is open."""
        # Without its security: what it would refuse is refused here already, in our words.
        manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=LIMIT
        )
        async with manager.run():
            self._manager = manager
            try:
                yield
            finally:
                self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes a call."""
        refusal = await self._refusal(scope)
        if refusal is not None or self._manager is None:
            await (refusal or plain_error(503))(scope, receive, send)
            return

        async def unkept(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await self._manager.handle_request(scope, receive, unkept)

    async def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a call that may not be made or cannot be read; None for any other."""
        if scope["method"] != HTTPMethod.POST:
            # A stream that the server writes into by itself (GET) and sessions to be ended (DELETE) do not exist.
            return plain_error(405, headers={"Allow": "POST"})
        request = Request(scope)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
            return plain_error(415)
        refused = await self._security.validate_request(request)
        if refused is None:
            return None
        self._metrics.rejected("host")
        return plain_error(
            421,
            code="unknown_host",
            message="This service may not be called by this name.",
            hint="Ask the operator to add the host name to CIVICBOT_MCP_HOSTS.",
        )


def _allowing(names: Sequence[str]) -> TransportSecuritySettings:
    """Any port of these names; that an origin is our own, :mod:`civicbot.web.origins` has found by then."""
    origins = [f"{scheme}://{name}" for name in names for scheme in ("http", "https")]
    return TransportSecuritySettings(
        allowed_hosts=[*names, *(f"{name}:*" for name in names)],
        allowed_origins=[*origins, *(f"{origin}:*" for origin in origins)],
    )
