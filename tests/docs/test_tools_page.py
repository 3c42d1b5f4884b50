"""The page about the tools: its tables are the code's, its examples run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from callsheet import Callsheet, Settings
from callsheet.toolbox import open_driving_tools
from callsheet.tools.intake import write_example

PAGE = (Path(__file__).parents[2] / "docs" / "tools.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


async def test_the_tables_name_every_tool_with_every_argument(tmp_path: Path) -> None:
    async with Callsheet.open(Settings(home=tmp_path / "home"), works=False) as callsheet:
        tools = open_driving_tools(callsheet)
    told = {name: re.findall(r"`(\w+)`", arguments) for name, arguments in ROW.findall(PAGE)}
    assert told == {one.name: list(one.args) for one in tools}


def test_the_example_runs(tmp_path: Path) -> None:
    write_example(tmp_path / "pocket", "pocket")
    alone = {**os.environ, "CALLSHEET_HOME": str(tmp_path / "home")}
    argv = [sys.executable, "-c", blocks("python")[0]]
    done = subprocess.run(argv, cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "claims: superlative | 'best' in" in done.stdout
    assert "gate open | Shoot pocket: 8 seconds" in done.stdout


class Scripted(GenericFakeChatModel):
    """A model that asks for one tool and then ends."""

    def bind_tools(self, tools: Any, **_options: Any) -> Any:
        return self


async def test_the_graph_of_the_page_answers_a_model(tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    exec(compile(blocks("python")[1], "docs/tools.md", "exec"), names)
    call = {"type": "tool_call", "id": "1", "name": "search_shots", "args": {"kind": "light", "most": 1}}
    model = Scripted(messages=iter([AIMessage(content="", tool_calls=[call]), AIMessage(content="done")]))
    async with Callsheet.open(Settings(home=tmp_path / "home"), works=False) as callsheet:
        done = await names["assistant"](callsheet, model).ainvoke({"messages": [HumanMessage("light?")]})
    (said,) = [one for one in done["messages"] if isinstance(one, ToolMessage)]
    assert json.loads(str(said.content))["entries"][0]["kind"] == "light"
    assert done["messages"][-1].content == "done"


def test_the_configuration_of_the_page_is_json_for_our_command() -> None:
    servers = json.loads(blocks("json")[0])["mcpServers"]
    assert servers["callsheet"]["args"][0] == "mcp"
    assert set(json.loads(blocks("json")[1])["error"]) == {"what", "where", "do"}
