"""The nodes that plan: load, director, casting, clearance of the plan."""

from langgraph.config import get_config

from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import REFUSED
from callsheet.domain.clearance import stops
from callsheet.domain.event import CallSheetDrawn, PlanCleared, PlanReturned, StoryboardDrafted
from callsheet.domain.finding import Finding
from callsheet.domain.identity import Digest, GateId, RunId, ShotId
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.domain.telemetry import AnalystDecision, ReshootRequest
from callsheet.domain.words.reviewer import ADDED
from callsheet.graphs.brief import load_campaign
from callsheet.graphs.choosing import may_cast
from callsheet.graphs.consent import UNCOVERED, withheld
from callsheet.graphs.crew import WRITTEN, Crew
from callsheet.graphs.node.shape import Node
from callsheet.graphs.plan import draw_call_sheet, judge_plan, propose_roles, reviewed
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.storage import cameo as people
from callsheet.storage import gate as gates
from callsheet.storage import legal
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction


def load_node(crew: Crew) -> Node:
    """Bring the campaign's people and legal's records into the workspace; the campaign itself is frozen already.

    From here on the run belongs to this thread: a second one would write its story twice.
    """

    async def load(state: CampaignState) -> CampaignUpdate:
        campaign = await crew.archive.load(Campaign, state["campaign"])
        driver = _driver()
        await crew.database.write(lambda tx: _bring_in(tx, RunId(state["run"]), campaign, driver))
        return {
            "round": 0,
            "returns": 0,
            "changes": 0,
            "findings": [],
            "objections": [],
            "lost": [],
            "refused": [],
            "refusals": {},
            "stops_at_dailies": campaign.stops_at_dailies,
        }

    return load


def director_node(crew: Crew) -> Node:
    """Plan, or change the plan: after findings, a person's edit, a provider's refusal, the Analyst's request, or when
    somebody in it may not be shown any more.
    """

    async def director(state: CampaignState) -> CampaignUpdate:
        campaign = await load_campaign(crew, state)
        drafted = state.get("storyboard")
        before = await crew.archive.load(Storyboard, drafted) if drafted else None
        if before is not None and state.get("next") == UNCOVERED:
            after = crew.director.recast(
                campaign, before, [Finding.model_validate_json(one) for one in state["refused"]]
            )
        elif before is not None and state.get("answer") == "edit":
            after = await _edited(crew, campaign, before, state["gate"])
        elif before is not None and state.get("next") == "refused":
            refused = [Finding.model_validate_json(one) for one in state["refused"]]
            counts = {ShotId(shot): count - 1 for shot, count in state["refusals"].items()}
            after = await crew.director.reword(campaign, before, refused, counts)
        elif before is not None and state.get("next") == "reshoot":
            request = (await crew.archive.load(AnalystDecision, state["decision"])).request
            after = await _revised(crew, campaign, before, request)
        else:
            findings = [Finding.model_validate_json(one) for one in state["objections"]]
            after = await crew.director.plan(campaign, findings, current=before)
        digest = await crew.archive.keep(state["run"], after, lambda kept: _drafted(kept, after))
        return {"storyboard": digest, "round": after.round, "answer": "", "next": "", "findings": []}

    return director


def casting_node(crew: Crew) -> Node:
    """Settle who may appear, under which release; who may not goes back to the Director as a finding."""

    async def casting(state: CampaignState) -> CampaignUpdate:
        campaign = await load_campaign(crew, state)
        planned = await crew.archive.load(Storyboard, state["storyboard"])
        storyboard = await propose_roles(crew, campaign, planned) if await may_cast(crew, state) else planned
        if storyboard != planned:
            await crew.archive.keep(state["run"], storyboard, lambda kept: _drafted(kept, storyboard))
        sheet, findings = await draw_call_sheet(crew, campaign, storyboard)
        roles = tuple((role.shot, role.cameo, role.release) for role in sheet.roles)
        digest = await crew.archive.keep(
            state["run"],
            sheet,
            lambda kept: CallSheetDrawn(call_sheet=kept, storyboard=sheet.storyboard, roles=roles),
        )
        told = [one.model_dump_json() for one in findings]
        return {"storyboard": storyboard.digest, "call_sheet": digest, "findings": told}

    return casting


def clear_plan_node(crew: Crew) -> Node:
    """Hold the plan against claims, product, provider and caps. What stops it goes back to the Director."""

    async def clear_the_plan(state: CampaignState) -> CampaignUpdate:
        campaign = await load_campaign(crew, state)
        storyboard = await crew.archive.load(Storyboard, state["storyboard"])
        sheet = await crew.archive.load(CallSheet, state["call_sheet"])
        refused = [Finding.model_validate_json(one) for one in state["findings"]]
        found = [*refused, *await judge_plan(crew, RunId(state["run"]), campaign, storyboard, sheet)]
        if not stops(found):  # nobody is paid to read what goes back anyway
            found = [*await reviewed(crew, campaign, storyboard, found)]
        if stopping := stops(found):
            words = tuple(str(one) for one in stopping)
            kept = await crew.archive.keep_all(stopping)
            await crew.archive.log(state["run"], PlanReturned(call_sheet=sheet.digest, findings=words, kept=kept))
            stopped = [one.model_dump_json() for one in stopping]
            objections = [*state["objections"], *(one for one in stopped if one not in state["objections"])]
            returns = state["returns"] + 1
            if state["round"] > 0 and all(one.rule == REFUSED for one in stopping):  # published shots are kept
                return {**withheld(state, stopping), "findings": stopped, "returns": returns}
            return {"findings": stopped, "objections": objections, "returns": returns, "reason": "; ".join(words)}
        await crew.archive.log(
            state["run"], PlanCleared(call_sheet=sheet.digest, notes=tuple(str(one) for one in found))
        )
        doubts = [str(one) for one in found if one.rule.startswith(ADDED)]
        return {"findings": [], "objections": [], "returns": 0, "reason": "", "doubts": doubts}

    return clear_the_plan


def _driver() -> str:
    """The thread of the host that runs this node; nothing where nobody keeps checkpoints."""
    return str(get_config().get("configurable", {}).get("thread_id", ""))


def _bring_in(tx: Transaction, run: RunId, campaign: Campaign, driver: str) -> None:
    runs.claim(tx, run, driver)
    if runs.find(tx, run).alternate_of is None:  # it takes the people as the workspace knows them now
        people.seed(tx, campaign.cameos)
    legal.seed(tx, campaign)


def _drafted(digest: Digest, storyboard: Storyboard) -> StoryboardDrafted:
    written = WRITTEN.get()
    if not written:
        return StoryboardDrafted(storyboard=digest, round=storyboard.round, by="rule")
    asked = [one for one in written if one.by != "house"] or written
    return StoryboardDrafted(
        storyboard=digest,
        round=storyboard.round,
        by=asked[0].by,
        prompt=asked[0].prompt,
        input_tokens=sum(one.tokens_in for one in written),
        output_tokens=sum(one.tokens_out for one in written),
    )


async def _edited(crew: Crew, campaign: Campaign, before: Storyboard, gate: str) -> Storyboard:
    """What a person asked for at a gate: exact changes, or a note for the Director to plan by."""
    verdict = await crew.database.read(lambda tx: gates.verdict_at(tx, GateId(gate)))
    said = next(one for one in verdict.decisions if one.answer == "edit")
    if said.edits:
        return crew.director.edit(campaign, before, said.edits)
    return await crew.director.plan(campaign, note=said.note, current=before)


async def _revised(crew: Crew, campaign: Campaign, before: Storyboard, request: object) -> Storyboard:
    if not isinstance(request, ReshootRequest):
        raise TypeError("a reshoot needs the Analyst's request for one")
    return await crew.director.revise(campaign, before, request)
