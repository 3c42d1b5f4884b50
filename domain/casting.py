"""How a refusal to cast somebody travels to the Director: as a finding that names the shot and the person."""

import re
from collections.abc import Iterable

from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.storyboard import Refusal

REFUSED = "casting.refused"

_PLACE = re.compile(r"^(?P<shot>\S+), cameo (?P<cameo>\S+)$")


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
