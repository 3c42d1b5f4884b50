"""A purchase that takes any steps in any order stays in its graph, can always come to an end, and then stays there."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from callsheet.domain.purchase import (
    ENDED_UNBOUGHT,
    OPEN,
    PAID,
    NoSuchStep,
    PurchaseState,
    Step,
    advance,
    read_status,
)

STEPS: tuple[Step, ...] = get_args(Step)
ENDS = PAID | ENDED_UNBOUGHT


def ways(state: PurchaseState) -> dict[Step, PurchaseState]:
    """Where each step leads from a state; a step that is not drawn leads nowhere."""
    found: dict[Step, PurchaseState] = {}
    for step in STEPS:
        try:
            found[step] = advance(state, step)
        except NoSuchStep:
            continue
    return found


class Purchase(RuleBasedStateMachine):
    """One purchase, and what the provider has sold and been sent for it."""

    def __init__(self) -> None:
        super().__init__()
        self.state = PurchaseState.RESERVED
        self.walked: list[Step] = []
        self.in_doubt = 0

    @rule(step=st.sampled_from(STEPS))
    def take_a_step(self, step: Step) -> None:
        before = self.state
        if step not in ways(before):
            with pytest.raises(NoSuchStep, match=f"that is {before} cannot {step}"):
                advance(before, step)
            return
        self.state = advance(before, step)
        self.walked.append(step)
        if step == "intend":
            self.in_doubt += 1
        elif step in ("accept", "busy", "refuse", "find", "absent", "write_off"):
            self.in_doubt -= 1

    @rule(numbers=st.lists(st.integers(0, 3), min_size=1, max_size=8))
    def go_on(self, numbers: list[int]) -> None:
        """Steps that it can take; when it has ended, another purchase begins."""
        for number in numbers:
            steps = sorted(ways(self.state))
            if not steps:
                self.state, self.walked = PurchaseState.RESERVED, []
                return
            self.take_a_step(steps[number % len(steps)])
            self.no_request_is_sent_while_another_is_unanswered()

    @invariant()
    def it_is_in_its_graph(self) -> None:
        assert self.state in OPEN | ENDS
        assert bool(ways(self.state)) is (self.state in OPEN)

    @invariant()
    def no_request_is_sent_while_another_is_unanswered(self) -> None:
        assert self.in_doubt in (0, 1)
        assert (self.in_doubt == 1) is (self.state in (PurchaseState.INTENDED, PurchaseState.AMBIGUOUS))

    @invariant()
    def only_what_was_asked_for_is_paid(self) -> None:
        if self.state in PAID:
            assert "intend" in self.walked
            assert self.walked[-1] in ("store", "reject", "vanish", "write_off")


TestPurchase = Purchase.TestCase
TestPurchase.settings = settings(max_examples=100, stateful_step_count=20, deadline=None)


@pytest.mark.parametrize("state", list(PurchaseState))
def test_every_state_can_come_to_an_end_and_be_reached(state: PurchaseState) -> None:
    reached, waiting = {state}, [state]
    while waiting:
        for after in ways(waiting.pop()).values():
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    assert reached & ENDS
    if state is PurchaseState.RESERVED:
        assert reached == set(PurchaseState)


@pytest.mark.parametrize("state", sorted(ENDS))
def test_an_end_is_an_end(state: PurchaseState) -> None:
    assert ways(state) == {}


def test_every_state_is_under_way_or_paid_or_ended_unbought_and_nothing_else() -> None:
    assert sorted([*OPEN, *PAID, *ENDED_UNBOUGHT]) == sorted(PurchaseState)


ANYTHING = st.text(alphabet=st.characters(), max_size=60) | st.sampled_from(["", " ", "\x00", "\ud800", "COMPLETED\n"])


@given(ANYTHING)
def test_any_word_of_a_provider_is_read_as_one_of_ours(word: str) -> None:
    assert read_status(word) in {"queued", "running", "succeeded", "failed", "cancelled", "expired"}
