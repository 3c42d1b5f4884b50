"""Where a fork is put, and which answer of then may be given to the question of now."""

from datetime import UTC, datetime
from typing import Any, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.campaign import GateKind
from callsheet.domain.gate import ANSWERS, Answer, Gate
from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.domain.money import Money
from callsheet.domain.showing import Showing
from callsheet.fork import SETTLED, is_meant_for
from callsheet.graphs.campaign import build_campaign_graph
from callsheet.graphs.fork import BEFORE
from callsheet.standing import OpenGate

KINDS = st.sampled_from([*BEFORE])


def asked(run: str = "spring-1", kind: GateKind = "release", **changes: Any) -> OpenGate:
    """A question of a run."""
    given_: dict[str, Any] = {"seconds": 8, "most": Money(amount="4"), "notices": ("not scanned: faces",), **changes}
    showing = Showing(kind=kind, round=0, question="Go on?", storyboard=Digest("0" * 64), **given_)
    name = GateId(f"{kind}-0.{run}")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return OpenGate(Gate(id=name, run=RunId(run), kind=kind, round=0, shown=showing.digest, opened_at=at), showing)


def test_every_gate_that_is_forked_at_is_opened_right_behind_the_node_it_is_put_at() -> None:
    edges = {(one.source, one.target) for one in build_campaign_graph(cast(Any, None)).compile().get_graph().edges}
    assert {(before, f"open_{kind}") for kind, before in BEFORE.items()} <= edges
    assert {(f"open_{kind}", kind) for kind in BEFORE} <= edges
    opening = {(source, target) for source, target in edges if target in {f"open_{kind}" for kind in BEFORE}}
    assert {source for source, _ in opening} == set(BEFORE.values()), "nothing else leads to these gates"


def test_every_kind_of_gate_can_be_asked_again_or_says_why_not() -> None:
    assert not BEFORE.keys() & SETTLED.keys()
    assert BEFORE.keys() | SETTLED.keys() == set(get_args(GateKind))


@given(KINDS, st.data())
def test_an_answer_holds_for_the_very_same_question(kind: GateKind, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from(ANSWERS[kind]))
    assert is_meant_for(answer, asked(kind=kind), asked("spring-2", kind))


@given(KINDS, KINDS, st.sampled_from(["approve", "edit", "reject"]))
def test_no_answer_holds_for_another_kind_of_question(then: GateKind, now: GateKind, answer: Answer) -> None:
    assert then == now or not is_meant_for(answer, asked(kind=then), asked(kind=now))


@pytest.mark.parametrize(
    "changes",
    [
        {"storyboard": Digest("1" * 64)},
        {"call_sheet": Digest("1" * 64)},
        {"seconds": 12},
        {"most": Money(amount="5")},
        {"most": None},
        {"notices": ("not scanned: faces", "the model retires next week")},
    ],
)
def test_a_yes_is_not_given_to_what_was_not_shown_then(changes: dict[str, Any]) -> None:
    then = asked()
    showing = Showing.model_validate({**then.showing.model_dump(), **changes})
    now = OpenGate(then.gate, showing)
    assert not is_meant_for("approve", then, now)
    assert is_meant_for("reject", then, now)


@pytest.mark.parametrize("changes", [{"seconds": 4}, {"most": Money(amount="1")}, {"notices": ()}])
def test_a_yes_holds_for_what_costs_less_or_has_less_against_it(changes: dict[str, Any]) -> None:
    assert is_meant_for("approve", asked(), asked("spring-2", **changes))


def test_a_notice_that_names_the_run_is_no_news_in_the_fork() -> None:
    then, now = [asked(run, notices=(f"plan again: callsheet decide {run} edit",)) for run in ("spring-1", "spring-2")]
    assert is_meant_for("approve", then, now)
