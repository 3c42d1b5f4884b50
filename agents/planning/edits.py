"""What a person may change in a storyboard, key by key: `shot.3.seconds=4`, `b.shot.2.caption=...`, `end_card.url=...`.

EditRefused                the key or the value is not allowed; says what is, and the nearest name
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from callsheet.agents.planning.board import LONGEST_CAPTION, plain_caption
from callsheet.agents.planning.camera import clashes
from callsheet.agents.planning.claims import callouts
from callsheet.agents.planning.lengths import FRAME
from callsheet.agents.planning.wording import word_shot
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Transition
from callsheet.domain.error import WrongUse
from callsheet.domain.provider import NotSold, fit_seconds
from callsheet.domain.record import Seconds
from callsheet.domain.seen import fold
from callsheet.domain.shot import Framing, Light, Movement, Shot
from callsheet.domain.storyboard import Callout, EndCardPlan, Panel, Storyboard, VariantPlan

E = TypeVar("E", bound=StrEnum)

SHOT_FIELDS = (
    "seconds", "framing", "movement", "light", "subject", "setting", "action", "audio", "product", "cameo",
)  # fmt: skip
PANEL_FIELDS = ("caption", "callout", "transition")
END_CARD_FIELDS = {"headline": 60, "call_to_action": 40, "url": 200, "legal": 200, "seconds": 0}

_SECONDS: TypeAdapter[Fraction] = TypeAdapter(Seconds)
_TRANSITIONS = {
    "cut": Transition(),
    "dissolve": Transition(kind="dissolve", frames=12),
    "dip": Transition(kind="dip", frames=10),
}


class EditRefused(WrongUse):
    """A change to the storyboard is not possible as written. The message names the key and what is allowed."""

    def __init__(self, key: str, problem: str, allowed: Iterable[str] = (), wrote: str = "") -> None:
        choices = tuple(allowed)
        near = difflib.get_close_matches(wrote.casefold(), choices, n=1, cutoff=0.4)
        parts = [f"{key}: {problem}"]
        if choices:
            parts.append(f"allowed: {', '.join(choices)}")
        if near:
            parts.append(f"did you mean {near[0]}?")
        super().__init__("; ".join(parts))
        self.key = key


def apply_edits(campaign: Campaign, storyboard: Storyboard, edits: Mapping[str, str], day: date | None) -> Storyboard:
    """The storyboard with every change made, seconds fitted to what is sold, and prompts written anew.

    Either all changes hold or none is made. Raises EditRefused.
    """
    changed = storyboard
    for key, value in edits.items():
        changed = _apply(campaign, changed, key.strip(), value.strip(), day)
    _refuse_clashes(changed, edits)
    return changed


def _apply(campaign: Campaign, board: Storyboard, key: str, value: str, day: date | None) -> Storyboard:
    target, _, field = key.rpartition(".")
    shots: dict[str, Shot] = {shot.id: shot for shot in board.shots}
    variants = [variant.id for variant in board.variants]
    letter, _, rest = target.partition(".")
    if target in shots:
        if field in SHOT_FIELDS:
            return _edit_shot(campaign, board, shots[target], key, field, value)
        if field in PANEL_FIELDS:
            return _edit_panels(campaign, board, target, None, key, field, value, day)
        raise EditRefused(key, f"a shot has no {field!r}", (*SHOT_FIELDS, *PANEL_FIELDS), field)
    if letter in variants and rest in shots:
        if field in PANEL_FIELDS:
            return _edit_panels(campaign, board, rest, letter, key, field, value, day)
        raise EditRefused(key, f"in variant {letter} a shot has no {field!r} of its own", PANEL_FIELDS, field)
    if target == "end_card" or (letter in variants and rest == "end_card"):
        if field not in END_CARD_FIELDS:
            raise EditRefused(key, f"the end card has no {field!r}", END_CARD_FIELDS, field)
        return _edit_end_card(board, None if target == "end_card" else letter, key, field, value)
    raise EditRefused(key, f"there is no {target or key!r}", (*shots, "end_card"), target or key)


def _edit_shot(campaign: Campaign, board: Storyboard, shot: Shot, key: str, field: str, value: str) -> Storyboard:
    if field == "seconds":
        changed = _with_seconds(campaign, shot, key, value)
    else:
        changed = shot.model_copy(update={field: _shot_value(campaign, key, field, value)})
    changed = word_shot(campaign, changed)

    def follow(panel: Panel) -> Panel:
        lasts = panel.shot == shot.id and field == "seconds"
        return panel.model_copy(update={"seconds": changed.seconds}) if lasts else panel

    return board.model_copy(
        update={
            "shots": tuple(changed if one.id == shot.id else one for one in board.shots),
            "variants": tuple(_with_panels(variant, follow) for variant in board.variants),
        }
    )


def _with_seconds(campaign: Campaign, shot: Shot, key: str, value: str) -> Shot:
    seconds = _length(key, value, campaign.max_shot_seconds)
    try:
        bought = fit_seconds(campaign.provider, seconds)
    except NotSold as unsold:
        raise EditRefused(key, str(unsold)) from None
    return shot.model_copy(update={"seconds": seconds, "purchased_seconds": bought})


def _length(key: str, value: str, most: Fraction) -> Fraction:
    try:
        seconds = _SECONDS.validate_python(value)
    except ValidationError:
        raise EditRefused(key, f"{value!r} is no length; write seconds as 4 or 2.5") from None
    if not FRAME <= seconds <= most:
        raise EditRefused(key, f"{value} s is not between one frame and {float(most):g} s")
    if (seconds / FRAME).denominator != 1:
        raise EditRefused(key, f"{value} s is not a whole number of frames at 30 a second; try {_nearest(seconds)}")
    return seconds


def _nearest(seconds: Fraction) -> str:
    return f"{float(round(seconds * 10) / Fraction(10)):g}"


def _shot_value(campaign: Campaign, key: str, field: str, value: str) -> Any:
    vocabularies: dict[str, type[StrEnum]] = {"framing": Framing, "movement": Movement, "light": Light}
    if field in vocabularies:
        return _word(key, value, vocabularies[field])
    if field == "product":
        return _one_of(key, value, ("none", "shown", "exact"))
    if field == "cameo":
        cameos = tuple(cameo.id for cameo in campaign.cameos)
        chosen = _one_of(key, value, (*cameos, "none"))
        return None if chosen == "none" else chosen
    if not value and field != "audio":
        raise EditRefused(key, "is empty; say what the picture shows")
    return value


def _word(key: str, value: str, vocabulary: type[E]) -> E:
    return vocabulary(_one_of(key, value, tuple(word.value for word in vocabulary)))


def _one_of(key: str, value: str, allowed: tuple[str, ...]) -> str:
    wanted = value.casefold().replace("_", " ")
    for one in allowed:
        if one.casefold() == wanted or one == value:
            return one
    raise EditRefused(key, f"{value!r} is not known", allowed, value)


def _edit_panels(
    campaign: Campaign,
    board: Storyboard,
    shot: str,
    variant: str | None,
    key: str,
    field: str,
    value: str,
    day: date | None,
) -> Storyboard:
    """Change the panels of a shot: in one variant, or in the first that plays it and all that show the same there."""
    playing = [(one.id, panel) for one in board.variants for panel in one.panels if panel.shot == shot]
    first = next((panel for letter, panel in playing if variant in (None, letter)), None)
    if first is None:
        raise EditRefused(key, f"variant {variant} does not play {shot}", [letter for letter, _ in playing])
    new = _panel_value(campaign, key, field, value, day)

    def follow(letter: str) -> Callable[[Panel], Panel]:
        def changed(panel: Panel) -> Panel:
            same = getattr(panel, field) == getattr(first, field)
            meant = panel.shot == shot and (letter == variant if variant else same)
            return panel.model_copy(update={field: new}) if meant else panel

        return changed

    return board.model_copy(update={"variants": tuple(_with_panels(one, follow(one.id)) for one in board.variants)})


def _panel_value(
    campaign: Campaign, key: str, field: str, value: str, day: date | None
) -> str | Callout | Transition | None:
    if field == "transition":
        return _TRANSITIONS[_one_of(key, value, tuple(_TRANSITIONS))]
    if field == "callout":
        return _callout(campaign, key, value, day)
    if len(value) > LONGEST_CAPTION:
        raise EditRefused(key, f"is {len(value)} characters long; nobody can read more than {LONGEST_CAPTION} in time")
    return plain_caption(value)


def _callout(campaign: Campaign, key: str, value: str, day: date | None) -> Callout | None:
    """A callout is named by the id or the exact wording of a fact or an approved claim; `none` takes it away."""
    if value.casefold() in ("", "none"):
        return None
    usable = callouts(campaign, day)
    for one in usable:
        if value in (one.fact, one.claim) or fold(value) == fold(one.text):
            return one
    ids = [str(one.claim or one.fact) for one in usable]
    raise EditRefused(key, f"{value!r} is no catalog fact and no approved claim", (*ids, "none"), value)


def _edit_end_card(board: Storyboard, variant: str | None, key: str, field: str, value: str) -> Storyboard:
    most = END_CARD_FIELDS[field]
    if field == "seconds":
        new: Any = _length(key, value, Fraction(10))
    else:
        if len(value) > most:
            raise EditRefused(key, f"is {len(value)} characters long; {most} fit")
        if not value and field in ("headline", "call_to_action"):
            raise EditRefused(key, "is empty; an end card needs it")
        new = value

    def changed(plan: VariantPlan) -> VariantPlan:
        card: EndCardPlan = plan.end_card.model_copy(update={field: new})
        return plan.model_copy(update={"end_card": card}) if variant in (None, plan.id) else plan

    return board.model_copy(update={"variants": tuple(map(changed, board.variants))})


def _with_panels(variant: VariantPlan, change: Callable[[Panel], Panel]) -> VariantPlan:
    return variant.model_copy(update={"panels": tuple(map(change, variant.panels))})


def _refuse_clashes(board: Storyboard, edits: Mapping[str, str]) -> None:
    for variant in board.variants:
        for one, other in clashes([board.shot(panel.shot) for panel in variant.panels]):
            key = next((key for key in edits if key.startswith((f"{one.id}.", f"{other.id}."))), f"{other.id}.movement")
            raise EditRefused(
                key,
                f"{one.id} and {other.id} meet in variant {variant.id} and would both be "
                f"{one.framing.value} with {one.movement.value}; set another framing or movement as well",
            )
