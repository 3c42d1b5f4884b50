"""Leads a run on while telling what happens: each event worth telling, and how far the work is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from callsheet.cli.console import console
from callsheet.cli.screen import Picture, Screen, open_screen
from callsheet.cli.telling import tell
from callsheet.cli.timing import Stopwatch

if TYPE_CHECKING:
    from callsheet.domain.ledger import Entry
    from callsheet.domain.run import Run
    from callsheet.session import Callsheet, CampaignRun
    from callsheet.storage.database import Transaction

LOOK_EVERY = 0.3
"""Seconds between two looks at the ledger and the queues."""

Tell = Callable[["Transaction", "Entry"], str | None]


def no_picture() -> None:
    """Nothing to look at beside the bars."""


async def go_on(
    callsheet: "Callsheet",
    run: "CampaignRun",
    *,
    seen: int | None = None,
    told: Tell = tell,
    picture: Picture = no_picture,
    before_resume: str = "",
) -> "Run":
    """Advance a run to its next gate or its end, and show how. `seen` is how many ledger entries are known already.

    Interrupted, it says how to go on, beginning with `before_resume`; nothing is lost by it.
    """
    try:
        async with watching(callsheet, run, seen=seen, told=told, picture=picture):
            return await run.go_on()
    except asyncio.CancelledError:
        say = console()
        command = f"{before_resume}callsheet resume {run.id}"
        say.say(f"Stopped. {run.id} can go on where it was; nothing that was bought is lost.", style="yellow")
        say.say(f"  {command}", whole=True)
        say.document({"run": run.id, "stopped": True, "next": [command]})
        raise


@asynccontextmanager
async def watching(
    callsheet: "Callsheet",
    run: "CampaignRun",
    *,
    seen: int | None = None,
    told: Tell = tell,
    picture: Picture = no_picture,
) -> AsyncIterator[None]:
    """While inside, show what happens to a run."""
    with open_screen(console(), picture) as screen:
        news = _News(callsheet, run, screen, told)
        news.seen = seen if seen is not None else await known(callsheet, run)
        task = asyncio.create_task(news.follow())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])  # not `await task`: an interrupt of ours must not be taken for its end
            await news.look()
            if not task.cancelled():
                task.result()


async def known(callsheet: "Callsheet", run: "CampaignRun") -> int:
    """How many entries the ledger of a run has now."""
    from callsheet.storage.ledger import entries

    return await callsheet.studio.database.read(lambda tx: len(entries(tx, run.id)))


class _News:
    def __init__(self, callsheet: "Callsheet", run: "CampaignRun", screen: Screen, told: Tell) -> None:
        self._studio = callsheet.studio
        self._run = run
        self._screen = screen
        self._tell = told
        self._stopwatch = Stopwatch()
        self.seen = 0

    async def follow(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self.look()
            counts = await self._studio.jobs.progress(self._run.id)
            self._screen.bars(self._stopwatch.bars(counts, loop.time()), loop.time())
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        for line in await self._studio.database.read(self._new_lines):
            self._screen.line(line)

    def _new_lines(self, tx: "Transaction") -> list[str]:
        from callsheet.storage.ledger import entries

        new = entries(tx, self._run.id)[self.seen :]
        self.seen += len(new)
        told = (self._tell(tx, entry) for entry in new)
        return [line for line in told if line]
