"""Memory of a process and of the programs it starts, read while they run.

The system's own count for children (`RUSAGE_CHILDREN`) will not do: a child begins life in its parent's memory, so
that count is never below the parent's. Here each program is read under its own number, a few times a second; a
program that lives shorter than that may be missed.
"""

import threading
from pathlib import Path
from typing import Self

EVERY = 0.1
"""Seconds between two looks."""
_PROC = Path("/proc")
_PAGE = 4096


class FamilyWatch:
    """While inside, watches a process and everything it starts. Off Linux it sees nothing and says None."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.children_at_once: int | None = None
        """Most bytes that all its children held at one moment."""
        self.all_at_once: int | None = None
        """Most bytes that it and its children held at one moment."""

    def __enter__(self) -> Self:
        if _PROC.is_dir():
            self.children_at_once = self.all_at_once = 0
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY):
            own = _resident(self._pid)
            children = sum(_resident(pid) for pid in descendants(_parents(), self._pid))
            self.children_at_once = max(self.children_at_once or 0, children)
            self.all_at_once = max(self.all_at_once or 0, own + children)


def descendants(parents: dict[int, int], ancestor: int) -> set[int]:
    """Everybody who descends from `ancestor`, by who is whose parent."""
    found: set[int] = set()
    newest = {ancestor}
    while newest:
        newest = {child for child, parent in parents.items() if parent in newest} - found
        found |= newest
    return found


def _parents() -> dict[int, int]:
    found = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit() and (stat := _read(folder / "stat")):
            found[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def _resident(pid: int) -> int:
    statm = _read(_PROC / str(pid) / "statm")
    return int(statm.split()[1]) * _PAGE if statm else 0


def _read(path: Path) -> str:
    """What a file of a process says; nothing when the process has just ended."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
