"""Processes to be killed, by the dozen: `python -m crash.zygote` has imported everything and forks on request.

Each line of its input is a `Life` as JSON. A child shoots with the real engine until it is done or dead; then a line
says how it ended. Nothing here starts a thread before a fork.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from crash.mortal import MortalDatabase, MortalTransport, Points
from crash.shoot import AT_ONCE, RUN, SHOTS, Came, HandIn, Story, shoot

from callsheet.domain.cut import Media
from callsheet.domain.error import ProviderTrouble
from callsheet.domain.identity import BatchId, Digest, JobId, RunId
from callsheet.domain.purchase import Order
from callsheet.domain.record import digest_of
from callsheet.jobs.engine import EngineJobs
from callsheet.jobs.lead import Lead
from callsheet.jobs.order import Patience, TakeOrder, Unsound
from callsheet.jobs.port import Batch, Done, Job, Work
from callsheet.jobs.render import TakeBuyer
from callsheet.storage.media import FolderStore
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.videos import VideosApi

LONGEST_LIFE = 90.0
RESULT = "shot.json"


@dataclass(frozen=True)
class Life:
    """One process: where its workspace is, who sells, and when it dies; it lives to its end if that is not said."""

    home: str
    url: str
    name: str
    fault: str = ""
    at: int | None = None
    """The moment at which it kills itself, counted around journal writes and HTTP exchanges."""
    after: float | None = None
    """Seconds after which it is killed from outside."""


class Deadly(Points):
    """Moments at which this very process kills itself."""

    def die(self, name: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Struck(httpx.AsyncBaseTransport):
    """The way to the provider on a bad day: the first request for the first take of each shot meets with the fault."""

    def __init__(self, fault: str, story: Story) -> None:
        self._way, self._fault = httpx.AsyncHTTPTransport(), fault
        self._spared = {str(story.order(shot, 1).order.key) for shot in SHOTS} if fault else set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = request.headers.get("idempotency-key", "").rpartition("-")[0]
        if key in self._spared:
            self._spared.remove(key)
            request.headers["x-sim-fault"] = self._fault
        return await self._way.handle_async_request(request)

    async def aclose(self) -> None:
        await self._way.aclose()


def main() -> None:
    """Fork a child for each line, and say how it ended."""
    for line in sys.stdin:
        life = Life(**json.loads(line))
        assert threading.active_count() == 1, threading.enumerate()
        child = os.fork()
        if child == 0:
            _be(life)
        print(json.dumps({"status": _ended(child, life.after)}), flush=True)


def _be(life: Life) -> None:
    """Live in a forked child. Never returns."""
    code = 70
    try:
        with (Path(life.home) / "said.log").open("a") as log:
            os.dup2(log.fileno(), 2)
            code = asyncio.run(_live(life))
    except BaseException:  # noqa: BLE001 - a child must never go on as if it were its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def _ended(child: int, after: float | None) -> int:
    """Wait for a child; kill it when it is time. Its exit status, negative for a signal."""
    until = time.monotonic() + (LONGEST_LIFE if after is None else after)
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        time.sleep(0.005)


async def _live(life: Life) -> int:
    home, story, points = Path(life.home), Story(life.name), Deadly(life.at)
    database = MortalDatabase(f"sqlite:///{home / 'workspace.db'}", lambda: datetime.now(UTC), points)
    client = httpx.AsyncClient(transport=MortalTransport(Struck(life.fault, story), points), base_url=life.url)
    patience = Patience(deadline=60.0, first_look=0.1)
    buyer = TakeBuyer(
        database,
        FolderStore(home / "media"),
        lambda _: VideosApi(load_provider("sandbox"), lambda: client),
        _inspect,
        patience,
    )
    jobs = EngineJobs(f"sqlite:///{home / 'engine.db'}", database, Lead(home / "engine.lock"))
    work = Work(functions={"render": buyer}, drive=_nothing_to_drive, limits={"render": AT_ONCE})
    async with jobs.work(work):
        shot = await shoot(story, database, _queued(jobs))
    result = {
        "takes": [one.model_dump(mode="json") for one in shot.takes],
        "missing": [str(one) for one in shot.missing],
        "moments": points.names,
    }
    (home / RESULT).write_text(json.dumps(result), encoding="utf-8")
    return 0 if shot.is_complete else 1


def _queued(jobs: EngineJobs) -> HandIn:
    """Hands the takes in as the graph does, and waits for the engine."""

    async def hand_in(orders: Sequence[TakeOrder]) -> list[Came]:
        batch = Batch(
            id=BatchId(f"{RUN}.shoot.{digest_of([one.order.key for one in orders])[:8]}"),
            run=RUN,
            jobs=tuple(
                Job(id=JobId(f"{RUN}.take.{one.order.key}"), kind="render", payload=one.model_dump(mode="json"))
                for one in orders
            ),
        )
        await jobs.submit(batch)
        came = await jobs.outcome(batch)
        return [one.result if isinstance(one, Done) else ProviderTrouble(one.reason) for one in came.values()]

    return hand_in


async def _inspect(_: Path, order: Order) -> Media | Unsound:
    """Everything is sound: what inspection finds is not what is tried here."""
    width, height = (int(side) for side in order.size.split("x"))
    return Media(
        digest=Digest("0" * 64), media_type="video/mp4", width=width, height=height, frames=order.seconds * 30, rate=30
    )


async def _nothing_to_drive(_: RunId) -> None:
    raise AssertionError("there is no graph in this story")


if __name__ == "__main__":
    main()
