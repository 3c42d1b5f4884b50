"""The open question of a run, as a tool shows it: what is asked, what it may cost, and how a person answers."""

from pydantic import Field

from callsheet.domain.gate import ANSWERS, Gate
from callsheet.domain.identity import RunId
from callsheet.domain.showing import Showing
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.tools.desk.answer import Answer

_ENOUGH_OF_A_HASH = 12


class GateAnswer(Answer):
    """A gate that waits for a person."""

    id: str
    kind: str
    question: str
    shown: str = Field(description="The hash of exactly what a person is asked to approve.")
    seconds: int = Field(description="The most seconds that a yes permits to buy.")
    expected: str = Field(description="What it should cost.")
    most: str = Field(description="The most money that a yes permits to spend.")
    notices: list[str] = Field(description="What the person is told beside it.")
    roles: list[str] = Field(description="Who must each say yes; nobody named: anybody may decide.")
    deadline: str
    answers: list[str] = Field(description="What a person may answer.")
    how: str = Field(description="How a person answers. No tool can.")


def open_question(tx: Transaction, run: RunId) -> GateAnswer | None:
    """The question of a run that waits for a person, if one does."""
    for gate in reversed(gates.gates_of(tx, run)):
        if not gates.verdict_at(tx, gate.id).is_final:
            return _told(gate, document.fetch(tx, Showing, gate.shown))
    return None


def _told(gate: Gate, showing: Showing) -> GateAnswer:
    answers = [str(one) for one in ANSWERS[gate.kind]]
    look = f"a person looks with `callsheet show {gate.run}`"
    return GateAnswer(
        id=gate.id,
        kind=gate.kind,
        question=showing.question,
        shown=gate.shown,
        seconds=gate.allowance.seconds if gate.allowance else 0,
        expected=str(showing.expected) if showing.expected is not None else "",
        most=str(gate.allowance.money) if gate.allowance else "",
        notices=list(showing.notices),
        roles=list(gate.roles),
        deadline=gate.deadline.isoformat() if gate.deadline else "",
        answers=answers,
        how=f"{look}, then answers with "
        f"`callsheet decide {gate.run} {'|'.join(answers)} --shown {gate.shown[:_ENOUGH_OF_A_HASH]}`",
    )
