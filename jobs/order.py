"""What a render job is given, how patient it is, and how it can end without a take."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from pydantic import Field

from callsheet.domain.cameo import Use
from callsheet.domain.campaign import Caps
from callsheet.domain.cut import Media
from callsheet.domain.error import ProviderTrouble, Refused, Waiting, WrongUse
from callsheet.domain.identity import CameoId, RunId
from callsheet.domain.money import Money
from callsheet.domain.purchase import Order
from callsheet.domain.record import Record
from callsheet.domain.scan.expected import Expected
from callsheet.domain.scan.report import ScanReport
from callsheet.domain.stop import EVERYTHING
from callsheet.domain.trouble import Trouble


class TakeOrder(Record):
    """What a render job is given: the order, its price, whose budget pays, and who is in it."""

    run: RunId
    server: str = Field(default="", description="Which video server the run buys from, as a hash of its address.")
    campaign: str = ""
    order: Order
    money: Money
    tier: str = Field(default="", description="The provider's price tier, for caps by tier.")
    retires: date | None = Field(default=None, description="From this day on the model is gone: nothing is bought.")
    caps: Caps | None = None
    cameo: CameoId | None = None
    use: Use | None = None
    lists_jobs: bool = True
    previz: bool = False
    expected: Expected | None = Field(default=None, description="What may be seen and heard; absent in older orders.")

    @property
    def tags(self) -> tuple[str, ...]:
        """Everything a word to stop may name this take by."""
        named = [EVERYTHING, f"run:{self.run}", f"campaign:{self.campaign}", f"take:{self.order.key}"]
        return (*named, *((f"cameo:{self.cameo}",) if self.cameo else ()))


class Unsound(Record):
    """A downloaded take that cannot be used, and why."""

    reasons: tuple[str, ...]


class TakeUnsound(ProviderTrouble):
    """A take was paid for and arrived, but cannot be used. It is kept aside; the shot may be bought once more."""


class TakeNotMade(ProviderTrouble):
    """The provider did not make the take, and nothing was bought. `trouble` says who can do something about it."""

    def __init__(self, message: str, trouble: Trouble | None) -> None:
        super().__init__(message)
        self.needs_person = trouble is not None and not trouble.retries_itself


class PurchaseAmbiguous(ProviderTrouble):
    """Nobody can say whether the take was bought. It waits; nothing is bought again on a guess."""

    needs_person = True


class StillRendering(ProviderTrouble):
    """The provider is still at work at the deadline. The take is adopted when it is ready: resume the run later."""


class CalledOff(Refused):
    """The take, or all it belongs to, was called off. Nothing more is bought for it."""


class ShootPaused(Waiting):
    """Buying is paused. What is under way goes on; nothing new is bought until it is resumed."""


class WrongServer(WrongUse):
    """The settings name another video server than the run buys from: there its renders would look lost."""


class ModelRetired(ProviderTrouble):
    """The provider no longer offers the model the plan was made for. Choose another and quote anew."""

    needs_person = True


class Inspect(Protocol):
    """Looks at a downloaded take."""

    async def __call__(self, path: Path, order: Order) -> Media | Unsound:
        """What the file is, or why it cannot be used."""
        ...


class Scan(Protocol):
    """Looks for what nobody ordered in a take that is sound."""

    async def __call__(self, path: Path, wanted: TakeOrder, media: Media, expected: Expected, /) -> ScanReport:
        """What was looked at, what was found, and what nobody looked at."""
        ...


class Bell(Protocol):
    """Waits for news of a render, at most so many seconds: a webhook may end the wait early."""

    async def __call__(self, job: str, seconds: float) -> object:
        """Return when there is news, or after that time."""
        ...


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds. `jitter` in 0..1 spreads the looks of many jobs.

    `deadline` holds for one render from when its watch begins; `grace` is what the last look may take beyond it.
    """

    deadline: float = 1800.0
    grace: float = 5.0
    first_look: float = 2.0
    bell: Bell | None = None
    jitter: Callable[[], float] = lambda: 0.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = lambda: asyncio.get_running_loop().time()

    @property
    def forgotten_after(self) -> float:
        """How long a provider may fail to show a render that it sold before it counts as not being there."""
        return 15 * self.first_look

    async def until_heard(self, job: str, seconds: float) -> None:
        """Wait before the next look at a render; a bell may end the wait early."""
        await (self.bell(job, seconds) if self.bell else self.sleep(seconds))
