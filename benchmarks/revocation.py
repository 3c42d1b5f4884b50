"""How long it takes, once consent has ended, until the provider has heard about the last running render.

A hundred takes, all of them under way at a sandbox in a process of its own, by its own book, queued in the real engine,
journalled in a real database file. A worker watches them all, and the word is said in another process, as
`callsheet cameo revoke` in a second window does: `python -m benchmarks.revocation HOME URL`.

The word is the transaction; the last cancel is the provider's answer about the last render. Beside it stands what
stopping one render alone took, just before.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from benchmarks.approved import RUN, SECONDS, SIZE, approved, order, sound
from benchmarks.command import BenchmarkFailed, Installed, bare
from benchmarks.figure import Figure, milliseconds, ratio
from benchmarks.provider import provider
from callsheet.domain.cameo import Cameo, Release, Use
from callsheet.domain.identity import CameoId, PlacementId, ReleaseId
from callsheet.domain.purchase import PurchaseState
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
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.port import RenderRequest
from callsheet.tools.video.videos import VideosApi

TAKES, RUNS, ALONE = 100, 5, 5
MARA = CameoId("mara")
_LANE = Lane("sandbox", "a", TAKES)
_LONG = 600.0
"""Seconds a render takes; it is under way after the first hundredth of them."""
_PATIENCE = 300.0


@dataclass(frozen=True)
class Shoot:
    """Seconds from the word to the last cancel, and seconds that stopping one render alone took."""

    last: float
    alone: float


def revocation(installed: Installed, place: Path) -> list[Figure]:
    """The median over some shoots, the slowest, and how many times a single cancel that is."""
    shoots = [_shot(installed.python, place / f"shoot-{number}") for number in range(RUNS)]
    last, alone = [one.last for one in shoots], statistics.median(one.alone for one in shoots)
    about = f"revocation, {TAKES} renders under way"
    middle = statistics.median(last)
    return [
        milliseconds(about, "to the last cancel, median", middle, f"of {RUNS} shoots; aim: under 1 s"),
        milliseconds(about, "to the last cancel, slowest", max(last)),
        milliseconds(about, "one cancel alone", alone, f"median of {ALONE} a shoot: a look and a stop, one at a time"),
        ratio(about, f"to the last of {TAKES}, to one alone", middle / alone),
    ]


def _shot(python: Path, home: Path) -> Shoot:
    with provider(python, home, profile="vllm-omni", latency=_LONG) as url:
        return asyncio.run(_revoked(python, home, url))


async def _revoked(python: Path, home: Path, url: str) -> Shoot:
    """A shoot that is brought to where all of it renders, and the word from another process."""
    api = _line(url)
    database = approved(home, TAKES, lambda: datetime.now(UTC))
    database.write_now(lambda tx: people.seed(tx, (_person(),)))
    jobs = EngineJobs(f"sqlite:///{home / 'engine.db'}", database, Lead(home / "engine.lock"))
    buyer = TakeBuyer(database, FolderStore(home / "media"), lambda _: api, sound, Patience(first_look=2.0))
    try:
        async with jobs.work(Work(functions={"render": buyer}, drive=_nothing, lanes=(_LANE,))):
            wanted = [render_job(_cast(number), _LANE) for number in range(TAKES)]
            for batch in in_batches(RUN, "shoot", wanted):
                await jobs.submit(batch)
            lone = [await _lone(api, number) for number in range(ALONE)]
            await _all_under_way(database, url)
            told = await asyncio.to_thread(_told, python, home, url, *lone)
            stand = _stand(await _book(url))
    finally:
        jobs.close()
        database.close()
    if told["stopped"] != TAKES or stand != {"cancelled": TAKES + ALONE}:
        raise BenchmarkFailed(f"{told['stopped']} of {TAKES} were stopped; the provider says {stand}")
    return Shoot(told["last_ms"] / 1000, told["alone"])


def _told(python: Path, home: Path, url: str, *lone: str) -> dict[str, Any]:
    """Have another process say the word, and read what it measured."""
    argv = [str(python), "-m", "benchmarks.revocation", str(home), url, *lone]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(argv, cwd=root, env=bare(home), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchmarkFailed(f"nothing was revoked:\n{done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


async def _say(home: Path, url: str, lone: Sequence[str]) -> dict[str, Any]:
    """Stop some renders one by one, then say the word over a line that nobody has used yet."""
    used, api = _line(url), _line(url)
    alone = [await _stopped(used, one) for one in lone]
    database = Database(f"sqlite:///{home / 'workspace.db'}", "w", lambda: datetime.now(UTC))
    jobs = EngineJobs(f"sqlite:///{home / 'engine.db'}", database, Lead(home / "engine.lock"))
    try:
        report = await revoke(Desk(database, lambda _: api, jobs, _nobody), MARA)
    finally:
        jobs.close()
        database.close()
    stopped = len(report.having(Fate.STOPPED))
    return {"last_ms": report.last_cancel_ms or 0, "alone": statistics.median(alone), "stopped": stopped}


def _line(url: str) -> VideosApi:
    stops = load_provider("sandbox").model_copy(update={"profile": "vllm-omni"})
    return VideosApi(stops, lambda: httpx.AsyncClient(base_url=url), "", _unix)


async def _lone(api: VideosApi, number: int) -> str:
    """A render that no take needs."""
    request = RenderRequest(prompt=f"alone {number}", seconds=SECONDS, size=SIZE, model="previz-1")
    return (await api.create(request, idempotency_key=f"alone-{number}")).id


async def _stopped(api: VideosApi, render: str) -> float:
    """Seconds it takes to stop one render."""
    began = time.monotonic()
    if not await api.cancel(render):
        raise BenchmarkFailed("a render that was to be stopped alone was not")
    return time.monotonic() - began


async def _book(url: str) -> list[dict[str, Any]]:
    """What the provider's own book says of every render it ever accepted."""
    async with httpx.AsyncClient() as line:
        found: list[dict[str, Any]] = (await line.get(httpx.URL(url).join("/_sim/ledger"))).json()["jobs"]
    return found


def _stand(book: list[dict[str, Any]]) -> Counter[str]:
    return Counter(f"{one['status']}{', billed' if one['billed'] else ''}" for one in book)


async def _all_under_way(database: Database, url: str) -> None:
    """Wait until every take is under way by our journal, and every render by the provider's book."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            found = await database.read(lambda tx: journal.of_run(tx, RUN))
            is_ours = sum(one.state is PurchaseState.SUBMITTED for one in found) == TAKES
            if is_ours and _stand(await _book(url)) == {"in_progress": TAKES + ALONE}:
                return
            await asyncio.sleep(0.5)


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


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_say(Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))))
