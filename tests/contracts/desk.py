"""What jobs do in the tests of their port, and how the tests wait for them."""

import asyncio
import itertools
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from contracts import engine_worker

from callsheet.domain.identity import BatchId, JobId, RunId
from callsheet.jobs.fake import FakeJobs
from callsheet.jobs.port import Batch, Job, Jobs, Lane, Work

PATIENCE = 60.0
NAMES = itertools.count(1)


class Desk:
    """What the jobs of these tests do; it may be watched and stopped from outside their event loop."""

    def __init__(self) -> None:
        self.begun: Counter[str] = Counter()
        self.driven: Counter[str] = Counter()
        self.open = threading.Event()
        self.failures: dict[str, list[Exception]] = {}
        self.order: list[str] = []
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def do(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        word = str(payload["word"])
        places = payload.get("places", ())
        self.begun[word] += 1
        self.order.append(word)
        self.now.update(places)
        for place in places:
            self.most[place] = max(self.most[place], self.now[place])
        try:
            await asyncio.sleep(payload.get("takes", 0))
            if self.failures.get(word):
                raise self.failures[word].pop(0)
            while payload.get("waits") and not self.open.is_set():  # noqa: ASYNC110 - no Event reaches from another loop
                await asyncio.sleep(0.01)
            return {"said": word, "try": self.begun[word]}
        finally:
            self.now.subtract(places)

    async def drive(self, run: RunId) -> None:
        self.driven[run] += 1
        while run.startswith("slow") and not self.open.is_set():  # noqa: ASYNC110 - no Event reaches from another loop
            await asyncio.sleep(0.01)

    def work(self, limit: int = 8) -> Work:
        return Work(functions={"render": self.do, "segment": self.do}, drive=self.drive, limits={"render": limit})


def batch(
    *words: str,
    run: str | None = None,
    tags: tuple[str, ...] = (),
    waits: bool = False,
    takes: float = 0,
    lane: Lane | None = None,
    priority: int = 10,
) -> Batch:
    name = f"r{next(NAMES)}" if run is None else run
    places = [lane.provider, f"{lane.provider}/{lane.account}"] if lane else []
    payload = {"waits": waits, "takes": takes, "places": places}
    jobs = tuple(
        Job(
            id=JobId(f"{name}.{word}"),
            kind="render",
            payload={"word": f"{name}.{word}", **payload},
            tags=tags,
            lane=lane,
            priority=priority,
        )
        for word in words
    )
    return Batch(id=BatchId(f"{name}.batch"), run=RunId(name), jobs=jobs)


@asynccontextmanager
async def opened(kind: str, home: Path, desk: Desk, limit: int = 8) -> AsyncIterator[Jobs]:
    if kind == "fake":
        fake = FakeJobs()
        async with fake.work(desk.work(limit)) as leads:
            assert leads
            yield fake
        return
    jobs = engine_worker.open_jobs(home)
    async with jobs.work(desk.work(limit)) as leads:
        assert leads
        yield jobs
    jobs.close()
    jobs._database.close()


async def until(is_true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    async with asyncio.timeout(seconds):
        while not is_true():  # noqa: ASYNC110 - what it looks at happens in another loop or process
            await asyncio.sleep(0.02)


async def ended(jobs: Jobs, one: Batch) -> Mapping[JobId, Any]:
    async with asyncio.timeout(PATIENCE):
        return await jobs.outcome(one)
