"""A storyboard for the next round: the asked shots are planned anew, all others keep their ids, prompts and takes."""

import re

from callsheet.agents.planning.wording import word_shot
from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound
from callsheet.domain.identity import ShotId
from callsheet.domain.provider import NotSold, fit_seconds
from callsheet.domain.shot import Framing, Movement, Shot
from callsheet.domain.storyboard import Panel, Storyboard
from callsheet.domain.telemetry import ReshootRequest
from callsheet.prompts.library import camera

Neighbour = tuple[Framing, Movement]


def plan_again(campaign: Campaign, storyboard: Storyboard, request: ReshootRequest) -> Storyboard:
    """The next round's storyboard. A shot taken again has a new id: `shot.3` becomes `shot.3.r1`."""
    known = {shot.id for shot in storyboard.shots}
    missing = [shot for shot in request.shots if shot not in known]
    if missing:
        raise NotFound(f"there is no {', '.join(missing)} to shoot again; the storyboard has {', '.join(known)}")
    board = storyboard
    for shot_id in request.shots:
        board = _replace(board, shot_id, _again(campaign, board, shot_id, request))
    note = f"round {storyboard.round + 1}: {', '.join(request.shots)} again ({', '.join(request.changes)})"
    return board.model_copy(update={"round": storyboard.round + 1, "notes": (*storyboard.notes, note)})


def next_id(shot: ShotId, round_number: int) -> ShotId:
    """The id of a shot taken again in a round."""
    return ShotId(f"{re.sub(r'[.]r[0-9]+$', '', shot)}.r{round_number}")


def _again(campaign: Campaign, board: Storyboard, shot_id: ShotId, request: ReshootRequest) -> Shot:
    shot = board.shot(shot_id)
    words = camera().reshoot
    wishes = [words[change] for change in request.changes]
    framings = [framing for wish in wishes for framing in wish.framing if framing != shot.framing] or [shot.framing]
    movements = [movement for wish in wishes for movement in wish.movement if movement != shot.movement]
    lights = [light for wish in wishes for light in wish.light if light != shot.light]
    framing, movement = _free(framings, movements or [shot.movement], _neighbours(board, shot_id))
    changed = shot.model_copy(
        update={
            "id": next_id(shot_id, board.round + 1),
            "framing": framing,
            "movement": movement,
            "light": lights[0] if lights else shot.light,
            "purchased_seconds": _affordable(campaign, shot, request.seconds),
        }
    )
    return word_shot(campaign, changed, "; ".join(filter(None, (*(wish.note for wish in wishes), request.wish))))


def _affordable(campaign: Campaign, shot: Shot, seconds: int) -> int:
    bought = fit_seconds(campaign.provider, shot.seconds)
    if bought > seconds:
        raise NotSold(f"{shot.id} needs {bought} purchased seconds; the reshoot may buy {seconds}")
    return bought


def _neighbours(board: Storyboard, shot_id: ShotId) -> frozenset[Neighbour]:
    """The looks of all shots that meet this one in any variant."""
    found: set[Neighbour] = set()
    for variant in board.variants:
        ids = [panel.shot for panel in variant.panels]
        for place, one in enumerate(ids):
            if one == shot_id:
                near = [board.shot(other) for other in ids[max(0, place - 1) : place] + ids[place + 1 : place + 2]]
                found |= {(shot.framing, shot.movement) for shot in near}
    return frozenset(found)


def _free(framings: list[Framing], movements: list[Movement], taken: frozenset[Neighbour]) -> Neighbour:
    wanted = [(framing, movement) for framing in framings for movement in movements]
    beyond = [(framing, movement) for framing in framings for movement in Movement]
    return next((look for look in (*wanted, *beyond) if look not in taken), wanted[0])


def _replace(board: Storyboard, old: ShotId, new: Shot) -> Storyboard:
    def follow(panel: Panel) -> Panel:
        return panel.model_copy(update={"shot": new.id}) if panel.shot == old else panel

    variants = tuple(
        variant.model_copy(update={"panels": tuple(map(follow, variant.panels))}) for variant in board.variants
    )
    shots = tuple(new if shot.id == old else shot for shot in board.shots)
    return board.model_copy(update={"shots": shots, "variants": variants})
