"""The node that shoots: it hands batches of render jobs in and waits. Nothing is bought inside a node."""

from functools import partial

from callsheet.domain.error import ProviderTrouble
from callsheet.domain.event import TakesCircled
from callsheet.domain.identity import GateId, RunId
from callsheet.domain.showing import Showing
from callsheet.domain.storyboard import CallSheet
from callsheet.graphs.brief import load_campaign
from callsheet.graphs.consent import withheld
from callsheet.graphs.crew import Crew
from callsheet.graphs.lost import settle_lost
from callsheet.graphs.missing import Missing, missing, worth_asking
from callsheet.graphs.node.shape import Node
from callsheet.graphs.shoot import take_orders
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.jobs.order import CalledOff, ShootPaused
from callsheet.jobs.shoot import ShootItem, lane_of, shoot_in_batches
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage import stop as stops
from callsheet.storage.database import Transaction

_TRIES = 2
MOST_REFUSALS = 2
"""How often a shot that the provider refuses is worded anew before people must change it."""


class ShootIncomplete(ProviderTrouble):
    """Some shots have no take. What was bought is kept; `callsheet resume` goes on with the rest."""


def shoot_node(crew: Crew) -> Node:
    """Buy what the call sheet asks for. Only what may succeed if asked again is asked again, within what was approved.

    What nobody can account for waits at a gate; what the provider refuses to draw, and whom no release covers any more,
    goes back to the Director.
    """

    async def shoot(state: CampaignState) -> CampaignUpdate:
        campaign = await load_campaign(crew, state)
        sheet = await crew.archive.load(CallSheet, state["call_sheet"])
        name, lane = f"{state['run']}.{state['round']}.1-shoot", lane_of(campaign.provider, crew.account)
        items: dict[str, ShootItem] = {}
        ended: list[ShootItem] = []
        found = Missing()
        for tried in range(_TRIES):
            wanted = await take_orders(crew, state["run"], campaign, sheet)
            asked = wanted if tried == 0 else await crew.database.read(partial(worth_asking, orders=wanted))
            report = await shoot_in_batches(crew.jobs, asked, name, lane, priority=campaign.priority)
            items |= {item.order.order.key: item for item in report.items}
            ended = [items[one.order.key] for one in wanted]
            found = await crew.database.read(partial(missing, items=ended))
            if not found.reasons:
                takes: dict[str, str] = {item.take.id: item.take.purchase for item in ended if item.take}
                return {"takes": takes, "answer": "", "next": "", "lost": [], "refused": []}
            if not found.may_succeed:
                break
        await crew.database.read(lambda tx: _raise_if_stopped(tx, state["run"], campaign.name))
        return _ask_for_help(state, found, len(ended))

    return shoot


def _ask_for_help(state: CampaignState, found: Missing, asked: int) -> CampaignUpdate:
    """Hand on what can be decided: to people, or to the Director. Raises ShootIncomplete when neither can help."""
    if found.lost:
        return {"answer": "", "next": "lost", "lost": [*found.lost]}
    if found.uncovered:
        return withheld(state, found.uncovered)
    counts = dict(state.get("refusals", {}))
    for finding in found.refused:
        counts[finding.place] = counts.get(finding.place, 0) + 1
    if found.refused and max(counts[one.place] for one in found.refused) <= MOST_REFUSALS:
        refused = [one.model_dump_json() for one in found.refused]
        return {"answer": "", "next": "refused", "refused": refused, "refusals": counts}
    raise ShootIncomplete(f"{found.count} of {asked} takes are missing: {'; '.join(found.reasons)}")


def reconcile_node(crew: Crew) -> Node:
    """Write into the journal what people found out about purchases nobody could account for."""

    async def reconcile(state: CampaignState) -> CampaignUpdate:
        def settle(tx: Transaction) -> None:
            verdict = gates.verdict_at(tx, GateId(state["gate"]))
            edits = next((one.edits for one in verdict.decisions if one.answer == "edit"), {})
            showing = document.fetch(tx, Showing, gates.find(tx, GateId(state["gate"])).shown)
            settle_lost(tx, showing, verdict.answer, edits)

        if state["answer"] != "expired":  # nobody looked: they stay in doubt, and the gate opens again on resume
            await crew.database.write(settle)
        return {"lost": [], "next": ""}

    return reconcile


def circle_event(circled: dict[str, str]) -> TakesCircled:
    """Which take was chosen for each shot."""
    return TakesCircled.model_validate({"takes": sorted(circled.items())})


def _raise_if_stopped(tx: Transaction, run: str, campaign: str) -> None:
    stop = stops.of_run(tx, RunId(run), campaign)
    if stop is not None:
        why = f": {stop.reason}" if stop.reason else ""
        if stop.kind == "cancel":
            raise CalledOff(f"{stop.tag} was called off{why}")
        raise ShootPaused(f"{stop.tag} is paused{why}; `callsheet resume {run}` goes on")
