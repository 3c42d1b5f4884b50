"""What buying takes costs: time lost against the best schedule, processor time, memory, and the price of a crash."""

from pathlib import Path

from benchmarks.command import Installed
from benchmarks.figure import Figure
from benchmarks.recovery import recovery
from benchmarks.scale import over_http, scale
from benchmarks.schedule import schedule


def buying(installed: Installed, place: Path) -> list[Figure]:
    """All of it."""
    parts = {name: place / name for name in ("schedule", "http", "recovery", "scale")}
    for folder in parts.values():
        folder.mkdir()
    return [
        *schedule(parts["schedule"]),
        *over_http(installed.python, parts["http"]),
        *recovery(installed, parts["recovery"]),
        *scale(installed.python, parts["scale"]),
    ]
