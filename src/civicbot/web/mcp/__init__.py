"""The assistant as tools of other programs, by the Model Context Protocol (MCP); docs/mcp.md."""
