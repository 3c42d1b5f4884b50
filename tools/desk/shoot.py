"""Buy what a greenlight covers: go on with a run past a gate that a person approved, and never past an open one."""

from typing import Literal

from pydantic import Field

from callsheet.domain.error import NotFound
from callsheet.domain.identity import RunId
from callsheet.domain.purchase import PAID
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.domain.storyboard import Storyboard
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.tools.desk.answer import Answer
from callsheet.tools.desk.desk import Desk, Floor, RunName, ShotName
from callsheet.tools.desk.question import GateAnswer, open_question
from callsheet.tools.desk.tool import Asked, DeskTool, desk_tool

State = Literal["gate open", "under way", "at rest"]
LONGEST_WAIT = 300
MOST_SHOTS = 24
MOST_TAKES = 60
_PLANNED = ("greenlight", "topup")


class Shoot(Asked):
    """Which run to go on with."""

    run: RunName
    shots: list[ShotName] = Field(
        default=[],
        max_length=MOST_SHOTS,
        description="Tell about these shots alone. A greenlight is one: everything it covers is shot all the same.",
    )
    wait: int = Field(
        default=30, ge=0, le=LONGEST_WAIT, description="Seconds to wait for it; after that it goes on without you."
    )


class Bought(Answer):
    """One take of the run, and where its purchase stands."""

    shot: str
    take: int
    state: str
    seconds: int
    price: str
    is_paid: bool
    reason: str


class ShootAnswer(Answer):
    """Where the shoot stands.

    `gate open`: a person must answer first, and nothing was done. `under way`: it goes on; ask again. `at rest`: the
    run is at its end, or stopped; `do` says what a person can do.
    """

    run: str
    state: State
    status: str
    reason: str
    gate: GateAnswer | None
    bought_now: int = Field(description="Takes that were paid for while this call waited.")
    takes: list[Bought]
    seconds_bought: int = Field(description="By this run so far.")
    spent: str
    do: str


def shoot(desk: Desk, floor: Floor) -> DeskTool:
    """The tool that buys under an approval that was given, and otherwise names the gate that is open."""

    async def work(asked: Shoot) -> ShootAnswer:
        before, may_go_on = await desk.read(lambda tx: _before(tx, asked))
        stands = await floor.go_on(RunId(asked.run), float(asked.wait)) if may_go_on else True
        return await desk.read(lambda tx: _after(tx, asked, before, stands))

    return desk_tool(
        "shoot",
        "Buy the seconds that a person has approved for a run, and go on to its next gate. When a gate is open it buys "
        "nothing and answers with that gate, its price, and how a person answers it; it cannot answer one itself. "
        "Asking again buys nothing twice.",
        Shoot,
        ShootAnswer,
        work,
        changes=True,
    )


def _before(tx: Transaction, asked: Shoot) -> tuple[int, bool]:
    """How many takes are paid for, and whether the run may go on: it has something to do, and no gate is open."""
    run = runs.find(tx, RunId(asked.run))
    _check_shots(tx, run, asked.shots)
    is_free = run.status in ("running", "waiting") and not run.is_hosted
    return journal.paid_takes(tx, run.id), is_free and open_question(tx, run.id) is None


def _check_shots(tx: Transaction, run: Run, wanted: list[str]) -> None:
    if not wanted:
        return
    planned = _planned(tx, run)
    strange = [one for one in wanted if one not in planned]
    if strange:
        there = ", ".join(planned) or "no shots yet"
        raise NotFound(f"the plan of {run.id} has no shot {', '.join(strange)}; it has: {there}")


def _planned(tx: Transaction, run: Run) -> tuple[str, ...]:
    """The shots of every plan that was put to people."""
    shown = [document.fetch(tx, Showing, one.shown) for one in gates.gates_of(tx, run.id) if one.kind in _PLANNED]
    boards = [document.fetch(tx, Storyboard, one.storyboard) for one in shown]
    return tuple(dict.fromkeys(str(shot.id) for board in boards for shot in board.shots))


def _after(tx: Transaction, asked: Shoot, before: int, stands: bool) -> ShootAnswer:
    run = runs.find(tx, RunId(asked.run))
    gate = open_question(tx, run.id)
    spent = journal.book_of(tx, run.id)
    state: State = "gate open" if gate else "at rest" if stands else "under way"
    known = [one for one in journal.of_run(tx, run.id) if not asked.shots or one.order.shot in asked.shots]
    known.sort(key=lambda one: (one.order.shot, one.order.take))
    return ShootAnswer(
        run=run.id,
        state=state,
        status=run.status,
        reason=run.reason,
        gate=gate,
        bought_now=journal.paid_takes(tx, run.id) - before,
        takes=[
            Bought(
                shot=one.order.shot,
                take=one.order.take,
                state=one.state.value,
                seconds=one.bill.seconds,
                price=str(one.bill.money),
                is_paid=one.state in PAID,
                reason=one.reason,
            )
            for one in known[:MOST_TAKES]
        ],
        seconds_bought=spent.spent_seconds,
        spent=str(spent.spent),
        do=next_step(run, gate, state),
    )


def next_step(run: Run, gate: GateAnswer | None, state: State) -> str:
    """What can be done about a run that stands like this, and by whom."""
    if gate is not None:
        return gate.how
    if run.is_hosted:
        return f"a LangGraph server advances {run.id}; it goes on there"
    if state == "under way":
        return "ask again: it goes on in the meantime"
    match run.status:
        case "finished":
            return f"nothing is left to do; a person reads `callsheet report {run.id}`"
        case "rejected" | "cancelled":
            return "nothing more comes of this run; a person may begin another"
        case "running" | "waiting":
            return "ask again"
        case _:
            return f"a person goes on with `callsheet resume {run.id}`, once the cause is gone"
