"""The purchase machine never leaves its drawing, and a word no provider was known to say neither crashes nor buys."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain import purchase
from callsheet.domain.purchase import (
    ENDED_UNBOUGHT,
    OPEN,
    PAID,
    NoSuchStep,
    Order,
    PurchaseState,
    Step,
    advance,
    read_status,
)

STEPS: tuple[Step, ...] = get_args(Step)
S = PurchaseState
DRAWN: dict[PurchaseState, dict[Step, PurchaseState]] = {
    S.RESERVED: {"intend": S.INTENDED, "cancel": S.CANCELLED},
    S.INTENDED: {"accept": S.SUBMITTED, "busy": S.RESERVED, "lose": S.AMBIGUOUS, "refuse": S.FAILED},
    S.AMBIGUOUS: {"find": S.SUBMITTED, "absent": S.RESERVED, "write_off": S.REJECTED},
    S.SUBMITTED: {"complete": S.RENDERED, "fail": S.FAILED, "vanish": S.REJECTED, "cancel": S.CANCELLED},
    S.RENDERED: {"store": S.SETTLED, "reject": S.REJECTED},
    S.SETTLED: {},
    S.REJECTED: {},
    S.FAILED: {},
    S.CANCELLED: {},
}
ORDER = Order(
    workspace="w",
    provider="p",
    account="a",
    model="m",
    prompt="a shoe on wet asphalt",
    references=("f" * 64,),
    seconds=4,
    size="720x1280",
    shot="s1",
    take=1,
)


@pytest.mark.parametrize("state", list(PurchaseState))
@pytest.mark.parametrize("step", STEPS)
def test_every_step_goes_where_the_drawing_says_or_nowhere(state: PurchaseState, step: Step) -> None:
    if step in DRAWN[state]:
        assert advance(state, step) is DRAWN[state][step]
    else:
        with pytest.raises(NoSuchStep, match=f"that is {state} cannot {step}"):
            advance(state, step)


def test_the_drawing_names_every_step_of_the_machine() -> None:
    text = purchase.__doc__ or ""
    assert [step for step in STEPS if step not in text] == []
    assert set(PurchaseState) == OPEN | ENDED_UNBOUGHT | PAID
    assert not (OPEN & ENDED_UNBOUGHT or OPEN & PAID or ENDED_UNBOUGHT & PAID)


@given(st.lists(st.sampled_from(STEPS), max_size=60))
def test_a_walk_of_any_words_ends_in_a_state_and_pays_only_for_what_was_made(words: list[Step]) -> None:
    state, walked = S.RESERVED, list[Step]()
    for word in words:
        try:
            state = advance(state, word)
        except NoSuchStep:
            continue
        walked.append(word)
    assert state in PurchaseState
    if state in PAID:
        assert {"complete", "vanish", "write_off"} & set(walked)
        assert walked.count("intend") >= 1
    if state is S.SUBMITTED:
        assert walked[-1] in ("accept", "find")


def test_a_request_is_never_sent_twice_without_an_answer_in_between() -> None:
    for state in PurchaseState:
        if "intend" in DRAWN[state]:
            assert state is S.RESERVED
    into_reserved = {step for steps in DRAWN.values() for step, to in steps.items() if to is S.RESERVED}
    assert into_reserved == {"busy", "absent"}


@given(st.text(max_size=40))
def test_a_word_nobody_knows_counts_as_running(word: str) -> None:
    known = {"queued", "running", "succeeded", "failed", "cancelled", "expired"}
    assert read_status(word) in known
    assert read_status(f"{word}-unheard-of") == "running"


@pytest.mark.parametrize(
    ("word", "ours"), [("COMPLETED ", "succeeded"), ("Canceled", "cancelled"), ("In_Progress", "running")]
)
def test_words_are_read_whatever_their_case(word: str, ours: str) -> None:
    assert read_status(word) == ours


@pytest.mark.parametrize(
    "change",
    [
        {"workspace": "w2"},
        {"provider": "p2"},
        {"account": "a2"},
        {"model": "m2"},
        {"prompt": "a shoe on wet asphalt "},
        {"negative_prompt": "lettering"},
        {"references": ()},
        {"seconds": 8},
        {"size": "1280x720"},
        {"shot": "s2"},
        {"take": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_decides_what_is_bought_is_part_of_the_key(change: dict[str, object]) -> None:
    assert ORDER.model_copy(update=change).key != ORDER.key
    assert Order.model_validate_json(ORDER.model_dump_json()).key == ORDER.key


def test_nothing_else_is_part_of_the_key() -> None:
    assert set(Order.model_fields) == {
        "workspace", "provider", "account", "model", "prompt", "negative_prompt", "references", "seconds", "size",
        "shot", "take",
    }  # fmt: skip
