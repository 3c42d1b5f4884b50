"""What a shot that is taken again should show instead: the words a writer may find for it, and what is wrong with them.

That it is taken again, how near, how it moves and how bright it is, and for how many seconds, is decided by rule.
"""

from datetime import date
from typing import Any

from pydantic import Field

from callsheet.agents.planning.crowd import faces_planned
from callsheet.agents.planning.picture import picture_faults
from callsheet.agents.planning.wording import plain, shows_somebody
from callsheet.domain.campaign import Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.record import Record
from callsheet.domain.shot import Shot
from callsheet.domain.telemetry import AnalystDecision, ReshootRequest
from callsheet.domain.words.person import without_names

LONGEST_WISH = 140
"""Characters of a wish: what fits beside everything else that asks for a shot."""
_SHORTEST = 8


class RequestDraft(Record):
    """What the picture should show when a shot is taken again."""

    wish: str = Field(max_length=LONGEST_WISH, description="One sentence: what is seen to happen instead.")


def wish_facts(campaign: Campaign, shot: Shot, decision: AnalystDecision, request: ReshootRequest) -> dict[str, Any]:
    """What a model may know: the shot as it was asked for, and the counts that speak against it."""
    return {
        "campaign": {
            "goal": campaign.goal,
            "product": campaign.product.name,
            "category": campaign.product.category,
            "avoid": campaign.brand.avoid,
        },
        "shot": {
            "beat": shot.beat,
            "subject": without_names(shot.subject, campaign.cameos),
            "action": without_names(shot.action, campaign.cameos),
            "setting": without_names(shot.setting, campaign.cameos),
            "framing": shot.framing.value,
            "movement": shot.movement.value,
        },
        "readings": {"measured": decision.evidence[-1:], "changed_already": request.changes},
    }


def wish_faults(campaign: Campaign, shot: Shot, wish: str, day: date | None) -> tuple[str, ...]:
    """What is wrong with a wish, each as a phrase."""
    if not _SHORTEST <= len(wish.strip()) <= LONGEST_WISH:
        return (f"{len(wish.strip())} characters; it takes {_SHORTEST} to {LONGEST_WISH}",)
    said = plain(wish, LONGEST_WISH)
    after = shot.model_copy(update={"action": f"{shot.action}; {said}"})
    found = list(picture_faults(campaign, said, shot, after, day, campaign.cameos))
    if shows_somebody(after) != shows_somebody(shot) or faces_planned(after) != faces_planned(shot):
        found.append("it brings somebody in who is not in the shot")
    return tuple(found)


def check_wish(campaign: Campaign, shot: Shot, draft: RequestDraft, day: date | None) -> tuple[Finding, ...]:
    """Every way in which a wish cannot be asked for."""
    fix = "say in one sentence what the same subject does differently, and nothing else"
    return tuple(
        Finding(rule="draft.wish", place="wish", evidence=fault, fix=fix)
        for fault in wish_faults(campaign, shot, draft.wish, day)
    )


def with_wish(
    campaign: Campaign,
    shot: Shot,
    decision: AnalystDecision,
    request: ReshootRequest,
    draft: RequestDraft,
    day: date | None,
) -> AnalystDecision:
    """The decision with a sound wish in its request, and in what people read at the gate; else as it was."""
    if not draft.wish.strip() or wish_faults(campaign, shot, draft.wish, day):
        return decision
    wish = plain(draft.wish, LONGEST_WISH)
    return decision.model_copy(
        update={
            "request": request.model_copy(update={"wish": wish}),
            "reason": f"{decision.reason}; the wish: {wish}",
        }
    )
