"""The campaign of a run: frozen when the run began, with what legal says now."""

from callsheet.domain.campaign import Campaign
from callsheet.domain.claim import LegalBook
from callsheet.graphs.crew import Crew
from callsheet.graphs.state import CampaignState
from callsheet.storage import legal


async def load_campaign(crew: Crew, state: CampaignState) -> Campaign:
    """Brief, catalog, brand and prices as frozen; legal's records as they stand in the workspace at this moment."""
    frozen = await crew.archive.load(Campaign, state["campaign"])
    book = await legal_book(crew, frozen)
    said = {"claims": book.claims, "disclosures": book.disclosures, "topics": book.topics}
    return frozen.model_copy(update=said)


async def legal_book(crew: Crew, campaign: Campaign) -> LegalBook:
    """Everything legal has said about a campaign at this moment, with what it waived: what a gate judges words by."""
    return await crew.database.read(lambda tx: legal.book(tx, campaign))
