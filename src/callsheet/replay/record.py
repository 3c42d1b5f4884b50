"""Records a campaign: runs it in a workspace of its own, over HTTP, and keeps everything that it heard."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from callsheet.domain.error import WrongUse
from callsheet.domain.record import digest_of
from callsheet.domain.run import Run
from callsheet.replay.answers import Answers
from callsheet.replay.approver import Ask, Dictation, Script, Scripted
from callsheet.replay.evidence import Evidence, gather, ledger_export
from callsheet.replay.exchange import write_exchanges
from callsheet.replay.outfit import (
    EMBEDDED,
    REMOTE,
    check_clean,
    check_place,
    freeze,
    hosts,
    listening,
    own_settings,
    secrets,
)
from callsheet.replay.play import Replayed
from callsheet.replay.programs import programs
from callsheet.replay.recording import (
    CAMPAIGN,
    FORMAT,
    LEDGER,
    OUTCOME,
    PROVIDERS,
    RECORDING,
    Outcome,
    Recording,
    Step,
    load_recording,
    write_yaml,
)
from callsheet.replay.scrub import Scrub
from callsheet.replay.stage import Stage, kept_settings, open_stage
from callsheet.replay.tape import Tape, recording_to, require_extra
from callsheet.replay.workbench import prove, workbench
from callsheet.settings import Settings

Next = Literal["", "again", "resume"]


@dataclass(frozen=True)
class Wanted:
    """What is to be recorded.

    `ask` answers each gate, and is called on a thread, so it may wait for a person. `further` says, when a run has
    ended or stopped, whether to begin another one, to resume it, or that this was all. `faults` are played by the
    sandbox, which is used when the settings name no video server.
    """

    campaign: Path
    to: Path
    ask: Ask
    further: Callable[[Run], Next] = lambda _: ""
    policy: Literal["people", "approve-all"] = "people"
    faults: Sequence[str] = ()
    settings: Settings | None = None


async def record(wanted: Wanted) -> Replayed:
    """Record, then play it once: a recording that does not replay is none. Raises WrongUse, NotAsRecorded.

    What stood in the folder before is replaced only by a recording that replays. When servers of one's own were asked
    and it comes to nothing, the workspace stays, and the error says where.
    """
    require_extra()
    check_place(wanted.to)
    usual = wanted.settings or Settings()
    with workbench(wanted.to, is_paid=bool(usual.video_url or usual.chat_url)) as place:
        part = place / "recording"
        await _record(wanted, usual, part, place)
        return await prove(part, wanted.to)


def anew(folder: Path, settings: Settings | None = None) -> Wanted:
    """What to record so that a recording is made once more: same campaign, faults, policy and answers.

    Models and servers are those of `settings`; keys are in no recording. Raises RecordingUnusable.
    """
    old, usual = load_recording(folder), settings or Settings()
    if (folder / PROVIDERS).is_dir():
        usual = usual.model_copy(update={"providers": str(folder / PROVIDERS)})
    told = Dictation(Script(decisions=tuple(_line(step) for step in old.steps[1:])))
    policy = old.steps[0].policy if old.steps else "people"
    return Wanted(folder / CAMPAIGN, folder, told.ask, told.further, policy, old.faults, usual)


def _line(step: Step) -> Scripted:
    """The line of a script that leads to this step."""
    if step.do != "decide":
        return Scripted(begin="again" if step.do == "start" else "resume")
    said = step.model_dump(include={"gate", "answer", "note", "edits"})
    return Scripted.model_validate({**said, "by": step.by or ""})


async def _record(wanted: Wanted, usual: Settings, part: Path, place: Path) -> None:
    freeze(wanted.campaign, usual, part)
    with ExitStack() as stack:
        settings = own_settings(usual, place, stack, wanted.faults)
        begun = datetime.now(UTC).replace(microsecond=0)
        scrub = Scrub(secrets(settings), hosts(settings))
        recording = Recording(
            format=FORMAT,
            callsheet=version("callsheet"),
            settings=kept_settings(settings, scrub.address),
            seed=digest_of([wanted.campaign.name, begun.isoformat()])[:16],
            begun=begun,
            waits=REMOTE if usual.video_url else EMBEDDED,
            faults=tuple(wanted.faults),
            uses_sandbox=not usual.video_url,
            made_with=programs(),
        )
        tape, answers = Tape(), Answers(part)
        async with _opened(recording, part, place, settings, tape, answers, scrub) as stage:
            steps = await _walk(wanted, stage)
            database = stage.callsheet.studio.database
            lines = await database.write(ledger_export)
            found = await database.read(gather)
    whole = recording.model_copy(update={"steps": tuple(steps), "prompts": stage.prompts})
    write(part, whole, tape, answers, found, lines)
    check_clean(part, scrub)


def write(part: Path, recording: Recording, tape: Tape, answers: Answers, found: Evidence, ledger: bytes) -> None:
    """Write every file of a recording but its campaign."""
    (part / LEDGER).write_bytes(ledger)
    write_exchanges(part, tape.exchanges)
    answers.write()
    write_yaml(part / OUTCOME, Outcome(runs=found.runs, exchanges=len(tape.exchanges)))
    write_yaml(part / RECORDING, recording)


@asynccontextmanager
async def _opened(
    recording: Recording, part: Path, place: Path, settings: Settings, tape: Tape, answers: Answers, scrub: Scrub
) -> AsyncIterator[Stage]:
    """A stage whose every word from outside is kept."""
    with recording_to(tape, scrub):
        async with open_stage(recording, part, place, settings, listening(recording.waits, answers)) as stage:
            yield stage


async def _walk(wanted: Wanted, stage: Stage) -> list[Step]:
    """Begin runs and answer gates until that is all."""
    steps: list[Step] = []

    async def take(step: Step) -> Run:
        steps.append(step)
        return await stage.take(step)

    go_on: Next = "again"
    while go_on:
        number = len(stage.runs) + (go_on == "again")
        begin = {"policy": wanted.policy} if go_on == "again" else {}
        stands = await take(
            Step.model_validate({"do": "start" if begin else "resume", "at": _moment(stage), "run": number, **begin})
        )
        while stands.status == "waiting":
            stands = await take(await _answered(wanted, stage, number))
        go_on = wanted.further(stands)
    return steps


async def _answered(wanted: Wanted, stage: Stage, number: int) -> Step:
    """The step that answers the open gate of a run."""
    open_ = await stage.runs[number - 1].gate()
    if open_ is None:
        raise WrongUse(f"{stage.runs[number - 1].id} waits and has no open gate, so it cannot be recorded further")
    reply = await asyncio.to_thread(wanted.ask, open_)
    return Step(
        do="decide",
        at=_moment(stage),
        run=number,
        gate=open_.gate.kind,
        number=stage.count(number, open_),
        shown=open_.gate.shown,
        answer=reply.answer,
        by=reply.by,
        note=reply.note,
        edits=dict(reply.edits),
    )


def _moment(stage: Stage) -> datetime:
    """Now, in whole seconds, and later than the step before."""
    return max(datetime.now(UTC).replace(microsecond=0), stage.clock() + timedelta(seconds=1))
