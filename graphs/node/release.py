"""The nodes that ship and learn: publish, telemetry, analyst, wrap."""

import asyncio
from collections.abc import Sequence
from functools import partial

from callsheet.domain.budget import Balance
from callsheet.domain.clearance import stops
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.event import AnalystDecided, CutReturned, RunWrapped, TelemetryRead
from callsheet.domain.finding import Finding
from callsheet.domain.identity import Digest, GateId, JobId, RunId
from callsheet.domain.purchase import UNDER_WAY, PurchaseState
from callsheet.domain.run import Run, RunStatus
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.telemetry import AnalystDecision, Readings
from callsheet.graphs.brief import load_campaign
from callsheet.graphs.consent import asks, while_covered, withheld
from callsheet.graphs.crew import Crew
from callsheet.graphs.node.shape import Node
from callsheet.graphs.parcel import NoLongerCleared
from callsheet.graphs.post import judge_cuts
from callsheet.graphs.shipping import Shipment, ship, showing, take_back
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.jobs.order import CalledOff
from callsheet.jobs.shoot import take_job
from callsheet.storage import publication, purchase, words
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record


def deliver_node(crew: Crew) -> Node:
    """Lay the finished files, captions and timelines out in the run's folder, where people can play them."""

    async def deliver(state: CampaignState) -> CampaignUpdate:
        run = await crew.database.read(lambda tx: runs.find(tx, RunId(state["run"])))
        files = [await crew.archive.load(Deliverable, one) for one in state["deliverables"]]
        await crew.deliver(run, files)
        return {}

    return while_covered(crew, deliver)


def publish_node(crew: Crew) -> Node:
    """Send out exactly the approved bytes; what an earlier round had out in the same place is taken down.

    A person may have taken days to approve, so claims, releases and rules on labels are looked at once more. Whatever
    stops it, nothing more goes out, and what this try or one that was cut off was sending is taken down.
    """

    async def publish(state: CampaignState) -> CampaignUpdate:
        shipment = await _shipment(crew, state)
        run = shipment.run
        try:
            found = await crew.database.read(shipment.may_show)
            if not found:
                await _check_cleared(crew, state)
                found = await ship(shipment)
        except NoLongerCleared as error:
            await _returned(crew, state, error.findings)
            await take_back(crew, run, "it is not cleared any more", lambda one: one.gate == shipment.gate)
            raise
        except CalledOff:
            await take_back(crew, run, "it was called off")
            raise
        if not found:
            return {}
        with_them = await showing(crew, shipment.files, found)
        await take_back(crew, run, "somebody in it may not be shown any more", lambda one: one.file in with_them)
        return withheld(state, found)

    return publish


async def _shipment(crew: Crew, state: CampaignState) -> Shipment:
    return Shipment(
        crew=crew,
        run=await crew.database.read(lambda tx: runs.find(tx, RunId(state["run"]))),
        gate=GateId(state["gate"]),
        files=[await crew.archive.load(Deliverable, one) for one in state["deliverables"]],
        campaign=await load_campaign(crew, state),
        storyboard=await crew.archive.load(Storyboard, state["storyboard"]),
        may_show=await asks(crew, state),
    )


async def _check_cleared(crew: Crew, state: CampaignState) -> None:
    if stopping := stops(await judge_cuts(crew, state)):
        raise NoLongerCleared(stopping)


async def _returned(crew: Crew, state: CampaignState, stopping: Sequence[Finding]) -> None:
    """Write down what stopped the cuts, each finding whole: legal looks there for what it may waive."""
    cuts = tuple(Digest(one) for one in state["cuts"])
    kept = await crew.archive.keep_all(stopping)
    words = tuple(str(one) for one in stopping)
    await crew.archive.log(state["run"], CutReturned(cuts=cuts, findings=words, kept=kept))


def telemetry_node(crew: Crew) -> Node:
    """Read what the audience did. Nothing read yet is an answer too."""

    async def telemetry(state: CampaignState) -> CampaignUpdate:
        campaign = await load_campaign(crew, state)
        storyboard = await crew.archive.load(Storyboard, state["storyboard"])
        cuts = await _base_cuts(crew, state)
        source = await asyncio.to_thread(crew.telemetry, campaign)
        found = Readings(round=state["round"], readings=await source.read(storyboard, cuts))
        simulated = any(reading.simulated for reading in found.readings)
        digest = await crew.archive.keep(
            state["run"], found, lambda kept: TelemetryRead(readings=kept, round=found.round, simulated=simulated)
        )
        return {"readings": digest}

    return telemetry


def analyst_node(crew: Crew) -> Node:
    """Decide what the readings ask for: keep, stop, trim, reshoot, or wait for more; and word what is asked for."""

    async def analyst(state: CampaignState) -> CampaignUpdate:
        campaign = await load_campaign(crew, state)
        storyboard = await crew.archive.load(Storyboard, state["storyboard"])
        cuts = await _base_cuts(crew, state)
        found = await crew.archive.load(Readings, state["readings"])
        left = campaign.reshoots.rounds - state["changes"]
        decided = crew.analyst.decide(campaign, storyboard, cuts, found.readings, left)
        decision = await crew.analyst.word(campaign, storyboard, decided)
        digest = await crew.archive.keep(
            state["run"],
            decision,
            lambda kept: AnalystDecided(
                decision=kept, kind_of_decision=decision.kind, variant=decision.variant, shot=decision.shot
            ),
        )
        changes = state["changes"] + (1 if decision.request is not None else 0)
        return {"decision": digest, "next": decision.kind, "changes": changes, "returns": 0}

    return analyst


async def _base_cuts(crew: Crew, state: CampaignState) -> tuple[Cut, ...]:
    """The cuts without their alternates: readings are of a variant in a placement, whichever label a market sees."""
    cuts = [await crew.archive.load(Cut, one) for one in state["cuts"]]
    return tuple(cut for cut in cuts if not cut.alternate)


def wrap_node(crew: Crew) -> Node:
    """Close the books: say how the run ended and what it cost."""

    async def wrap(state: CampaignState) -> CampaignUpdate:
        run = await crew.database.read(lambda tx: runs.find(tx, RunId(state["run"])))
        await take_back(crew, run, "the run ended while it was being sent")
        status, reason = await _ending(crew, state)
        if status in ("finished", "rejected"):  # nobody will come back to it: nothing may stay held, nothing be lost
            await crew.jobs.again(await crew.database.write(partial(_let_go, run=RunId(state["run"]))))
        await crew.database.write(lambda tx: _wrap(tx, RunId(state["run"]), status, reason))
        return {"outcome": status, "reason": reason}

    return wrap


async def _ending(crew: Crew, state: CampaignState) -> tuple[RunStatus, str]:
    """How it ends. Once something is out, a later no leaves it out there: the run is finished, not rejected."""
    known = await crew.database.read(lambda tx: publication.of_run(tx, RunId(state["run"])))
    out = [one for one in known if one.state != "sending"]
    stays = "; what is published stays" if any(one.state == "up" for one in out) else ""
    match state.get("answer"):
        case "reject":
            return "finished" if out else "rejected", (state.get("reason") or f"rejected at {state['gate']}") + stays
        case "expired":
            return "finished" if out else "expired", f"nobody answered {state['gate']} in time; the plan is kept{stays}"
    if state.get("findings"):
        return "failed", f"it could not be cleared: {state.get('reason', '')}{stays}"
    decision = await crew.archive.load(AnalystDecision, state["decision"])
    return "finished", decision.reason


def _let_go(tx: Transaction, run: RunId) -> tuple[JobId, ...]:
    """Give back what was not asked for, and count as paid what nobody can account for. The jobs of what is under way:
    a worker sees them to their end.
    """
    words.write_off(tx, run)
    under_way: list[JobId] = []
    for one in purchase.of_run(tx, run):
        if one.state is PurchaseState.RESERVED:
            purchase.move(tx, one.key, "cancel", reason="the run ended before it was asked for")
        elif one.state is PurchaseState.AMBIGUOUS:
            purchase.move(tx, one.key, "write_off", reason="the run ended, and nobody said whether it was made")
        elif one.state in UNDER_WAY:
            under_way.append(take_job(run, one.key))
    return tuple(under_way)


def _wrap(tx: Transaction, run_id: RunId, status: RunStatus, reason: str) -> Run:
    before = runs.find(tx, run_id)
    if before.status == status and before.reason == reason:
        return before
    spent: Balance = purchase.book_of(tx, run_id)
    record(
        tx, run_id, RunWrapped(status=status, reason=reason, seconds_purchased=spent.spent_seconds, money=spent.spent)
    )
    return runs.set_status(tx, run_id, status, reason)
