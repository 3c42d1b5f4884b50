"""Takes today's run on what was heard then as what is expected from now on: nothing is asked of anybody again.

For a change of Callsheet's own, such as one more field in a record, which moves hashes and nothing else.
"""

import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from callsheet.domain.error import CallsheetError
from callsheet.replay.answers import Answers
from callsheet.replay.clock import no_time
from callsheet.replay.error import NotAsRecorded
from callsheet.replay.evidence import gather, ledger_export
from callsheet.replay.exchange import read_exchanges
from callsheet.replay.outfit import listening
from callsheet.replay.play import Replayed
from callsheet.replay.programs import programs
from callsheet.replay.record import write
from callsheet.replay.recording import CAMPAIGN, PROVIDERS, Recording, Step, load_recording
from callsheet.replay.scrub import Scrub
from callsheet.replay.stage import Stage, open_stage, settings_from
from callsheet.replay.tape import Tape, playing_from, require_extra
from callsheet.replay.wall import no_network
from callsheet.replay.workbench import prove, workbench


async def renew(folder: Path) -> Replayed:
    """Play a recording, and keep what comes of it as its new ledger, heads and files. Signs and scans for real.

    Raises NotAsRecorded, and leaves the recording as it is, when anything else is asked for than was recorded, or less.
    """
    require_extra()
    recording, tape = load_recording(folder), Tape(list(read_exchanges(folder)))
    with workbench(folder, is_paid=False) as place:
        part = place / "recording"
        for name in (CAMPAIGN, PROVIDERS):
            if (folder / name).is_dir():
                shutil.copytree(folder / name, part / name)
        await _renew(recording, folder, part, place, tape)
        return await prove(part, folder)


async def _renew(recording: Recording, folder: Path, part: Path, place: Path, tape: Tape) -> None:
    answers = Answers(part)
    settings = settings_from(recording.settings, place / "home", folder)
    with ExitStack() as stack:
        stack.enter_context(no_network())
        stack.enter_context(playing_from(tape, Scrub()))
        outside = listening(recording.waits, answers, no_time)
        async with open_stage(recording, part, place, settings, outside) as stage:
            steps = await _taken(stage, recording, folder)
            database = stage.callsheet.studio.database
            lines, found = await database.write(ledger_export), await database.read(gather)
    if against := [*tape.unexpected, *(f"nobody asked for exchange {one} again" for one in tape.unplayed)]:
        raise _cannot(folder, against)
    kept = {"steps": tuple(steps), "prompts": stage.prompts, "made_with": programs()}
    now = recording.model_copy(update=kept)
    write(part, now, tape, answers, found, lines)


async def _taken(stage: Stage, recording: Recording, folder: Path) -> list[Step]:
    """Take every step; each with the hash of what its gate shows now."""
    steps: list[Step] = []
    for step in recording.steps:
        asked = stage.runs[step.run - 1] if step.do == "decide" and step.run <= len(stage.runs) else None
        open_ = await asked.gate() if asked else None
        try:
            await stage.take(step)
        except CallsheetError as error:
            raise _cannot(folder, [str(error)]) from error
        steps.append(step.model_copy(update={"shown": open_.gate.shown}) if open_ else step)
    return steps


def _cannot(folder: Path, against: Sequence[str]) -> NotAsRecorded:
    why = "\n".join(against)
    return NotAsRecorded(f"{folder} cannot be renewed, because it is not the same run any more; record it anew:\n{why}")
