"""Calls off a take, a run, a cameo or a campaign: at once, and so that every take has a known fate.

What a run was just sending is looked for at its channel and taken down. What it had published before stays.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from callsheet.domain.run import Run
from callsheet.domain.stop import EVERYTHING, CallOff
from callsheet.jobs.buying import ApiFor
from callsheet.jobs.port import Jobs
from callsheet.jobs.sweep import Sweep
from callsheet.jobs.withdrawal import PublisherOf, withdraw
from callsheet.storage import publication
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.database import Database, Transaction
from callsheet.storage.publication import Publication


async def call_off(
    database: Database,
    api_for: ApiFor,
    jobs: Jobs,
    publisher: PublisherOf,
    tag: str,
    reason: str = "",
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> CallOff:
    """Call off everything with this tag, and say what became of each take and of each film on its way.

    `api_for` gives the client for a provider's name, `publisher` the channel of a run. Saying it again is harmless.
    Raises WrongUse for a run that is at its end.
    """
    sweep = Sweep(database, api_for, jobs, tag)
    named = await sweep.begin(lambda tx, touched: stops.call_off(tx, tag, reason, touched))
    await sweep.until_still(sleep)
    sending = await database.read(partial(_sending, tag=tag))
    why = f"the run was called off{': ' if reason else ''}{reason}"
    back = [await withdraw(database, publisher, run, one, why) for run, one in sending]
    return CallOff(tag=tag, runs=named, takes=sweep.takes, publications=tuple(back))


def _sending(tx: Transaction, tag: str) -> list[tuple[Run, Publication]]:
    """What may be out of the runs that a tag names as a whole, though nobody wrote down that it is."""
    known = [(runs.find(tx, one.run), one) for one in publication.perhaps_out(tx)]
    return [(run, one) for run, one in known if tag in (EVERYTHING, f"run:{run.id}", f"campaign:{run.campaign}")]
