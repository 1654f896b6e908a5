"""The protocol's server: tells clients of the tools, and takes their calls to where they are run."""

from __future__ import annotations

from typing import Any

from mcp.server import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from civicbot import __version__
from civicbot.web.cors import caller_of
from civicbot.web.limits import client_of
from civicbot.web.mcp.texts import ToolName, load_mcp_texts
from civicbot.web.mcp.tools import GIVES, NAMES, TAKES, Refusal, ToolCaller, Tools

Context = ServerRequestContext[Any, Any]


def mcp_server(tools: Tools) -> Server[Any]:
    """The server of the tools; it keeps nothing between two calls.

    Args:
        tools: run the calls.
    """
    texts, offered = load_mcp_texts(), offered_tools()

    async def list_tools(_: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=list(offered))

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in NAMES:
            raise MCPError(INVALID_PARAMS, "There is no such tool; tools/list names all of them.")
        # Answering blocks: a thread of the same pool takes it as takes the JSON API's calls.
        return await run_in_threadpool(_called, tools, params.name, params.arguments or {}, _caller(context))

    schemas = {tool.name: tool.input_schema for tool in offered}
    server: Server[Any] = Server(
        "civicbot",
        version=__version__,
        title=texts.title,
        description=texts.about,
        instructions=texts.instructions,
        get_tool_input_schema=schemas.get,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    # The library's spans would hold what clients send; a question has a span of ours.
    server.middleware.clear()
    return server


def offered_tools() -> tuple[Tool, ...]:
    """The tools as clients are told of them."""
    texts = load_mcp_texts()
    return tuple(
        Tool(
            name=name,
            title=texts.tools[name].title,
            description=texts.tools[name].description,
            input_schema=TAKES[name].model_json_schema(),
            output_schema=GIVES[name].model_json_schema(mode="serialization"),
            annotations=ToolAnnotations(
                title=texts.tools[name].title,
                read_only_hint=True,
                destructive_hint=False,
                # A question is a turn of a conversation; asked again, it is another one.
                idempotent_hint=name != "ask",
                open_world_hint=False,
            ),
        )
        for name in NAMES
    )


def _caller(context: Context) -> ToolCaller:
    """Who calls: over HTTP what the layers before found out, else whoever started this process."""
    request = context.request
    if not isinstance(request, Request):
        return ToolCaller()
    return ToolCaller(client=client_of(request.scope), site=caller_of(request.scope).site)


def _called(tools: Tools, name: ToolName, arguments: dict[str, Any], caller: ToolCaller) -> CallToolResult:
    try:
        given = tools.run(name, arguments, caller)
    except Refusal as refusal:
        detail = refusal.detail
        said = TextContent(text=f"{detail.message} {detail.hint}")
        return CallToolResult(content=[said], is_error=True, meta={"error": detail.model_dump()})
    # Clients that know no structured content read the same as text, as the protocol asks.
    return CallToolResult(
        content=[TextContent(text=given.model_dump_json())], structured_content=given.model_dump(mode="json")
    )
