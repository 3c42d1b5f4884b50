"""One story in process: a workspace on disk, a provider beside it, and processes that come, die and come again.

Time is made up, so that hours of polling pass in milliseconds and every story goes the same way each time it is told.
"""

import asyncio
import shutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import httpx
from crash.mortal import Crash, MortalDatabase, MortalTransport, Points
from crash.shoot import NOON, RUN, Shot, Story, a_few_at_once, prepare, shoot
from crash.verdict import Verdict, judge, key_of

from callsheet.domain.cut import Media
from callsheet.domain.identity import Digest
from callsheet.domain.purchase import Order, PurchaseState
from callsheet.jobs.order import Patience, PurchaseAmbiguous, Unsound
from callsheet.jobs.render import TakeBuyer
from callsheet.storage import purchase as journal
from callsheet.storage.database import Transaction
from callsheet.storage.media import FolderStore, file_digest
from callsheet.tools.edit import Sound, verify_take
from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.sandbox.loop import run_virtual
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.videos import VideosApi

LATENCY = 20.0
DEADLINE = 60.0
NO_LIST = ", cannot list"
"""Behind a fault: the provider has no list of renders, so a person says what became of a purchase in doubt."""
_RESUMES = 4
_NIGHT = 7200.0
"""Seconds between the last look at a stubborn run and the next morning's."""


@dataclass(frozen=True)
class Ground:
    """What all stories share: the workspace as it is before the first process, and clips that are drawn once.

    The database keeps its compiled statements from story to story, and nothing else.
    """

    prepared: Path
    folder: Path
    database: MortalDatabase
    seen: dict[tuple[str, str, int], Media | Unsound] = field(default_factory=dict)

    async def inspect(self, path: Path, order: Order) -> Media | Unsound:
        """The real inspection, once for the same bytes."""
        file = (file_digest(path), order.size, order.seconds)
        if file not in self.seen:
            self.seen[file] = await _verdict_on(path, order)
        return self.seen[file]


@dataclass(frozen=True)
class Lived:
    """A story that has ended: the moments of its first process, and what is wrong in the end."""

    moments: tuple[str, ...]
    verdict: Verdict
    missing: tuple[str, ...]
    virtual_seconds: float


class Provider(httpx.AsyncBaseTransport):
    """The sandbox, which outlives its clients. The first request for each struck take meets with the fault."""

    def __init__(self, sandbox: Sandbox, fault: str, keys: frozenset[str]) -> None:
        self.sandbox = sandbox
        self._way = httpx.ASGITransport(app=sandbox.app)
        self._fault, self._spared = fault, set(keys)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = request.headers.get("idempotency-key", "").rpartition("-")[0]
        if key in self._spared:
            self._spared.remove(key)
            request.headers["x-sim-fault"] = self._fault
        return await self._way.handle_async_request(request)


class World:
    """A workspace and a provider. Begin every process with `process`: it knows what is on disk and nothing else."""

    def __init__(self, ground: Ground, fault: str) -> None:
        fault, unlisted, _ = fault.partition(NO_LIST)
        self.ground, home = ground, ground.folder / "home"
        self.story = Story(lists_jobs=not unlisted)
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        ground.database.close()
        for part in ground.prepared.parent.glob("workspace.db*"):
            part.unlink()
        shutil.copyfile(ground.prepared, ground.prepared.with_name("workspace.db"))
        self.media, self._loop = FolderStore(home / "media"), asyncio.get_running_loop()
        settings = SandboxSettings(
            folder=home / "sandbox",
            stock=True,
            stock_folder=ground.folder / "stock",
            latency=LATENCY,
            lists=self.story.lists_jobs,
        )
        sandbox = Sandbox(settings, lambda: self.now().timestamp())
        sandbox.book._db.execute("pragma synchronous=off")  # here only processes die, never the machine
        struck = frozenset(str(self.story.order(shot, 1).order.key) for shot in ("s1", "s2", "s3"))
        self.provider = Provider(sandbox, fault, struck)

    def now(self) -> datetime:
        return now_in(self._loop)

    async def live(self, points: Points) -> Shot:
        """One process: it shoots what is missing. Raises Crash."""
        self.ground.database.points = points
        return await shoot(self.story, self.ground.database, a_few_at_once(self._buyer(points), points))

    def ask_a_person(self) -> None:
        """Somebody looks at the provider's own page and says of every purchase in doubt what became of it."""

        def say(tx: Transaction) -> None:
            for one in journal.of_run(tx, RUN):
                if one.state is PurchaseState.AMBIGUOUS:
                    sold = [row["id"] for row in self.provider.sandbox.ledger() if key_of(row) == one.key]
                    found = next((job for job in sold if journal.owner_of(tx, job) is None), None)
                    journal.move(tx, one.key, *(("find", found) if found else ("absent",)))

        self.ground.database.write_now(say)

    async def judged(self, shot: Shot, is_complete: bool) -> Verdict:
        """What is wrong now."""
        bill = [row for row in self.provider.sandbox.ledger() if key_of(row)]
        return self.ground.database.read_now(lambda tx: judge(tx, self.media, bill, shot, is_complete))

    async def close(self) -> None:
        await self.provider.sandbox.darkroom.close()
        self.provider.sandbox.book.close()

    def _buyer(self, points: Points) -> TakeBuyer:
        way = MortalTransport(self.provider, points)
        client = httpx.AsyncClient(transport=way, base_url="http://sandbox/v1/")
        api = VideosApi(load_provider("sandbox"), lambda: client, clock=lambda: self.now().timestamp())
        patience = Patience(deadline=DEADLINE, first_look=4.0)
        return TakeBuyer(self.ground.database, self.media, lambda _provider: api, self.ground.inspect, patience)


def lay_ground(folder: Path) -> Ground:
    """What all stories told in a folder share. Its database asks the story at hand for the time."""
    folder.mkdir(parents=True, exist_ok=True)
    prepared = prepare(folder)
    file = prepared.with_name("workspace.db")
    return Ground(prepared, folder, MortalDatabase(f"sqlite:///{file}", lambda: now_in(asyncio.get_running_loop())))


def now_in(loop: asyncio.AbstractEventLoop) -> datetime:
    """The moment it is in a story."""
    return NOON + timedelta(seconds=loop.time())


def tell(ground: Ground, fault: str, at: int | None = None, is_complete: bool = True) -> Lived:
    """A whole story: the first process meets the fault and dies at that moment, others go on to the end."""
    lived, seconds = run_virtual(_tell(ground, fault, at, is_complete))
    return Lived(*lived, virtual_seconds=seconds)


async def _tell(
    ground: Ground, fault: str, at: int | None, is_complete: bool
) -> tuple[tuple[str, ...], Verdict, tuple[str, ...]]:
    world, points = World(ground, fault), Points(at)
    try:
        shot = Shot((), ())
        for resumed in range(1 + (_RESUMES if is_complete else 1)):
            try:
                shot = await world.live(points if resumed == 0 else Points())
            except Crash:
                continue
            if shot.is_complete:
                break
            if any(isinstance(one, PurchaseAmbiguous) for one in shot.missing):
                world.ask_a_person()
            else:
                await asyncio.sleep(_NIGHT)
        await asyncio.sleep(_NIGHT)  # whatever was ever asked for is done and on the bill by now
        missing = tuple(type(one).__name__ for one in shot.missing)
        return tuple(points.names), await world.judged(shot, is_complete), missing
    finally:
        await world.close()


async def _verdict_on(path: Path, order: Order) -> Media | Unsound:
    width, height = (int(side) for side in order.size.split("x"))
    found = await verify_take(path, width=width, height=height, seconds=Fraction(order.seconds))
    if not isinstance(found, Sound):
        return Unsound(reasons=found.reasons)
    rate, frames = round(found.probe.fps), found.probe.frames
    return Media(digest=Digest("0" * 64), media_type="video/mp4", width=width, height=height, frames=frames, rate=rate)
