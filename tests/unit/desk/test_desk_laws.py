"""The laws of the desk: nothing goes on without a yes, no name leaves, a text stays data, the arithmetic adds up."""

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.budget import Allowance
from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound
from callsheet.domain.event import RunStarted
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.domain.money import nothing
from callsheet.domain.principal import Principal
from callsheet.domain.run import Run, RunStatus
from callsheet.domain.showing import Showing
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Database, Transaction
from callsheet.tools.desk.answer import LONGEST_TEXT, plain, written
from callsheet.tools.desk.desk import Desk
from callsheet.tools.desk.lookup_cameo import lookup_cameo
from callsheet.tools.desk.quote_seconds import QuoteSeconds, quote_seconds
from callsheet.tools.desk.shoot import shoot
from callsheet.tools.desk.start_campaign import start_campaign
from callsheet.tools.intake import read_campaign, write_example

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RUN = RunId("runner-1")
YES = Principal(name="ana")


class WatchedFloor:
    """A floor that only writes down what it was asked for."""

    def __init__(self) -> None:
        self.led: list[tuple[RunId, float]] = []
        self.begun: list[Path] = []

    async def start(self, folder: Path, out: Path) -> RunId:
        del out
        self.begun.append(folder)
        return RUN

    async def go_on(self, run: RunId, seconds: float) -> bool:
        self.led.append((run, seconds))
        return True


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    folder = tmp_path_factory.mktemp("campaign") / "runner"
    write_example(folder, "runner")
    return read_campaign(folder, NOW.date()).campaign


@pytest.fixture
def desk(tmp_path: Path, campaign: Campaign) -> Desk:
    """A workspace with one run at its greenlight."""
    database = Database(f"sqlite:///{tmp_path / 'workspace.db'}", "default", lambda: NOW)
    database.write_now(lambda tx: _begin(tx, campaign))
    return Desk(database=database, account="default", day_cap=None, path_of=_gone)


def _gone(digest: Digest) -> Path:
    raise NotFound(f"no file {digest}")


def _begin(tx: Transaction, campaign: Campaign) -> None:
    bundle = document.keep(tx, campaign)
    run = Run(id=RUN, campaign=campaign.name, bundle=bundle, folder="f", out="o", status="waiting", started_at=NOW)
    provider = campaign.provider
    begun = RunStarted(
        bundle=bundle,
        campaign=campaign.name,
        provider=provider.name,
        model=provider.model,
        policy=run.policy,
        seed=0,
    )
    runs.start(tx, run, begun)
    shown = document.keep(tx, Showing(kind="greenlight", round=0, question="Shoot it?", storyboard=bundle))
    asked = Allowance(seconds=16, money=nothing())
    gates.open_gate(
        tx,
        Gate(id=GateId("g"), run=RUN, kind="greenlight", round=0, shown=shown, allowance=asked, opened_at=NOW),
    )


def _answer(desk: Desk) -> None:
    def write(tx: Transaction) -> None:
        gate = gates.find(tx, GateId("g"))
        gates.decide(tx, Decision(gate=gate.id, answer="approve", by=YES, shown=gate.shown, at=tx.now))

    desk.database.write_now(write)


async def _asked(tool: Any, **arguments: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await tool.ainvoke(arguments))
    return found


async def test_nobody_is_led_past_an_open_gate(desk: Desk) -> None:
    floor = WatchedFloor()
    said = await _asked(shoot(desk, floor), run=RUN)
    assert (said["state"], floor.led) == ("gate open", [])


async def test_a_run_is_led_on_after_a_yes(desk: Desk) -> None:
    floor = WatchedFloor()
    _answer(desk)
    await _asked(shoot(desk, floor), run=RUN, wait=7)
    assert floor.led == [(RUN, 7.0)]


@pytest.mark.parametrize("status", ["paused", "failed", "expired", "finished", "rejected", "cancelled"])
async def test_what_a_person_stopped_only_a_person_resumes(desk: Desk, status: RunStatus) -> None:
    floor = WatchedFloor()
    _answer(desk)
    desk.database.write_now(lambda tx: runs.set_status(tx, RUN, status, "why"))
    said = await _asked(shoot(desk, floor), run=RUN)
    assert (said["state"], said["status"], floor.led) == ("at rest", status, [])
    assert "a person" in said["do"]


async def test_a_run_that_another_host_leads_is_left_to_it(desk: Desk) -> None:
    floor = WatchedFloor()
    _answer(desk)
    desk.database.write_now(lambda tx: runs.claim(tx, RUN, "thread-1"))
    said = await _asked(shoot(desk, floor), run=RUN)
    assert floor.led == []
    assert "LangGraph server" in said["do"]


async def test_a_name_in_a_description_is_not_told(desk: Desk, campaign: Campaign) -> None:
    person = campaign.cameos[0].model_copy(update={"description": f"{campaign.cameos[0].name} in a red coat"})
    desk.database.write_now(lambda tx: people.revised(tx, person))
    said = await _asked(lookup_cameo(desk), run=RUN, cameo=person.id)
    assert said["description"].endswith("in a red coat")
    assert person.name.split()[1] not in json.dumps(said)


@pytest.mark.parametrize("folder", ["..", "/", "a/../..", "link", "linked-out", "nowhere", "x\0y", "n" * 399])
async def test_only_a_folder_inside_the_opened_ones_is_begun(desk: Desk, tmp_path: Path, folder: str) -> None:
    floor, opened, outside = WatchedFloor(), tmp_path / "opened", tmp_path / "outside"
    for made in (opened / "linked-out", outside):
        made.mkdir(parents=True)
    (opened / "link").symlink_to(outside)
    (opened / "linked-out" / "out").symlink_to(outside)
    said = await _asked(start_campaign(desk, floor, [opened]), folder=folder)
    assert set(said) == {"error"}
    assert floor.begun == []


async def test_a_folder_inside_the_opened_ones_is_begun(desk: Desk, tmp_path: Path) -> None:
    floor = WatchedFloor()
    (tmp_path / "opened" / "spring").mkdir(parents=True)
    said = await _asked(start_campaign(desk, floor, [tmp_path / "opened"]), folder="spring")
    assert floor.begun == [tmp_path / "opened" / "spring"]
    assert said["gate"]["kind"] == "greenlight"


@pytest.mark.parametrize("lengths", [[0], [-1], [61], ["nan"], [True], ["1/0"], [[1]], [1.00001], [1] * 13])
def test_what_is_no_length_is_refused(lengths: list[Any]) -> None:
    with pytest.raises(ValueError, match="length"):
        QuoteSeconds.model_validate({"run": RUN, "lengths": lengths})


async def test_seconds_bought_are_seconds_used_and_wasted(desk: Desk, campaign: Campaign) -> None:
    tool = quote_seconds(desk)
    for lengths in ([0.25], [2.5, 4, 7.75], [12.0] * 12):
        said = await _asked(tool, run=RUN, lengths=lengths)
        assert float(said["seconds_used"]) == sum(lengths)
        assert said["seconds_bought"] == float(said["seconds_used"]) + float(said["seconds_wasted"])
        assert said["seconds_bought"] == sum(one["seconds_bought"] for one in said["shots"])
        assert said["fits"] == (said["seconds_bought"] <= campaign.caps.seconds)


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=900),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


@given(WILD)
def test_no_answer_holds_a_tag_or_a_mark_that_nobody_sees(value: Any) -> None:
    said = written(plain(value))
    assert not set("<>&") & set(said)
    assert json.loads(said) == plain(value)
    assert not any(unicodedata.category(mark) in ("Cc", "Cf", "Co", "Cs") for mark in said)
    assert all(len(one) <= LONGEST_TEXT for one in _strings(json.loads(said)))


def _strings(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for item in value.values() for text in _strings(item)]
        case list():
            return [text for item in value for text in _strings(item)]
        case _:
            return []
