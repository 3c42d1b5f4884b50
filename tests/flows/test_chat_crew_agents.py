"""All four agents of a chat crew ask their model, over a server, in one run; what they write stays within the rules."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from contracts.chat_server import Server, serving

from callsheet import Callsheet, Settings
from callsheet.domain.cut import Cut
from callsheet.domain.showing import Showing
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.domain.telemetry import AnalystDecision, ReshootRequest
from callsheet.session import CampaignRun
from callsheet.storage import purchase as journal
from callsheet.storage.ledger import entries
from callsheet.tools.writer import ChatWriter, KeptWriter, Written
from callsheet.tools.writer.port import T, Task

pytestmark = pytest.mark.loopback
WISH = "the cup tips over in the first moment and the coffee runs to the edge"
PEOPLE = [
    {
        "id": one,
        "name": name,
        "description": looks,
        "releases": [{"id": f"{one}-1", "starts": "2026-01-01", "ends": ends}],
    }
    for one, name, looks, ends in (
        ("maud", "Maud Arlen", "a woman in her fifties with grey curls and a green cardigan", "2099-01-01"),
        ("teo", "Teo Brandt", "a man in his twenties with a shaved head and a mustard jumper", "2099-01-01"),
        ("ulla", "Ulla Quist", "a woman in her thirties with a red plait and a denim jacket", "2026-02-01"),
    )
]


@dataclass
class Scripted:
    """Asks the server for every task, and has it answer with the house's words, or with what this test has for it."""

    server: Server
    chat: ChatWriter
    asked: list[str] = field(default_factory=list)
    is_away: bool = False

    async def write(self, task: Task[T]) -> Written[T]:
        if self.is_away:
            self.server.answers = [{"status": 503}]
            return await self.chat.write(task)
        name = task.prompt.partition("@")[0]
        self.asked.append(name)
        answer: dict[str, Any] = task.house().model_dump(mode="json")
        if name == "casting/roles":
            answer = {"roles": [{**role, "cameo": "teo", "look": ""} for role in answer["roles"]]}
        elif name == "editor/choose":
            answer = {"take": 1, "reason": "the first one is calmer"}
        elif name == "editor/arrange":
            answer = {"order": "as planned", "dissolve": "nowhere", "reason": "hard cuts suit a short film"}
        elif name == "analyst/request":
            answer = {"wish": WISH}
        self.server.answers = [{"content": json.dumps(answer)}]
        return await self.chat.write(task)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def coffee(pocket: Path) -> Path:
    """Three shots of two takes each, two people with a release and one without, and an audience that loses patience."""
    file = pocket / "campaign.yaml"
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    product = {**written["product"], "name": "Morrow Blend", "category": "coffee", "facts": ["Roasted in small drums"]}
    written |= {
        "name": "coffee",
        "goal": "Show how a slow morning begins",
        "product": product,
        "brand": {**written["brand"], "name": "Morrow"},
        "claims": [],
        "cameos": PEOPLE,
        "shots": 3,
        "takes": 2,
        "seconds": 8,
        "dailies": True,
        "caps": {"seconds": 80},
        "reshoots": {"rounds": 1, "seconds": 8},
        "telemetry": {"kind": "simulation", "seed": 2},
    }
    file.write_text(yaml.safe_dump(written), encoding="utf-8")
    return pocket


@pytest.fixture
def crew(server: Server, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    scripted = Scripted(server, ChatWriter(server.url, "no-key", "model-x"))
    monkeypatch.setattr("callsheet.wiring.open_writer", lambda _, database, *_more: KeptWriter(scripted, database))
    return scripted


async def approved(run: CampaignRun, *, until: str) -> Showing:
    """Go on with a yes at every gate, up to a gate of this kind: what it shows."""
    while (status := await run.go_on()).status == "waiting":
        gate = await run.gate()
        assert gate is not None
        if gate.gate.kind == until:
            return gate.showing
        await run.decide("approve", by="Dana", shown=gate.gate.shown)
    raise AssertionError(f"{status.status}: {status.reason}")


async def test_a_run_asks_all_four_agents_and_people_beat_them(
    coffee: Path, settings: Settings, crew: Scripted
) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(coffee)
        dailies = await approved(run, until="dailies")
        assert {take.number for take in dailies.takes if take.circled} == {1}
        assert "the first one is calmer" in "".join(dailies.notices)
        chosen = dailies.takes[0].shot
        await run.decide("edit", by="Dana", edits={f"{chosen}.take": "2"})
        await approved(run, until="topup")
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        archive = callsheet.studio.crew.archive

        def bodies(kind: str) -> list[dict[str, Any]]:
            return [entry.body for entry in ledger if entry.kind == kind]

        sheet = await archive.load(CallSheet, bodies("CallSheetDrawn")[0]["call_sheet"])
        decision = await archive.load(AnalystDecision, bodies("AnalystDecided")[0]["decision"])
        cut = await archive.load(Cut, bodies("CutAssembled")[0]["cut"])
        last = await archive.load(Storyboard, bodies("StoryboardDrafted")[-1]["storyboard"])
    roles = {name.partition("/")[0] for name in crew.asked}
    assert roles >= {"director", "casting", "editor", "analyst"}
    assert len(crew.server.asked) == len(crew.asked), "every word came over the server, and at the first try"
    assert sheet.roles
    assert {role.cameo for role in sheet.roles} == {"teo"}
    numbers = {take.take: take.number for take in dailies.takes}
    circled = {shot: numbers[take] for shot, take in bodies("TakesCircled")[0]["takes"]}
    assert circled == {shot: 2 if shot == chosen else 1 for shot in circled}
    assert crew.asked.count("editor/choose") == len(circled), "what people saw and let stand is settled"
    assert {clip.transition.kind for clip in cut.clips} == {"cut"}
    assert isinstance(decision.request, ReshootRequest)
    assert decision.request.wish == WISH
    assert any(WISH in shot.prompt for shot in last.shots)
    told = str(crew.server.asked)
    assert not [one["name"] for one in PEOPLE if str(one["name"]) in told], "no name ever reaches a model"
    kinds = [entry.kind for entry in ledger]
    assert kinds.index("GateDecided") < kinds.index("SecondsReserved")


async def test_a_model_that_goes_away_after_the_shoot_costs_no_take(
    coffee: Path, settings: Settings, crew: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The film is out when the model goes: people are asked, the house asks for the reshoot, and one take is bought."""
    monkeypatch.setattr("callsheet.tools.writer.chat._WAITS", ())
    async with Callsheet.open(settings) as callsheet:
        database = callsheet.studio.database
        run = await callsheet.start(coffee)
        await approved(run, until="release")
        before = await database.read(journal.every)
        written = crew.asked.copy()
        crew.is_away = True
        await run.decide("approve", by="Dana")
        asked = await approved(run, until="writer")
        gate = await run.gate()
        assert gate is not None
        assert "model-x did not answer for the analyst" in gate.question
        assert asked.kind == "writer"
        assert await database.read(journal.every) == before
        await run.decide("approve", by="Dana")
        await approved(run, until="topup")
        assert await database.read(journal.every) == before, "what people approve is what is bought, and not before"
        await approved(run, until="release")
        await run.decide("approve", by="Dana")
        assert (await run.go_on()).status == "finished"
        after = await database.read(journal.every)
        assert after[: len(before)] == before
        bought = after[len(before) :]
        assert bought
        assert {one.order.shot.rpartition(".")[2] for one in bought} == {"r1"}
        assert crew.asked == written, "nothing that was written is asked for again"


async def test_a_step_that_is_done_again_gets_the_answer_it_already_has(
    coffee: Path, settings: Settings, crew: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(coffee)

        async def torn(*_: object) -> None:
            raise OSError("the disk went away")

        with monkeypatch.context() as patch:
            patch.setattr("callsheet.graphs.node.plan.draw_call_sheet", torn)
            assert (await run.go_on()).status == "failed"
        asked = list(crew.asked)
        assert "casting/roles" in asked
        assert (await run.go_on()).status == "waiting"
        assert crew.asked == asked, "nothing is asked, or paid for, twice"
        found = await run.gate()
        assert found is not None
        assert "teo under release teo-1" in "".join(found.showing.notices)
