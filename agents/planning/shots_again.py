"""Single shots of a plan in other words: what a gate or a reviewer named. Every other shot and panel stays as it is."""

import re
from collections.abc import Sequence

from callsheet.agents.planning.by_parts import Parts
from callsheet.agents.planning.camera import clashes
from callsheet.agents.planning.draft import BeatDraft
from callsheet.agents.planning.parts import outline_of
from callsheet.agents.planning.shot_check import worded_shot
from callsheet.domain.casting import REFUSED
from callsheet.domain.finding import Finding
from callsheet.domain.identity import ShotId
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard

_ABOUT_OTHERS = {REFUSED, "product", "budget", "price", "provider", "licence"}
"""Findings that name shots and that no other words put right."""


def shots_meant(storyboard: Storyboard, findings: Sequence[Finding], note: str) -> tuple[ShotId, ...]:
    """The shots whose words a stopping finding or a reviewer's note (`shot 2`) is about, in playing order."""
    said = {ShotId(f"shot.{number}") for number in re.findall(r"\bshot[ .](\d+)", note.casefold())}
    wrong = {
        finding.place.split(", ")[0]
        for finding in findings
        if finding.weight == "stops" and finding.rule not in _ABOUT_OTHERS
    }
    return tuple(shot.id for shot in storyboard.shots if shot.id in said or shot.id in wrong)


async def shots_again(parts: Parts, storyboard: Storyboard, asked: Sequence[ShotId]) -> Storyboard:
    """The storyboard with these shots asked for again, each alone. Raises WriterFailed."""
    board = storyboard
    for shot_id in asked:
        shot = board.shot(shot_id)
        film = [one for one in board.shots if _film(one.id) == _film(shot_id)]
        outline = outline_of(board.title, next(iter(board.notes), board.title), [_beat(one) for one in film])
        number = film.index(shot) + 1
        known = parts.house_shot(_film(shot_id).rstrip("."), number, _beat(shot))
        worded = await parts.shot(outline, known, shot_id, number)
        board = _with(board, _changed(parts, board, shot, worded))
    note = f"worded again: {', '.join(asked)}"
    return board.model_copy(update={"notes": (*board.notes, note)}) if asked else board


def _changed(parts: Parts, board: Storyboard, shot: Shot, beat: BeatDraft) -> Shot:
    """The shot in its new words; its camera changes only where no cut would join two shots that look alike."""
    new = worded_shot(parts.campaign, shot.id, beat)
    told = {field: getattr(new, field) for field in ("subject", "action", "setting", "audio", "light", "cameo")}
    look = {"framing": new.framing, "movement": new.movement}
    product = shot.product if shot.product == "exact" else new.product
    changed = shot.model_copy(update={**told, **look, "product": product})
    after = _with(board, changed)
    if any(clashes([after.shot(panel.shot) for panel in variant.panels]) for variant in after.variants):
        changed = changed.model_copy(update={"framing": shot.framing, "movement": shot.movement})
    worded = worded_shot(parts.campaign, shot.id, _beat(changed))
    return changed.model_copy(update={"prompt": worded.prompt, "negative_prompt": worded.negative_prompt})


def _with(board: Storyboard, new: Shot) -> Storyboard:
    shots = tuple(new if shot.id == new.id else shot for shot in board.shots)
    return board.model_copy(update={"shots": shots})


def _film(shot: ShotId) -> str:
    """The prefix of the variant that a shot was planned for; empty for the master's."""
    return shot.partition("shot.")[0]


def _beat(shot: Shot) -> BeatDraft:
    said = {field: getattr(shot, field) for field in BeatDraft.model_fields if field != "sound"}
    return BeatDraft.model_validate({**said, "sound": shot.audio})
