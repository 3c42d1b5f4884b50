"""The campaign of a run: frozen when the run began, with what legal says now."""

from callsheet.domain.campaign import Campaign
from callsheet.graphs.crew import Crew
from callsheet.graphs.state import CampaignState
from callsheet.storage import record as records


async def load_campaign(crew: Crew, state: CampaignState) -> Campaign:
    """Brief, catalog, brand and prices as frozen; claims as the workspace's records stand at this moment."""
    frozen = await crew.archive.load(Campaign, state["campaign"])
    claims = await crew.database.read(lambda tx: records.claims(tx, frozen.name, frozen.claims))
    return frozen.model_copy(update={"claims": claims})
