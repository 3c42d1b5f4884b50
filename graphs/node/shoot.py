"""The node that shoots: it hands a batch of render jobs in and waits. Nothing is bought inside a node."""

from callsheet.domain.campaign import Campaign
from callsheet.domain.error import ProviderTrouble
from callsheet.domain.event import TakesCircled
from callsheet.domain.storyboard import CallSheet
from callsheet.domain.take import Take
from callsheet.graphs.crew import Crew
from callsheet.graphs.node.shape import Node
from callsheet.graphs.shoot import shoot_batch, take_orders
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.jobs.port import Done, Undone

_TRIES = 2


class ShootIncomplete(ProviderTrouble):
    """Some shots have no take. What was bought is kept; `callsheet resume` goes on with the rest."""


def shoot_node(crew: Crew) -> Node:
    """Buy what the call sheet asks for. A take that arrived unusable is bought once more, within what was approved."""

    async def shoot(state: CampaignState) -> CampaignUpdate:
        campaign = await crew.archive.load(Campaign, state["campaign"])
        sheet = await crew.archive.load(CallSheet, state["call_sheet"])
        missing: dict[str, str] = {}
        asked = 0
        for _ in range(_TRIES):
            wanted = await take_orders(crew, state["run"], campaign, sheet)
            asked = len(wanted)
            batch = shoot_batch(state["run"], state["round"], wanted)
            await crew.jobs.submit(batch)
            outcome = await crew.jobs.outcome(batch)
            missing = {job: one.reason for job, one in outcome.items() if isinstance(one, Undone)}
            if not missing:
                takes = [Take.model_validate(one.result) for one in outcome.values() if isinstance(one, Done)]
                return {"takes": {take.id: take.purchase for take in takes}}
        raise ShootIncomplete(f"{len(missing)} of {asked} takes are missing: {'; '.join(sorted(missing.values()))}")

    return shoot


def circle_event(circled: dict[str, str]) -> TakesCircled:
    """Which take was chosen for each shot."""
    return TakesCircled.model_validate({"takes": sorted(circled.items())})
