"""What a take costs in processor time and memory, and whether the ten thousandth costs more than the hundredth.

Each number of takes is bought in a process of its own: `python -m benchmarks.scale TAKES FOLDER [URL]` prints what
that took. Without a URL the provider is a fake in memory; the journal is a real database file either way.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from benchmarks.approved import approved, order, sound
from benchmarks.command import BenchmarkFailed, bare
from benchmarks.figure import Figure, kilobytes, megabytes, milliseconds, ratio
from benchmarks.provider import provider
from benchmarks.witness import cpu_seconds, peak_bytes
from callsheet.jobs.order import Patience
from callsheet.jobs.render import TakeBuyer
from callsheet.storage.media import FolderStore
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.fake import FakeVideo
from callsheet.tools.video.pace import UNPACED
from callsheet.tools.video.port import VideoApi
from callsheet.tools.video.videos import VideosApi

TAKES = (100, 1_000, 10_000)
OVER_HTTP = 100
_AT_ONCE = 10


@dataclass(frozen=True)
class Cost:
    """What buying some takes took in one process: processor seconds, and bytes of memory before and at most."""

    cpu: float
    before: int
    peak: int


def scale(python: Path, place: Path) -> list[Figure]:
    """Processor time and memory a take at each number, against the smallest."""
    costs = {takes: _bought(python, takes, place / f"scale-{takes}") for takes in TAKES}
    least, most = TAKES[0], TAKES[-1]
    about = "buying many"
    found = [milliseconds(about, f"processor time a take, {takes:,}", one.cpu / takes) for takes, one in costs.items()]
    base = costs[least].cpu / least
    found += [
        ratio(about, f"a take of {takes:,}, to one of {least}", costs[takes].cpu / takes / base) for takes in TAKES[1:]
    ]
    found += [megabytes(about, f"peak memory, {takes:,}", one.peak) for takes, one in costs.items()]
    grown = (costs[most].peak - costs[least].peak) / (most - least)
    return [*found, kilobytes(about, "memory a further take", grown, "the fake provider's own memory is part of it")]


def over_http(python: Path, place: Path) -> list[Figure]:
    """Processor time of a normal purchase over HTTP, the server's own not counted."""
    with provider(python, place, latency=1.0) as url:
        cost = _bought(python, OVER_HTTP, place / "over-http", url)
    return [milliseconds("buying", "processor time a take, over HTTP", cost.cpu / OVER_HTTP, "inspection not counted")]


def _bought(python: Path, takes: int, home: Path, *url: str) -> Cost:
    home.mkdir(parents=True)
    argv = [str(python), "-m", "benchmarks.scale", str(takes), str(home), *url]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(argv, cwd=root, env=bare(home), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchmarkFailed(f"{takes} takes were not bought:\n{done.stderr[-2000:]}")
    return Cost(**json.loads(done.stdout))


async def _buy(takes: int, home: Path, api: VideoApi, patience: Patience) -> None:
    database = approved(home, takes, lambda: datetime.now(UTC))
    buyer = TakeBuyer(database, FolderStore(home / "media"), lambda _: api, sound, patience)
    numbers = iter(range(takes))

    async def one_after_another() -> None:
        for number in numbers:
            await buyer(order(number).model_dump(mode="json"))

    async with asyncio.TaskGroup() as group:
        for _ in range(_AT_ONCE):
            group.create_task(one_after_another())
    database.close()


def main(takes: int, home: Path, url: str = "") -> None:
    """Buy, and print what it took."""
    api: VideoApi
    hurried: dict[str, Any] = {}
    if url:
        api = VideosApi(load_provider("sandbox"), lambda: httpx.AsyncClient(base_url=url), "", _unix, UNPACED)
    else:
        api, hurried = FakeVideo(clock=_unix), {"sleep": _at_once()}
    before, began = peak_bytes(), cpu_seconds()
    asyncio.run(_buy(takes, home, api, Patience(first_look=0.5, **hurried)))
    print(json.dumps({"cpu": cpu_seconds() - began, "before": before, "peak": peak_bytes()}))


def _at_once() -> Callable[[float], Awaitable[None]]:
    async def sleep(_: float) -> None:
        await asyncio.sleep(0)

    return sleep


def _unix() -> float:
    return datetime.now(UTC).timestamp()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
