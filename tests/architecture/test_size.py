"""Files and functions stay small enough to be read at one sitting, and files are named after what is in them."""

import ast
from pathlib import Path

from architecture.source import ROOT, python_files, shown

FILE_LINES = 400
TEST_FILE_LINES = 500
FUNCTION_LINES = 60
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "shared", "core", "base"}


def lines_allowed(path: Path) -> int:
    return TEST_FILE_LINES if path.is_relative_to(ROOT / "tests") else FILE_LINES


def long_functions(text: str, limit: int = FUNCTION_LINES) -> list[str]:
    """Functions over the limit, decorators and docstring counted: a reader reads those too."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            length = (node.end_lineno or first) - first + 1
            if length > limit:
                found.append(f"{first} {node.name} has {length} lines, {limit} are allowed")
    return found


def test_no_file_is_too_long() -> None:
    found = [
        f"{shown(path)} has {length} lines, {lines_allowed(path)} are allowed"
        for path in python_files()
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > lines_allowed(path)
    ]
    assert found == []


def test_no_function_is_too_long() -> None:
    found = [
        f"{shown(path)}:{line}" for path in python_files() for line in long_functions(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [shown(path) for path in python_files() if path.stem.lower().strip("_") in SAYS_NOTHING] == []


def test_a_long_function_is_seen_wherever_it_hides() -> None:
    body = "\n".join(f"        x = {number}" for number in range(4))
    text = f"class A:\n    @property\n    def f(self):\n{body}\n"
    assert long_functions(text, limit=5) == ["2 f has 6 lines, 5 are allowed"]
    assert long_functions(text, limit=6) == []
