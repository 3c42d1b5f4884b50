"""What audiences did with a run's variants: who stayed, who clicked, and how sure each share is."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from callsheet.domain.cut import Cut
from callsheet.domain.error import NotFound
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import Entry, current_body
from callsheet.domain.telemetry import Interval, Reading, Readings, drops, merge, pool, wilson
from callsheet.storage import document
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.desk import Desk, RunName
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool

MOST_SECONDS = 120
MOST_READINGS = 60


class ReadTelemetry(Asked):
    """Whose readings."""

    run: RunName
    variant: str = Field(default="", max_length=64, description="Only this variant.")
    placement: str = Field(default="", max_length=64, description="Only this placement.")
    round: int | None = Field(default=None, ge=0, le=100, description="Only this round; the newest when absent.")


class Share(Answer):
    """A share that was counted, with the bounds that hold it in 95 of 100 such counts (Wilson 1927)."""

    share: str
    low: str
    high: str
    hits: int
    of: int


class ShotLoss(Answer):
    """What one shot lost."""

    shot: str
    lost: Share = Field(
        description="Of those who watch, the share that leaves in a second of this shot; `of` counts each viewer once "
        "a second. The first second of the film is not counted: people swipe on there from anything."
    )


class ReadingAnswer(Answer):
    """One variant in one placement."""

    variant: str
    placement: str
    viewers: list[int] = Field(description="Who still watches at the start of each second.")
    clicks: Share
    stayed: Share = Field(description="Who still watches at the start of the last second.")
    losses: list[ShotLoss] = Field(description="Shot by shot, in the order they play.")
    simulated: bool = Field(description="Drawn by the audience simulator: no evidence about people.")
    source: str


class VariantAnswer(Answer):
    """All placements of one variant together."""

    variant: str
    clicks: Share


class TelemetryAnswer(Answer):
    """The readings of one round."""

    run: str
    round: int
    readings: list[ReadingAnswer]
    variants: list[VariantAnswer]


def read_telemetry(desk: Desk) -> DeskTool:
    """The tool that reads what audiences did."""

    async def work(asked: ReadTelemetry) -> TelemetryAnswer:
        return await desk.read(lambda tx: _read(tx, asked))

    return desk_tool(
        "read_telemetry",
        "Read what audiences did with the published variants of a run: viewers second by second, clicks, who stayed, "
        "each share with its 95 % interval. Says which readings are simulated.",
        ReadTelemetry,
        TelemetryAnswer,
        work,
    )


def _read(tx: Transaction, asked: ReadTelemetry) -> TelemetryAnswer:
    run = runs.find(tx, RunId(asked.run))
    read = _rounds(entries(tx, run.id))
    known = sorted({body["round"] for body, _ in read})
    wanted = asked.round if asked.round is not None else (known[-1] if known else None)
    body, cleared = next((one for one in reversed(read) if one[0]["round"] == wanted), (None, ()))
    if body is None:
        there = ", ".join(map(str, known)) or "none yet: they come after a release is approved and published"
        raise NotFound(f"{run.id} has no readings of that round; rounds with readings: {there}")
    found = document.fetch(tx, Readings, Digest(body["readings"]))
    cuts = [document.fetch(tx, Cut, Digest(one)) for one in cleared]
    timelines = {(cut.variant, cut.placement): cut for cut in cuts if not cut.alternate}
    kept = [
        one for one in found.readings if asked.variant in ("", one.variant) and asked.placement in ("", one.placement)
    ][:MOST_READINGS]
    return TelemetryAnswer(
        run=run.id,
        round=found.round,
        readings=[_told(one, timelines.get((one.variant, one.placement))) for one in kept],
        variants=[
            VariantAnswer(variant=name, clicks=_share(pool(one for one in kept if one.variant == name)))
            for name in dict.fromkeys(one.variant for one in kept)
        ],
    )


def _rounds(told: Sequence[Entry]) -> list[tuple[dict[str, Any], Sequence[str]]]:
    """What was read, each time, and the cuts that were out then: those that were cleared last."""
    found: list[tuple[dict[str, Any], Sequence[str]]] = []
    cleared: Sequence[str] = ()
    for entry in told:
        if entry.kind == "CutCleared":
            cleared = current_body(entry)["cuts"]
        elif entry.kind == "TelemetryRead":
            found.append((current_body(entry), cleared))
    return found


def _told(one: Reading, cut: Cut | None) -> ReadingAnswer:
    return ReadingAnswer(
        variant=one.variant,
        placement=one.placement,
        viewers=list(one.viewers[:MOST_SECONDS]),
        clicks=_share(wilson(one.clicks, one.starts)),
        stayed=_share(wilson(one.viewers[-1], one.starts)),
        losses=_losses(cut, one) if cut else [],
        simulated=one.simulated,
        source=one.source,
    )


def _losses(cut: Cut, reading: Reading) -> list[ShotLoss]:
    """A shot that plays twice is one."""
    parts = drops(cut, reading)
    names = dict.fromkeys(part.shot for part in parts)
    return [
        ShotLoss(shot=name, lost=_share(merge([part for part in parts if part.shot == name]).rate)) for name in names
    ]


def _share(counted: Interval) -> Share:
    return Share(
        share=str(counted.share), low=str(counted.low), high=str(counted.high), hits=counted.hits, of=counted.trials
    )
