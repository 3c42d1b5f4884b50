"""What happens in a real interpreter: nothing loads twice, and asking for help loads nothing heavy."""

import json
import subprocess
import sys
from pathlib import Path

from architecture.source import modules, rooms

# Loaded by `--help` they would cost every user a second or two at every command.
HEAVY = {"dbos", "httpx", "langchain_core", "langchain_openai", "langgraph", "networkx", "numpy", "sqlalchemy"}

LOAD = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""

ASK = """
import json, sys
from callsheet.cli import main
sys.argv = ["callsheet", "--help"]
try:
    main()
finally:
    print("\\n" + json.dumps(sorted(sys.modules)))
"""


def modules_loaded_by(program: str, *arguments: str, cwd: Path) -> set[str]:
    """Runs a program in an interpreter of its own that sees no folder but the installed ones."""
    run = subprocess.run(
        [sys.executable, "-I", "-c", program, *arguments], cwd=cwd, capture_output=True, text=True, timeout=100
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_no_module_is_loaded_under_a_bare_room_name(tmp_path: Path) -> None:
    names = [module.name for module in modules() if not module.name.endswith("__main__")]
    loaded = modules_loaded_by(LOAD, json.dumps(names), cwd=tmp_path)
    assert set(names) <= loaded
    assert {name for name in loaded if name.split(".")[0] in rooms()} == set()


def test_asking_for_help_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = modules_loaded_by(ASK, cwd=tmp_path)
    assert "callsheet.cli" in loaded
    assert HEAVY & loaded == set()
