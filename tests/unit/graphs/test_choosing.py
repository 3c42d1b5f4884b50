"""What the crew's writers may choose in a run, and what is done at dailies when a model gives nothing."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from unit.agents.briefs import runner, takes_of

from callsheet.agents.director import Director
from callsheet.agents.editor import Editor
from callsheet.graphs.choosing import circled_takes, may_arrange, may_cast, takes_to_show
from callsheet.graphs.crew import Crew
from callsheet.graphs.state import CampaignState
from callsheet.storage.database import Database
from callsheet.tools.writer import HouseWriter, KeptWriter, WriterFailed, Written
from callsheet.tools.writer.port import T, Task

FRESH = {"run": "r", "round": 0, "returns": 0, "objections": [], "refusals": {}}


class Silent:
    """A model that gives nothing."""

    async def write(self, task: Task[T]) -> Written[T]:
        raise WriterFailed(model="model-x", prompt=task.prompt, reasons=("the server does not answer",), is_away=True)


def crew(found: Any, editor: Editor | None = None) -> Crew:
    """A crew whose database always reads this."""

    async def read(_: object) -> Any:
        return found

    return cast(Crew, SimpleNamespace(database=SimpleNamespace(read=read), editor=editor))


def state(**changes: Any) -> CampaignState:
    return cast(CampaignState, {**FRESH, **changes})


async def test_a_model_that_gives_nothing_at_dailies_costs_no_question() -> None:
    brief = runner()
    board = await Director(HouseWriter()).plan(brief)
    takes = (*takes_of(board, number=1), *takes_of(board, number=2))
    silent = Editor(writer=KeptWriter(Silent(), cast(Database, None)))
    shown = await takes_to_show(crew({}, silent), state(), brief, board, takes)
    assert shown.takes == Editor().circle(takes, board)
    assert ["model-x gave nothing" in one for one in shown.reasons] == [True]


async def test_roles_and_order_are_open_in_a_first_plan_that_nobody_changed() -> None:
    nobody, somebody = crew([]), crew([SimpleNamespace(edits={"shot.1.light": "golden hour"})])
    assert await may_cast(nobody, state())
    assert await may_arrange(nobody, state())
    assert not await may_cast(somebody, state())
    assert not await may_arrange(somebody, state())
    for closed in (
        {"round": 1},
        {"returns": 1},
        {"objections": ["x"]},
        {"refusals": {"shot.1": 1}},
        {"takes": {"t": "p"}},
    ):
        assert not await may_cast(nobody, state(**closed)), closed
    for done in ({"round": 1}, {"cuts": ["c"]}, {"next": "trim"}):
        assert not await may_arrange(nobody, state(**cast(dict[str, Any], done))), done


@pytest.mark.parametrize(("answer", "settled"), [("approve", 1), ("edit", 1), ("withdrawn", 2), ("reject", 2)])
async def test_what_people_saw_circled_and_let_stand_is_theirs(
    monkeypatch: pytest.MonkeyPatch, answer: str, settled: int
) -> None:
    brief = runner()
    board = await Director(HouseWriter()).plan(brief)
    takes = (*takes_of(board, number=1), *takes_of(board, number=2))
    edits = {"shot.3.take": "2"} if answer == "edit" else {}
    gate = SimpleNamespace(id="g", kind="dailies", round=0, shown="d")
    verdict = SimpleNamespace(answer=answer, decisions=[SimpleNamespace(edits=edits)])
    seen = [SimpleNamespace(take=one.id, circled=one.number == 1) for one in takes]
    monkeypatch.setattr("callsheet.graphs.choosing.gates.gates_of", lambda *_: [gate])
    monkeypatch.setattr("callsheet.graphs.choosing.gates.verdict_at", lambda *_: verdict)
    monkeypatch.setattr("callsheet.graphs.choosing.document.fetch", lambda *_: SimpleNamespace(takes=seen))

    async def read(look: Any) -> Any:
        return look(None)

    people = cast(Crew, SimpleNamespace(database=SimpleNamespace(read=read), editor=Editor()))
    chosen = await circled_takes(people, state(), brief, board, takes)
    wanted = {shot.id: 2 if shot.id == "shot.3" and edits else settled for shot in board.shots}
    assert {shot: take.number for shot, take in chosen.takes.items()} == wanted
