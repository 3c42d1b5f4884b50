"""The graph that other hosts load: named by module, valid, and free of a store of its own."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

from architecture.source import ROOT


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


def test_an_exported_graph_carries_no_checkpointer() -> None:
    """The host brings its own, and refuses to start over one that is already there."""
    for path in exported().values():
        module, _, attribute = path.partition(":")
        graph = getattr(importlib.import_module(module), attribute)
        assert getattr(graph, "checkpointer", None) is None
