"""Casting: who may appear in which shot, for these placements, markets and this moment, and how they may be shown."""

from collections.abc import Sequence
from datetime import datetime

from callsheet.domain.cameo import Cameo, Covered, Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import SILENT, refusal_finding, speaks, use_of
from callsheet.domain.finding import Finding
from callsheet.domain.identity import CameoId
from callsheet.domain.shot import Shot
from callsheet.domain.storyboard import CallSheet, CastRole, Refusal, Storyboard
from callsheet.prompts.library import casting_words


class Casting:
    """Casts a storyboard from the people of the workspace, by their releases and nothing else."""

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
