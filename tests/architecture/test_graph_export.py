"""The graph that other hosts load: named by module, valid, and free of a store of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

from architecture.source import ROOT
from callsheet.graphs.state import CampaignInput, CampaignState, CampaignUpdate

_LOAD_LIKE_A_HOST = """
import asyncio, importlib, inspect, json, os, sys

async def load(path):
    module, _, attribute = path.partition(":")
    made = getattr(importlib.import_module(module), attribute)
    if inspect.isfunction(made):
        made = made({"configurable": {}})
    return await made if inspect.isawaitable(made) else made

async def main():
    graphs = [await load(path) for path in sys.argv[1:]]
    seen = [{"nodes": sorted(one.nodes), "checkpointer": repr(one.checkpointer)} for one in graphs]
    print(json.dumps(seen), flush=True)
    os._exit(0)  # what the graph works with beside it never ends by itself

asyncio.run(main())
"""


def exported() -> dict[str, str]:
    """The graphs that `langgraph.json` names, by name: `module:attribute`."""
    graphs = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))["graphs"]
    return {name: entry if isinstance(entry, str) else entry["path"] for name, entry in graphs.items()}


def test_the_host_finds_its_configuration_valid() -> None:
    command = Path(sys.executable).parent / "langgraph"
    quiet = {**os.environ, "LANGGRAPH_CLI_NO_ANALYTICS": "1"}
    done = subprocess.run([command, "validate"], cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_graphs_are_named_by_module() -> None:
    """A path to a file would load the module a second time, under another name."""
    assert [path for path in exported().values() if not path.startswith("callsheet.")] == []


def test_an_exported_graph_carries_no_checkpointer(tmp_path: Path) -> None:
    """The host brings its own, and refuses to start over one that is already there."""
    paths = list(exported().values())
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CALLSHEET_")}
    home = {**bare, "CALLSHEET_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-c", _LOAD_LIKE_A_HOST, *paths]
    done = subprocess.run(command, cwd=tmp_path, env=home, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    assert [one["checkpointer"] for one in loaded] == ["None"] * len(paths)
    assert all({"director", "greenlight", "publish"} <= set(one["nodes"]) for one in loaded)
    assert (tmp_path / "home" / "workspace.db").exists(), "it works on the workspace that the settings name"


def test_a_node_may_change_every_key_of_the_state_but_what_the_run_was_given() -> None:
    """The two are written out side by side, because a typed dictionary cannot loosen the keys of another."""
    state, given = get_type_hints(CampaignState), get_type_hints(CampaignInput)
    assert get_type_hints(CampaignUpdate) == {key: kind for key, kind in state.items() if key not in given}
