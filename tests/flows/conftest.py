"""Whole runs, small: the pocket campaign in a workspace of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from callsheet import Settings
from callsheet.domain.ledger import Entry
from callsheet.storage.database import Database
from callsheet.storage.ledger import entries
from callsheet.storage.run import every
from callsheet.tools.intake import write_example
from callsheet.wiring import wall_clock


@pytest.fixture
def pocket(tmp_path: Path) -> Path:
    """A folder with the pocket campaign: two shots, 160x284, no cameo."""
    folder = tmp_path / "pocket"
    write_example(folder, "pocket")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace of its own."""
    return Settings(home=tmp_path / "home")


@dataclass(frozen=True)
class ServedSandbox:
    """A sandbox in a process of its own, and its bill."""

    url: str
    process: "subprocess.Popen[str]"

    def bill(self) -> list[dict[str, Any]]:
        """One row for each job it accepted."""
        answer = httpx.get(self.url.removesuffix("/v1") + "/_sim/ledger", timeout=10)
        answer.raise_for_status()
        found = answer.json()
        return list(found["jobs"])


@contextmanager
def serving(folder: Path) -> Iterator[ServedSandbox]:
    """A sandbox that outlives any client that is killed."""
    argv = [sys.executable, "-m", "callsheet.tools.sandbox", "--folder", str(folder), "--port", "0"]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield ServedSandbox(json.loads(process.stdout.readline())["url"], process)
    finally:
        process.terminate()
        process.communicate(timeout=10)


@dataclass(frozen=True)
class Terminal:
    """The command line, as a user's own processes in one workspace."""

    home: Path
    video_url: str

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Begin a command and let it run."""
        environment = {**os.environ, "CALLSHEET_HOME": str(self.home), "CALLSHEET_VIDEO_URL": self.video_url}
        argv = [sys.executable, "-m", "callsheet", *words]
        return subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, *words: str, timeout: float = 120) -> tuple[int, str]:
        """A command and what it said."""
        process = self.start(*words)
        said, _ = process.communicate(timeout=timeout)
        return process.returncode, said

    def ledger(self) -> tuple[Entry, ...]:
        """What the workspace's ledger says so far, over all runs."""
        if not (self.home / "workspace.db").exists():
            return ()
        database = Database(f"sqlite:///{self.home / 'workspace.db'}", "default", wall_clock)
        try:
            return database.read_now(lambda tx: tuple(one for run in every(tx) for one in entries(tx, run.id)))
        finally:
            database.close()
