"""Where a campaign goes next, as tables; and no router names a node that its edge does not lead to."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from callsheet.graphs import campaign, routing
from callsheet.graphs.crew import Crew
from callsheet.graphs.state import CampaignState
from callsheet.graphs.writing import WRITERS

Router = Callable[[CampaignState], str]
ANSWERS = ("approve", "edit", "reject", "expired", "open", "", None, "a word nobody knows")
NEXTS = ("keep", "stop", "wait", "trim", "reshoot", "lost", "refused", "uncovered", "", None)


def state(**parts: Any) -> CampaignState:
    return cast(
        CampaignState, {"run": "r", "campaign": "c", **{key: part for key, part in parts.items() if part is not None}}
    )


TABLE: list[tuple[Router, Mapping[str, Any], str]] = [
    (routing.after_director, {"unwritten": ""}, "casting"),
    (routing.after_director, {"unwritten": "d"}, "open_writer"),
    (routing.after_casting, {}, "clear_plan"),
    (routing.after_casting, {"unwritten": "d"}, "open_writer"),
    (routing.after_editor, {"unwritten": ""}, "clear_cut"),
    (routing.after_editor, {"unwritten": "d"}, "open_writer"),
    (routing.after_analyst, {"unwritten": "d", "next": "keep"}, "open_writer"),
    (routing.after_writer, {"answer": "approve"}, "rewrite"),
    (routing.after_writer, {"answer": "edit"}, "rewrite"),
    (routing.after_writer, {"answer": "open"}, "writer"),
    (routing.after_writer, {"answer": "reject"}, "wrap"),
    (routing.after_writer, {"answer": "expired"}, "wrap"),
    (routing.after_rewrite, {"stuck": "editor"}, "editor"),
    (routing.after_clear_plan, {"findings": [], "round": 0, "returns": 0}, "open_greenlight"),
    (routing.after_clear_plan, {"round": 0, "returns": 3}, "open_greenlight"),
    (routing.after_clear_plan, {"findings": [], "round": 1, "returns": 0}, "open_topup"),
    (routing.after_clear_plan, {"findings": ["f"], "round": 0, "returns": 1}, "director"),
    (routing.after_clear_plan, {"findings": ["f"], "round": 0, "returns": 2}, "director"),
    (routing.after_clear_plan, {"findings": ["f"], "round": 0, "returns": 3}, "wrap"),
    (routing.after_clear_plan, {"findings": ["f"], "round": 1, "returns": 0}, "wrap"),
    (routing.after_clear_plan, {"findings": ["f"], "round": 1, "returns": 1, "next": "uncovered"}, "director"),
    (routing.after_clear_plan, {"findings": ["f"], "round": 1, "returns": 3, "next": "uncovered"}, "wrap"),
    (routing.after_greenlight, {"answer": "", "next": "uncovered"}, "director"),
    (routing.after_topup, {"answer": "", "next": "uncovered"}, "director"),
    (routing.after_shoot, {"next": "uncovered", "stops_at_dailies": True}, "director"),
    (routing.after_open_dailies, {"next": ""}, "dailies"),
    (routing.after_open_dailies, {"next": "uncovered"}, "director"),
    (routing.after_dailies, {"answer": "", "next": "uncovered"}, "director"),
    (routing.after_clear_cut, {"findings": [], "returns": 0, "next": "uncovered"}, "director"),
    (routing.after_assemble, {"next": ""}, "sign"),
    (routing.after_assemble, {"next": "uncovered"}, "director"),
    (routing.after_sign, {"next": ""}, "deliver"),
    (routing.after_sign, {"next": "uncovered"}, "director"),
    (routing.after_deliver, {"next": ""}, "open_release"),
    (routing.after_deliver, {"next": "uncovered"}, "director"),
    (routing.after_open_release, {"next": ""}, "release"),
    (routing.after_open_release, {"next": "uncovered"}, "director"),
    (routing.after_release, {"answer": "", "next": "uncovered"}, "director"),
    (routing.after_publish, {"next": ""}, "telemetry"),
    (routing.after_publish, {"next": "uncovered"}, "director"),
    (routing.after_greenlight, {"answer": "approve"}, "shoot"),
    (routing.after_greenlight, {"answer": "edit"}, "director"),
    (routing.after_greenlight, {"answer": "reject"}, "wrap"),
    (routing.after_greenlight, {"answer": "expired"}, "wrap"),
    (routing.after_greenlight, {"answer": "open"}, "greenlight"),
    (routing.after_topup, {"answer": "approve"}, "shoot"),
    (routing.after_topup, {"answer": "edit"}, "director"),
    (routing.after_topup, {"answer": "reject"}, "wrap"),
    (routing.after_topup, {"answer": "expired"}, "wrap"),
    (routing.after_topup, {"answer": "open"}, "topup"),
    (routing.after_shoot, {"stops_at_dailies": True}, "open_dailies"),
    (routing.after_shoot, {"stops_at_dailies": False}, "editor"),
    (routing.after_shoot, {}, "editor"),
    (routing.after_shoot, {"next": "lost", "stops_at_dailies": True}, "open_purchase"),
    (routing.after_shoot, {"next": "refused", "stops_at_dailies": True}, "director"),
    (routing.after_purchase, {"answer": "open"}, "purchase"),
    (routing.after_purchase, {"answer": "approve"}, "reconcile"),
    (routing.after_purchase, {"answer": "reject"}, "reconcile"),
    (routing.after_reconcile, {"answer": "approve"}, "shoot"),
    (routing.after_reconcile, {"answer": "edit"}, "shoot"),
    (routing.after_reconcile, {"answer": "reject"}, "wrap"),
    (routing.after_reconcile, {"answer": "expired"}, "wrap"),
    (routing.after_dailies, {"answer": "approve"}, "editor"),
    (routing.after_dailies, {"answer": "edit"}, "editor"),
    (routing.after_dailies, {"answer": "open"}, "dailies"),
    (routing.after_dailies, {"answer": "reject"}, "wrap"),
    (routing.after_dailies, {"answer": "expired"}, "wrap"),
    (routing.after_clear_cut, {"findings": [], "returns": 3}, "assemble"),
    (routing.after_clear_cut, {"findings": ["f"], "returns": 2}, "editor"),
    (routing.after_clear_cut, {"findings": ["f"], "returns": 3}, "wrap"),
    (routing.after_release, {"answer": "approve"}, "publish"),
    (routing.after_release, {"answer": "open"}, "release"),
    (routing.after_release, {"answer": "edit"}, "wrap"),
    (routing.after_release, {"answer": "reject"}, "wrap"),
    (routing.after_release, {"answer": "expired"}, "wrap"),
    (routing.after_analyst, {"next": "trim"}, "editor"),
    (routing.after_analyst, {"next": "reshoot"}, "director"),
    (routing.after_analyst, {"next": "keep"}, "wrap"),
    (routing.after_analyst, {"next": "stop"}, "wrap"),
    (routing.after_analyst, {"next": "wait"}, "wrap"),
]


@pytest.mark.parametrize(("router", "parts", "node"), TABLE, ids=lambda value: getattr(value, "__name__", str(value)))
def test_the_way_is_as_drawn(router: Router, parts: Mapping[str, Any], node: str) -> None:
    assert router(state(**parts)) == node


def every_state() -> list[CampaignState]:
    """Every combination of what any router looks at."""
    mixed = itertools.product(ANSWERS, NEXTS, ([], ["f"], None), (0, 1, 4), (0, 1, 2, 3, 9), (True, False, None))
    keys = ("answer", "next", "findings", "round", "returns", "stops_at_dailies")
    found = [state(**dict(zip(keys, values, strict=True))) for values in mixed]
    stuck = [
        state(**{**one, "unwritten": words, "stuck": node})
        for one in found[:99]
        for words in ("", "d")
        for node in WRITERS
    ]
    return [*(state(**{**one, "stuck": "director"}) for one in found), *stuck]


class Anybody:
    """Stands for a crew while the graph is only drawn: nobody is asked for anything."""


@pytest.fixture(scope="module")
def branches() -> dict[str, tuple[Router, set[str]]]:
    """Each node with a choice: who chooses, and where its edges lead."""
    graph = campaign.build_campaign_graph(cast(Crew, Anybody()))
    found: dict[str, tuple[Router, set[str]]] = {}
    for node, choices in graph.branches.items():
        (branch,) = choices.values()
        assert branch.ends is not None
        found[node] = (cast(Router, branch.path.func), set(branch.ends.values()))  # type: ignore[attr-defined]  # a runnable lambda
        assert found[node][1] <= set(graph.nodes), node
    return found


def test_every_answer_of_every_router_is_a_way_out_of_its_node(branches: dict[str, tuple[Router, set[str]]]) -> None:
    states = every_state()
    for node, (router, ends) in branches.items():
        said = {router(one) for one in states}
        assert said <= ends, f"{node}: {said - ends}"
        assert ends <= said, f"{node} has edges nobody takes: {ends - said}"


def test_every_router_is_used(branches: dict[str, tuple[Router, set[str]]]) -> None:
    public = {value for name, value in vars(routing).items() if name.startswith("after_")}
    assert {router for router, _ in branches.values()} == public
    assert {router for router, _, _ in TABLE} == public


@pytest.mark.parametrize("answer", ["reject", "expired", "", None, "a word nobody knows"])
def test_only_a_clear_yes_spends_or_ships(answer: str | None) -> None:
    for router in (routing.after_greenlight, routing.after_topup, routing.after_release, routing.after_dailies):
        assert router(state(answer=answer)) == "wrap"


def test_what_cannot_be_cleared_ends_after_a_bounded_number_of_returns() -> None:
    for router, again in ((routing.after_clear_plan, "director"), (routing.after_clear_cut, "editor")):
        ways = [router(state(findings=["f"], round=0, returns=returns)) for returns in range(1, 20)]
        assert ways.count(again) < routing.MOST_RETURNS
        assert set(ways[routing.MOST_RETURNS :]) == {"wrap"}
