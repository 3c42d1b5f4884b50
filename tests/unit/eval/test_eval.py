"""The table of an eval counts what happened: on a scripted crew its every figure is known beforehand."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from unit.agents.briefs import runner

from benchmarks.eval.brief import names, read_brief
from benchmarks.eval.command import evaluate, kept, label
from benchmarks.eval.measure import coverage, distinctness, edit_distance, seconds_of
from benchmarks.eval.rehearsal import NOW, Stage
from benchmarks.eval.table import by_brief, page, summary
from callsheet.agents.director import Director
from callsheet.domain.campaign import Campaign
from callsheet.graphs.crew import Crew
from callsheet.settings import Settings
from callsheet.tools.writer import HouseWriter, Task, WriterFailed, Written
from callsheet.wiring import open_studio

DAY = NOW.date()


class Slips:
    """The house with a model's manners: it makes the given mistakes, one after the other, and then none."""

    def __init__(self, *slips: str) -> None:
        self.slips = list(slips)

    async def write(self, task: Task[Any]) -> Written[Any]:
        value, attempts = task.house(), 1
        while self.slips:
            slip = self.slips.pop(0)
            if slip == "fails":
                raise WriterFailed(model="slips", prompt=task.prompt, reasons=("nothing",) * 3, tokens_in=30)
            first = value.variants[0]
            caption = first.panels[0].model_copy(update={"caption": "The best in the world"})
            lying = first.model_copy(update={"panels": (caption, *first.panels[1:])})
            wrong = value.model_copy(update={"variants": (lying, *value.variants[1:])})
            if slip == "unseen":
                return Written(value=wrong, by="slips", prompt="p", attempts=attempts, tokens_in=10, tokens_out=5)
            assert [one.weight for one in task.check(wrong)] == ["stops"]
            attempts += 1
        assert task.check(value) == ()
        return Written(value=value, by="slips", prompt="p", attempts=attempts, tokens_in=10, tokens_out=5)


@pytest.fixture
def crew(tmp_path: Path) -> Crew:
    return open_studio(Settings(home=tmp_path / "home"), clock=lambda: NOW).crew


@pytest.fixture
def brief(crew: Crew) -> Iterator[Campaign]:
    with read_brief("filter-coffee", DAY) as bundle:
        for path in bundle.files.values():
            crew.media.keep(path)
        yield bundle.campaign


async def rehearsed(crew: Crew, brief: Campaign, *slips: str) -> dict[str, Any]:
    ticks = iter((100.0, 103.0))
    stage = Stage(crew, Slips(*slips), whole=True, clock=lambda: next(ticks))
    return (await stage.rehearse(brief)).line()


async def test_a_crew_that_makes_no_mistake_is_valid_at_first_try(crew: Crew, brief: Campaign) -> None:
    line = await rehearsed(crew, brief)
    assert (line["outcome"], line["tasks"], line["attempts"], line["returns"]) == ("first_try", 1, 1, 0)
    assert (line["met"], line["demanded"], line["tokens_in"], line["seconds"]) == (4, 4, 10, 3.0)
    assert line["apart"] is None


async def test_a_mistake_that_the_model_puts_right_is_a_repair(crew: Crew, brief: Campaign) -> None:
    line = await rehearsed(crew, brief, "seen")
    assert (line["outcome"], line["attempts"], line["caught_before"]) == ("repaired", 2, {"draft.claim": 1})


async def test_a_model_that_gives_nothing_usable_is_a_fallback_to_the_house(crew: Crew, brief: Campaign) -> None:
    line = await rehearsed(crew, brief, "fails")
    assert (line["outcome"], line["attempts"], line["tokens_in"]) == ("house", 3, 30)
    assert line["failed"] == ["director/storyboard: nothing"]


async def test_what_only_the_gate_catches_is_counted_at_the_gate(crew: Crew, brief: Campaign) -> None:
    line = await rehearsed(crew, brief, "unseen")
    assert (line["outcome"], line["returns"], line["caught_before"]) == ("repaired", 1, {})
    assert sum(line["caught_at_gate"].values()) >= 1
    assert all("claims" in rule for rule in line["caught_at_gate"])


def line(brief: str, outcome: str, **changes: Any) -> dict[str, Any]:
    base = {
        "brief": brief, "outcome": outcome, "tasks": 5, "attempts": 5, "returns": 0, "struck": 0, "caught_before": {},
        "caught_at_gate": {}, "bought": 12, "wasted": 1.5, "apart": None, "met": 4, "demanded": 4, "captions": 3,
        "tokens_in": 1000, "tokens_out": 100, "seconds": 10.0,
    }  # fmt: skip
    return {**base, **changes}


def test_the_table_adds_up() -> None:
    lines = [
        line("a", "first_try", apart=0.5),
        line("b", "repaired", attempts=7, struck=2, caught_before={"draft.name": 2, "draft.child": 1}, apart=1.0),
        line("c", "house", met=3, caught_before={"draft.name": 1}, caught_at_gate={"cast": 1}),
        line("d", "stopped", returns=3, seconds=30.0),
    ]
    rows = dict(summary(lines))
    assert rows["valid at first try"] == "1 of 4"
    assert rows["valid after repair"] == "1 of 4"
    assert rows["cleared without the house"] == "2 of 4"
    assert rows["fallbacks to house"] == "1 of 4"
    assert rows["cleared by nobody"] == "1 of 4"
    assert rows["tasks, and attempts at them"] == "20, 22"
    assert rows["violations caught before the gate"] == "draft.name 3, draft.child 1"
    assert rows["violations caught at the gate"] == "cast 1"
    assert rows["words struck or replaced by rule"] == "2"
    assert rows["seconds bought, of them wasted"] == "36, 4.5"
    assert rows["distinctness of variants"] == "0.75"
    assert rows["coverage of mandatories"] == "12 of 12"
    assert rows["tokens read, written"] == "4,000, 400"
    assert rows["seconds a brief"] == "15.0"


def test_plans_that_the_house_made_in_its_place_say_nothing_good_of_a_model() -> None:
    lost = line("d", "stopped", failed=["director/shot: nothing"], apart=0.8)
    own = line("c", "repaired", met=1, captions=0, apart=0.1)
    lines = [line("a", "house", apart=0.9), line("b", "house"), own, lost]
    rows = dict(summary(lines))
    assert rows["coverage of mandatories"] == "1 of 4"
    assert rows["distinctness of variants"] == "0.10"
    assert rows["captions a plan"] == "0.0"
    assert rows["seconds bought, of them wasted"] == "12, 1.5"
    nothing = dict(summary(lines[:2]))
    assert nothing["coverage of mandatories"] == "0 of 0"
    assert (nothing["captions a plan"], nothing["distinctness of variants"]) == ("none", "no plan has two")


def test_two_crews_do_not_share_a_column(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps({"crew": "model-x", **line("lemonade", "first_try")}) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"planned by model-x; .* --out for model-y"):
        evaluate(["--crew", "chat", "--url", "http://127.0.0.1:1/v1", "--model", "model-y", "--out", str(path)])


def test_every_crew_has_the_same_rows() -> None:
    shown = page({"house": [line("a", "first_try")], "chat": [line("a", "house")]}).splitlines()
    assert shown[0] == "| | house | chat |"
    assert all(row.count("|") == 4 for row in shown)
    assert "| valid at first try | 1 of 1 | 0 of 1 |" in shown
    assert len(by_brief([line("a", "house"), line("b", "house")]).splitlines()) == 2


def test_an_eval_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    assert kept(path) == []
    path.write_text("".join(json.dumps(line(name, "house")) + "\n" for name in "aba"), encoding="utf-8")
    assert [one["brief"] for one in kept(path)] == ["a", "b"]


def test_a_column_is_called_after_who_planned(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    assert label(path) == "lines"
    path.write_text(json.dumps({"crew": "model-x", **line("a", "house")}) + "\n", encoding="utf-8")
    assert label(path) == "model-x"


def test_there_are_twenty_briefs_of_many_trades_and_each_can_be_read() -> None:
    found = []
    for name in names():
        with read_brief(name, DAY) as bundle:
            found.append(bundle.campaign)
    assert len(found) == len({one.product.category for one in found}) == 20
    assert {one.locale for one in found} >= {"en-US", "de-DE", "fr-FR", "es-ES"}
    assert {len(one.audiences) for one in found} == {1, 2, 3}
    assert 1 < sum(bool(one.cameos) for one in found) < 10
    assert 1 < sum(one.product.image is None for one in found) < 10
    assert any(claim.disclosure for one in found for claim in one.claims)


@pytest.mark.parametrize(
    ("one", "other", "steps"), [("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("kitten", "sitting", 3)]
)
def test_the_edit_distance_counts_letters(one: str, other: str, steps: int) -> None:
    assert edit_distance(one, other) == edit_distance(other, one) == steps


async def test_variants_that_say_and_show_the_same_are_not_distinct() -> None:
    brief = runner()
    board = await Director(HouseWriter(), lambda: date(2026, 11, 22)).plan(brief)
    apart = distinctness(board)
    assert apart is not None
    assert 0 < apart <= 1
    twins = board.model_copy(update={"variants": (board.variants[0], board.variants[0])})
    assert distinctness(twins) == 0.0
    assert distinctness(board.model_copy(update={"variants": board.variants[:1]})) is None


async def test_a_plan_without_its_legal_line_does_not_cover_the_brief() -> None:
    brief = runner()
    board = await Director(HouseWriter(), lambda: date(2026, 11, 22)).plan(brief)
    met, demanded = coverage(brief, board, DAY)
    assert met == demanded
    first = board.variants[0]
    bare = first.model_copy(update={"end_card": first.end_card.model_copy(update={"legal": ""})})
    assert coverage(brief, board.model_copy(update={"variants": (bare, *board.variants[1:])}), DAY) == (
        met - 1,
        demanded,
    )
    bought, wasted = seconds_of(board)
    assert bought - wasted == float(sum(shot.seconds for shot in board.shots))
