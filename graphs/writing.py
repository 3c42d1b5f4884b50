"""The nodes in which somebody writes, and what people are asked when a model gives nothing that can be used.

approve                       the house's version of what was to be written is taken
edit   --note "..."           the model is asked once more, with the note as material
reject                        the run ends; what was bought is kept
"""

from pydantic import Field

from callsheet.domain.campaign import Campaign
from callsheet.domain.count import counted
from callsheet.domain.finding import Finding
from callsheet.domain.identity import Digest, GateId
from callsheet.domain.record import Record
from callsheet.domain.showing import Showing
from callsheet.graphs.brief import load_campaign
from callsheet.graphs.crew import WRITTEN, Crew
from callsheet.graphs.node.shape import Node
from callsheet.graphs.state import CampaignState, CampaignUpdate
from callsheet.storage import gate as gates
from callsheet.tools.writer.kept import BY_HOUSE, RUN, WISH, by_the_house
from callsheet.tools.writer.port import WriterFailed

WRITERS: tuple[str, ...] = ("director", "casting", "editor", "analyst")
"""The nodes whose agents may be a chat model."""

_LONGEST_REASON = 400


class Unwritten(Record):
    """What could not be written: in which node, by which model, why, and what the attempts cost in tokens."""

    node: str
    model: str
    prompt: str
    reasons: tuple[str, ...]
    tokens_in: int
    tokens_out: int
    is_away: bool = False
    before: tuple[str, str, str] = Field(description="The answer, gate and showing the node was to work from.")

    def asked_again(self, *, by_house: bool = False, wish: str = "") -> CampaignUpdate:
        """The state in which the node writes once more, from what it had: by the house, or with a person's wish."""
        answer, gate, showing = self.before
        return {
            "answer": answer,
            "gate": gate,
            "showing": showing,
            "stuck": self.node,
            "by_house": self.node if by_house else "",
            "wish": wish,
            "unwritten": "",
            "reason": "",
        }


def writing_node(crew: Crew, name: str, node: Node) -> Node:
    """The node, with a model's failure as a question to people. Nothing the run has is touched by it."""

    async def write(state: CampaignState) -> CampaignUpdate:
        WRITTEN.set(())
        run, house = RUN.set(state["run"]), BY_HOUSE.set(state.get("by_house") == name)
        wish = WISH.set(state.get("wish", "") if state.get("stuck") == name else "")
        try:
            update = await node(state)
        except WriterFailed as failed:
            return {"unwritten": await crew.archive.keep(state["run"], _unwritten(state, name, failed))}
        finally:
            WISH.reset(wish)
            BY_HOUSE.reset(house)
            RUN.reset(run)
        return {**update, "unwritten": "", "by_house": "", "stuck": "", "wish": ""}

    return write


async def show_unwritten(crew: Crew, state: CampaignState) -> Showing:
    """Why the model gave nothing, what that cost, and what the house offers in its place."""
    missing = await crew.archive.load(Unwritten, state["unwritten"])
    storyboard = state.get("storyboard") or await _house_plan(crew, state)
    is_plan = not state.get("storyboard")
    offered = "the plan shown here" if is_plan else f"its own version of what the {missing.node} was to write"
    why = "did not answer" if missing.is_away else "gave nothing that can be used"
    return Showing(
        kind="writer",
        round=state["round"],
        question=f"{missing.model} {why} for the {missing.node}. Shall the house crew write it?",
        storyboard=Digest(storyboard),
        notices=(
            *(one[:_LONGEST_REASON] for one in missing.reasons),
            f"{counted(len(missing.reasons), 'attempt')} cost {missing.tokens_in} tokens read and "
            f"{missing.tokens_out} written",
            f"approve: the house writes {offered}, and the run goes on",
            "edit: the model is asked once more, with your note; look first whether its server runs",
            "reject: the run ends; nothing that was bought is lost",
        ),
    )


def rewrite_node(crew: Crew) -> Node:
    """Take the answer to the node that was waiting for words, and give it back what it was to work from."""

    async def rewrite(state: CampaignState) -> CampaignUpdate:
        missing = await crew.archive.load(Unwritten, state["unwritten"])
        verdict = await crew.database.read(lambda tx: gates.verdict_at(tx, GateId(state["gate"])))
        notes = [one.note for one in verdict.decisions if one.note and one.answer == "edit"]
        return missing.asked_again(by_house=verdict.answer == "approve", wish="; ".join(notes))

    return rewrite


def _unwritten(state: CampaignState, node: str, failed: WriterFailed) -> Unwritten:
    return Unwritten(
        node=node,
        model=failed.model,
        prompt=failed.prompt,
        reasons=tuple(failed.reasons),
        tokens_in=failed.tokens_in,
        tokens_out=failed.tokens_out,
        is_away=failed.is_away,
        before=(state.get("answer", ""), state.get("gate", ""), state.get("showing", "")),
    )


async def _house_plan(crew: Crew, state: CampaignState) -> Digest:
    """The plan that the house would make: shown, and made again in the Director's node if people take it."""
    campaign: Campaign = await load_campaign(crew, state)
    with by_the_house():
        plan = await crew.director.plan(campaign, [Finding.model_validate_json(one) for one in state["objections"]])
    return await crew.archive.keep(state["run"], plan)
