"""Ends purchases at once, by tag: what is queued, what is held, and what a provider is at work on.

The word comes first: from its transaction on no worker buys. Then queued jobs end, holds are given back and renders
under way are stopped at the provider, all at the same time and without waiting for anybody's next look. A job whose
request is in flight is left alone: it sees the word, and locks away what it paid for. So a sweep that is cut off
anywhere is finished by whoever works next, and by saying the word again.

Only jobs that were seen to be concerned are ended, each by its own id: what a run that may go on hands in meanwhile
carries the same tag and is left alone. Jobs handed in meanwhile by the others are looked for until there are no more.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from functools import partial
from typing import TypeVar

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import JobId, PurchaseKey, RunId
from callsheet.domain.purchase import ENDED_UNBOUGHT, UNDER_WAY, PurchaseState
from callsheet.domain.stop import Fate, StoppedTake
from callsheet.jobs.buying import ApiFor
from callsheet.jobs.port import Jobs
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database, Transaction
from callsheet.storage.purchase import Purchase
from callsheet.tools.video.port import VideoApi

T = TypeVar("T")
Word = Callable[[Transaction, frozenset[RunId]], T]
"""Writes a word down, given the runs that have such takes."""
_AT_ONCE = 32
"""Renders stopped at a provider at the same time. A client looks through its connections at each request, so more of
them cost more processor time than the waiting they save."""
_LOOK = 0.2
_LOOKS = 50
"""How often to look whether a request in flight was answered: it is one request, so this is about its own deadline."""
_LOOKS_AT_UNKNOWN = 5
_FATES = {
    PurchaseState.INTENDED: Fate.UNCLEAR,
    PurchaseState.AMBIGUOUS: Fate.UNCLEAR,
    PurchaseState.SUBMITTED: Fate.RUNS_ON,
    PurchaseState.RENDERED: Fate.RUNS_ON,
    PurchaseState.SETTLED: Fate.HERE,
}


class Sweep:
    """One sweep over everything with a tag, from the word on."""

    def __init__(
        self,
        database: Database,
        api_for: ApiFor,
        jobs: Jobs,
        tag: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._api_for, self._jobs, self._tag, self._clock = database, api_for, jobs, tag, clock
        self._concerned: Collection[RunId] | None = None
        self._tags: dict[JobId, tuple[str, ...]] = {}
        self._purchases: dict[JobId, Purchase] = {}
        self._before: dict[PurchaseKey, PurchaseState] = {}
        self._asked: set[PurchaseKey] = set()
        self._unknown: set[PurchaseKey] = set()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._began = self._last_answer = 0.0

    async def begin(self, say: Word[T], only: Callable[[T], Collection[RunId] | None] = lambda _: None) -> T:
        """Write the word down, and see in the same moment how everything stands.

        `only` may say, from what the word found, which runs are concerned: the jobs of all others are left alone.
        """
        tagged = await self._tagged()
        touched = frozenset(RunId(run) for tags in tagged.values() for run in _named(tags, "run"))

        def write(tx: Transaction) -> tuple[T, dict[JobId, Purchase]]:
            return say(tx, touched), _read(tx, tagged)

        said, found = await self._database.write(write)
        self._began = self._last_answer = self._clock()
        self._concerned = only(said)
        self._tags = {id_: tags for id_, tags in tagged.items() if self._concerns(tags)}
        self._purchases = {id_: one for id_, one in found.items() if id_ in self._tags}
        self._before = {one.key: one.state for one in self._purchases.values()}
        return said

    async def until_still(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """End what can be ended; have a worker see to its end what is still under way after that."""
        for _ in range(_LOOKS):
            await self._once()
            if not await self._look() and not self._is_in_flight:
                break
            await sleep(_LOOK)
        for _ in range(_LOOKS_AT_UNKNOWN):  # a worker that was faster is about to write down that it stopped
            if not self._unknown & {one.key for one in self._ours().values() if one.state is PurchaseState.SUBMITTED}:
                break
            await sleep(_LOOK)
            await self._look()
        under_way = self._under_way()
        await self._end_queued(under_way)
        await self._jobs.again(under_way)

    @property
    def last_cancel_ms(self) -> int | None:
        """Milliseconds from the word to the last answer about a render under way; nothing when none was asked about."""
        return round((self._last_answer - self._began) * 1000) if self._asked else None

    @property
    def takes(self) -> tuple[StoppedTake, ...]:
        """Every take that it concerns now, by shot."""
        found = [self._take(id_, tags) for id_, tags in self._tags.items()]
        return tuple(sorted((one for one in found if one), key=lambda one: (one.run, one.shot, one.purchase)))

    @property
    def purchases(self) -> tuple[Purchase, ...]:
        """How the purchases of the runs concerned stand, as last seen."""
        return tuple(self._ours().values())

    async def _once(self) -> None:
        """End everything as it was last seen; the first time that is the moment of the word."""
        held = [one.key for one in self._ours().values() if one.state is PurchaseState.RESERVED]
        unasked = self._unasked()
        under_way = self._under_way()
        stopping = asyncio.gather(*(self._stop(one) for one in unasked))
        _, stopped = await asyncio.gather(self._end_queued(under_way), stopping)
        ended = [key for key in stopped if key]
        if held or ended:
            await self._database.write(partial(_settle, held=held, stopped=ended))

    async def _end_queued(self, under_way: Collection[JobId]) -> None:
        await self._jobs.cancel([id_ for id_ in self._tags if id_ not in under_way])

    @property
    def _is_in_flight(self) -> bool:
        """Whether a request may be under way at this moment, or was answered since."""
        return bool(self._unasked()) or any(one.state is PurchaseState.INTENDED for one in self._ours().values())

    def _take(self, id_: JobId, tags: tuple[str, ...]) -> StoppedTake | None:
        key, run, shot = (next(iter(_named(tags, kind)), "") for kind in ("take", "run", "shot"))
        purchase = self._purchases.get(id_)
        if purchase is None:
            return StoppedTake(purchase=PurchaseKey(key), run=RunId(run), shot=shot, fate=Fate.NEVER_ASKED)
        if purchase.run != run:  # bought by another run, for which it goes on
            return None
        return StoppedTake(
            purchase=purchase.key,
            run=purchase.run,
            shot=purchase.order.shot,
            fate=self._fate(purchase),
            job=purchase.job,
            seconds=purchase.seconds,
            money=purchase.money,
        )

    def _fate(self, purchase: Purchase) -> Fate:
        before = self._before.get(purchase.key, PurchaseState.RESERVED)
        if purchase.state is PurchaseState.REJECTED:
            return Fate.ASIDE if before is PurchaseState.REJECTED else Fate.HERE
        if purchase.state in ENDED_UNBOUGHT:
            if before in ENDED_UNBOUGHT:
                return Fate.OVER
            return Fate.STOPPED if purchase.job else Fate.NEVER_ASKED
        return _FATES.get(purchase.state, Fate.NEVER_ASKED)

    async def _tagged(self) -> dict[JobId, tuple[str, ...]]:
        """Every job with the tag that buys a take."""
        return {id_: tags for id_, tags in (await self._jobs.tagged(self._tag)).items() if _named(tags, "take")}

    def _concerns(self, tags: tuple[str, ...]) -> bool:
        return self._concerned is None or not set(_named(tags, "run")).isdisjoint(self._concerned)

    async def _look(self) -> bool:
        """See how everything stands now. Whether jobs were handed in since it was last looked at."""
        tags = {id_: tags for id_, tags in (await self._tagged()).items() if self._concerns(tags)}
        has_more = not tags.keys() <= self._tags.keys()
        self._tags |= tags
        self._purchases = await self._database.read(partial(_read, tags=self._tags))
        return has_more

    def _ours(self) -> dict[JobId, Purchase]:
        """The purchases that the runs concerned began themselves."""
        return {
            id_: one
            for id_, one in self._purchases.items()
            if id_ in self._tags and one.run in _named(self._tags[id_], "run")
        }

    def _unasked(self) -> list[Purchase]:
        return [
            one for one in self._ours().values() if one.state is PurchaseState.SUBMITTED and one.key not in self._asked
        ]

    def _under_way(self) -> list[JobId]:
        return [id_ for id_, one in self._ours().items() if one.state in UNDER_WAY]

    async def _stop(self, purchase: Purchase) -> PurchaseKey | None:
        """Ask the provider to stop one render. Its key, if it has stopped."""
        self._asked.add(purchase.key)
        async with self._slots:
            try:
                api = self._api_for(purchase.order.provider)
                is_stopped = await api.cancel(purchase.job) or await self._has_stopped(api, purchase)
            except CallsheetError:  # nobody here can speak to that provider now: the render runs on
                is_stopped = False
        self._last_answer = self._clock()
        return purchase.key if is_stopped else None

    async def _has_stopped(self, api: VideoApi, purchase: Purchase) -> bool:
        """Whether a render that would not be stopped had stopped already: a worker that saw the word may be faster.

        Some providers forget what they stopped; then only that worker knows.
        """
        seen = await api.retrieve(purchase.job)
        if seen is None:
            self._unknown.add(purchase.key)
        return seen is not None and seen.status == "cancelled" and not seen.cost


def _read(tx: Transaction, tags: Mapping[JobId, tuple[str, ...]]) -> dict[JobId, Purchase]:
    """The purchases of these jobs, as far as they were begun."""
    found = {id_: journal.find(tx, PurchaseKey(_named(named, "take")[0])) for id_, named in tags.items()}
    return {id_: one for id_, one in found.items() if one is not None}


def _named(tags: Iterable[str], kind: str) -> list[str]:
    """What the tags of one kind name: `run:spring-1` names spring-1."""
    return [name for tag in tags for is_kind, _, name in (tag.partition(":"),) if is_kind == kind]


def _settle(tx: Transaction, held: Collection[PurchaseKey], stopped: Collection[PurchaseKey]) -> None:
    """Give back what is held, and end what the provider stopped, in one transaction for all of them."""
    for key in held:
        if journal.current(tx, key).state is PurchaseState.RESERVED:
            journal.move(tx, key, "cancel", reason="called off before it was asked for")

    for key in stopped:
        if journal.current(tx, key).state is PurchaseState.SUBMITTED:  # a worker may have seen it end first
            journal.move(tx, key, "cancel", reason="called off, and stopped at the provider")
