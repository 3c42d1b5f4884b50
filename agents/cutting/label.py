"""The label that says how a film was made: from its shots and its markets to words on the timeline."""

import re
from collections.abc import Iterable
from datetime import date

from callsheet.agents.planning.crowd import faces_planned
from callsheet.agents.planning.wording import shows_somebody
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Super
from callsheet.domain.jurisdiction import Facts
from callsheet.domain.labelling import Labelling, divide
from callsheet.domain.placement import Placement
from callsheet.domain.shot import Shot
from callsheet.tools.rules.jurisdiction import jurisdictions


def facts_of(campaign: Campaign, shots: Iterable[Shot], previz: bool) -> Facts:
    """What these shots are, as laws on generated pictures ask.

    A person without a cameo is a synthetic performer, and so is whoever a cameo may share a shot with.
    """
    people = [shot for shot in (_nameless(campaign, one) for one in shots) if shows_somebody(shot)]
    return Facts(
        shows_people=bool(people),
        has_performer=any(shot.cameo is None or faces_planned(shot) != 1 for shot in people),
        has_replica=any(shot.cameo is not None for shot in people),
        is_previz=previz,
    )


def labellings(
    campaign: Campaign, placement: Placement, shots: Iterable[Shot], previz: bool, locale: str, day: date
) -> tuple[Labelling, ...]:
    """One labelling for each cut that a placement needs: the base cut's, then those of its alternates."""
    facts = facts_of(campaign, shots, previz)
    return divide(
        jurisdictions(), facts, campaign.markets, placement.platforms, locale, day, _is_drawable, campaign.labels
    )


def lay_label(labelling: Labelling, frames: int, rate: int) -> tuple[Super, ...]:
    """The label on the timeline of a cut of so many frames: all through, or as long as asked from the first on."""
    if not labelling.text:
        return ()
    length = frames if labelling.span == "throughout" else min(frames, -(-labelling.seconds * rate // 1))
    return (Super(kind="label", text=labelling.text, start=0, frames=int(length), height=labelling.height),)


def _nameless(campaign: Campaign, shot: Shot) -> Shot:
    """The shot without the product's and the brand's name as they are written: a shoe called Runner is nobody."""
    names = [
        re.escape(name) for name in (campaign.product.name, campaign.brand.name, *campaign.product.short_names) if name
    ]
    if not names:
        return shot
    spelt = re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)")
    return shot.model_copy(update={"subject": spelt.sub(" ", shot.subject), "action": spelt.sub(" ", shot.action)})


def _is_drawable(text: str) -> bool:
    from callsheet.tools.edit.typeface import missing_glyphs

    return not missing_glyphs(text)
