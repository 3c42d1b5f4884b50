"""Puts a run's graph where another's stood just before a gate. The other thread is only read.

The copy goes through the checkpointer's own interface, so it works wherever checkpoints are kept, and it is one write:
a fork that was cut off has no state yet and is put there again, or has all of it.
"""

from collections.abc import Mapping
from typing import Any, cast

from langchain_core.runnables import RunnableConfig

from callsheet.domain.campaign import GateKind
from callsheet.domain.cut import Cut
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.gate import Gate
from callsheet.domain.identity import Digest, RunId, TakeId
from callsheet.domain.run import Fork, Run
from callsheet.graphs.consent import uncovered
from callsheet.graphs.crew import Crew
from callsheet.graphs.node.release import deliver_node
from callsheet.graphs.state import CampaignState
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries

BEFORE: dict[GateKind, str] = {
    "greenlight": "clear_plan",
    "topup": "clear_plan",
    "dailies": "shoot",
    "release": "deliver",
}
"""The node behind which each gate is opened. A purchase in doubt is settled in the journal once, for every run."""


async def checkpoint_before(graph: Any, gate: Gate) -> tuple[str, Mapping[str, Any]]:
    """The id of the checkpoint from which the gate was opened, and the state then. Raises NotFound when it is not kept
    here.
    """
    opened: RunnableConfig | None = None
    values: Mapping[str, Any] = {}
    async for snapshot in graph.aget_state_history(_thread(gate.run)):  # newest first: the last match is the first
        if snapshot.values.get("gate") == gate.id:
            opened, values = snapshot.parent_config, snapshot.values
    if opened is None:
        raise NotFound(
            f"the graph of {gate.run} at {gate.id} is not kept in this workspace, so nothing can go on from there; "
            "a run that a LangGraph server advances keeps its graph on that server"
        )
    return str(opened.get("configurable", {})["checkpoint_id"]), values


def stands_on(tx: Transaction, gate: Gate, state: Mapping[str, Any]) -> frozenset[TakeId]:
    """The takes that a gate asks about: those shown at dailies, or those in the cuts whose files are out or to be."""
    match gate.kind:
        case "greenlight":
            return frozenset()
        case "dailies":
            return frozenset(map(TakeId, state["takes"]))
        case _:
            cuts = [document.fetch(tx, Cut, Digest(one)) for one in state["cuts"]]
            return frozenset(clip.take for cut in cuts for clip in cut.clips)


async def graft(graph: Any, crew: Crew, run: Run) -> None:
    """Give a forked run the state of the other before the gate, unless it has a state of its own already."""
    fork = run.forked_from
    if fork is None or (await graph.aget_state(_thread(run.id))).created_at is not None:
        return
    then = await graph.aget_state(_thread(fork.run, fork.checkpoint))
    if not then.values:
        raise NotFound(f"{run.id} begins where {fork.run} stood at {fork.gate}, and that checkpoint is gone")
    gate = await crew.database.read(lambda tx: gates.find(tx, fork.gate))
    state = cast("CampaignState", {**then.values, "run": run.id})
    if gate.kind != "greenlight" and not await uncovered(crew, state):
        await crew.database.read(lambda tx: _check_adopted(tx, run.id, fork, stands_on(tx, gate, state)))
        if state.get("deliverables"):
            await deliver_node(crew)(state)
    await graph.aupdate_state(_thread(run.id), dict(state), as_node=BEFORE[gate.kind])


def _check_adopted(tx: Transaction, run: RunId, fork: Fork, wanted: frozenset[TakeId]) -> None:
    """Whoever looks in a ledger for whom a film shows must find them: what was left behind may not come back unseen."""
    adopted = {TakeId(one.body["take"]) for one in entries(tx, run) if one.kind == "TakeAdopted"}
    if lacking := sorted(wanted - adopted):
        raise WrongUse(
            f"{run} was begun without {', '.join(lacking)}, which may be used again by now: fork {fork.run} once more, "
            f"with callsheet fork {fork.run} --at {fork.gate}"
        )


def _thread(run: RunId, checkpoint: str = "") -> RunnableConfig:
    if not checkpoint:
        return {"configurable": {"thread_id": run}}
    return {"configurable": {"thread_id": run, "checkpoint_ns": "", "checkpoint_id": checkpoint}}
