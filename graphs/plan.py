"""Casting, pricing and clearing a plan: the same steps in the graph's nodes and when a person's edit is tried out."""

from collections.abc import Sequence

from callsheet.domain.budget import Balance
from callsheet.domain.campaign import Campaign
from callsheet.domain.clearance import clear_plan
from callsheet.domain.finding import Finding
from callsheet.domain.identity import RunId
from callsheet.domain.quote import Quote, quote
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.graphs.crew import Crew
from callsheet.graphs.shoot import held_shots
from callsheet.storage import purchase
from callsheet.storage import record as records


async def draw_call_sheet(
    crew: Crew, campaign: Campaign, storyboard: Storyboard
) -> tuple[CallSheet, Sequence[Finding]]:
    """Who appears where, by the releases as they stand now; refusals are findings."""
    wanted = tuple(one.id for one in campaign.cameos)
    cameos, revoked = await crew.database.read(lambda tx: (records.cameos(tx, wanted), records.revoked(tx)))
    return crew.casting.cast(campaign, storyboard, cameos, revoked, crew.clock())


async def price_plan(
    crew: Crew, run: RunId, campaign: Campaign, storyboard: Storyboard, sheet: CallSheet
) -> tuple[Quote, Balance]:
    """The quote of a plan, and what the run has spent before it; takes that exist cost nothing."""
    held = await held_shots(crew, campaign, sheet)
    spent = await crew.database.read(lambda tx: purchase.book_of(tx, run, campaign.provider.currency))
    return quote(campaign, sheet.shots, storyboard, held, crew.clock().date(), spent), spent


async def judge_plan(
    crew: Crew, run: RunId, campaign: Campaign, storyboard: Storyboard, sheet: CallSheet
) -> Sequence[Finding]:
    """Hold a plan against claims, product, provider and caps as they stand now."""
    priced, _ = await price_plan(crew, run, campaign, storyboard, sheet)
    wanted = tuple(one.id for one in campaign.claims)
    claims = await crew.database.read(lambda tx: records.claims(tx, wanted))
    return clear_plan(campaign, storyboard, sheet.shots, claims, priced, crew.clock().date())
