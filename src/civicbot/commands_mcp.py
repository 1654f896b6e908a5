"""The command `civicbot mcp`: the assistant as tools of a desktop program."""

from __future__ import annotations

from civicbot.settings import load_settings


def mcp() -> None:
    """Offer the assistant as MCP tools over standard input and output; a desktop program starts this by itself."""
    from civicbot.web.mcp.stdio import serve_stdio

    serve_stdio(load_settings())
