"""Which take of a shot goes into the cut: the rule, and what a writer may choose among where the rule leaves a choice.

A choice is left only between takes that are long enough. What a person said, and a shot with one such take, is settled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field, create_model

from callsheet.agents.planning.claims import is_clean
from callsheet.agents.planning.wording import plain
from callsheet.domain.campaign import Campaign
from callsheet.domain.finding import Finding
from callsheet.domain.identity import ShotId, TakeId
from callsheet.domain.record import Record
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard
from callsheet.domain.take import Take
from callsheet.domain.words.person import people_in, without_names

_LONGEST_REASON = 160


class CircleDraft(Record):
    """The take that is circled."""

    take: int = Field(description="Number of the take.")
    reason: str = Field(default="", max_length=_LONGEST_REASON, description="Why this one, in a few words.")


@dataclass(frozen=True)
class Circled:
    """The take of each shot, and why a writer chose it: one line for each shot that it decided."""

    takes: Mapping[ShotId, Take]
    reasons: tuple[str, ...] = ()


def circle(
    takes: Sequence[Take], storyboard: Storyboard | None = None, told: Mapping[ShotId, TakeId] | None = None
) -> dict[ShotId, Take]:
    """The take of each shot by rule: the one told; else the newest that is long enough; else the longest."""
    needs = {shot.id: shot.seconds for shot in storyboard.shots} if storyboard else {}
    chosen: dict[ShotId, Take] = {}
    for take in takes:
        best = chosen.get(take.shot)
        if best is None or _rank(take, needs, told or {}) > _rank(best, needs, told or {}):
            chosen[take.shot] = take
    return chosen


def choices(
    takes: Sequence[Take], storyboard: Storyboard, told: Mapping[ShotId, TakeId]
) -> dict[ShotId, tuple[Take, ...]]:
    """The takes to choose from, by number, of each shot where there are several and nobody has said which."""
    found: dict[ShotId, tuple[Take, ...]] = {}
    for shot in storyboard.shots:
        enough = {one.number: one for one in takes if one.shot == shot.id and one.length >= shot.seconds}
        if len(enough) > 1 and not any(one.id == told.get(shot.id) for one in takes):
            found[shot.id] = tuple(enough[number] for number in sorted(enough))
    return found


def offered(takes: Sequence[Take]) -> tuple[Take, ...]:
    """The takes that a writer may name: those in which no scan noticed anything, where there are any."""
    return tuple(one for one in takes if not one.noticed) or tuple(takes)


def circle_form(takes: Sequence[Take]) -> type[CircleDraft]:
    """A choice in which only what is offered can be named."""
    numbers: Any = (Literal[tuple(one.number for one in offered(takes))], ...)
    return create_model("CircleDraft", __base__=CircleDraft, take=numbers)


def circle_facts(campaign: Campaign, shot: Shot, takes: Sequence[Take]) -> dict[str, Any]:
    """What a model may know of the takes of one shot. It sees no picture, so what the scans said is all there is."""
    newest = max(one.number for one in takes)
    return {
        "shot": {
            "id": shot.id,
            "beat": shot.beat,
            "seen": without_names(f"{shot.subject} {shot.action}", campaign.cameos),
            "product": campaign.product.name,
        },
        "takes": [
            {
                "take": one.number,
                "holds_seconds": f"{float(one.length):g}",
                "is_newest": one.number == newest,
                "checked_for": one.scanned,
                "not_checked": one.not_scanned,
                "noticed": one.noticed,
            }
            for one in takes
        ],
    }


def check_circle(takes: Sequence[Take], draft: CircleDraft) -> tuple[Finding, ...]:
    """What is wrong with a choice that has the right type."""
    numbers = [one.number for one in offered(takes)]
    if draft.take in numbers:
        return ()
    doubted = next((one for one in takes if one.number == draft.take), None)
    why = f"a scan noticed in take {draft.take}: {'; '.join(doubted.noticed)}" if doubted else ""
    fix = f"choose {', '.join(map(str, numbers))}"
    return (Finding(rule="draft.take", place="take", evidence=why or f"there is no take {draft.take}", fix=fix),)


def reason_line(campaign: Campaign, take: Take, reason: str, by: str, day: date | None) -> str:
    """Why a take was circled, as people read it; a reason that claims, orders or names somebody is left out."""
    said = plain(reason, _LONGEST_REASON)
    is_fit = said and is_clean(said, campaign, day) and not people_in(said, campaign.cameos)
    return f"{take.shot}: take {take.number} circled by {by}" + (f": {said}" if is_fit else "")


def _rank(
    take: Take, needs: Mapping[ShotId, Fraction], told: Mapping[ShotId, TakeId]
) -> tuple[bool, bool, Fraction, int]:
    need = needs.get(take.shot)
    enough = need is not None and take.length >= need
    return told.get(take.shot) == take.id, enough, Fraction(0) if enough else take.length, take.number
