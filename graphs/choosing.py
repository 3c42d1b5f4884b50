"""What the crew's writers may still choose in a run, and what people have settled: nobody is asked about the latter."""

from collections.abc import Sequence

from callsheet.agents.cutting.circle import Circled
from callsheet.domain.campaign import Campaign
from callsheet.domain.gate import Decision
from callsheet.domain.identity import RunId, ShotId, TakeId
from callsheet.domain.showing import Showing
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.take import Take
from callsheet.graphs.crew import Crew
from callsheet.graphs.state import CampaignState
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.tools.writer.kept import by_the_house
from callsheet.tools.writer.port import WriterFailed

_PLANS = ("greenlight", "topup")


async def may_cast(crew: Crew, state: CampaignState) -> bool:
    """Whether roles are open: in a first plan that was not stopped, not changed by hand, and not bought from yet."""
    is_first = state["round"] == 0 and not state["returns"] and not state["objections"]
    is_untouched = not state["refusals"] and not state.get("takes")
    return is_first and is_untouched and not await _edited_by_hand(crew, state)


async def may_arrange(crew: Crew, state: CampaignState) -> bool:
    """Whether the order of the panels is open: before the first cut of a plan that nobody changed by hand."""
    is_first = state["round"] == 0 and not state.get("cuts") and state.get("next") != "trim"
    return is_first and not await _edited_by_hand(crew, state)


async def circled_takes(
    crew: Crew, state: CampaignState, campaign: Campaign, storyboard: Storyboard, takes: Sequence[Take]
) -> Circled:
    """The take of each shot: what people chose at dailies, or saw circled there and let stand; else as chosen."""
    told = await crew.database.read(lambda tx: _settled(tx, state, takes))
    return await crew.editor.choose(campaign, storyboard, takes, told)


async def takes_to_show(
    crew: Crew, state: CampaignState, campaign: Campaign, storyboard: Storyboard, takes: Sequence[Take]
) -> Circled:
    """The same, before people are asked: where the model gives nothing they see the rule's takes, and are told so."""
    try:
        return await circled_takes(crew, state, campaign, storyboard, takes)
    except WriterFailed as failed:
        with by_the_house():
            ruled = await circled_takes(crew, state, campaign, storyboard, takes)
        why = f"the newest takes are circled by rule: {failed.model} gave nothing for {failed.prompt.partition('@')[0]}"
        return Circled(takes=ruled.takes, reasons=(why,))


def _settled(tx: Transaction, state: CampaignState, takes: Sequence[Take]) -> dict[ShotId, TakeId]:
    """The takes that people let stand at this round's dailies, and those they chose by number, as `shot.3.take=2`."""
    seen: set[TakeId] = set()
    edits: dict[str, str] = {}
    for gate in gates.gates_of(tx, RunId(state["run"])):
        if gate.kind != "dailies":
            continue
        verdict = gates.verdict_at(tx, gate.id)
        edits |= {key: value for one in verdict.decisions for key, value in one.edits.items()}
        if gate.round == state["round"] and verdict.answer in ("approve", "edit"):
            seen = {one.take for one in document.fetch(tx, Showing, gate.shown).takes if one.circled}
    stood = {one.shot: one.id for one in takes if one.id in seen}
    return stood | {one.shot: one.id for one in takes if edits.get(f"{one.shot}.take") == str(one.number)}


async def _edited_by_hand(crew: Crew, state: CampaignState) -> bool:
    """Whether a person changed the plan exactly, key by key: then it is theirs."""

    def look(tx: Transaction) -> list[Decision]:
        asked = [gate for gate in gates.gates_of(tx, RunId(state["run"])) if gate.kind in _PLANS]
        return [said for gate in asked for said in gates.verdict_at(tx, gate.id).decisions]

    return any(said.edits for said in await crew.database.read(look))
