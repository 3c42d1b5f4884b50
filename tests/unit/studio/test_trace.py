"""What came from what, and what a trace says of it."""

import networkx as nx
import pytest
from unit.studio.fixture import RUN, Played

from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.ledger import Entry
from callsheet.storage import ledger
from callsheet.studio.production import Trace, production_graph, trace, trace_in


@pytest.fixture(scope="module")
def entries(played: Played) -> tuple[Entry, ...]:
    return played.database.read_now(lambda tx: ledger.entries(tx, RUN))


@pytest.fixture(scope="module")
def graph(entries: tuple[Entry, ...]) -> "nx.DiGraph[str]":
    return production_graph(entries)


def names(steps: Trace, way: str) -> set[str]:
    return {f"{step.kind} {step.name}" for step in getattr(steps, way)}


def kinds(steps: Trace, way: str) -> set[str]:
    return {step.kind for step in getattr(steps, way)}


def test_a_take_is_traced_back_to_the_campaign_the_release_and_the_decision(
    graph: "nx.DiGraph[str]", played: Played
) -> None:
    found = trace(graph, played.takes["shot.1"].id)
    assert {"campaign spring", "shot shot.1", "release ines-1", "cameo ines"} <= names(found, "upstream")
    assert {"storyboard", "call sheet", "gate", "decision", "purchase"} <= kinds(found, "upstream")
    assert {"cut", "deliverable", "publication", "readings", "conclusion"} <= kinds(found, "downstream")


def test_a_reshot_shot_comes_from_the_conclusion_about_the_shot_it_replaces(
    graph: "nx.DiGraph[str]", played: Played
) -> None:
    found = trace(graph, "shot.2.r1")
    assert {"conclusion", "readings"} <= kinds(found, "upstream")
    conclusion = next(step for step in found.upstream if step.kind == "conclusion")
    assert conclusion.details == ("reshoot a shot.2",)
    assert f"take {played.takes['shot.2'].id}" in names(trace(graph, f"conclusion:{conclusion.name}"), "upstream")


def test_a_release_leads_to_what_was_shot_under_it_and_to_nothing_else(
    graph: "nx.DiGraph[str]", played: Played
) -> None:
    found = names(trace(graph, "ines-1"), "downstream")
    assert {"shot shot.1", f"take {played.takes['shot.1'].id}"} <= found
    assert len({name for name in found if name.startswith("publication")}) == 2
    assert not {name for name in found if "shot.2" in name}


def test_an_approval_leads_to_everything_it_covered(graph: "nx.DiGraph[str]", played: Played) -> None:
    found = names(trace(graph, "greenlight-0"), "downstream")
    assert {f"take {played.takes[shot].id}" for shot in ("shot.1", "shot.2")} <= found


def test_a_file_of_two_rounds_is_the_newest_one(graph: "nx.DiGraph[str]", played: Played) -> None:
    found = trace(graph, "spring_a_pocket_en-US.mp4")
    assert found.thing.name == played.files[1].file[:12]
    assert trace(graph, played.files[0].file).thing.name == played.files[0].file[:12]


@pytest.mark.parametrize("length", [8, 12, 64])
def test_eight_characters_of_a_hash_are_enough(graph: "nx.DiGraph[str]", played: Played, length: int) -> None:
    assert trace(graph, played.takes["shot.2"].media.digest[:length]).thing.name == played.takes["shot.2"].id


def test_fewer_than_eight_characters_of_a_hash_name_nothing(graph: "nx.DiGraph[str]", played: Played) -> None:
    with pytest.raises(NotFound):
        trace(graph, played.takes["shot.2"].media.digest[:7])


def test_a_wrong_name_is_answered_with_the_nearest(graph: "nx.DiGraph[str]") -> None:
    with pytest.raises(NotFound, match=r"nearest: .*shot\.2"):
        trace(graph, "shot.22")


def test_a_beginning_that_fits_several_things_is_refused(graph: "nx.DiGraph[str]") -> None:
    with pytest.raises(WrongUse, match="write more of it"):
        trace(graph, "pub-")


def test_a_gate_is_found_by_its_beginning(graph: "nx.DiGraph[str]") -> None:
    assert trace(graph, "greenlight-0").thing.kind == "gate"


def test_the_graph_has_no_cycle_and_no_loose_end(graph: "nx.DiGraph[str]") -> None:
    assert nx.is_directed_acyclic_graph(graph)
    assert [key for key in graph if not graph.in_degree(key)] == ["campaign:spring"]


def test_a_file_with_the_same_bytes_in_two_rounds_makes_no_cycle(entries: tuple[Entry, ...]) -> None:
    """The first round is told again at the end, as when a variant is not touched by a reshoot."""
    again = [one for one in entries if one.kind in ("CutAssembled", "DeliverableFinished", "Published")]
    assert nx.is_directed_acyclic_graph(production_graph([*entries, *again]))


def test_a_claim_on_screen_is_part_of_what_a_cut_came_from(entries: tuple[Entry, ...]) -> None:
    told = [
        one.model_copy(update={"body": {**one.body, "claims": ["c1"]}}) if one.kind == "CutAssembled" else one
        for one in entries
    ]
    found = trace(production_graph(told), "c1")
    assert len([step for step in found.downstream if step.kind == "cut" and step.depth == 1]) == 2


def test_entries_of_a_later_version_are_passed_over(entries: tuple[Entry, ...]) -> None:
    unknown = entries[0].model_copy(update={"kind": "MusicComposed"})
    assert set(production_graph([*entries, unknown])) == set(production_graph(entries))


async def test_a_thing_is_found_in_whichever_run_has_it(played: Played) -> None:
    found = await trace_in(played.database, "video_shot.1")
    assert (found.run, found.thing.kind) == (RUN, "purchase")
    with pytest.raises(NotFound):
        await trace_in(played.database, "nothing-like-it")


async def test_who_decided_is_named_as_long_as_the_name_is_kept(played: Played, graph: "nx.DiGraph[str]") -> None:
    found = await trace_in(played.database, "topup-1")
    assert "by Robin <b>Reviewer</b> (asserted)" in found.downstream[0].details
    assert "Robin" not in str(trace(graph, "topup-1"))


def test_the_tree_is_drawn_with_each_thing_unfolded_once(graph: "nx.DiGraph[str]") -> None:
    lines = trace(graph, "spring").lines()
    assert lines[0].startswith("campaign spring  run spring-1")
    assert any(line.startswith(("├─ storyboard", "└─ storyboard")) for line in lines)
    unfolded = [line for line in lines if "─ deliverable" in line and "see above" not in line]
    assert len(unfolded) == 2


def test_a_trace_is_plain_data(graph: "nx.DiGraph[str]") -> None:
    plain = trace(graph, "shot.1", RUN).as_json()
    assert (plain["run"], plain["thing"]["name"]) == (RUN, "shot.1")
    assert plain["upstream"][0]["depth"] == 1
