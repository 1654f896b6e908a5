"""Calls of the tools by the protocol's own client, over real sockets, for tests that are no coroutines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from mcp import Client
from mcp_types import CallToolResult, TextContent
from tests.loops import run
from tests.web.conftest import Running

T = TypeVar("T")

MODES = ("auto", "legacy")
"""Today's protocol, and that of clients that begin with a handshake."""


def address(port: int) -> str:
    return f"http://127.0.0.1:{port}/mcp"


def with_client(port: int, act: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    """What comes of some calls over one connection."""

    async def acting() -> T:
        async with Client(address(port), mode=mode, read_timeout_seconds=60) as client:
            return await act(client)

    return run(acting())


def call(site: Running, tool: str, mode: str = "auto", **arguments: Any) -> CallToolResult:
    """One call."""
    return with_client(site.port, lambda client: client.call_tool(tool, arguments), mode)


def given(result: CallToolResult) -> dict[str, Any]:
    """What a tool gave, which its text says as well."""
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def said(result: CallToolResult) -> str:
    """The text of an error."""
    assert result.is_error
    assert result.structured_content is None
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def code(result: CallToolResult) -> str:
    """The code of an error; its text stands beside it."""
    assert result.meta is not None
    error = result.meta["error"]
    assert said(result) == f"{error['message']} {error['hint']}"
    found = error["code"]
    assert isinstance(found, str)
    return found
