"""Consent that ends in the middle of a shoot of a hundred: nothing is asked for after it, and each take has a fate."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from contracts.desk import until
from unit.jobs.lot import Lot, batch_of, opened, orders
from unit.jobs.rig import MARA, NOON, RELEASE, RUN, Rig, approve, inspect, order, prepare

from callsheet.domain.cameo import Cameo, Character, Release, Use
from callsheet.domain.error import NotFound
from callsheet.domain.identity import ReleaseId, RunId
from callsheet.domain.provider import Provider
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.revocation import RevocationReport
from callsheet.domain.stop import Fate
from callsheet.jobs.order import Patience
from callsheet.jobs.port import Batch, Done, Lane, Undone, Work
from callsheet.jobs.render import TakeBuyer
from callsheet.jobs.revocation import Desk, revoke
from callsheet.jobs.sweep import Sweep
from callsheet.storage import cameo as people
from callsheet.storage.ledger import entries
from callsheet.storage.media import FolderStore
from callsheet.tools.sandbox import Sandbox, SandboxSettings, VirtualClock
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.fake import FakeVideo
from callsheet.tools.video.videos import VideosApi

TAKES, AT_ONCE, LATENCY = 100, 40, 20.0
S = PurchaseState


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("consent"), takes_paid_for=TAKES)


@pytest.fixture
async def lot(prepared: Path, tmp_path: Path) -> AsyncIterator[Lot]:
    rig = Rig(prepared, tmp_path / "home")
    async with opened("fake", rig) as found:
        yield found
    rig.database.close()


def nobody(_run: Any) -> Any:
    raise AssertionError("nothing was published")


async def end(lot: Lot, api: Any = None, release: ReleaseId | None = None) -> RevocationReport:
    line = api or lot.stage
    async with asyncio.timeout(60):
        return await revoke(Desk(lot.rig.database, lambda _: line, lot.jobs, nobody), MARA, release, "she asked us to")


def counted(report: RevocationReport) -> dict[Fate, int]:
    return {fate: len(found) for fate in Fate if (found := report.having(fate))}


def states(lot: Lot) -> Counter[PurchaseState]:
    return Counter(one.state for one in lot.purchases())


def after_the_word(lot: Lot, *kinds: str) -> list[str]:
    """Entries of these kinds that were written behind the word, in the one order of writing that the ledger keeps."""
    told = [entry.kind for entry in lot.rig.look(lambda tx: entries(tx, RUN))]
    return [kind for kind in told[told.index("ConsentRevoked") :] if kind in kinds]


@dataclass(frozen=True)
class Studio:
    """The sandbox in this process, which stops what it is told to stop, and the line to it."""

    sandbox: Sandbox
    clock: VirtualClock
    api: VideosApi

    @property
    def creates(self) -> int:
        """What it was asked for, whatever the answer."""
        return sum(
            count
            for (method, path, _), count in self.sandbox.requests.items()
            if (method, path[-6:]) == ("POST", "videos")
        )


def provider(folder: Path, client: httpx.AsyncClient, sandbox: Sandbox, clock: VirtualClock) -> Studio:
    catalog = load_provider("sandbox")
    stoppable: Provider = catalog.model_copy(update={"name": "fake", "model": "fake-1", "profile": "vllm-omni"})
    return Studio(sandbox, clock, VideosApi(stoppable, lambda: client, "", clock))


async def test_a_hundred_takes_queued_running_and_done(lot: Lot, tmp_path: Path) -> None:
    clock = VirtualClock()
    settings = SandboxSettings(
        folder=tmp_path / "provider", profile="vllm-omni", models=("fake-1",), latency=LATENCY, stock=True
    )
    sandbox = Sandbox(settings, clock)
    async with AsyncExitStack() as stack:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox/v1/")
        await stack.enter_async_context(client)
        there = provider(tmp_path, client, sandbox, clock)
        patience = Patience(first_look=0.05)
        media = FolderStore(lot.rig.folder / "media")
        buyer = TakeBuyer(lot.rig.database, media, lambda _: there.api, inspect, patience)
        await stack.enter_async_context(lot.jobs.work(Work(functions={"render": buyer}, drive=nobody)))
        hundred = batch_of(orders(TAKES, campaign="spring"), Lane("fake", "a", AT_ONCE))
        await lot.jobs.submit(hundred)
        await until(lambda: states(lot)[S.SUBMITTED] == AT_ONCE)
        clock.advance(LATENCY + 1)
        await until(lambda: states(lot)[S.SETTLED] == states(lot)[S.SUBMITTED] == AT_ONCE)
        report = await end(lot, there.api)
        asked = there.creates
        await lot.jobs.outcome(hundred)
        clock.advance(LATENCY + 1)
        await asyncio.sleep(0.2)
        assert there.creates == asked == 2 * AT_ONCE
    assert counted(report) == {Fate.NEVER_ASKED: 20, Fate.STOPPED: 40, Fate.HERE: 40}
    assert len({one.purchase for one in report.takes}) == TAKES
    assert all((one.run, one.shot) == (RUN, "s1") for one in report.takes)
    assert all(one.job and one.seconds == 4 and one.money for one in report.takes if one.fate is not Fate.NEVER_ASKED)
    assert after_the_word(lot, "PurchaseIntended", "SecondsReserved", "TakeStored", "TakeAdopted") == []
    assert (states(lot)[S.SETTLED], states(lot)[S.CANCELLED]) == (40, 40)
    assert sum(1 for row in there.sandbox.ledger() if row["billed"]) == 40
    assert lot.rig.book().held_seconds == 0
    renders = Counter((one.what, one.state) for one in report.deletions)
    assert renders == {("render", "deleted"): 80, ("reference", "not_deletable"): 1}
    assert report.last_cancel_ms is not None


@dataclass
class Crowded(FakeVideo):
    """A provider at whose door many wait for their turn."""

    may_enter: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    at_the_door: int = 0
    looks: int = 10**9

    async def turn(self) -> None:
        self.at_the_door += 1
        await self.may_enter.acquire()


async def test_who_waits_for_a_turn_at_the_provider_hears_the_word_first(lot: Lot) -> None:
    crowded = Crowded(clock=lambda: NOON.timestamp())
    buyer = TakeBuyer(
        lot.rig.database, FolderStore(lot.rig.folder / "media"), lambda _: crowded, inspect, Patience(first_look=0.02)
    )
    async with lot.jobs.work(Work(functions={"render": buyer}, drive=nobody)):
        eight = batch_of(orders(8, campaign="spring"), Lane("fake", "a", 8))
        await lot.jobs.submit(eight)
        await until(lambda: crowded.at_the_door == 8 and states(lot)[S.SUBMITTED] == 2)
        report = await end(lot, crowded)
        for _ in range(8):
            crowded.may_enter.release()
        await lot.jobs.outcome(eight)
    assert counted(report) == {Fate.NEVER_ASKED: 6, Fate.STOPPED: 2}
    assert len(crowded.asked) == 2
    assert after_the_word(lot, "PurchaseIntended") == []


async def test_a_render_that_cannot_be_stopped_is_locked_away_when_it_arrives_and_is_kept_at_the_provider_until_then(
    lot: Lot,
) -> None:
    async with lot.jobs.work(lot.work()):
        one = batch_of(orders(2, campaign="spring"))
        await lot.jobs.submit(one)
        await until(lambda: states(lot)[S.SUBMITTED] == 2)
        stubborn = lot.stage.names()[0]
        lot.stage.unstoppable.add(stubborn)
        report = await end(lot)
        assert counted(report) == {Fate.STOPPED: 1, Fate.RUNS_ON: 1}
        assert {(d.id, d.state) for d in report.deletions if d.id == stubborn} == {(stubborn, "kept")}
        lot.stage.hurry(stubborn)
        await lot.jobs.outcome(one)
        again = await end(lot)
    assert again.was_said_before and again.releases == ()
    assert counted(again) == {Fate.ASIDE: 1, Fate.OVER: 1}
    assert {(d.id, d.state) for d in again.deletions if d.id == stubborn} == {(stubborn, "deleted")}
    assert stubborn in lot.stage.forgotten
    lot.rig.assert_books_are_closed(bought=1)


async def test_a_word_whose_speaker_died_is_kept_by_the_workers(lot: Lot) -> None:
    """Only the transaction was left of the revocation: whoever watches a render asks the provider to stop it."""
    async with lot.jobs.work(lot.work()):
        one = batch_of(orders(6, campaign="spring"))
        await lot.jobs.submit(one)
        await until(lambda: states(lot)[S.SUBMITTED] == 3)
        lot.rig.change(lambda tx: people.revoke(tx, MARA, RELEASE, "she asked us to"))
        await lot.jobs.outcome(one)
        assert counted(await end(lot)) == {Fate.NEVER_ASKED: 3, Fate.OVER: 3}
    assert len(lot.stage.asked) == 3
    lot.rig.assert_books_are_closed(bought=0)


async def test_ids_that_providers_gave_the_person_are_deleted_once_no_release_is_in_force(lot: Lot) -> None:
    captured = {"captured_at": NOON, "verified_by": "k", "verification": "a signed form"}
    characters = tuple(Character(provider="fake", id=name, **captured) for name in ("char_1", "char_2"))
    spans = {"starts": NOON - timedelta(days=1), "ends": NOON + timedelta(days=9)}
    signed = tuple(Release(id=ReleaseId(name), **spans) for name in ("r1", "r2"))
    mara = Cameo(id=MARA, name="Mara", releases=signed, characters=characters)
    lot.rig.change(lambda tx: people.seed(tx, (mara,)))
    lot.stage.characters.add("char_1")
    first = await end(lot, release=ReleaseId("r1"))
    assert {(one.id, one.state) for one in first.deletions} == {("char_1", "kept"), ("char_2", "kept")}
    assert lot.stage.characters == {"char_1"}
    second = await end(lot)
    assert second.releases == ("r2",)
    assert {(one.id, one.state) for one in second.deletions} == {("char_1", "deleted"), ("char_2", "not_deletable")}
    assert lot.stage.characters == set()


async def test_a_person_or_a_release_nobody_knows_ends_nothing(lot: Lot) -> None:
    with pytest.raises(NotFound, match="signed no release r9; there are: r1"):
        await end(lot, release=ReleaseId("r9"))
    with pytest.raises(NotFound, match="no person zoe"):
        await revoke(Desk(lot.rig.database, lambda _: lot.stage, lot.jobs, nobody), type(MARA)("zoe"))
    assert lot.rig.look(lambda tx: people.cameos(tx, (MARA,)))[0].releases[0].revoked_at is None


@dataclass
class Crossing:
    """A queue into which somebody hands batches just before the sweep cancels for the first time."""

    jobs: Any
    batches: list[Batch]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.jobs, name)

    async def cancel(self, *asked: Any, **named: Any) -> int:
        while self.batches:
            await self.jobs.submit(self.batches.pop())
        count: int = await self.jobs.cancel(*asked, **named)
        return count


@pytest.mark.parametrize("kind", ["fake", "engine"])
async def test_what_is_handed_in_between_the_word_and_the_cancel_goes_on_only_where_it_is_covered(
    kind: str, prepared: Path, tmp_path: Path
) -> None:
    autumn, abroad = RunId("autumn-1"), ReleaseId("abroad")
    rig = Rig(prepared, tmp_path / "home")
    spans = {"starts": NOON - timedelta(days=1), "ends": NOON + timedelta(days=9)}
    signed = (Release(id=RELEASE, territories=("US",), **spans), Release(id=abroad, territories=("DE",), **spans))
    rig.change(lambda tx: people.seed(tx, (Cameo(id=MARA, name="Mara", releases=signed),)))
    rig.change(lambda tx: approve(tx, 8, autumn))
    there = Use(media=("vertical",), territories=("DE",))
    covered = batch_of(
        [order(take, run=autumn, campaign="autumn", use=there) for take in (11, 12)], Lane("fake", "b", 9)
    )
    uncovered = batch_of([order(take, campaign="spring") for take in (5, 6)])
    async with opened(kind, rig) as lot, lot.jobs.work(lot.work()):
        await lot.jobs.submit(batch_of(orders(4, campaign="spring")))
        await until(lambda: len(lot.stage.names()) == 3 and states(lot)[S.SUBMITTED] == 3)
        queue: Any = Crossing(lot.jobs, [covered, uncovered])
        sweep = Sweep(rig.database, lambda _: lot.stage, queue, f"cameo:{MARA}")
        await sweep.begin(lambda tx, _: people.revoke(tx, MARA, RELEASE, "she asked us to"), lambda _: {RUN})
        await sweep.until_still()
        await until(lambda: len(lot.stage.names()) == 5)
        for name in lot.stage.names():
            lot.stage.hurry(name)
        assert {type(one) for one in (await lot.jobs.outcome(covered)).values()} == {Done}
        assert {type(one) for one in (await lot.jobs.outcome(uncovered)).values()} == {Undone}
    assert len(lot.stage.asked) == 5
    assert Counter(one.fate for one in sweep.takes) == {Fate.STOPPED: 3, Fate.NEVER_ASKED: 3}
    assert (rig.book(autumn).spent_seconds, rig.book().spent_seconds, rig.book().held_seconds) == (8, 0, 0)
    rig.database.close()
