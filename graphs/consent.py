"""May the people in this plan still be shown? Asked again before every step that goes on with them.

What they may not be shown for goes back to the Director as Casting refuses it, and people are asked about the film
without them.
"""

from collections.abc import Callable, Sequence

from callsheet.domain.cameo import Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import refusal_finding, use_of
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId
from callsheet.domain.storyboard import CallSheet, Refusal
from callsheet.graphs.crew import Crew
from callsheet.graphs.node.shape import Node
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.storage import cameo as people
from callsheet.storage.database import Transaction

UNCOVERED = "uncovered"
"""Where the state says `next` so, the Director plans the refused shots without their people."""
Ask = Callable[[Transaction], tuple[Finding, ...]]


async def asks(crew: Crew, state: CampaignState) -> Ask:
    """The question about the people of the call sheet, to be put in a transaction: it answers for that moment."""
    drawn = state.get("call_sheet")
    sheet = await crew.archive.load(CallSheet, drawn) if drawn else None
    if sheet is None or not sheet.roles:
        return lambda _: ()
    campaign = await crew.archive.load(Campaign, state["campaign"])
    return lambda tx: _refused(tx, campaign, sheet)


async def uncovered(crew: Crew, state: CampaignState) -> tuple[Finding, ...]:
    """Every role of the call sheet that no release covers now, as Casting refuses it."""
    return await crew.database.read(await asks(crew, state))


async def left_out(crew: Crew, state: CampaignState) -> tuple[str, ...]:
    """Everybody of the campaign who is in no shot of the plan because no release covers it: why, and what to do."""
    campaign = await crew.archive.load(Campaign, state["campaign"])
    sheet = await crew.archive.load(CallSheet, state["call_sheet"])
    cast = {role.cameo for role in sheet.roles}
    absent = tuple(one.id for one in campaign.cameos if one.id not in cast)
    found = await crew.database.read(lambda tx: _why_absent(tx, campaign, absent)) if absent else ()
    again = f'callsheet decide {state["run"]} greenlight edit --note "plan again"'
    return (*found, f"to plan again once they may be shown: {again}") if found and not state["round"] else found


def withheld(state: CampaignState, found: Sequence[Finding]) -> CampaignUpdate:
    """What a step gives back instead of doing its work."""
    refused = [one.model_dump_json() for one in found]
    objections = [*state.get("objections", []), *(one for one in refused if one not in state.get("objections", []))]
    reason = "; ".join(map(str, found))
    return {"answer": "", "next": UNCOVERED, "refused": refused, "objections": objections, "reason": reason}


def while_covered(crew: Crew, node: Node) -> Node:
    """The same step, done only while everybody in the plan may be shown."""

    async def asked(state: CampaignState) -> CampaignUpdate:
        found = await uncovered(crew, state)
        return withheld(state, found) if found else await node(state)

    return asked


def _why_absent(tx: Transaction, campaign: Campaign, absent: tuple[CameoId, ...]) -> tuple[str, ...]:
    use, found = use_of(campaign), list[str]()
    for person in people.cameos(tx, absent):
        verdict = check_release(person, use, tx.now)
        if isinstance(verdict, Uncovered):
            found.append(f"{person.id} is left out: {'; '.join(verdict.reasons)}")
    return tuple(found)


def _refused(tx: Transaction, campaign: Campaign, sheet: CallSheet) -> tuple[Finding, ...]:
    known = {one.id: one for one in people.cameos(tx, tuple(sorted({role.cameo for role in sheet.roles})))}
    use, found = use_of(campaign), list[Finding]()
    for role in sheet.roles:
        person = known.get(role.cameo)
        verdict = check_release(person, use, tx.now) if person else Uncovered(reasons=("nobody here knows the person",))
        if isinstance(verdict, Uncovered):
            without = (f"plan {role.shot} without {role.cameo}",)
            refusal = Refusal(shot=role.shot, cameo=role.cameo, reasons=verdict.reasons, alternatives=without)
            found.append(refusal_finding(refusal))
    return tuple(found)
