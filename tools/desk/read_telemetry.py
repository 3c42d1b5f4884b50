"""What audiences did with a run's variants: who stayed, who clicked, and how sure each share is."""

from pydantic import Field

from callsheet.domain.error import NotFound
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import current_body
from callsheet.domain.telemetry import Interval, Reading, Readings, pool, wilson
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


class ReadingAnswer(Answer):
    """One variant in one placement."""

    variant: str
    placement: str
    viewers: list[int] = Field(description="Who still watches at the start of each second.")
    clicks: Share
    stayed: Share = Field(description="Who still watches at the start of the last second.")
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
    read = [current_body(entry) for entry in entries(tx, run.id) if entry.kind == "TelemetryRead"]
    known = sorted({body["round"] for body in read})
    wanted = asked.round if asked.round is not None else (known[-1] if known else None)
    body = next((one for one in reversed(read) if one["round"] == wanted), None)
    if body is None:
        there = ", ".join(map(str, known)) or "none yet: they come after a release is approved and published"
        raise NotFound(f"{run.id} has no readings of that round; rounds with readings: {there}")
    found = document.fetch(tx, Readings, Digest(body["readings"]))
    kept = [
        one for one in found.readings if asked.variant in ("", one.variant) and asked.placement in ("", one.placement)
    ][:MOST_READINGS]
    return TelemetryAnswer(
        run=run.id,
        round=found.round,
        readings=[_told(one) for one in kept],
        variants=[
            VariantAnswer(variant=name, clicks=_share(pool(one for one in kept if one.variant == name)))
            for name in dict.fromkeys(one.variant for one in kept)
        ],
    )


def _told(one: Reading) -> ReadingAnswer:
    return ReadingAnswer(
        variant=one.variant,
        placement=one.placement,
        viewers=list(one.viewers[:MOST_SECONDS]),
        clicks=_share(wilson(one.clicks, one.starts)),
        stayed=_share(wilson(one.viewers[-1], one.starts)),
        simulated=one.simulated,
        source=one.source,
    )


def _share(counted: Interval) -> Share:
    return Share(
        share=str(counted.share), low=str(counted.low), high=str(counted.high), hits=counted.hits, of=counted.trials
    )
