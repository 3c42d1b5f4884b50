"""Calls off a take, a run, a cameo or a campaign: at once, and so that every take has a known fate."""

import asyncio
from collections.abc import Awaitable, Callable

from callsheet.domain.stop import CallOff
from callsheet.jobs.buying import ApiFor
from callsheet.jobs.port import Jobs
from callsheet.jobs.sweep import Sweep
from callsheet.storage import stop as stops
from callsheet.storage.database import Database


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
    sweep = Sweep(database, api_for, jobs, tag)
    runs = await sweep.begin(lambda tx, touched: stops.call_off(tx, tag, reason, touched))
    await sweep.until_still(sleep)
    return CallOff(tag=tag, runs=runs, takes=sweep.takes)
