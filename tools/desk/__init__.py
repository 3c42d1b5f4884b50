"""The desk: what a model may ask or do, as LangChain tools. Each works alone, in a ToolNode, and behind MCP."""
