"""A gate is decided only by answers about exactly what it shows, in time, by people who may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.gate import Answer, Decision, Gate, verdict
from callsheet.domain.identity import Digest, GateId, RunId
from callsheet.domain.principal import Principal

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DEADLINE = NOON + timedelta(hours=1)
SHOWN, STALE = Digest("a" * 64), Digest("b" * 64)
ROLES = ("legal", "brand")


def gate(**changes: Any) -> Gate:
    return Gate.model_validate(
        {
            "id": "g1",
            "run": RunId("spring-1"),
            "kind": "release",
            "round": 0,
            "shown": SHOWN,
            "opened_at": NOON,
            **changes,
        }
    )


def answer(word: Answer = "approve", by: Principal | None = None, **changes: Any) -> Decision:
    who = by or Principal(name="Ada")
    return Decision.model_validate(
        {"gate": GateId("g1"), "answer": word, "by": who, "shown": SHOWN, "at": NOON, **changes}
    )


PEOPLE = st.builds(
    Principal,
    name=st.sampled_from(["Ada", "Bo", "Cy"]),
    authenticated=st.sampled_from(["asserted", "token", "policy"]),
    roles=st.sampled_from([(), ("legal",), ("brand",), ROLES, ("intern",)]),
)
ANSWERS = st.builds(
    answer,
    word=st.sampled_from(["approve", "approve", "edit", "reject"]),
    by=PEOPLE,
    shown=st.sampled_from([SHOWN, SHOWN, STALE]),
    at=st.sampled_from([NOON, DEADLINE - timedelta(microseconds=1), DEADLINE, DEADLINE + timedelta(days=1)]),
    gate=st.sampled_from(["g1", "g1", "g1", "g2"]),
)
GATES = st.builds(gate, roles=st.sampled_from([(), ("legal",), ROLES]), deadline=st.sampled_from([None, DEADLINE]))
NOWS = st.sampled_from([NOON, DEADLINE - timedelta(microseconds=1), DEADLINE, DEADLINE + timedelta(days=9)])


def counts(asked: Gate, one: Decision) -> bool:
    in_time = asked.deadline is None or one.at < asked.deadline
    speaks = not asked.roles or (one.by.authenticated != "asserted" and bool(set(one.by.roles) & set(asked.roles)))
    return one.gate == asked.id and one.shown == asked.shown and in_time and speaks


@given(GATES, st.lists(ANSWERS, max_size=5), NOWS)
def test_what_must_not_count_changes_nothing(asked: Gate, answers: list[Decision], now: datetime) -> None:
    counted = [one for one in answers if counts(asked, one)]
    result = verdict(asked, answers, now)
    assert result == verdict(asked, counted, now)
    assert result.decisions == tuple(counted)


@given(GATES, st.lists(ANSWERS, max_size=5), NOWS)
def test_approval_needs_every_role_and_no_other_word(asked: Gate, answers: list[Decision], now: datetime) -> None:
    counted = [one for one in answers if counts(asked, one)]
    result = verdict(asked, answers, now).answer
    others = [one.answer for one in counted if one.answer != "approve"]
    heard = {role for one in counted for role in one.by.roles}
    if others:
        assert result == others[0]
    elif counted and set(asked.roles) <= heard:
        assert result == "approve"
    else:
        assert result == ("expired" if asked.deadline and now >= asked.deadline else "open")


@given(st.lists(ANSWERS, max_size=6), NOWS)
def test_an_asserted_name_never_meets_a_role(answers: list[Decision], now: datetime) -> None:
    asserted = [
        one.model_copy(update={"by": one.by.model_copy(update={"authenticated": "asserted", "roles": ROLES})})
        for one in answers
    ]
    assert verdict(gate(roles=("legal",)), asserted, now).answer == "open"


@given(st.lists(ANSWERS, max_size=6))
def test_a_hash_that_was_not_shown_never_counts(answers: list[Decision]) -> None:
    stale = [one.model_copy(update={"shown": STALE}) for one in answers]
    assert verdict(gate(), stale, NOON).answer == "open"


@given(st.lists(ANSWERS, max_size=6), st.integers(0, 10**6))
def test_nothing_counts_after_the_deadline(answers: list[Decision], late: int) -> None:
    when = DEADLINE + timedelta(seconds=late)
    asked = gate(deadline=DEADLINE)
    assert verdict(asked, [one.model_copy(update={"at": when}) for one in answers], when).answer == "expired"


@given(GATES, st.lists(ANSWERS, max_size=4), ANSWERS)
def test_a_later_answer_never_undoes_an_edit_or_a_no(asked: Gate, answers: list[Decision], later: Decision) -> None:
    before = verdict(asked, answers, NOON).answer
    if before in ("edit", "reject"):
        assert verdict(asked, [*answers, later], NOON).answer == before


@pytest.mark.parametrize("word", ["approve", "edit", "reject"])
def test_anybody_may_answer_a_gate_that_asks_for_no_role(word: Answer) -> None:
    assert verdict(gate(), [answer(word)], NOON).answer == word
    assert verdict(gate(), [], NOON).answer == "open"


def test_an_approval_in_time_still_stands_after_the_deadline() -> None:
    asked = gate(deadline=DEADLINE)
    assert verdict(asked, [answer()], DEADLINE + timedelta(days=365)).answer == "approve"
