"""The open gate of a run, shown. Showing is all: a person answers it, elsewhere."""

from pydantic import Field

from callsheet.domain.identity import RunId
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.desk import Desk, RunName
from callsheet.tools.desk.question import GateAnswer, open_question
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool


class OpenGate(Asked):
    """Whose gate to show."""

    run: RunName


class OpenGateAnswer(Answer):
    """The question that waits for a person, if one does."""

    run: str
    status: str
    gate: GateAnswer | None = Field(description="Nothing when no gate is open.")


def open_gate(desk: Desk) -> DeskTool:
    """The tool that shows a gate."""

    async def work(asked: OpenGate) -> OpenGateAnswer:
        return await desk.read(lambda tx: _shown(tx, RunId(asked.run)))

    return desk_tool(
        "open_gate",
        "Show the gate of a run that waits for a person: the question, the hash of what is shown, the price, and how a "
        "person answers. No tool answers a gate.",
        OpenGate,
        OpenGateAnswer,
        work,
    )


def _shown(tx: Transaction, name: RunId) -> OpenGateAnswer:
    run = runs.find(tx, name)
    return OpenGateAnswer(run=run.id, status=run.status, gate=open_question(tx, name))
