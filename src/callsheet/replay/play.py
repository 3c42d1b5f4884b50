"""Plays a recording: the real graph, jobs and cutting room on what was heard then, with no network and no spend."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from callsheet.domain.ledger import Entry
from callsheet.jobs.order import Bell, Patience
from callsheet.outside import Outside
from callsheet.replay.answers import Answers, scanning, signing
from callsheet.replay.asker import on_behalf
from callsheet.replay.clock import Hourglass, counted, no_time
from callsheet.replay.compare import Departure, first_departure, outcome_differences
from callsheet.replay.error import NotAsRecorded
from callsheet.replay.evidence import Evidence, gather, read_entries
from callsheet.replay.exchange import read_exchanges
from callsheet.replay.programs import programs
from callsheet.replay.recording import LEDGER, Outcome, Recording, RunOutcome, load_outcome, load_recording
from callsheet.replay.scrub import Scrub
from callsheet.replay.stage import Stage, open_stage, settings_from
from callsheet.replay.tape import Tape, playing_from, require_extra
from callsheet.replay.wall import no_network
from callsheet.storage.export import sign_heads

_MOST_LEFT = 3


@dataclass(frozen=True)
class Replayed:
    """What came of a replay. `problems` are sentences, the first departure at their head; none: it is the same run.

    `exchanges` is how many there were, `exchange_seconds` what they took together, `seconds` what the replay took.
    """

    folder: Path
    runs: tuple[RunOutcome, ...]
    entries: tuple[Entry, ...]
    exchanges: int
    exchange_seconds: float
    seconds: float
    departure: Departure | None = None
    problems: tuple[str, ...] = ()
    expected: Outcome | None = field(default=None, repr=False)

    @property
    def is_same(self) -> bool:
        """Whether it is the run that was recorded, event for event and byte for byte."""
        return not self.problems

    @property
    def heads(self) -> Mapping[str, str]:
        """The ledger head of each run."""
        return {one.run: one.head for one in self.runs}

    def check(self) -> "Replayed":
        """The same, if it is the same run. Raises NotAsRecorded with everything that is wrong."""
        if self.problems:
            raise NotAsRecorded(f"{self.folder} does not replay:\n" + "\n".join(self.problems))
        return self


async def replay(folder: Path, *, hold: Bell | None = None) -> Replayed:
    """Play a recording in a workspace of its own that is gone afterwards. Raises RecordingUnusable.

    `hold` is waited for before each further look at a render, by its job id: a test can let takes finish in another
    order with it.
    """
    require_extra()
    recording, expected = load_recording(folder), load_outcome(folder)
    tape, answers = Tape(list(read_exchanges(folder))), Answers.load(folder)
    began = time.perf_counter()
    stopped: list[str] = []
    with TemporaryDirectory(prefix="callsheet-replay-", ignore_cleanup_errors=True) as place, ExitStack() as stack:
        wall = stack.enter_context(no_network())
        stack.enter_context(playing_from(tape, Scrub()))
        found = await _play(recording, folder, Path(place), _outside(recording, answers, hold), stopped)
    then = read_entries((await asyncio.to_thread((folder / LEDGER).read_bytes)).splitlines(keepends=True))
    departure = first_departure(then, found.entries, tape.exchanges)
    problems = [
        *([str(departure)] if departure else []),
        *dict.fromkeys([*tape.unexpected, *answers.unexpected, *wall.tried]),
        *stopped,
        *_left(
            [f"exchange {one} was recorded and never asked for: {tape.exchanges[one - 1]}" for one in tape.unplayed]
        ),
        *_left([f"an answer was recorded and never asked for: {one[:30]}" for one in answers.unplayed]),
        *outcome_differences(expected.runs, found.runs),
    ]
    if problems:
        problems += _other_programs(recording)
        if not (tape.unexpected or tape.unplayed):
            problems.append(
                "note: the same was asked of the world as then. If Callsheet was changed on purpose, this expects from "
                f"now on what comes of it today: callsheet replay {folder} --renew"
            )
    return Replayed(
        folder=folder,
        runs=found.runs,
        entries=found.entries,
        exchanges=len(tape.played),
        exchange_seconds=tape.seconds,
        seconds=time.perf_counter() - began,
        departure=departure,
        problems=tuple(problems),
        expected=expected,
    )


def _left(said: list[str]) -> list[str]:
    """The first of what nobody asked for: where a replay stopped early, all that came later is in it."""
    more = len(said) - _MOST_LEFT
    return said if more <= 0 else [*said[:_MOST_LEFT], f"and {more} more, recorded and never asked for"]


async def _play(recording: Recording, folder: Path, place: Path, outside: Outside, stopped: list[str]) -> Evidence:
    settings = settings_from(recording.settings, place / "home", folder)
    async with open_stage(recording, folder, place, settings, outside) as stage:
        await _walk(recording, stage, stopped)
        await stage.callsheet.studio.database.write(sign_heads)  # as the recording did before it wrote its ledger down
        return await stage.callsheet.studio.database.read(gather)


async def _walk(recording: Recording, stage: Stage, stopped: list[str]) -> None:
    """Do each step; one that cannot be done ends the replay, and what came of it until then says why."""
    for step in recording.steps:
        try:
            await stage.take(step)
        except Exception as error:  # noqa: BLE001 - whatever it was, the first departing event tells where it began
            stopped.append(str(error) or type(error).__name__)
            return


def _outside(recording: Recording, answers: Answers, hold: Bell | None) -> Outside:
    waits, glass = recording.waits, Hourglass()

    def patience(usual: Patience) -> Patience:
        as_then = replace(
            usual,
            deadline=waits.deadline / 1000,
            grace=waits.grace / 1000,
            first_look=waits.first_look / 1000,
        )
        return counted(as_then, no_time, hold)

    return Outside(
        patience=patience,
        buys=on_behalf,
        signer=signing(answers, plays=True),
        scan=scanning(answers, plays=True),
        monotonic=glass,
        sleep=glass.sleep,
    )


def _other_programs(recording: Recording) -> list[str]:
    """What shapes bytes and is another version here than it was then: it may be all there is to a difference."""
    now = programs()
    then = {name: said for name, said in recording.made_with.items() if now.get(name) != said}
    other = [f"{name} {said} then, {now.get(name, 'not known')} now" for name, said in then.items()]
    return [f"note: it was recorded with other programs: {'; '.join(other)}"] if other else []
