"""A sandbox in process, and a caller at its counter."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from callsheet.tools.sandbox import Sandbox, SandboxSettings, VirtualClock

TINY = "160x284"


@dataclass
class Counter:
    """A caller at the sandbox's counter."""

    sandbox: Sandbox
    clock: VirtualClock
    http: httpx.AsyncClient

    async def create(self, prompt: str = "wide shot, a runner on a beach", **fields: Any) -> httpx.Response:
        return await self.http.post("/v1/videos", json={"prompt": prompt, "size": TINY, "seconds": "1"} | fields)

    async def retrieve(self, job_id: str) -> dict[str, Any]:
        return dict((await self.http.get(f"/v1/videos/{job_id}")).json())

    async def finished(self, job_id: str) -> dict[str, Any]:
        """Poll until the job has ended."""
        async with asyncio.timeout(20):
            while True:
                video = await self.retrieve(job_id)
                if video["status"] in ("completed", "failed"):
                    return video
                await asyncio.sleep(0.02)

    async def ledger(self) -> list[dict[str, Any]]:
        return list((await self.http.get("/_sim/ledger")).json()["jobs"])

    async def play(self, *faults: Any) -> None:
        (await self.http.put("/_sim/scenario", json={"faults": list(faults)})).raise_for_status()


Open = Callable[..., Counter]


@pytest_asyncio.fixture
async def open_counter(tmp_path: Path) -> AsyncIterator[Open]:
    """Opens sandboxes over one folder; opening a second one is a restart."""
    opened: list[Counter] = []

    def open_one(**changes: Any) -> Counter:
        clock = opened[-1].clock if opened else VirtualClock()
        settings = SandboxSettings(**({"folder": tmp_path, "sold_seconds": (1, 2)} | changes))
        sandbox = Sandbox(settings, clock)
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox")
        opened.append(Counter(sandbox, clock, http))
        return opened[-1]

    yield open_one
    for counter in opened:
        await counter.http.aclose()
        await counter.sandbox.darkroom.close()
        counter.sandbox.book.close()


@pytest.fixture
def counter(open_counter: Open) -> Counter:
    return open_counter()
