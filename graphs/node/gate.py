"""The nodes where people decide. One opens the question, the next one waits for the answer and does nothing else."""

from collections.abc import Awaitable, Callable
from typing import Any

from langgraph.types import interrupt

from callsheet.domain.budget import Allowance
from callsheet.domain.gate import Decision, Gate, Verdict
from callsheet.domain.identity import GateId, RunId
from callsheet.domain.principal import Principal
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.graphs.consent import uncovered, withheld
from callsheet.graphs.crew import Crew
from callsheet.graphs.node.shape import Node
from callsheet.graphs.question import Reply, question
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction

Show = Callable[[CampaignState], Awaitable[Showing]]
_NOT_ABOUT_PEOPLE = ("purchase", "writer")
"""Gates whose yes shows nobody: who may be shown is asked again where the run goes on."""

POLICY = Principal(name="written policy: approve-all", authenticated="policy", roles=("*",))


def open_gate_node(crew: Crew, show: Show) -> Node:
    """Work out what is shown, and open the gate. A run under a written policy is answered here, and says so.

    No policy answers for a purchase that may have been made: only somebody who looked at the provider's page can.
    """

    async def open_gate(state: CampaignState) -> CampaignUpdate:
        showing = await show(state)
        gate = await crew.database.write(lambda tx: _open(tx, crew, state["run"], showing))
        return {"gate": gate.id, "showing": gate.shown, "answer": ""}

    return open_gate


def gate_node(crew: Crew) -> Node:
    """Wait for the verdict. A reply that nobody authenticated is kept as a proposal, and the gate asks again.

    A yes to what may not be done any more leads to the question about the film without the person, as does a question
    that was taken back.
    """

    async def decide(state: CampaignState) -> CampaignUpdate:
        gate, verdict, asked = await crew.database.read(lambda tx: _look(tx, state["gate"]))
        if not verdict.is_final:
            reply = Reply.model_validate(interrupt(asked, response_schema=Reply))
            verdict = await crew.database.write(lambda tx: _hear(tx, state["gate"], reply))
        if verdict.is_final:
            await _say_that_it_goes_on(crew, gate.run)
        goes_on = verdict.answer == "approve" or (verdict.answer == "edit" and gate.kind == "dailies")
        if verdict.answer == "withdrawn" or (goes_on and gate.kind not in _NOT_ABOUT_PEOPLE):
            found = await uncovered(crew, state)
            if found or verdict.answer == "withdrawn":
                return withheld(state, found)
        return {"answer": "open" if not verdict.is_final else verdict.answer, "reason": _reason(verdict)}

    return decide


def _open(tx: Transaction, crew: Crew, run: str, showing: Showing) -> Gate:
    shown = document.keep(tx, showing)
    allowance = Allowance(seconds=showing.seconds, money=showing.most) if showing.most is not None else None
    gate = gates.open_gate(
        tx,
        Gate(
            id=_name(tx, run, showing, shown),
            run=RunId(run),
            kind=showing.kind,
            round=showing.round,
            shown=shown,
            allowance=allowance,
            opened_at=tx.now,
            deadline=tx.now + crew.gate_deadline if crew.gate_deadline else None,
        ),
    )
    led = runs.find(tx, RunId(run))
    by_policy = led.policy == "approve-all" and showing.kind != "purchase" and not _is_asked_again(tx, led, gate)
    if by_policy and not gates.verdict_at(tx, gate.id).is_final:
        gates.decide(tx, Decision(gate=gate.id, answer="approve", by=POLICY, shown=gate.shown, at=tx.now))
    if led.is_hosted and not gates.verdict_at(tx, gate.id).is_final:  # no driver of ours will say so
        runs.set_status(tx, led.id, "waiting")
    return gate


async def _say_that_it_goes_on(crew: Crew, run: RunId) -> None:
    """Where our driver leads a run it says so itself; where a LangGraph server does, nobody else would."""
    led = await crew.database.read(lambda tx: runs.find(tx, run))
    if led.is_hosted and led.status == "waiting":
        await crew.database.write(lambda tx: runs.set_status(tx, run, "running"))


def _is_asked_again(tx: Transaction, run: Run, gate: Gate) -> bool:
    """Whether it is the gate that a run was forked for: whoever forked it answers, and no policy does."""
    return run.forked_from is not None and gates.gates_of(tx, run.id)[0].id == gate.id


def _name(tx: Transaction, run: str, showing: Showing, shown: str) -> GateId:
    """The same question has the same name, so that opening it twice is one gate.

    After it expired, or led to an edit that was undone since, the same question is a new gate.
    """
    name, again = GateId(f"{showing.kind}-{showing.round}-{shown[:8]}.{run}"), 1
    known = {gate.id for gate in gates.gates_of(tx, RunId(run))}
    while name in known and gates.verdict_at(tx, name).answer in ("expired", "edit", "withdrawn"):
        again += 1
        name = GateId(f"{showing.kind}-{showing.round}-{shown[:8]}-{again}.{run}")
    return name


def _look(tx: Transaction, gate_id: str) -> tuple[Gate, Verdict, dict[str, Any]]:
    gate = gates.find(tx, GateId(gate_id))
    return gate, gates.verdict_at(tx, gate.id), question(gate, document.fetch(tx, Showing, gate.shown))


def _hear(tx: Transaction, gate_id: str, reply: Reply) -> Verdict:
    gate = gates.find(tx, GateId(gate_id))
    if reply.said is not None:
        nobody = Principal(name="unauthenticated reply to the graph")
        said = reply.said
        gates.propose(
            tx,
            Decision(
                gate=gate.id,
                answer=said.type,
                by=nobody,
                shown=gate.shown,
                note=said.message,
                edits=said.edits,
                at=tx.now,
            ),
        )
    return gates.verdict_at(tx, gate.id)


def _reason(verdict: Verdict) -> str:
    notes = [decision.note for decision in verdict.decisions if decision.note]
    return "; ".join(notes)
