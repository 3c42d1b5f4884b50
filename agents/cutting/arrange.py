"""The order of a variant's panels and how they are entered: what a writer may choose, and the storyboard that follows.

The hook stays first and the last picture last, every panel keeps its length and its words, and no two neighbours share
framing and movement. A proposal picks from the orders that hold all this, so it cannot name another.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field, create_model

from callsheet.agents.planning.board import DISSOLVE
from callsheet.agents.planning.camera import clashes
from callsheet.agents.planning.claims import is_clean
from callsheet.agents.planning.wording import plain
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Transition
from callsheet.domain.finding import Finding
from callsheet.domain.record import Record
from callsheet.domain.shot import Movement
from callsheet.domain.storyboard import Panel, Storyboard, VariantPlan
from callsheet.domain.words.person import people_in, without_names

AS_PLANNED = "as planned"
NOWHERE = "nowhere"
FEWEST = 3
"""Panels below which there is nothing to arrange: the first and the last one stay where they are."""

_MOST_ORDERS = 6
_LONGEST_REASON = 160


class CutDraft(Record):
    """How one variant is put together."""

    order: str = Field(default=AS_PLANNED, description="One of the listed orders, or: as planned.")
    dissolve: str = Field(
        default=AS_PLANNED, description="Id of the only shot entered by a dissolve; nowhere: cuts only; or: as planned."
    )
    reason: str = Field(default="", max_length=_LONGEST_REASON, description="Why, in a few words.")


def orders(storyboard: Storyboard, variant: VariantPlan) -> tuple[str, ...]:
    """Every other order that is offered, as ids in a row: two neighbours in the middle change places."""
    panels = variant.panels
    found = []
    for place in range(1, len(panels) - 2):
        swapped = [*panels[:place], panels[place + 1], panels[place], *panels[place + 2 :]]
        if not clashes([storyboard.shot(panel.shot) for panel in swapped]):
            found.append(_row(swapped))
    return tuple(dict.fromkeys(found))[:_MOST_ORDERS]


def dissolves(storyboard: Storyboard, variant: VariantPlan) -> tuple[str, ...]:
    """The shots that may be entered by a dissolve: any but the first, unless the camera is in somebody's hand."""
    return tuple(
        panel.shot for panel in variant.panels[1:] if storyboard.shot(panel.shot).movement != Movement.HANDHELD
    )


def is_open(variant: VariantPlan) -> bool:
    """Whether there is anything to arrange. A shot that plays twice has no order of its own, and stays as planned."""
    shots = [panel.shot for panel in variant.panels]
    return len(shots) >= FEWEST and len(set(shots)) == len(shots)


def cut_form(storyboard: Storyboard, variant: VariantPlan) -> type[CutDraft]:
    """A proposal in which only sound orders and dissolves can be named."""
    order: Any = (Literal[(AS_PLANNED, *orders(storyboard, variant))], ...)
    dissolve: Any = (Literal[(AS_PLANNED, NOWHERE, *dissolves(storyboard, variant))], ...)
    return create_model("CutDraft", __base__=CutDraft, order=order, dissolve=dissolve)


def cut_facts(campaign: Campaign, storyboard: Storyboard, variant: VariantPlan) -> dict[str, Any]:
    """What a model may know of a variant: its panels in planned order, and what it may choose."""
    audience = next((one for one in campaign.audiences if one.id == variant.audience), None)
    return {
        "film": {
            "product": campaign.product.name,
            "goal": campaign.goal,
            "audience": {"name": audience.name, "tone": audience.tone} if audience else None,
        },
        "panels": [_told(campaign, storyboard, panel) for panel in variant.panels],
        "offered": {
            "order": [AS_PLANNED, *orders(storyboard, variant)],
            "dissolve": [AS_PLANNED, NOWHERE, *dissolves(storyboard, variant)],
        },
    }


def check_cut(storyboard: Storyboard, variant: VariantPlan, draft: CutDraft) -> tuple[Finding, ...]:
    """What is wrong with a proposal that has the right type."""
    found = []
    for what, said, offered in (
        ("order", draft.order, (AS_PLANNED, *orders(storyboard, variant))),
        ("dissolve", draft.dissolve, (AS_PLANNED, NOWHERE, *dissolves(storyboard, variant))),
    ):
        if said not in offered:
            evidence, fix = f"{said[:80]!r} is not offered", f"choose one of: {' | '.join(offered)}"
            found.append(Finding(rule=f"draft.{what}", place=what, evidence=evidence, fix=fix))
    return tuple(found)


def arrange(
    campaign: Campaign, storyboard: Storyboard, variant: VariantPlan, draft: CutDraft, by: str, day: date | None
) -> Storyboard:
    """The storyboard with one variant put together as proposed; what was not offered stays as planned."""
    panels: dict[str, Panel] = {panel.shot: panel for panel in variant.panels}
    row = draft.order.split() if draft.order in orders(storyboard, variant) else list(panels)
    offered = (NOWHERE, *dissolves(storyboard, variant))
    placed = tuple(
        _entered(panels[shot], draft.dissolve) if draft.dissolve in offered else panels[shot] for shot in row
    )
    if placed == variant.panels:
        return storyboard
    variants = tuple(
        one.model_copy(update={"panels": placed}) if one.id == variant.id else one for one in storyboard.variants
    )
    said = plain(draft.reason, _LONGEST_REASON)
    why = f": {said}" if said and is_clean(said, campaign, day) and not people_in(said, campaign.cameos) else ""
    note = f"variant {variant.id} arranged by {by}{why}"
    return storyboard.model_copy(update={"variants": variants, "notes": (*storyboard.notes, note)})


def _entered(panel: Panel, dissolve: str) -> Panel:
    """The panel as it is entered when this shot alone, or none, is entered by a dissolve."""
    if panel.shot == dissolve:
        return panel.model_copy(update={"transition": DISSOLVE})
    is_dissolve = panel.transition.kind == "dissolve"
    return panel.model_copy(update={"transition": Transition()}) if is_dissolve else panel


def _row(panels: Sequence[Panel]) -> str:
    return " ".join(panel.shot for panel in panels)


def _told(campaign: Campaign, storyboard: Storyboard, panel: Panel) -> dict[str, str]:
    shot = storyboard.shot(panel.shot)
    return {
        "shot": shot.id,
        "beat": shot.beat,
        "seen": without_names(f"{shot.subject} {shot.action}", campaign.cameos),
        "framing": shot.framing.value,
        "movement": shot.movement.value,
        "caption": without_names(panel.caption, campaign.cameos),
        "entered_by": panel.transition.kind,
    }
