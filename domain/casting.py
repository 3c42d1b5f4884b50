"""What a campaign asks of the people in it, and how a refusal travels to the Director."""

import re
from collections.abc import Iterable, Sequence

from callsheet.domain.cameo import Use
from callsheet.domain.campaign import Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, PlacementId, ShotId
from callsheet.domain.storyboard import Refusal

REFUSED = "casting.refused"

_PLACE = re.compile(r"^(?P<shot>\S+), cameo (?P<cameo>\S+)$")


def use_of(campaign: Campaign, placements: Sequence[PlacementId] | None = None) -> Use:
    """What the campaign would do with whoever is in its shots; everywhere it runs, or in these placements alone."""
    product = campaign.product
    return Use(
        grantee=campaign.brand.name,
        media=tuple(one.id for one in campaign.placements) if placements is None else tuple(placements),
        territories=campaign.markets,
        languages=(campaign.locale,),
        contexts=tuple(filter(None, (product.category, product.name, product.description, campaign.goal))),
    )


def refusal_finding(refusal: Refusal) -> Finding:
    """The finding that stops a plan until the shot is planned without that person."""
    return Finding(
        rule=REFUSED,
        place=f"{refusal.shot}, cameo {refusal.cameo}",
        evidence="; ".join(refusal.reasons),
        fix=" or ".join(refusal.alternatives),
    )


def refused_roles(findings: Iterable[Finding]) -> frozenset[tuple[ShotId, CameoId]]:
    """Which person may not appear in which shot, according to these findings."""
    places = (_PLACE.match(finding.place) for finding in findings if finding.rule == REFUSED)
    return frozenset((ShotId(place["shot"]), CameoId(place["cameo"])) for place in places if place)
