"""Begin a run on a campaign folder, inside the folders that somebody opened for it, and lead it to its first gate."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from callsheet.domain.error import WrongUse
from callsheet.storage import run as runs
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.desk import Desk, Floor
from callsheet.tools.desk.question import GateAnswer, open_question
from callsheet.tools.desk.shoot import LONGEST_WAIT, next_step
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool


class StartCampaign(Asked):
    """Which folder to begin with."""

    folder: str = Field(min_length=1, max_length=400, description="The campaign folder, with its campaign.yaml.")
    wait: int = Field(default=30, ge=0, le=LONGEST_WAIT, description="Seconds to wait for its first gate.")


class StartedAnswer(Answer):
    """The run that began, and the gate that it waits at."""

    run: str
    status: str
    reason: str
    gate: GateAnswer | None
    do: str


def start_campaign(desk: Desk, floor: Floor, roots: Sequence[Path]) -> DeskTool:
    """The tool that begins runs on folders inside `roots`. Every gate of such a run waits for a person."""
    allowed = tuple(root.resolve() for root in roots)

    async def work(asked: StartCampaign) -> StartedAnswer:
        place, out = await asyncio.to_thread(_inside, asked.folder, allowed)
        begun = await floor.start(place, out)
        stands = await floor.go_on(begun, float(asked.wait))
        run, gate = await desk.read(lambda tx: (runs.find(tx, begun), open_question(tx, begun)))
        do = next_step(run, gate, "at rest" if stands else "under way")
        return StartedAnswer(run=run.id, status=run.status, reason=run.reason, gate=gate, do=do)

    return desk_tool(
        "start_campaign",
        "Begin a run on a campaign folder: plan it, price it, and stop at its greenlight. Buys nothing. The folder "
        "must lie inside the folders that were opened for this.",
        StartCampaign,
        StartedAnswer,
        work,
        changes=True,
        begins_anew=True,  # once the first run is at its end, the same folder begins another
    )


def _inside(folder: str, allowed: Sequence[Path]) -> tuple[Path, Path]:
    """The folder and where its files go, with every link followed. Raises WrongUse outside the allowed folders.

    What lies outside is refused in the same words whether it exists or not.
    """
    if "\0" in folder or not allowed:
        raise _refused(folder, allowed)
    base = allowed[0]
    try:
        place = (base / folder).resolve()
        out = (place / "out").resolve()
    except (OSError, RuntimeError) as error:  # a name too long, or links that go round
        raise _refused(folder, allowed) from error
    if not all(any(one.is_relative_to(root) for root in allowed) for one in (place, out)):
        raise _refused(folder, allowed)
    if not place.is_dir():
        raise WrongUse(f"there is no folder {folder[:80]!r} inside {base}: name one that holds a campaign.yaml")
    return place, out


def _refused(folder: str, allowed: Sequence[Path]) -> WrongUse:
    opened = ", ".join(map(str, allowed)) or "none"
    return WrongUse(f"{folder[:80]!r} is not inside a folder that was opened for this ({opened})")
