"""Who asks: the take on whose behalf a request is made.

Two takes that look through the same list at the same time send the very same request. Each must get its own answer
again, whichever asks first, so every request is noted with the ledger chain of the take that it was made for.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from callsheet.jobs.order import TakeOrder
from callsheet.jobs.port import JobFunction
from callsheet.replay.clock import begin_to_wait
from callsheet.storage.purchase import chain_of

_asks: ContextVar[str] = ContextVar("callsheet_asks", default="")


def asker() -> str:
    """The chain of the take whose job asks now; nothing outside of one."""
    return _asks.get()


def on_behalf(buy: JobFunction) -> JobFunction:
    """The same render job, which is known by its take while it works, and has waited for nothing at its beginning."""

    async def named(payload: Mapping[str, Any]) -> Mapping[str, Any]:
        _asks.set(chain_of(TakeOrder.model_validate(payload).order.key))
        begin_to_wait()
        return await buy(payload)

    return named
