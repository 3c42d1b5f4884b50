"""Who plays which shot: what a writer may propose, what is wrong with a proposal, and the storyboard that follows it.

A role can only go to somebody whose release covers the campaign, in a shot that shows one silent person; everything
else a proposal says is left where the Director put it. Casting then asks every release again.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import Field, create_model

from callsheet.agents.planning.crowd import faces_planned
from callsheet.agents.planning.picture import picture_faults
from callsheet.agents.planning.recast import as_stranger, naming_nobody
from callsheet.agents.planning.wording import plain, shows_somebody, word_shot
from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import speaks
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId, ShotId
from callsheet.domain.record import Record
from callsheet.domain.seen import fold
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import Storyboard
from callsheet.prompts.library import camera, casting_words

NOBODY = "none"
"""What a role says where no listed person plays it."""

CAST = "draft.roles"
"""The rule of a finding about who is cast where."""

_LONGEST_LOOK = 120
_PARTS = frozenset(
    "hand hands thumb finger fingers fingertip foot feet face cheek jaw arm arms chin mouths shoulder shoulders".split()
)
"""Words for a part of somebody: a shot of hands alone has no role in it."""


class RoleDraft(Record):
    """Who plays one shot."""

    shot: str = Field(description="Id of the shot.")
    cameo: str = Field(description="Id of the listed person who plays it, or none for an unnamed adult.")
    look: str = Field(
        default="",
        max_length=_LONGEST_LOOK,
        description="Where it is none: the unnamed adult with their clothes, in a few words; empty: as planned.",
    )


class RolesDraft(Record):
    """Who plays each shot that has a role."""

    roles: tuple[RoleDraft, ...]


@dataclass(frozen=True)
class Parts:
    """What there is to cast: the shots with a role in them, who may play one, and everybody who is known."""

    campaign: Campaign
    storyboard: Storyboard
    shots: tuple[Shot, ...]
    covered: tuple[Cameo, ...]
    known: tuple[Cameo, ...]
    day: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.shots and self.covered)


def has_a_role(campaign: Campaign, shot: Shot) -> bool:
    """Whether one silent person is what the shot shows: nobody is cast in a crowd, in hands alone, or to be heard."""
    if speaks(shot):
        return False
    subject = fold(shot.subject)
    for name in (campaign.product.name, campaign.brand.name, *campaign.product.short_names):  # a shoe called Runner
        subject = subject.replace(fold(name), " ") if name else subject
    is_whole = bool(set(re.findall(r"\w+", subject)) & (set(camera().people_words.split()) - _PARTS))
    return shot.cameo is not None or (is_whole and faces_planned(shot) == 1)


def roles_form(parts: Parts) -> type[RolesDraft]:
    """A proposal in which only these shots and these people can be named."""
    shot: Any = (Literal[tuple(one.id for one in parts.shots)], ...)
    cameo: Any = (Literal[(NOBODY, *(one.id for one in parts.covered))], ...)
    role = create_model("RoleDraft", __base__=RoleDraft, shot=shot, cameo=cameo)
    roles: Any = (tuple[role, ...], Field(min_length=len(parts.shots), max_length=len(parts.shots)))
    return create_model("RolesDraft", __base__=RolesDraft, roles=roles)


def planned_roles(parts: Parts) -> RolesDraft:
    """The roles as the Director planned them: the house's proposal."""
    return RolesDraft(roles=tuple(RoleDraft(shot=one.id, cameo=one.cameo or NOBODY) for one in parts.shots))


def check_roles(parts: Parts, draft: RolesDraft) -> tuple[Finding, ...]:
    """Every way in which a proposal goes beyond what there is to cast. A look that is wrong, or a role that is missing,
    is no reason to fail: its shot stays as planned.
    """
    found: list[Finding] = []
    for one in draft.roles:
        found += [_finding(parts, CAST, one.shot, fault) for fault in _faults(parts, one)]
        found += [_finding(parts, "draft.look", one.shot, fault) for fault in _faults_of_look(parts, one)]
    named = [one.shot for one in draft.roles]
    found += [
        _finding(parts, "draft.count", shot.id, f"it has {named.count(shot.id)} roles")
        for shot in parts.shots
        if named.count(shot.id) != 1
    ]
    return tuple(found)


def apply_roles(parts: Parts, draft: RolesDraft, by: str) -> Storyboard:
    """The storyboard with every sound role of a proposal in it; the others stay as planned. `by` wrote it."""
    sound = [one for one in draft.roles if not _faults(parts, one) and not _faults_of_look(parts, one)]
    given = {ShotId(one.shot): one for one in reversed(sound)}
    shots = tuple(_played(parts, shot, given[shot.id]) if shot.id in given else shot for shot in parts.storyboard.shots)
    if shots == parts.storyboard.shots:
        return parts.storyboard
    before = {shot.id: shot for shot in parts.storyboard.shots}
    changed = ", ".join(f"{shot.id} {shot.cameo or 'nobody'}" for shot in shots if shot != before[shot.id])
    board = parts.storyboard.model_copy(
        update={"shots": shots, "notes": (*parts.storyboard.notes, f"cast by {by}: {changed}")}
    )
    gone = {shot.cameo for shot in parts.storyboard.shots if shot.cameo} - {shot.cameo for shot in shots}
    return naming_nobody(parts.campaign, board, gone)


def _finding(parts: Parts, rule: str, shot: str, evidence: str) -> Finding:
    shots, people = ", ".join(one.id for one in parts.shots), ", ".join(one.id for one in parts.covered)
    fix = f"cast {people} or {NOBODY} in {shots}; a look is one unnamed adult and their clothes"
    return Finding(rule=rule, place=f"role of {shot[:40]}", evidence=evidence, fix=fix)


def _faults(parts: Parts, role: RoleDraft) -> tuple[str, ...]:
    """Why nobody may be cast like that."""
    shot = next((one for one in parts.storyboard.shots if one.id == role.shot), None)
    if shot is None:
        return ("there is no such shot",)
    if role.shot not in {one.id for one in parts.shots}:
        return ("somebody is heard in it" if speaks(shot) else "it does not show one person",)
    if role.cameo == NOBODY:
        return ()
    if role.cameo not in {one.id for one in parts.covered}:
        return (f"no release of {role.cameo[:40]!r} covers this campaign",)
    return (f"{role.cameo} would be heard in it",) if speaks(_played(parts, shot, role)) else ()


def _faults_of_look(parts: Parts, role: RoleDraft) -> tuple[str, ...]:
    """Why an unnamed adult may not look like that."""
    shot = next((one for one in parts.shots if one.id == role.shot), None)
    if shot is None or role.cameo != NOBODY or not role.look.strip():
        return ()
    if len(role.look) > _LONGEST_LOOK:
        return (f"a look of {len(role.look)} characters; at most {_LONGEST_LOOK}",)
    after = _played(parts, shot, role)
    if not shows_somebody(after) or faces_planned(after) != 1:
        return (f"{role.look!r} is not one adult",)
    return picture_faults(parts.campaign, role.look, shot, after, parts.day, parts.known)


def _played(parts: Parts, shot: Shot, role: RoleDraft) -> Shot:
    """The shot with this role in it. A listed person is shown as described, whatever a proposal says of them."""
    cast = next((one for one in parts.covered if one.id == role.cameo), None)
    if (cast.id if cast else None) == shot.cameo and (cast or not role.look.strip()):
        return shot
    bare = _without_whom_it_has(parts, shot)
    if cast is not None:
        subject = plain(cast.description, 160) or bare.subject
        return word_shot(parts.campaign, bare.model_copy(update={"cameo": CameoId(cast.id), "subject": subject}))
    subject = plain(role.look, 160) or bare.subject
    return word_shot(parts.campaign, bare.model_copy(update={"subject": subject}))


def _without_whom_it_has(parts: Parts, shot: Shot) -> Shot:
    if shot.cameo is None:
        return shot
    words = [word for one in parts.known if one.id == shot.cameo for word in (one.name, one.description)]
    said = {field: as_stranger(getattr(shot, field), words) for field in ("subject", "action", "setting")}
    if not said["subject"].strip():
        said["subject"] = casting_words().stranger
    return shot.model_copy(update={"cameo": None, **said})
