"""A workspace of its own in which a recording is made or played: its folder, its clock, its runs, step by step."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from callsheet.domain.campaign import Campaign
from callsheet.domain.error import WrongUse
from callsheet.domain.frozen import FrozenPrompt
from callsheet.domain.record import first_problem
from callsheet.domain.run import Run
from callsheet.outside import Outside
from callsheet.replay.clock import StillClock
from callsheet.replay.error import NotAsRecorded, RecordingUnusable
from callsheet.replay.recording import CAMPAIGN, PROVIDERS, Recording, Step
from callsheet.replay.standin import plant
from callsheet.session import Callsheet, CampaignRun
from callsheet.settings import Settings
from callsheet.standing import OpenGate

_ELSEWHERE = frozenset(
    {"home", "database_url", "media_url", "providers", "sign_cert", "sign_key", "sign_anchors", "chat_key", "video_key"}
)
"""Settings that name a place or a key: a recording has its own."""


@dataclass
class Stage:
    """One open workspace. `asked` counts, for each run, the gates of each kind that were answered.

    `prompts` are the frozen words that every run begins with: those of the recording, else those of the first run.
    """

    callsheet: Callsheet
    clock: StillClock
    campaign: Path
    out: Path
    prompts: tuple[FrozenPrompt, ...] = ()
    runs: list[CampaignRun] = field(default_factory=list)
    asked: dict[tuple[int, str], int] = field(default_factory=dict)

    async def take(self, step: Step) -> Run:
        """Do one step and let the run go on as far as it can. Raises NotAsRecorded when it cannot be done here."""
        self.clock.move_to(step.at)
        if step.do == "start":
            return await self._start(step)
        if step.run > len(self.runs):
            raise NotAsRecorded(f"run {step.run} of the recording was never begun here")
        run = self.runs[step.run - 1]
        if step.do == "decide":
            await self._decide(run, step)
        else:
            await run.lift_pause()
        return await run.go_on()

    async def _start(self, step: Step) -> Run:
        out = self.out / str(step.run)
        by_policy = step.policy == "approve-all"
        run = await self.callsheet.start(self.campaign, out=out, approve_all=by_policy, prompts=self.prompts)
        self.runs.append(run)
        began = await run.status()
        frozen = await self.callsheet.studio.crew.archive.load(Campaign, began.bundle)
        self.prompts = frozen.prompts
        return await run.go_on()

    async def _decide(self, run: CampaignRun, step: Step) -> None:
        open_ = await run.gate()
        if open_ is None:
            stands = await run.status()
            why = f": {stands.reason}" if stands.reason else ""
            raise NotAsRecorded(f"{run.id} should wait at {step.gate} {step.number}, and it is {stands.status}{why}")
        kind, number = open_.gate.kind, self.count(step.run, open_)
        if (kind, number) != (step.gate, step.number):
            raise NotAsRecorded(f"{run.id} should wait at {step.gate} {step.number}, and it waits at {kind} {number}")
        if step.answer is None or step.by is None:
            raise RecordingUnusable(f"the step at {step.at} answers {step.gate} without saying how or by whom")
        await run.decide(step.answer, by=step.by, note=step.note, edits=step.edits, gate=open_.gate.id)
        self.asked[step.run, kind] = number

    def count(self, run: int, open_: OpenGate) -> int:
        """The so-manieth gate of its kind in that run."""
        return self.asked.get((run, open_.gate.kind), 0) + 1


def kept_settings(settings: Settings, hosts: Callable[[str], str]) -> dict[str, str | int]:
    """What of the settings a recording keeps: no place, no key, and addresses as `hosts` renames them."""
    kept: dict[str, str | int] = {}
    for name, said in settings.model_dump(exclude=set(_ELSEWHERE)).items():
        if isinstance(said, Decimal | float):
            kept[name] = str(said)
        elif isinstance(said, str | int):
            kept[name] = hosts(said) if isinstance(said, str) and "://" in said else said
    return kept


def settings_from(kept: dict[str, str | int], home: Path, folder: Path) -> Settings:
    """Settings for a workspace in `home`. Nothing comes from the environment: what is not kept is as by default."""
    plain: dict[str, Any] = {
        name: one.get_default(call_default_factory=True) for name, one in Settings.model_fields.items()
    }
    if unknown := sorted(set(kept) - set(plain)):
        raise RecordingUnusable(
            f"{folder} was recorded with settings that this Callsheet does not know ({', '.join(unknown)}): update it"
        )
    own = {"home": home, "providers": str(folder / PROVIDERS) if (folder / PROVIDERS).is_dir() else ""}
    said: dict[str, Any] = {**plain, **kept, **own}
    try:
        return Settings(**said)
    except ValidationError as invalid:
        raise RecordingUnusable(f"{folder} has settings that cannot be used: {first_problem(invalid)}") from None


@asynccontextmanager
async def open_stage(
    recording: Recording, folder: Path, place: Path, settings: Settings, outside: Outside
) -> AsyncIterator[Stage]:
    """Open a workspace under `place` for a recording in `folder`, on its clock, with its stand-ins."""
    campaign = place / CAMPAIGN
    shutil.copytree(folder / CAMPAIGN, campaign)
    clock = StillClock(recording.begun)
    async with Callsheet.open(settings, works=False, clock=clock, outside=outside) as callsheet:
        studio = callsheet.studio
        plant(studio.database, settings.home.absolute(), settings.workspace, recording.seed)
        async with studio.jobs.work(studio.work) as leads:
            if not leads:
                raise WrongUse(f"another process works in {settings.home}: a recording needs a workspace of its own")
            yield Stage(callsheet, clock, campaign, place / "out", recording.prompts)
