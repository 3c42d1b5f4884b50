"""The nodes that plan: load, director, casting, clearance of the plan."""

from callsheet.domain.campaign import Campaign
from callsheet.domain.clearance import clear_plan, stops
from callsheet.domain.event import CallSheetDrawn, PlanCleared, PlanReturned, StoryboardDrafted
from callsheet.domain.finding import Finding
from callsheet.domain.gate import Decision
from callsheet.domain.identity import Digest, GateId
from callsheet.domain.quote import Quote, quote
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.domain.telemetry import AnalystDecision, ReshootRequest
from callsheet.graphs.crew import WRITTEN, Crew
from callsheet.graphs.node.shape import Node
from callsheet.graphs.shoot import held_shots
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.storage import gate as gates
from callsheet.storage import record as records


def load_node(crew: Crew) -> Node:
    """Bring the campaign's cameos and claims into the workspace; the campaign itself is frozen already."""

    async def load(state: CampaignState) -> CampaignUpdate:
        campaign = await crew.archive.load(Campaign, state["campaign"])
        await crew.database.write(lambda tx: records.seed(tx, campaign.cameos, campaign.claims))
        return {"round": 0, "returns": 0, "changes": 0, "findings": [], "stops_at_dailies": campaign.stops_at_dailies}

    return load


def director_node(crew: Crew) -> Node:
    """Plan, or change the plan: after findings, after a person's edit, after the Analyst's request."""

    async def director(state: CampaignState) -> CampaignUpdate:
        campaign = await crew.archive.load(Campaign, state["campaign"])
        before = await crew.archive.load(Storyboard, state["storyboard"]) if "storyboard" in state else None
        WRITTEN.set(None)
        if before is not None and state.get("answer") == "edit":
            said = await _edit_at(crew, state["gate"])
            after = crew.director.edit(campaign, before, said.edits)
        elif before is not None and state.get("next") == "reshoot":
            request = (await crew.archive.load(AnalystDecision, state["decision"])).request
            after = await _revised(crew, campaign, before, request)
        else:
            findings = [Finding.model_validate_json(one) for one in state.get("findings", [])]
            after = await crew.director.plan(campaign, findings)
        digest = await crew.archive.keep(state["run"], after, lambda kept: _drafted(kept, after))
        return {"storyboard": digest, "round": after.round, "answer": "", "next": "", "findings": []}

    return director


def casting_node(crew: Crew) -> Node:
    """Settle who may appear, under which release; who may not goes back to the Director as a finding."""

    async def casting(state: CampaignState) -> CampaignUpdate:
        campaign = await crew.archive.load(Campaign, state["campaign"])
        storyboard = await crew.archive.load(Storyboard, state["storyboard"])
        cameos, revoked = await crew.database.read(
            lambda tx: (records.cameos(tx, tuple(one.id for one in campaign.cameos)), records.revoked(tx))
        )
        sheet, findings = crew.casting.cast(campaign, storyboard, cameos, revoked, crew.clock())
        roles = tuple((role.shot, role.cameo, role.release) for role in sheet.roles)
        digest = await crew.archive.keep(
            state["run"],
            sheet,
            lambda kept: CallSheetDrawn(call_sheet=kept, storyboard=sheet.storyboard, roles=roles),
        )
        return {"call_sheet": digest, "findings": [one.model_dump_json() for one in findings]}

    return casting


def clear_plan_node(crew: Crew) -> Node:
    """Hold the plan against claims, product, provider and caps. What stops it goes back to the Director."""

    async def clear_the_plan(state: CampaignState) -> CampaignUpdate:
        campaign, storyboard, sheet, priced = await price(crew, state)
        claims = await crew.database.read(lambda tx: records.claims(tx, tuple(one.id for one in campaign.claims)))
        found = clear_plan(campaign, storyboard, sheet.shots, claims, priced, crew.clock().date())
        all_found = [*(Finding.model_validate_json(one) for one in state.get("findings", [])), *found]
        stopping = stops(all_found)
        if stopping:
            words = tuple(str(one) for one in stopping)
            await crew.archive.log(state["run"], PlanReturned(call_sheet=sheet.digest, findings=words))
            return {
                "findings": [one.model_dump_json() for one in stopping],
                "returns": state["returns"] + 1,
                "reason": "; ".join(words),
            }
        notes = tuple(str(one) for one in all_found)
        await crew.archive.log(state["run"], PlanCleared(call_sheet=sheet.digest, notes=notes))
        return {"findings": [], "returns": 0, "reason": ""}

    return clear_the_plan


async def price(crew: Crew, state: CampaignState) -> tuple[Campaign, Storyboard, CallSheet, Quote]:
    """The plan as it stands and its quote; takes that exist cost nothing."""
    campaign = await crew.archive.load(Campaign, state["campaign"])
    storyboard = await crew.archive.load(Storyboard, state["storyboard"])
    sheet = await crew.archive.load(CallSheet, state["call_sheet"])
    held = await held_shots(crew, state["run"], campaign, sheet)
    return campaign, storyboard, sheet, quote(campaign, sheet.shots, storyboard, held, crew.clock().date())


def _drafted(digest: Digest, storyboard: Storyboard) -> StoryboardDrafted:
    written = WRITTEN.get()
    if written is None:
        return StoryboardDrafted(storyboard=digest, round=storyboard.round, by="rule")
    return StoryboardDrafted(
        storyboard=digest,
        round=storyboard.round,
        by=written.by,
        prompt=written.prompt,
        input_tokens=written.tokens_in,
        output_tokens=written.tokens_out,
    )


async def _edit_at(crew: Crew, gate: str) -> Decision:
    verdict = await crew.database.read(lambda tx: gates.verdict_at(tx, GateId(gate)))
    return next(one for one in verdict.decisions if one.answer == "edit")


async def _revised(crew: Crew, campaign: Campaign, before: Storyboard, request: object) -> Storyboard:
    if not isinstance(request, ReshootRequest):
        raise TypeError("a reshoot needs the Analyst's request for one")
    return await crew.director.revise(campaign, before, request)
