"""Plays or records from a thread and an event loop of its own, for callers that may be in a loop already."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from callsheet.replay.play import Replayed, replay
from callsheet.replay.record import anew, record


def play_blocking(folder: Path) -> Replayed:
    """Play a recording. Raises RecordingUnusable."""
    return _in_loop(lambda: replay(folder))


def record_blocking(folder: Path) -> Replayed:
    """Make a recording anew where it lies: the same campaign, faults and answers. Raises RecordingUnusable."""
    return _in_loop(lambda: record(anew(folder)))


def _in_loop(work: Callable[[], Coroutine[Any, Any, Replayed]]) -> Replayed:
    with ThreadPoolExecutor(1, "callsheet-replay") as own:
        return own.submit(lambda: asyncio.run(work())).result()
