"""Calls off a take, a run, a cameo or a campaign: at once, and so that every take has a known fate.

The word comes first: from its transaction on no worker buys for it. Then what is queued is cancelled, what is held is
given back, and renders under way are stopped at the provider, all at the same time and without waiting for anybody's
next look. A job whose purchase is under way is left alone: it sees the word, and locks away what it paid for. So a
call-off that is cut off anywhere is finished by whoever works next, and by saying it again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import JobId, PurchaseKey, RunId
from callsheet.domain.purchase import ENDED_UNBOUGHT, UNDER_WAY, PurchaseState
from callsheet.domain.stop import CallOff, Fate, StoppedTake
from callsheet.jobs.buying import ApiFor
from callsheet.jobs.port import Jobs
from callsheet.storage import purchase as journal
from callsheet.storage import stop as stops
from callsheet.storage.database import Database, Transaction
from callsheet.storage.purchase import Purchase
from callsheet.tools.video.port import VideoApi

_AT_ONCE = 16
"""Renders that are stopped at the provider at the same time."""
_LOOK = 0.2
_LOOKS = 50
"""How often to look whether a request in flight was answered: it is one request, so this is about its own deadline."""
_FATES = {
    PurchaseState.INTENDED: Fate.UNCLEAR,
    PurchaseState.AMBIGUOUS: Fate.UNCLEAR,
    PurchaseState.SUBMITTED: Fate.RUNS_ON,
    PurchaseState.RENDERED: Fate.HERE,
    PurchaseState.SETTLED: Fate.HERE,
}


async def call_off(
    database: Database,
    api_for: ApiFor,
    jobs: Jobs,
    tag: str,
    reason: str = "",
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> CallOff:
    """Call off everything with this tag, and say what became of each take. Saying it again is harmless.

    `api_for` gives the client for a provider's name. Raises WrongUse for a run that is at its end.
    """
    off = _CallingOff(database, api_for, jobs, tag)
    runs = await off.say(reason)
    for _ in range(_LOOKS):
        await off.sweep()
        if not off.is_in_flight:
            break
        await sleep(_LOOK)
    await off.leave_to_workers()
    return CallOff(tag=tag, runs=runs, takes=off.takes)


class _CallingOff:
    """One call-off on its way."""

    def __init__(self, database: Database, api_for: ApiFor, jobs: Jobs, tag: str) -> None:
        self._database = database
        self._api_for = api_for
        self._jobs = jobs
        self._tag = tag
        self._tags: dict[JobId, tuple[str, ...]] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._asked: set[PurchaseKey] = set()
        self._ended: set[PurchaseKey] = set()
        self._purchases: dict[JobId, Purchase] = {}

    async def say(self, reason: str) -> tuple[RunId, ...]:
        """Write the word down, and see in the same moment how everything stands. The runs that are concerned."""
        await self._find_jobs()
        touched = {RunId(run) for tags in self._tags.values() for run in _named(tags, "run")}

        def write(tx: Transaction) -> tuple[RunId, ...]:
            runs = stops.call_off(tx, self._tag, reason, touched)
            self._purchases = self._read(tx)
            return runs

        runs = await self._database.write(write)
        await self._find_jobs()  # one may have been handed in just before the word
        return runs

    async def sweep(self) -> None:
        """End what has not begun, give back what is held, and stop what the provider is at work on."""
        await self._look()
        under_way = self._under_way()
        await self._jobs.cancel(self._tag, spared=under_way)
        held = [one.key for one in self._ours().values() if one.state is PurchaseState.RESERVED]
        await self._database.write(lambda tx: _give_back(tx, held))
        await asyncio.gather(*(self._stop(one) for one in self._unasked()))
        await self._look()

    @property
    def is_in_flight(self) -> bool:
        """Whether a request may be under way at this moment, or was answered since."""
        return bool(self._unasked()) or any(one.state is PurchaseState.INTENDED for one in self._ours().values())

    async def leave_to_workers(self) -> None:
        """End the jobs of what was stopped; have what is still under way seen to its end by a worker."""
        under_way = self._under_way()
        await self._jobs.cancel(self._tag, spared=under_way)
        await self._jobs.again(under_way)

    @property
    def takes(self) -> tuple[StoppedTake, ...]:
        """Every take that it concerns now, by shot."""
        found = [self._take(id_, tags) for id_, tags in self._tags.items()]
        return tuple(sorted((one for one in found if one), key=lambda one: (one.run, one.shot, one.purchase)))

    def _take(self, id_: JobId, tags: tuple[str, ...]) -> StoppedTake | None:
        key, run, shot = (next(iter(_named(tags, kind)), "") for kind in ("take", "run", "shot"))
        purchase = self._purchases.get(id_)
        if purchase is None:
            return StoppedTake(purchase=PurchaseKey(key), run=RunId(run), shot=shot, fate=Fate.NEVER_ASKED)
        if purchase.run != run:  # bought by another run, for which it goes on
            return None
        if purchase.key in self._ended:
            fate = Fate.STOPPED if purchase.job else Fate.NEVER_ASKED
        elif purchase.state in _FATES:
            fate = _FATES[purchase.state]
        else:
            return None
        return StoppedTake(
            purchase=purchase.key,
            run=purchase.run,
            shot=purchase.order.shot,
            fate=fate,
            job=purchase.job,
            seconds=purchase.seconds,
            money=purchase.money,
        )

    async def _find_jobs(self) -> None:
        tagged = await self._jobs.tagged(self._tag)
        self._tags = {id_: tags for id_, tags in tagged.items() if _named(tags, "take")}

    async def _look(self) -> None:
        """See how the purchases stand, and which ended since the word without a take."""
        before = {one.key: one.state for one in self._purchases.values()}
        self._purchases = await self._database.read(self._read)
        for one in self._purchases.values():
            if one.state in ENDED_UNBOUGHT and before.get(one.key, one.state) not in ENDED_UNBOUGHT:
                self._ended.add(one.key)

    def _read(self, tx: Transaction) -> dict[JobId, Purchase]:
        found = {id_: journal.find(tx, PurchaseKey(_named(tags, "take")[0])) for id_, tags in self._tags.items()}
        return {id_: one for id_, one in found.items() if one is not None}

    def _ours(self) -> dict[JobId, Purchase]:
        """The purchases that the runs concerned began themselves."""
        return {id_: one for id_, one in self._purchases.items() if one.run in _named(self._tags[id_], "run")}

    def _unasked(self) -> list[Purchase]:
        return [
            one for one in self._ours().values() if one.state is PurchaseState.SUBMITTED and one.key not in self._asked
        ]

    def _under_way(self) -> list[JobId]:
        return [id_ for id_, one in self._ours().items() if one.state in UNDER_WAY]

    async def _stop(self, purchase: Purchase) -> None:
        """Ask the provider to stop one render; if it has stopped, the purchase ends here."""
        self._asked.add(purchase.key)
        async with self._slots:
            try:
                api = self._api_for(purchase.order.provider)
                is_stopped = await api.cancel(purchase.job) or await _has_stopped(api, purchase.job)
            except CallsheetError:  # nobody here can speak to that provider now: the render runs on
                is_stopped = False
        if is_stopped:
            await self._database.write(lambda tx: _end(tx, purchase.key))


async def _has_stopped(api: VideoApi, job: str) -> bool:
    """Whether a render that would not be stopped had stopped already: a worker that saw the word may be faster."""
    seen = await api.retrieve(job)
    return seen is not None and seen.status == "cancelled" and not seen.cost


def _named(tags: Iterable[str], kind: str) -> list[str]:
    """What the tags of one kind name: `run:spring-1` names spring-1."""
    return [name for tag in tags for is_kind, _, name in (tag.partition(":"),) if is_kind == kind]


def _give_back(tx: Transaction, held: list[PurchaseKey]) -> None:
    for key in held:
        if journal.current(tx, key).state is PurchaseState.RESERVED:
            journal.move(tx, key, "cancel", reason="called off before it was asked for")


def _end(tx: Transaction, key: PurchaseKey) -> None:
    if journal.current(tx, key).state is PurchaseState.SUBMITTED:  # a worker may have seen it end first
        journal.move(tx, key, "cancel", reason="called off, and stopped at the provider")
