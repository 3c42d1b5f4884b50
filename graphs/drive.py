"""Advances the graph of a run as far as it goes: to the next gate, to its end, or to what stops it.

Safe to repeat after a crash at any point: what to do next is read from the checkpoint and from the gate table, never
from the call. Answers go in by interrupt id; a bare resume never meets a pending question.
"""

import asyncio
import logging
from collections import defaultdict
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, StateSnapshot

from callsheet.domain.error import CallsheetError, WrongUse
from callsheet.domain.identity import GateId, RunId
from callsheet.domain.run import RunStatus
from callsheet.graphs.campaign import RECURSION_LIMIT, build_campaign_graph
from callsheet.graphs.checkpoint import Checkpoints
from callsheet.graphs.crew import Crew
from callsheet.graphs.fork import graft
from callsheet.graphs.routing import AFRESH, before_clearance
from callsheet.graphs.writing import Unwritten
from callsheet.jobs.order import CalledOff, ShootPaused
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries

_LOG = logging.getLogger("callsheet.graphs.drive")


class Driver:
    """Advances runs. `checkpoints` opens the saver in the event loop that drives."""

    def __init__(self, crew: Crew, checkpoints: Checkpoints) -> None:
        self._crew = crew
        self._checkpoints = checkpoints
        self._locks: defaultdict[RunId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, run_id: RunId) -> None:
        """Advance one run. An error ends the drive, not the run: it is written down, and the run can be resumed.

        A drive that a dead worker left behind and a new one may meet here: they take turns, for two drives on one
        thread would lose each other's updates.
        """
        async with self._locks[run_id]:
            try:
                await self._advance(run_id)
            except ShootPaused as error:
                await self._say(run_id, "paused", str(error))
            except CalledOff as error:
                await self._say(run_id, "cancelled", str(error))
            except CallsheetError as error:
                await self._say(run_id, "failed", str(error))
            except Exception as error:  # noqa: BLE001 - whatever it was, the run must say so and stay resumable
                _LOG.exception("run %s stopped", run_id)
                await self._say(run_id, "failed", f"{type(error).__name__}: {error}")

    async def _advance(self, run_id: RunId) -> None:
        run = await self._crew.database.read(lambda tx: runs.find(tx, run_id))
        if run.status == "cancelled" or run.is_hosted:
            return
        if run.server != self._crew.server:
            raise WrongUse(
                f"{run_id} buys from another video server than the settings name now, and its renders would look lost "
                "there. Set CALLSHEET_VIDEO_URL as it was when the run began, and resume"
            )
        async with self._checkpoints() as saver:
            graph = build_campaign_graph(self._crew).compile(checkpointer=saver)
            config = _config(run_id)
            await graft(graph, self._crew, run)
            await self._ask_again(graph, config, run_id)
            while (given := await self._next(await graph.aget_state(config), run_id)) is not _NOTHING:
                await self._say(run_id, "running")
                await graph.ainvoke(given, config, version="v2", durability="sync")

    async def _ask_again(self, graph: Any, config: RunnableConfig, run_id: RunId) -> None:
        """An expired run that is resumed prices its plan anew and opens the gate again, or asks a model for its words.

        One that could not be cleared is cleared anew: legal may have waived or approved since what stopped it. Its plan
        and its cuts stay as they were, letter by letter, for a waiver is about exactly those words.
        """
        run = await self._crew.database.read(lambda tx: runs.find(tx, run_id))
        if run.status == "expired":
            values = (await graph.aget_state(config)).values
            if values.get("unwritten"):
                missing = await self._crew.archive.load(Unwritten, values["unwritten"])
                await graph.aupdate_state(config, dict(missing.asked_again()), as_node="rewrite")
            else:
                await graph.aupdate_state(config, {"answer": "", "reason": ""}, as_node="casting")
        elif run.status == "failed" and has_ended(await graph.aget_state(config)):
            told = await self._crew.database.read(lambda tx: [one.kind for one in entries(tx, run_id)])
            await graph.aupdate_state(config, dict(AFRESH), as_node=before_clearance(told))

    async def _next(self, snapshot: StateSnapshot, run_id: RunId) -> Any:
        """What to give the graph now; nothing when it has ended or only people can move it."""
        if snapshot.created_at is None:
            run = await self._crew.database.read(lambda tx: runs.find(tx, run_id))
            return {"run": run.id, "campaign": run.bundle}
        if snapshot.interrupts:
            asked = {one.id: GateId(one.value["gate"]) for one in snapshot.interrupts}
            decided = await self._crew.database.read(lambda tx: _decided(tx, asked))
            if decided:
                return Command(resume=decided)
            await self._say(run_id, "waiting")
            return _NOTHING
        return _NOTHING if has_ended(snapshot) else None

    async def _say(self, run_id: RunId, status: RunStatus, reason: str = "") -> None:
        await self._crew.database.write(lambda tx: runs.set_status(tx, run_id, status, reason))


_NOTHING = object()


def has_ended(snapshot: StateSnapshot) -> bool:
    """Whether the graph went through its last node."""
    # Not `next`: it leaves out a node whose result is stored already, though the step after it was never taken.
    return snapshot.created_at is not None and not snapshot.tasks


def _decided(tx: Transaction, asked: dict[str, GateId]) -> dict[str, dict[str, str]]:
    return {id_: {"gate": gate} for id_, gate in asked.items() if gates.verdict_at(tx, gate).is_final}


def _config(run_id: RunId) -> RunnableConfig:
    return {
        "recursion_limit": RECURSION_LIMIT,
        "configurable": {"thread_id": run_id, "__pregel_strict_resume": True},
    }
