"""The checkout as the architecture tests see it: its files, its modules, and who imports whom."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
FACE = "face"
NEVER_OURS = {".git", ".venv", "build", "dist", "out", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Import:
    """One name that a module imports, wherever in the module the import stands."""

    name: str
    line: int


@dataclass(frozen=True)
class Module:
    """One Python module of the package, parsed but never run."""

    name: str
    path: Path
    tree: ast.Module
    is_package: bool = False

    @classmethod
    def parse(cls, name: str, text: str, path: Path | None = None, *, is_package: bool = False) -> "Module":
        return cls(name, path or Path(name), ast.parse(text, filename=str(path or name)), is_package)

    @property
    def room(self) -> str:
        return room_of(self.name)

    def imports(self) -> Iterator[Import]:
        """Every import, those inside functions and under TYPE_CHECKING included, as absolute names.

        `from a import b` yields `a.b`: whether `b` is a module or a name in `a` is for the caller to settle.
        """
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (Import(alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from (Import(f"{base}.{alias.name}", node.lineno) for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parents = self.name.split(".")
        climb = node.level - 1 if self.is_package else node.level
        kept = parents[: len(parents) - climb]
        return ".".join([*kept, node.module] if node.module else kept)


def room_of(name: str) -> str:
    """`callsheet.tools.video.client` lives in `tools`; whatever is in no room belongs to the face."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in rooms() else FACE


@cache
def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def package_folders() -> dict[str, Path]:
    """Which folder each mapped package lies in, as the build sees it."""
    mapping: dict[str, str] = settings()["tool"]["setuptools"]["package-dir"]
    return {package: ROOT / folder for package, folder in mapping.items()}


@cache
def rooms() -> frozenset[str]:
    return frozenset(package.split(".")[1] for package in package_folders() if package != "callsheet")


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, the face's and the rooms'."""
    return tuple(
        read_module(package, folder, path)
        for package, folder in sorted(package_folders().items())
        for path in sorted(folder.rglob("*.py"))
        if not NEVER_OURS & set(path.relative_to(folder).parts)
    )


def read_module(package: str, folder: Path, path: Path) -> Module:
    parts = [package, *path.relative_to(folder).with_suffix("").parts]
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module.parse(name, path.read_text(encoding="utf-8"), path, is_package=is_package)


def within(name: str, known: frozenset[str]) -> str | None:
    """The module that an imported name comes from: itself, or the nearest parent that is a module."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def import_graph(found: tuple[Module, ...]) -> dict[str, set[str]]:
    """Module to the modules it imports. That importing a module also loads its parents is left out, as everywhere."""
    known = frozenset(module.name for module in found)
    graph: dict[str, set[str]] = {}
    for module in found:
        targets = {within(imported.name, known) for imported in module.imports()}
        graph[module.name] = {target for target in targets if target and target != module.name}
    return graph


@cache
def checkout_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        names = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:  # an unpacked archive: there is no history to ask
        names = [path for path in ROOT.rglob("*") if not NEVER_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in names if path.is_file()))


def python_files() -> tuple[Path, ...]:
    return tuple(path for path in checkout_files() if path.suffix == ".py")


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
