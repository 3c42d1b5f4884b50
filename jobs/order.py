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
from callsheet.domain.error import ProviderTrouble
from callsheet.domain.identity import CameoId, RunId
from callsheet.domain.money import Money
from callsheet.domain.purchase import Order
from callsheet.domain.record import Record
from callsheet.domain.stop import EVERYTHING


class TakeOrder(Record):
    """What a render job is given: the order, its price, whose budget pays, and who is in it."""

    run: RunId
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


class PurchaseAmbiguous(ProviderTrouble):
    """Nobody can say whether the take was bought. It waits; nothing is bought again on a guess."""


class StillRendering(ProviderTrouble):
    """The provider is still at work at the deadline. The take is adopted when it is ready: resume the run later."""


class Inspect(Protocol):
    """Looks at a downloaded take."""

    async def __call__(self, path: Path, order: Order) -> Media | Unsound:
        """What the file is, or why it cannot be used."""
        ...


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds. `jitter` in 0..1 spreads the looks of many jobs."""

    deadline: float = 1800.0
    first_look: float = 2.0
    jitter: Callable[[], float] = lambda: 0.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = lambda: asyncio.get_running_loop().time()

    @property
    def forgotten_after(self) -> float:
        """How long a provider may fail to show a render that it sold before it counts as not being there."""
        return 15 * self.first_look
