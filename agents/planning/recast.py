"""A storyboard without the people who may not appear: their shots are worded anew, and no text names them any more.

Nothing is planned anew: what people changed at a gate, what was reworded for a provider, and every take of every other
shot is kept.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from callsheet.agents.planning.board import LONGEST_CALL
from callsheet.agents.planning.wording import word_shot
from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.record import Record
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Callout, EndCardPlan, Panel, Storyboard
from callsheet.domain.words.person import people_in
from callsheet.prompts.library import casting_words, refused_words
from callsheet.tools.rules.shipped import shipped_rules

Written = TypeVar("Written", bound=Record)
Names = Callable[[str], bool]
"""Whether a text names somebody who is gone."""


def without(campaign: Campaign, storyboard: Storyboard, refused: frozenset[tuple[ShotId, CameoId]]) -> Storyboard:
    """The same storyboard with somebody nobody knows in each of these roles. Who has no role left is named nowhere."""
    people = {cameo.id: (cameo.name, cameo.description) for cameo in campaign.cameos}
    changed: list[str] = []

    def recast(shot: Shot) -> Shot:
        if shot.cameo is None or (shot.id, shot.cameo) not in refused:
            return shot
        changed.append(f"{shot.id} without {shot.cameo}")
        words = people.get(shot.cameo, ())
        said = {field: as_stranger(getattr(shot, field), words) for field in ("subject", "action", "setting")}
        return word_shot(campaign, shot.model_copy(update={"cameo": None, **said}))

    shots = tuple(map(recast, storyboard.shots))
    if not changed:
        return storyboard
    note = f"planned anew because consent ended: {', '.join(changed)}"
    unnamed = naming_nobody(campaign, storyboard.model_copy(update={"shots": shots}), {one for _, one in refused})
    return unnamed.model_copy(update={"notes": (*unnamed.notes, note)})


def naming_nobody(campaign: Campaign, storyboard: Storyboard, refused: Iterable[CameoId]) -> Storyboard:
    """The storyboard with no text that names any of these people, unless they still have a role in it.

    A line that names them gives way to the brand's own or is left out, never to words that nobody approved.
    """
    cast = {shot.cameo for shot in storyboard.shots}
    gone = [one for one in campaign.cameos if one.id in set(refused) - cast]
    if not gone:
        return storyboard
    names = _naming(campaign, gone, [one for one in campaign.cameos if one.id in cast])
    shots = tuple(_unnamed_shot(campaign, shot, gone, names) for shot in storyboard.shots)
    return _cleared(storyboard.model_copy(update={"shots": shots}), names, campaign)


def _naming(campaign: Campaign, gone: list[Cameo], staying: list[Cameo]) -> Names:
    about, words = campaign, shipped_rules().names.words
    own = [about.product.name, about.brand.name, *about.product.short_names]
    own += [word for one in staying for word in (one.name, *one.name.split())]
    return lambda text: bool(people_in(text, gone, own, words))


def _unnamed_shot(campaign: Campaign, shot: Shot, gone: Iterable[Cameo], names: Names) -> Shot:
    """The shot with a stranger wherever it names somebody; what is named in disguise or aloud goes altogether."""
    words = casting_words()
    instead = {"subject": words.stranger, "action": refused_words().quieter[0], "setting": words.place, "audio": ""}
    said: dict[str, str] = {}
    for field, other in instead.items():
        text = getattr(shot, field)
        if names(text):
            plain = text if field == "audio" else as_stranger(text, [one.name for one in gone])
            said[field] = other if names(plain) else plain
    worded = word_shot(campaign, shot.model_copy(update=said)) if said or names(shot.prompt) else shot
    if not names(worded.negative_prompt):
        return worded
    left_out = (one for one in worded.negative_prompt.split(", ") if not names(one))
    return worded.model_copy(update={"negative_prompt": ", ".join(left_out)})


def _cleared(record: Written, names: Names, campaign: Campaign) -> Written:
    """Every text of a record and of what it holds, whatever its field is called: an id is no text, and is kept."""
    changed: dict[str, Any] = {}
    for field, info in type(record).model_fields.items():
        value: Any = getattr(record, field)
        if isinstance(record, Panel) and isinstance(value, Callout):
            changed[field] = None if names(value.text) else value
        elif isinstance(value, Record):
            changed[field] = _cleared(value, names, campaign)
        elif info.annotation == tuple[str, ...]:
            changed[field] = tuple(one for one in value if not names(one))
        elif isinstance(value, tuple):
            many: tuple[Any, ...] = value
            changed[field] = tuple(_cleared(one, names, campaign) if isinstance(one, Record) else one for one in many)
        elif isinstance(value, str) and info.annotation is str and names(value):
            own = _own_words(campaign).get(field, "") if isinstance(record, EndCardPlan) else ""
            changed[field] = "" if names(own) else own
    return record.model_copy(
        update={field: value for field, value in changed.items() if value != getattr(record, field)}
    )


def _own_words(campaign: Campaign) -> dict[str, str]:
    """What an end card says when what it said may not be said any more."""
    brand = campaign.brand
    return {
        "headline": campaign.product.name,
        "call_to_action": brand.call_to_action[:LONGEST_CALL],
        "url": campaign.product.url,
        "legal": brand.legal_line,
    }


def as_stranger(text: str, words: Iterable[str]) -> str:
    """The text with a stranger wherever it has one of these words: how somebody is described, or their name."""
    for word in sorted(filter(None, words), key=len, reverse=True):  # a description may hold the name
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", casting_words().stranger, text, flags=re.IGNORECASE)
    return text
