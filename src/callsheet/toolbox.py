"""The crew's tools, put together on an open workspace: LangChain tools for any graph, and for `callsheet mcp`."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from langchain_core.tools import BaseTool

from callsheet.domain.identity import RunId
from callsheet.session import Callsheet, CampaignRun
from callsheet.tools.desk.desk import Desk
from callsheet.tools.desk.open_gate import open_gate
from callsheet.tools.desk.reading import reading_tools
from callsheet.tools.desk.run_status import run_status
from callsheet.tools.desk.shoot import shoot
from callsheet.tools.desk.start_campaign import start_campaign

_LOG = logging.getLogger("callsheet.toolbox")


def open_toolbox(callsheet: Callsheet) -> list[BaseTool]:
    """What a model of the crew may ask and do in this workspace. None of these tools answers a gate."""
    return _crew_tools(_desk(callsheet), _SessionFloor(callsheet))


def open_driving_tools(callsheet: Callsheet, roots: Sequence[Path] = ()) -> list[BaseTool]:
    """The same, and what a host needs to begin runs and look at them. Runs begin in folders inside `roots` alone."""
    desk, floor = _desk(callsheet), _SessionFloor(callsheet)
    return [*_crew_tools(desk, floor), start_campaign(desk, floor, roots), run_status(desk), open_gate(desk)]


def _crew_tools(desk: Desk, floor: "_SessionFloor") -> list[BaseTool]:
    return [*reading_tools(desk), shoot(desk, floor)]


def _desk(callsheet: Callsheet) -> Desk:
    studio = callsheet.studio
    return Desk(
        database=studio.database,
        account=callsheet.settings.account,
        day_cap=callsheet.settings.day_cap,
        path_of=studio.media.path,
    )


class _SessionFloor:
    """Leads runs through the session. A run that is being led already is not led twice."""

    def __init__(self, callsheet: Callsheet) -> None:
        self._callsheet = callsheet
        self._led: dict[RunId, asyncio.Task[object]] = {}

    async def start(self, folder: Path, out: Path) -> RunId:
        """Freeze a campaign folder and begin a run whose gates wait for people."""
        return (await self._callsheet.start(folder, out=out)).id

    async def go_on(self, run: RunId, seconds: float) -> bool:
        """Lead a run to its next gate or its end; after so many seconds it is led on without anybody waiting."""
        task = self._led.get(run)
        if task is None:
            task = asyncio.create_task(CampaignRun(self._callsheet.studio, run).go_on(), name=f"lead {run}")
            self._led[run] = task
            task.add_done_callback(lambda done: self._ended(run, done))
        await asyncio.wait([task], timeout=seconds)
        if task.done():
            task.result()
        return task.done()

    def _ended(self, run: RunId, done: "asyncio.Task[object]") -> None:
        self._led.pop(run, None)
        if not done.cancelled() and (error := done.exception()) is not None:
            _LOG.warning("leading %s ended: %s", run, error)
