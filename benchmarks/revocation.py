"""How long it takes, once consent has ended, until the provider has heard about the last running render.

A hundred takes, all of them under way at a sandbox in this process, queued in the real engine, journalled in a real
database file. The word is the transaction; the last cancel is the provider's answer about the last render.
"""

import asyncio
import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from benchmarks.approved import RUN, approved, order, sound
from benchmarks.command import BenchmarkFailed, Installed
from benchmarks.figure import Figure, milliseconds
from callsheet.domain.cameo import Cameo, Release, Use
from callsheet.domain.identity import CameoId, PlacementId, ReleaseId
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.revocation import RevocationReport
from callsheet.domain.run import Run
from callsheet.domain.stop import Fate
from callsheet.jobs.engine import EngineJobs
from callsheet.jobs.lead import Lead
from callsheet.jobs.order import Patience, TakeOrder
from callsheet.jobs.port import Lane, Work
from callsheet.jobs.render import TakeBuyer
from callsheet.jobs.revocation import Desk, revoke
from callsheet.jobs.shoot import in_batches, render_job
from callsheet.storage import cameo as people
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database
from callsheet.storage.media import FolderStore
from callsheet.tools.publish.port import Publisher
from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.videos import VideosApi

TAKES, RUNS = 100, 5
MARA = CameoId("mara")
_LANE = Lane("sandbox", "a", TAKES)
_FOR_EVER = 3600.0
_PATIENCE = 300.0


def revocation(_: Installed, place: Path) -> list[Figure]:
    """The median over some shoots, and the slowest."""
    reports = [asyncio.run(_revoked(place / f"shoot-{number}")) for number in range(RUNS)]
    last = [(report.last_cancel_ms or 0) / 1000 for report in reports]
    about = f"revocation, {TAKES} renders under way"
    return [
        milliseconds(about, "to the last cancel, median", statistics.median(last), f"of {RUNS} shoots; aim: under 1 s"),
        milliseconds(about, "to the last cancel, slowest", max(last)),
    ]


async def _revoked(home: Path) -> RevocationReport:
    """A shoot that is brought to where all of it renders, and the word."""
    sandbox = Sandbox(
        SandboxSettings(folder=home / "provider", profile="vllm-omni", latency=_FOR_EVER, stock=True), _unix
    )
    way = httpx.ASGITransport(app=sandbox.app)
    stops = load_provider("sandbox").model_copy(update={"profile": "vllm-omni"})
    api = VideosApi(stops, lambda: httpx.AsyncClient(transport=way, base_url="http://sandbox/v1/"), "", _unix)
    database = approved(home, TAKES, lambda: datetime.now(UTC))
    database.write_now(lambda tx: people.seed(tx, (_person(),)))
    jobs = EngineJobs(f"sqlite:///{home / 'engine.db'}", database, Lead(home / "engine.lock"))
    buyer = TakeBuyer(database, FolderStore(home / "media"), lambda _: api, sound, Patience(first_look=2.0))
    try:
        async with jobs.work(Work(functions={"render": buyer}, drive=_nothing, lanes=(_LANE,))):
            wanted = [render_job(_cast(number), _LANE) for number in range(TAKES)]
            for batch in in_batches(RUN, "shoot", wanted):
                await jobs.submit(batch)
            await _all_under_way(database)
            report = await revoke(Desk(database, lambda _: api, jobs, _nobody), MARA)
    finally:
        jobs.close()
        database.close()
    if len(report.having(Fate.STOPPED)) != TAKES:
        raise BenchmarkFailed(f"{len(report.having(Fate.STOPPED))} of {TAKES} renders were stopped")
    return report


async def _all_under_way(database: Database) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            found = await database.read(lambda tx: journal.of_run(tx, RUN))
            if sum(one.state is PurchaseState.SUBMITTED for one in found) == TAKES:
                return
            await asyncio.sleep(0.2)


def _person() -> Cameo:
    now = datetime.now(UTC)
    release = Release(id=ReleaseId("r1"), starts=now - timedelta(days=1), ends=now + timedelta(days=1))
    return Cameo(id=MARA, name="Mara", releases=(release,))


def _cast(number: int) -> TakeOrder:
    use = Use(media=(PlacementId("vertical"),), territories=("US",))
    return order(number).model_copy(update={"cameo": MARA, "use": use})


def _nobody(run: Run) -> Publisher:
    raise BenchmarkFailed(f"{run.id} published nothing")


async def _nothing(_: object) -> None:
    return None


def _unix() -> float:
    return datetime.now(UTC).timestamp()
