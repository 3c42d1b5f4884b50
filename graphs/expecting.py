"""What the order of a take permits to be seen and heard, from its shot, its campaign and its provider."""

import re

from callsheet.agents.planning.crowd import faces_planned
from callsheet.domain.campaign import Campaign
from callsheet.domain.identity import CameoId, Digest
from callsheet.domain.scan.expected import Expected
from callsheet.domain.shot import Shot

_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{1,80})[\"”“»]")
_PREVIZ_MARK = "PREVIZ"


def expected_of(campaign: Campaign, shot: Shot, cameo: CameoId | None, picture: str | None) -> Expected:
    """What may be in one take. `picture` is the product's picture as it is sent to the provider, by its bytes.

    Words that the shot quotes may be read, those that its sound quotes may be heard; both passed the gate for words.
    """
    is_exact = shot.product == "exact" and picture is not None
    names = (campaign.brand.name, campaign.product.name) if shot.product != "none" else ()
    slate = _slate(campaign, shot)
    return Expected(
        slate=" ".join(slate),
        words=(*slate, *_quoted(shot.subject, shot.action, shot.setting)),
        lines=_quoted(shot.audio),
        names=tuple(filter(None, names)),
        people=faces_planned(shot),
        cast=cameo,
        product=Digest(picture) if is_exact and picture else None,
        begins_from_product=campaign.provider.reference == "first_frame",
        language=campaign.locale,
    )


def _slate(campaign: Campaign, shot: Shot) -> tuple[str, ...]:
    """What a provider of previz writes over its pictures."""
    if not campaign.provider.previz:
        return ()
    return (_PREVIZ_MARK, shot.id, shot.framing.value, shot.movement.value, f"{shot.purchased_seconds} s")


def _quoted(*texts: str) -> tuple[str, ...]:
    return tuple(found for text in texts for found in _QUOTED.findall(text))
