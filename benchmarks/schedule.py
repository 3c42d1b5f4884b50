"""A hundred takes by morning: how near a shoot under a provider's limits comes to the best schedule there could be.

Ten renders at a time, two requests a second, and the sandbox's drawn render times, all on made-up time: the figures
are the same on every machine.
"""

import asyncio
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx

from benchmarks.approved import NOON, approved, order, sound
from benchmarks.figure import Figure, ratio, seconds
from callsheet.jobs.order import Patience
from callsheet.jobs.render import TakeBuyer
from callsheet.storage.media import FolderStore
from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.sandbox.loop import run_virtual
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.pace import Pace
from callsheet.tools.video.videos import VideosApi

TAKES, AT_ONCE, RATE = 100, 10, 2
_FEWEST_REQUESTS = 3
"""To buy a take: ask for it, see that it is done, fetch it."""


@dataclass(frozen=True)
class Shoot:
    """How long each render took at the provider, in order of asking, and how often it was looked at, all in all."""

    durations: tuple[float, ...]
    looks: int
    requests: int

    @property
    def ideal(self) -> float:
        """Seconds of the best schedule: no slot ever waits, and no request is made that is not needed."""
        return max(list_schedule(self.durations, AT_ONCE), len(self.durations) * _FEWEST_REQUESTS / RATE)


def schedule(place: Path) -> list[Figure]:
    """The shoot against its ideal."""
    shoot, took = run_virtual(_shoot(place))
    about = f"{TAKES} takes"
    limits = f"{AT_ONCE} at a time, {RATE} requests a second, on made-up time"
    return [
        seconds(about, "whole shoot", took, limits),
        seconds(about, "best schedule there could be", shoot.ideal, f"renders of {min(shoot.durations):.0f} to "
                f"{max(shoot.durations):.0f} s"),
        ratio(about, "whole shoot, to the best schedule", took / shoot.ideal, "aim: 1.05"),
        Figure(about, "looks", shoot.looks / TAKES, "a take", "fewest: 1"),
        Figure(about, "requests", shoot.requests / TAKES, "a take", f"fewest: {_FEWEST_REQUESTS}"),
    ]  # fmt: skip


def list_schedule(durations: Sequence[float], slots: int) -> float:
    """When the last of these is done, if each begins, in this order, as soon as a slot is free."""
    free = [0.0] * slots
    for one in durations:
        heapq.heappush(free, heapq.heappop(free) + one)
    return max(free)


async def _shoot(home: Path) -> Shoot:
    loop = asyncio.get_running_loop()

    def now() -> datetime:
        return NOON + timedelta(seconds=loop.time())

    sandbox = Sandbox(SandboxSettings(folder=home / "sandbox", stock=True, pace="seeded"), lambda: now().timestamp())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox/v1/")
    pace = Pace(Decimal(RATE), loop.time, asyncio.sleep)
    api = VideosApi(load_provider("sandbox"), lambda: client, "", lambda: now().timestamp(), pace)
    database = approved(home, TAKES, now)
    buyer = TakeBuyer(database, FolderStore(home / "media"), lambda _: api, sound, Patience())
    slots = asyncio.Semaphore(AT_ONCE)

    async def buy(number: int) -> None:
        async with slots:
            await buyer(order(number).model_dump(mode="json"))

    async with asyncio.TaskGroup() as group:
        for number in range(TAKES):
            group.create_task(buy(number))
    database.close()
    return Shoot(
        durations=tuple(job.ends_at - job.created_at for job in sandbox.book.all()),
        looks=sum(
            count for (method, path, _), count in sandbox.requests.items() if method == "GET" and path[-1] == "}"
        ),
        requests=sum(sandbox.requests.values()),
    )
