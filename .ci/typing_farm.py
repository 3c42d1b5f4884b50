"""Lays `build/typing/callsheet`, a tree of links that shows the rooms as one package.

The installed package maps `callsheet.domain` to `domain/` and so on (`[tool.setuptools.package-dir]`). Type checkers
read folders, not that mapping, so they are pointed at this farm instead (`mypy_path`, `extraPaths`). It links files
and not folders, because pyright looks for what to check without following links to folders.
"""

import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FARM = ROOT / "build" / "typing"


def links(root: Path) -> Iterator[tuple[Path, Path]]:
    """Every link of the farm, by its place in the farm, with the file it points at."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    folders: dict[str, str] = settings["tool"]["setuptools"]["package-dir"]
    for package, folder in folders.items():
        for path in (root / folder).rglob("*.py*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield Path(*package.split(".")) / path.relative_to(root / folder), path


def lay(root: Path, farm: Path) -> None:
    """Lays the farm anew; links are relative, so that the checkout can be moved."""
    shutil.rmtree(farm, ignore_errors=True)
    for place, target in links(root):
        link = farm / place
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(target, link.parent))


if __name__ == "__main__":
    lay(ROOT, FARM)
