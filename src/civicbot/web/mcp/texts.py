"""What programs are told about the tools."""

from __future__ import annotations

from typing import Literal

import yaml

from civicbot.web.page_texts import TextGroup
from civicbot.web.phrases import FOLDER

ToolName = Literal["ask", "search_library", "get_document"]


class ToolTexts(TextGroup):
    """What a tool is called, and what language models are told of it."""

    title: str
    description: str


class McpTexts(TextGroup):
    """The server's title, what it is about, what clients are told at first, and its tools."""

    title: str
    about: str
    instructions: str
    tools: dict[ToolName, ToolTexts]


def load_mcp_texts() -> McpTexts:
    """The texts; a missing one is an error."""
    return McpTexts.model_validate(yaml.safe_load((FOLDER / "mcp.en.yaml").read_text(encoding="utf-8")))
