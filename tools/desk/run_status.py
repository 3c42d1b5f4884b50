"""Where a run stands: its status, its open gate, its costs, what is finished."""

from pydantic import Field

from callsheet.domain.identity import RunId
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.desk import Desk, RunName
from callsheet.tools.desk.question import open_question
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool

MOST_RUNS = 50


class RunStatus(Asked):
    """Which run to look at."""

    run: RunName | None = Field(default=None, description="The run; all runs of the workspace when absent.")


class RunAnswer(Answer):
    """Where one run stands."""

    run: str
    campaign: str
    status: str
    reason: str
    gate: str = Field(description="The kind of the gate that waits for a person; empty when none does.")
    seconds_bought: int
    seconds_held: int
    spent: str
    takes: int = Field(description="Takes that are paid for.")
    files: list[str] = Field(description="Names of the finished files.")
    started: str


class StatusAnswer(Answer):
    """The runs that were asked about, the newest first."""

    found: int
    runs: list[RunAnswer]


def run_status(desk: Desk) -> DeskTool:
    """The tool that says where runs stand."""

    async def work(asked: RunStatus) -> StatusAnswer:
        return await desk.read(lambda tx: _status(tx, asked))

    return desk_tool(
        "run_status",
        "Say where a run stands, or every run of the workspace: status, open gate, seconds and money, finished files.",
        RunStatus,
        StatusAnswer,
        work,
    )


def _status(tx: Transaction, asked: RunStatus) -> StatusAnswer:
    every = (runs.find(tx, RunId(asked.run)),) if asked.run is not None else runs.every(tx)[::-1]
    return StatusAnswer(found=len(every), runs=[_told(tx, one.id) for one in every[:MOST_RUNS]])


def _told(tx: Transaction, name: RunId) -> RunAnswer:
    run, book, gate = runs.find(tx, name), journal.book_of(tx, name), open_question(tx, name)
    files = sorted({str(one.body["name"]) for one in entries(tx, name) if one.kind == "DeliverableFinished"})
    return RunAnswer(
        run=run.id,
        campaign=run.campaign,
        status=run.status,
        reason=run.reason,
        gate=gate.kind if gate else "",
        seconds_bought=book.spent_seconds,
        seconds_held=book.held_seconds,
        spent=str(book.spent),
        takes=journal.paid_takes(tx, name),
        files=[f"{one}.mp4" for one in files],
        started=run.started_at.isoformat(),
    )
