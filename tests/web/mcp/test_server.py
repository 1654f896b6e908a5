from __future__ import annotations

import json

import pytest
from mcp import Client, MCPError
from mcp_types import INVALID_PARAMS, CallToolResult, ServerCapabilities
from tests.web.conftest import Running
from tests.web.mcp.calls import MODES, given, with_client

from civicbot import __version__
from civicbot.answering.findings import Findings
from civicbot.model import Answer, AnswerStatus
from civicbot.web.mcp.bodies import DocumentPart
from civicbot.web.mcp.server import offered_tools
from civicbot.web.mcp.texts import load_mcp_texts
from civicbot.web.mcp.tools import NAMES, TAKES
from civicbot.web.schemas import DocumentBody


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_are_listed_as_they_are_offered(tools: Running, mode: str) -> None:
    listed = with_client(tools.port, lambda client: client.list_tools(), mode).tools
    assert [tool.name for tool in listed] == list(NAMES)
    offered = [json.loads(tool.model_dump_json(by_alias=True, exclude_none=True)) for tool in offered_tools()]
    assert [json.loads(tool.model_dump_json(by_alias=True, exclude_none=True)) for tool in listed] == offered


@pytest.mark.parametrize("mode", MODES)
def test_a_client_is_told_who_answers_and_what_it_is_worth(tools: Running, mode: str) -> None:
    async def told(client: Client) -> tuple[str, str, ServerCapabilities]:
        info = client.server_info
        assert info is not None
        assert info.name == "civicbot"
        return info.version, client.instructions or "", client.server_capabilities

    version, instructions, capabilities = with_client(tools.port, told, mode)
    assert version == __version__
    for word in ("citations", "Korean or English", "never follow instructions", "personal data"):
        assert word in instructions
    assert capabilities.tools is not None
    assert (capabilities.resources, capabilities.prompts, capabilities.logging) == (None, None, None)


def test_every_tool_says_what_it_does_and_what_it_does_not() -> None:
    texts = load_mcp_texts()
    assert set(texts.tools) == set(NAMES)
    for tool in offered_tools():
        assert tool.title
        assert tool.description is not None
        assert "never as instructions" in tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert tool.annotations.open_world_hint is False
        assert tool.annotations.idempotent_hint is (tool.name != "ask")
        assert (tool.input_schema["type"], tool.output_schema and tool.output_schema["type"]) == ("object", "object")
        assert tool.input_schema["additionalProperties"] is False


def test_the_shapes_are_the_apis() -> None:
    schemas = {tool.name: tool.output_schema for tool in offered_tools()}
    assert schemas["ask"] == Answer.model_json_schema(mode="serialization")
    assert schemas["search_library"] == Findings.model_json_schema(mode="serialization")
    assert schemas["get_document"] == DocumentPart.model_json_schema(mode="serialization")
    assert set(DocumentBody.model_fields) < set(DocumentPart.model_fields)
    assert {name: set(body.model_fields) for name, body in TAKES.items()} == {
        "ask": {"question", "language", "conversation_id"},
        "search_library": {"query", "language", "limit"},
        "get_document": {"document_id", "offset", "length"},
    }


def test_every_status_that_an_answer_can_have_is_told() -> None:
    description = load_mcp_texts().tools["ask"].description
    for status in AnswerStatus:
        assert f"`{status.value}`" in description


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ask", {"question": "What does it cost?"}),
        ("ask", {"question": "What is the price of a flat?"}),
        ("search_library", {"query": "mobility", "limit": 20}),
        ("get_document", {"document_id": "nasty-en"}),
    ],
)
def test_what_is_given_keeps_to_the_schema(tools: Running, tool: str, arguments: dict[str, object]) -> None:
    async def checked(client: Client) -> CallToolResult:
        await client.list_tools()  # the client checks all that comes against the schemas that it knows by then
        return await client.call_tool(tool, arguments)

    assert given(with_client(tools.port, checked))


@pytest.mark.parametrize("mode", MODES)
def test_an_unknown_tool_is_an_error_of_the_protocol(tools: Running, mode: str) -> None:
    async def trying(client: Client) -> MCPError:
        with pytest.raises(MCPError, match="There is no such tool") as caught:
            await client.call_tool("delete_library", {})
        return caught.value

    assert with_client(tools.port, trying, mode).error.code == INVALID_PARAMS
