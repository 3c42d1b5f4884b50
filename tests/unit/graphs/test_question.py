"""Every shape of reply that hosts send is read alike; what is no legal answer is refused; none is a decision."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.domain.budget import Allowance
from callsheet.domain.campaign import GateKind
from callsheet.domain.gate import ANSWERS, Gate
from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.domain.money import Money
from callsheet.domain.showing import Showing
from callsheet.graphs.question import ALLOWED, Reply, question

SHOWN = Digest("a" * 64)
APPROVALS: dict[str, Any] = {
    "a plain word": "approve",
    "a decision": {"type": "approve"},
    "a list of one decision": [{"type": "approve"}],
    "LangChain's answer": {"decisions": [{"type": "approve"}]},
    "a list of LangChain's answers": [{"decisions": [{"type": "approve"}]}],
    "Agent Inbox": [{"type": "accept", "args": None}],
    "a chat front end": {"type": "accept", "args": {"action": "greenlight", "args": {}}},
    "with a name nobody vouches for": {"type": "approve", "by": "the CEO", "authenticated": "token"},
    "as it was written down": {"said": {"type": "approve"}},
}
EDITS: dict[str, Any] = {
    "LangChain": {
        "decisions": [
            {"type": "edit", "edited_action": {"name": "greenlight", "args": {"shot.3.seconds": 4, "note": "shorter"}}}
        ]
    },
    "Agent Inbox": [
        {"type": "edit", "args": {"action": "greenlight", "args": {"shot.3.seconds": 4, "note": "shorter"}}}
    ],
    "plain": {"type": "edit", "args": {"shot.3.seconds": "4", "note": "shorter"}},
}
REFUSALS: dict[str, Any] = {
    "a word": "reject",
    "LangChain": {"decisions": [{"type": "reject", "message": "too loud"}]},
    "ignored in Agent Inbox": [{"type": "ignore", "args": None}],
    "answered in words": {"type": "response", "args": "too loud"},
    "answered in LangChain's words": {"decisions": [{"type": "respond", "message": "too loud"}]},
}
ILLEGAL: list[Any] = [
    None, True, 1, 0.5, "", "ship it", "APPROVE", "approved", [], {}, [[]], ["approve", "approve"], {"type": None},
    {"type": ["approve"]}, {"type": "publish"}, {"decisions": []}, {"decisions": [{"type": "approve"}] * 2},
    {"decisions": {"type": "approve"}}, {"said": {"type": "ship"}}, {"said": "approve"}, {"gate": None},
    {"gate": 7}, [{"type": "approve"}, {"type": "reject"}],
]  # fmt: skip


@pytest.mark.parametrize("reply", APPROVALS.values(), ids=APPROVALS.keys())
def test_a_yes_is_a_yes_in_every_shape(reply: Any) -> None:
    read = Reply.model_validate(reply)
    assert read.gate is None
    assert read.said is not None
    assert (read.said.type, read.said.edits) == ("approve", {})


@pytest.mark.parametrize("reply", EDITS.values(), ids=EDITS.keys())
def test_an_edit_brings_its_changes_in_every_shape(reply: Any) -> None:
    said = Reply.model_validate(reply).said
    assert said is not None
    assert (said.type, said.edits) == ("edit", {"shot.3.seconds": "4", "note": "shorter"})


@pytest.mark.parametrize("reply", REFUSALS.values(), ids=REFUSALS.keys())
def test_a_no_is_a_no_and_keeps_its_reason(reply: Any) -> None:
    said = Reply.model_validate(reply).said
    assert said is not None
    assert said.type == "reject"
    assert said.message in ("", "too loud")
    if "too loud" in json.dumps(reply):
        assert said.message == "too loud"


@pytest.mark.parametrize("reply", ILLEGAL, ids=repr)
def test_what_is_no_answer_is_refused(reply: Any) -> None:
    with pytest.raises(ValidationError):
        Reply.model_validate(reply)


@pytest.mark.parametrize("reply", [*APPROVALS.values(), *EDITS.values(), *REFUSALS.values()], ids=repr)
def test_a_reply_reads_the_same_after_it_was_stored(reply: Any) -> None:
    read = Reply.model_validate(reply)
    stored = json.loads(json.dumps({"said": read.model_dump(mode="json")["said"]}))
    assert Reply.model_validate(stored) == read


def test_a_reference_to_a_gate_is_only_a_reference() -> None:
    read = Reply.model_validate({"gate": "g1", "type": "approve", "said": {"type": "approve"}})
    assert (read.gate, read.said) == ("g1", None)


def test_a_stored_reply_that_says_nothing_says_nothing() -> None:
    assert Reply.model_validate({"gate": None, "said": None}) == Reply.model_construct(gate=None, said=None)


WORDS = st.sampled_from(["approve", "edit", "reject", "accept", "ignore", "response", "publish", ""])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "args", "decisions", "edited_action", "message", "gate", "said", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(JSON)
def test_no_reply_whatever_it_holds_does_more_than_say_something_legal(reply: Any) -> None:
    try:
        read = Reply.model_validate(reply)
    except ValidationError:
        return
    assert read.gate is None or read.said is None
    if read.said is not None:
        assert read.said.type in ("approve", "edit", "reject")
        assert read.said.type == "edit" or not read.said.edits or (isinstance(reply, dict) and "said" in str(reply))


def asked(kind: GateKind) -> tuple[Gate, Showing]:
    allowance = Allowance(seconds=24, money=Money(amount=Decimal("2.40")))
    showing = Showing(kind=kind, round=0, question="Shoot spring?", storyboard=SHOWN, notices=("not scanned",))
    gate = Gate(
        id=GateId("g1"),
        run=RunId("spring-1"),
        kind=kind,
        round=0,
        shown=showing.digest,
        allowance=allowance if kind == "greenlight" else None,
        opened_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return gate, showing


@pytest.mark.parametrize("kind", get_args(GateKind))
def test_the_question_is_langchains_request_and_plain_json(kind: GateKind) -> None:
    gate, showing = asked(kind)
    value = question(gate, showing)
    assert json.loads(json.dumps(value)) == value
    (request,), (review,) = value["action_requests"], value["review_configs"]
    assert (request["name"], review["action_name"], value["gate"]) == (kind, kind, "g1")
    assert request["args"]["shown"] == showing.digest
    assert request["description"] == "Shoot spring?"
    assert review["allowed_decisions"] == list(ANSWERS[kind])
    assert (request["args"]["seconds"], request["args"]["money"]) == ((24, "$2.40") if gate.allowance else (0, ""))


def test_people_are_offered_exactly_the_answers_a_gate_takes() -> None:
    assert {kind: tuple(answers) for kind, answers in ALLOWED.items()} == ANSWERS
    assert set(ANSWERS) == set(get_args(GateKind))
