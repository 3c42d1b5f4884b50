"""What a model looks up before it writes: its calls of the crew's tools, a bounded number of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from callsheet.prompts.quoting import quote
from callsheet.tools.writer.answer import NO_COMPLETION, Answer, Away, away

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.tools import BaseTool
    from langchain_openai import ChatOpenAI

MOST_CALLS = 6
_LONGEST = 6_000


async def looked_up(
    chat: "ChatOpenAI", tools: "Sequence[BaseTool]", opening: "Sequence[BaseMessage]", used: list[Answer]
) -> "list[BaseMessage]":
    """What the model asked of the tools and was told, as turns to put behind the question. `used` hears what it cost.

    What a tool answers is data: it is quoted, and cut at a length. Raises Away.
    """
    import openai
    from langchain_core.messages import ToolMessage

    known, bound = {tool.name: tool for tool in tools}, chat.bind_tools(list(tools))
    turns: list[BaseMessage] = []
    calls = 0
    while calls < MOST_CALLS:
        try:
            said: Any = await bound.ainvoke([*opening, *turns])
        except (openai.APIConnectionError, openai.APIStatusError) as trouble:
            raise away(trouble) from trouble
        except NO_COMPLETION as trouble:
            raise Away(f"the server did not answer like a chat server: {trouble!r:.200}", may_pass=True) from trouble
        usage = said.usage_metadata or {}
        used.append(Answer(None, "", "", usage.get("input_tokens", 0), usage.get("output_tokens", 0)))
        if not said.tool_calls:
            break
        turns.append(said)
        for call in said.tool_calls:
            calls += 1
            answer = await _answer(known.get(call["name"]), call["args"]) if calls <= MOST_CALLS else "no more calls"
            turns.append(ToolMessage(quote("answer", answer), tool_call_id=call["id"]))
    return turns


async def _answer(tool: "BaseTool | None", args: Any) -> Any:
    if tool is None:
        return {"error": {"what": "there is no such tool"}}
    try:
        return str(await tool.ainvoke(args))[:_LONGEST]
    except Exception as trouble:  # noqa: BLE001 - whatever a model made up as arguments ends here, as an answer to it
        return {"error": {"what": f"{type(trouble).__name__}: {trouble}"[:300]}}
