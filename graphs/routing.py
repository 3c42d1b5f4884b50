"""Where a campaign goes next. Pure functions of the state; every answer is a node of the graph."""

from collections.abc import Sequence

from callsheet.graphs.consent import UNCOVERED
from callsheet.graphs.state import CampaignState, CampaignUpdate

MOST_RETURNS = 3
"""How often a plan, or the cuts, may come back from clearance before the run stops and says why."""

AFRESH: CampaignUpdate = {"findings": [], "objections": [], "returns": 0, "answer": "", "next": "", "reason": ""}
"""The state of a run that ended because it could not be cleared, when it is cleared once more."""


def before_clearance(told: Sequence[str]) -> str:
    """The node behind which a run that could not be cleared goes on, by the kinds of its ledger's entries.

    Behind the Editor where the cuts were stopped last, otherwise behind the Director: the plan is cast and priced anew.
    """
    stopped = [kind for kind in told if kind in ("PlanReturned", "CutReturned")]
    return "editor" if stopped and stopped[-1] == "CutReturned" else "director"


def after_director(state: CampaignState) -> str:
    """On to Casting, when there is a plan."""
    return _when_written(state, "casting")


def after_casting(state: CampaignState) -> str:
    """On to clearance, when the roles are proposed."""
    return _when_written(state, "clear_plan")


def after_editor(state: CampaignState) -> str:
    """On to clearance, when there is a cut."""
    return _when_written(state, "clear_cut")


def after_writer(state: CampaignState) -> str:
    """What people said about words that a model did not write."""
    match state.get("answer"):
        case "approve" | "edit":
            return "rewrite"
        case "open":
            return "writer"
        case _:
            return "wrap"


def after_rewrite(state: CampaignState) -> str:
    """Back to the node that was waiting for words."""
    return state["stuck"]


def after_clear_plan(state: CampaignState) -> str:
    """On to the gate; back to the Director with the findings; or to the end after too many returns.

    A reshoot that cannot be cleared ends the run: planning anew would throw away what is published. Somebody who may
    not be shown is taken out of it all the same; nothing else changes by that.
    """
    if state.get("next") == UNCOVERED and state["returns"] < MOST_RETURNS:
        return "director"
    if not state.get("findings"):
        return "open_topup" if state["round"] > 0 else "open_greenlight"
    return "director" if state["returns"] < MOST_RETURNS and state["round"] == 0 else "wrap"


def after_greenlight(state: CampaignState) -> str:
    """What people said about spending: shoot, change the plan, end, or ask again."""
    return _after_plan_gate(state, "greenlight")


def after_topup(state: CampaignState) -> str:
    """What people said about spending more."""
    return _after_plan_gate(state, "topup")


def after_shoot(state: CampaignState) -> str:
    """Ask people about purchases nobody can account for; reword what was refused; else dailies, or on to the edit."""
    if state.get("next") == "lost":
        return "open_purchase"
    if state.get("next") in ("refused", UNCOVERED):
        return "director"
    return "open_dailies" if state.get("stops_at_dailies") else "editor"


def after_purchase(state: CampaignState) -> str:
    """What people said about purchases that may have been made. Every answer is written into the journal first."""
    return "purchase" if state.get("answer") == "open" else "reconcile"


def after_reconcile(state: CampaignState) -> str:
    """Shoot what is still missing, or end."""
    return "shoot" if state.get("answer") in ("approve", "edit") else "wrap"


def after_open_dailies(state: CampaignState) -> str:
    """Wait for people; nobody is asked about takes that may not be used."""
    return _while_covered(state, "dailies")


def after_dailies(state: CampaignState) -> str:
    """What people said about the takes."""
    if state.get("next") == UNCOVERED:
        return "director"
    match state.get("answer"):
        case "approve" | "edit":
            return "editor"
        case "open":
            return "dailies"
        case _:
            return "wrap"


def after_clear_cut(state: CampaignState) -> str:
    """On to the encoders; back to the Editor; to the Director without somebody; or to the end."""
    if state.get("next") == UNCOVERED:
        return "director"
    if not state.get("findings"):
        return "assemble"
    return "editor" if state["returns"] < MOST_RETURNS else "wrap"


def after_assemble(state: CampaignState) -> str:
    """On to signing, while everybody in the cuts may be shown."""
    return _while_covered(state, "sign")


def after_sign(state: CampaignState) -> str:
    """On to the run's folder, while everybody in the files may be shown."""
    return _while_covered(state, "deliver")


def after_deliver(state: CampaignState) -> str:
    """On to the question whether to ship, while everybody in the files may be shown."""
    return _while_covered(state, "open_release")


def after_open_release(state: CampaignState) -> str:
    """Wait for people; nobody is asked to ship what may not go out."""
    return _while_covered(state, "release")


def after_publish(state: CampaignState) -> str:
    """On to the readings, if all of it went out."""
    return _while_covered(state, "telemetry")


def after_release(state: CampaignState) -> str:
    """What people said about the exact files."""
    if state.get("next") == UNCOVERED:
        return "director"
    match state.get("answer"):
        case "approve":
            return "publish"
        case "open":
            return "release"
        case _:
            return "wrap"


def after_analyst(state: CampaignState) -> str:
    """What the readings ask for."""
    if state.get("unwritten"):
        return "open_writer"
    match state.get("next"):
        case "trim":
            return "editor"
        case "reshoot":
            return "director"
        case _:
            return "wrap"


def _when_written(state: CampaignState, on: str) -> str:
    """On; or to the question what to do without the words of a model."""
    return "open_writer" if state.get("unwritten") else on


def _while_covered(state: CampaignState, on: str) -> str:
    """On; or to the Director, who plans the film without whoever may not be shown any more."""
    return "director" if state.get("next") == UNCOVERED else on


def _after_plan_gate(state: CampaignState, gate: str) -> str:
    if state.get("next") == UNCOVERED:
        return "director"
    match state.get("answer"):
        case "approve":
            return "shoot"
        case "edit":
            return "director"
        case "open":
            return gate
        case _:
            return "wrap"
