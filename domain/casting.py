"""What a campaign asks of the people in it, and how a refusal travels to the Director."""

import re
from collections.abc import Iterable, Sequence

from callsheet.domain.cameo import Use
from callsheet.domain.campaign import Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, PlacementId, ShotId
from callsheet.domain.seen import fold
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Refusal

REFUSED = "casting.refused"

SILENT = "asks for somebody to be heard; a cast person says nothing, since no voice of theirs is sent to a provider"
_LINE = re.compile(r"[\"“”„«»「」『』]")
_SPEAKS = re.compile(
    r"(?<!\w)(?:says|saying|said|speaks|speaking|spoken|talks|talking|tells|telling|whispers|whispering|shouts|shouting|"
    r"sings|singing|narrat\w+|announces|announcing|recites|reciting|reads aloud|reading aloud|voice-? ?over|off-voice|"
    r"dialogue|monologue|lip-? ?sync\w*|sagt|spricht|redet|erzahlt|flustert|ruft|singt|dit|parle|raconte|chuchote|"
    r"chante|crie|dice|habla|susurra|grita|canta|parla|sussurra|grida|racconta|diz|fala|zegt|spreekt|praat|vertelt|"
    r"fluistert|roept|zingt)(?!\w)|話す|話し|言う|言い|語る|語り|歌う|歌い|叫|囁|ささや|しゃべ"
)
"""Words for being heard, as `fold` leaves them. One too many only keeps a person out of a shot; no list is whole."""
_PLACE = re.compile(r"^(?P<shot>\S+), cameo (?P<cameo>\S+)$")


def use_of(campaign: Campaign, placements: Sequence[PlacementId] | None = None) -> Use:
    """What the campaign would do with whoever is in its shots; everywhere it runs, or in these placements alone.

    It is their face alone: `speaks` keeps cast people silent, and no order can carry a voice or a character.
    """
    product = campaign.product
    return Use(
        grantee=campaign.brand.name,
        media=tuple(one.id for one in campaign.placements) if placements is None else tuple(placements),
        territories=campaign.markets,
        languages=(campaign.locale,),
        contexts=tuple(filter(None, (product.category, product.name, product.description, campaign.goal))),
    )


def speaks(shot: Shot) -> str:
    """The words of a shot that would have somebody in it heard; empty when all are silent."""
    said = (shot.audio,) if _LINE.search(shot.audio) else ()
    told = (
        one for one in (shot.audio, shot.action, shot.subject, shot.setting, shot.prompt) if _SPEAKS.search(fold(one))
    )
    return next(iter((*said, *told)), "")


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
