"""The core takes values and returns values; the world comes in through one file of settings."""

import ast

import pytest

from architecture.source import FACE, Module, modules, shown

# What the domain may import. Nothing here knows the time, the machine, a file or chance.
PURE = set(
    """__future__ abc annotated_types base64 bisect callsheet collections contextlib copy dataclasses datetime decimal
    difflib enum fractions functools graphlib hashlib heapq hmac ipaddress itertools json math numbers operator pathlib
    pydantic re statistics string struct textwrap types typing typing_extensions unicodedata urllib.parse
    html""".split()
)
NAMES_OF_THE_WORLD = {"pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath"}
CALLS_OF_THE_WORLD = {"open", "print", "input", "now", "utcnow", "today", "uuid1", "uuid4", "read_text", "write_text"}
ENVIRONMENT = {"environ", "environb", "getenv"}


def impure(module: Module) -> list[str]:
    """What a domain module does that is not a function of its arguments."""
    found = [
        f"{shown(module.path)}:{imported.line} imports {imported.name}"
        for imported in module.imports()
        if not any(f"{imported.name}.".startswith(f"{name}.") for name in PURE) or imported.name in NAMES_OF_THE_WORLD
    ]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in CALLS_OF_THE_WORLD:
                found.append(f"{shown(module.path)}:{node.lineno} calls {name}()")
    return found


def reads_environment(module: Module) -> list[str]:
    """Where a module looks at the process environment."""
    lines = [imported.line for imported in module.imports() if imported.name in {f"os.{name}" for name in ENVIRONMENT}]
    lines += [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ENVIRONMENT
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    return [f"{shown(module.path)}:{line} reads the environment" for line in lines]


def test_the_domain_is_pure() -> None:
    assert [line for module in modules() if module.room == "domain" for line in impure(module)] == []


def test_only_the_settings_read_the_environment() -> None:
    others = [module for module in modules() if module.name != "callsheet.settings"]
    assert [line for module in others for line in reads_environment(module)] == []


def test_only_the_face_reads_the_settings() -> None:
    """Every other room is given what it needs."""
    found = [
        f"{shown(module.path)}:{imported.line} imports {imported.name}"
        for module in modules()
        if module.room not in {FACE, "examples"}
        for imported in module.imports()
        if imported.name.startswith("callsheet.settings")
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "import random",
        "from pathlib import Path",
        "from time import monotonic",
        "import urllib.request",
        "def f():\n    import httpx",
        "from datetime import datetime\nx = datetime.now()",
        "def f(name):\n    return open(name)",
    ],
)
def test_a_glance_at_the_world_is_seen(text: str) -> None:
    assert impure(Module.parse("callsheet.domain.shot", text)) != []


@pytest.mark.parametrize("text", ["from pathlib import PurePosixPath", "from datetime import datetime", "import re"])
def test_a_value_is_not_the_world(text: str) -> None:
    assert impure(Module.parse("callsheet.domain.shot", text)) == []


@pytest.mark.parametrize("text", ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"])
def test_a_look_at_the_environment_is_seen(text: str) -> None:
    assert reads_environment(Module.parse("callsheet.tools.video.client", text)) != []
