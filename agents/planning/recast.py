"""A storyboard without the people who may not appear: their shots are worded anew, everything else stays as it is.

Nothing is planned anew: what people changed at a gate, what was reworded for a provider, and every take of every other
shot is kept.
"""

import re

from callsheet.agents.planning.wording import word_shot
from callsheet.domain.campaign import Campaign
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard
from callsheet.prompts.library import casting_words


def without(campaign: Campaign, storyboard: Storyboard, refused: frozenset[tuple[ShotId, CameoId]]) -> Storyboard:
    """The same storyboard with somebody nobody knows in each of these roles."""
    people = {cameo.id: (cameo.name, cameo.description) for cameo in campaign.cameos}
    changed: list[str] = []

    def recast(shot: Shot) -> Shot:
        if shot.cameo is None or (shot.id, shot.cameo) not in refused:
            return shot
        changed.append(f"{shot.id} without {shot.cameo}")
        words = people.get(shot.cameo, ())
        said = {field: _stranger(getattr(shot, field), words) for field in ("subject", "action", "setting")}
        return word_shot(campaign, shot.model_copy(update={"cameo": None, **said}))

    shots = tuple(map(recast, storyboard.shots))
    if not changed:
        return storyboard
    note = f"planned anew because consent ended: {', '.join(changed)}"
    return storyboard.model_copy(update={"shots": shots, "notes": (*storyboard.notes, note)})


def _stranger(text: str, words: tuple[str, ...]) -> str:
    """The text with a stranger wherever it describes or names the person."""
    for word in filter(None, words):
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", casting_words().stranger, text, flags=re.IGNORECASE)
    return text
