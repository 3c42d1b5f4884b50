"""Casting: who may appear in which shot, for these placements, markets and this moment, and how they may be shown.

A writer proposes who plays what; releases decide, whoever proposed it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from callsheet.agents.planning.insist import Insist
from callsheet.agents.planning.roles import (
    CAST,
    NOBODY,
    Parts,
    RolesDraft,
    apply_roles,
    check_roles,
    has_a_role,
    planned_roles,
    roles_form,
)
from callsheet.domain.cameo import Cameo, Covered, Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import SILENT, refusal_finding, speaks, use_of
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import CallSheet, CastRole, Refusal, Storyboard
from callsheet.domain.words.person import without_names
from callsheet.prompts.library import casting_words
from callsheet.prompts.shelf import shelf_of
from callsheet.tools.writer import HouseWriter, Task, Writer, Written

ROLES = "casting/roles"
_HOUSE = HouseWriter()


def _unheard(_written: Written[Any]) -> None:
    """Nobody keeps the books: casting outside a run."""


class Casting:
    """Casts a storyboard from the people of the workspace, by their releases and nothing else.

    `told` hears of everything written: by whom, from which prompt, for how many tokens.
    """

    def __init__(self, writer: Writer = _HOUSE, told: Callable[[Written[Any]], object] = _unheard) -> None:
        self._writer = writer
        self._told = told

    async def propose(
        self, campaign: Campaign, storyboard: Storyboard, cameos: Sequence[Cameo], moment: datetime
    ) -> Storyboard:
        """The storyboard with the people in it whom a writer would cast: only whose releases cover this campaign at
        this moment, only in shots that show one silent person. Nobody is asked where there is nothing to choose.

        `moment` must know its zone. Raises WriterFailed when a chat model gives nothing usable.
        """
        use = use_of(campaign)
        parts = Parts(
            campaign=campaign,
            storyboard=storyboard,
            shots=tuple(shot for shot in storyboard.shots if has_a_role(campaign, shot)),
            covered=tuple(one for one in cameos if isinstance(check_release(one, use, moment), Covered)),
            known=tuple(cameos),
            day=moment.date(),
        )
        if not parts.is_open:
            return storyboard
        task = Task(
            prompt=ROLES,
            inputs=_inputs(parts),
            output=roles_form(parts),
            house=lambda: planned_roles(parts),
            check=Insist[RolesDraft](lambda draft: check_roles(parts, draft), hard=(CAST,)),
            longest=100 + 80 * len(parts.shots),
            shelf=shelf_of(campaign),
        )
        written = await self._writer.write(task)
        self._told(written)
        return apply_roles(parts, written.value, written.by)

    def cast(
        self,
        campaign: Campaign,
        storyboard: Storyboard,
        cameos: Sequence[Cameo],
        moment: datetime,
    ) -> tuple[CallSheet, tuple[Finding, ...]]:
        """The call sheet, and a stopping finding for every person who may not appear where they are planned.

        A cast shot's prompt says how the person may be shown. `moment` must know its zone.
        """
        known = {cameo.id: cameo for cameo in cameos}
        use = use_of(campaign)
        verdicts = {cameo.id: check_release(cameo, use, moment) for cameo in cameos}
        shots: list[Shot] = []
        roles: list[CastRole] = []
        refusals: list[Refusal] = []
        for shot in storyboard.shots:
            verdict = verdicts.get(shot.cameo, _unknown(shot.cameo)) if shot.cameo else None
            if shot.cameo is None or verdict is None:
                shots.append(shot)
            elif isinstance(verdict, Covered) and speaks(shot):
                shots.append(shot)
                refusals.append(_silence(shot, shot.cameo))
            elif isinstance(verdict, Covered):
                constraint = _constraint(known[shot.cameo])
                shots.append(shot.model_copy(update={"prompt": f"{shot.prompt} {constraint}"}))
                roles.append(CastRole(shot=shot.id, cameo=shot.cameo, release=verdict.release, constraint=constraint))
            else:
                shots.append(shot)
                refusals.append(_refuse(shot, shot.cameo, verdict, verdicts))
        sheet = CallSheet(
            storyboard=storyboard.digest, shots=tuple(shots), roles=tuple(roles), refusals=tuple(refusals)
        )
        return sheet, tuple(map(refusal_finding, refusals))


def _inputs(parts: Parts) -> dict[str, Any]:
    """What a model may know: how people may be shown, and never what they are called."""
    product = parts.campaign.product
    return {
        "campaign": {
            "goal": parts.campaign.goal,
            "product": product.name,
            "category": product.category,
            "avoid": parts.campaign.brand.avoid,
        },
        "people": [{"id": one.id, "description": without_names(one.description, parts.known)} for one in parts.covered],
        "shots": [
            {
                "id": shot.id,
                "beat": shot.beat,
                "seen": without_names(f"{shot.subject} {shot.action}", parts.known),
                "place": without_names(shot.setting, parts.known),
                "planned": shot.cameo or NOBODY,
            }
            for shot in parts.shots
        ],
    }


def _unknown(cameo: CameoId) -> Uncovered:
    return Uncovered(reasons=(f"nobody with the id {cameo} is known here; add the person under cameos",))


def _silence(shot: Shot, cameo: CameoId) -> Refusal:
    return Refusal(
        shot=shot.id,
        cameo=cameo,
        reasons=(f"{speaks(shot)!r} {SILENT}",),
        alternatives=(f"plan {shot.id} with nobody heard", f"plan {shot.id} without {cameo}"),
    )


def _constraint(cameo: Cameo) -> str:
    words = casting_words()
    return (words.constraint_minor if cameo.is_minor else words.constraint).strip()


def _refuse(shot: Shot, cameo: CameoId, verdict: Uncovered, verdicts: dict[CameoId, Covered | Uncovered]) -> Refusal:
    covered = [other for other, one in verdicts.items() if isinstance(one, Covered) and other != cameo]
    return Refusal(
        shot=shot.id,
        cameo=cameo,
        reasons=verdict.reasons,
        alternatives=(
            *(f"cast {other}, whose release covers this use" for other in covered),
            f"plan {shot.id} without {cameo}",
        ),
    )
