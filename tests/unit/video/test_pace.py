"""A pace keeps to its rate in every stretch of time, gives urgent requests the first turn and loses nobody."""

import asyncio
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from callsheet.tools.sandbox.loop import run_virtual
from callsheet.tools.video.pace import UNPACED, Pace

EPOCH = 1_790_000_000.0
RATES = st.decimals(min_value=Decimal("0.05"), max_value=Decimal(50), places=2)
ARRIVALS = st.lists(st.tuples(st.floats(0, 30), st.booleans()), min_size=1, max_size=25)
"""When somebody asks for a turn, in seconds, and whether it is urgent."""


def clock() -> float:
    """Unix seconds of the made-up loop: large, as real ones are, so that small waits must still move them."""
    return EPOCH + asyncio.get_running_loop().time()


def turns_of(
    rate: Decimal, burst: int, arrivals: list[tuple[float, bool]], gives_up_after: float | None = None
) -> list[tuple[float, int]]:
    """When each turn was given, and to whom; every third asker gives up after that many seconds."""
    given_: list[tuple[float, int]] = []

    async def one(pace: Pace, number: int, at: float, urgent: bool) -> None:
        await asyncio.sleep(at)
        try:
            patience = gives_up_after if number % 3 == 0 else None
            async with asyncio.timeout(patience):
                await pace.turn(urgent)
        except TimeoutError:
            return
        given_.append((clock(), number))

    async def all_of_them() -> None:
        pace = Pace(rate, clock, asyncio.sleep, burst)
        async with asyncio.TaskGroup() as group:
            for number, (at, urgent) in enumerate(arrivals):
                group.create_task(one(pace, number, at, urgent))

    run_virtual(all_of_them())
    return given_


@given(RATES, st.integers(1, 5), ARRIVALS, st.none() | st.floats(0.01, 5))
def test_no_stretch_of_time_has_more_turns_than_the_rate_allows(
    rate: Decimal, burst: int, arrivals: list[tuple[float, bool]], gives_up_after: float | None
) -> None:
    times = [Fraction(at) for at, _ in turns_of(rate, burst, arrivals, gives_up_after)]
    assert times == sorted(times)
    for first in range(len(times)):
        for last in range(first, len(times)):
            allowed = burst + Fraction(rate) * (times[last] - times[first])
            assert last - first + 1 <= allowed


@given(RATES, st.integers(1, 5), ARRIVALS)
def test_everybody_gets_a_turn_and_no_later_than_the_rate_demands(
    rate: Decimal, burst: int, arrivals: list[tuple[float, bool]]
) -> None:
    turns = turns_of(rate, burst, arrivals)
    assert sorted(number for _, number in turns) == list(range(len(arrivals)))
    latest = max(at for at, _ in arrivals) + float(len(arrivals) / rate) + 0.001 * len(arrivals)
    assert turns[-1][0] - EPOCH <= latest


@given(RATES, ARRIVALS, st.floats(0.01, 5))
def test_who_gives_up_holds_up_nobody(rate: Decimal, arrivals: list[tuple[float, bool]], patience: float) -> None:
    stayed = {number for number in range(len(arrivals)) if number % 3}
    assert stayed <= {number for _, number in turns_of(rate, 1, arrivals, patience)}


def test_a_crowd_that_asks_at_once_is_served_at_the_rate_in_its_order() -> None:
    turns = turns_of(Decimal(2), 1, [(0.0, False)] * 9)
    assert [number for _, number in turns] == list(range(9))
    assert [round(at - EPOCH, 3) for at, _ in turns] == [number / 2 for number in range(9)]


def test_urgent_requests_go_first_whenever_they_come() -> None:
    looks, purchases = [(0.0, False)] * 6, [(1.2, True)] * 2
    order = [number for _, number in turns_of(Decimal(1), 1, looks + purchases)]
    assert order == [0, 1, 6, 7, 2, 3, 4, 5]


def test_idle_time_is_not_saved_up() -> None:
    turns = turns_of(Decimal(1), 2, [(25.0, False)] * 5)
    assert [round(at - EPOCH, 3) for at, _ in turns] == [25, 25, 26, 27, 28]


def test_without_a_rate_nobody_waits() -> None:
    async def many() -> None:
        for _ in range(1000):
            await UNPACED.turn(urgent=False)

    assert run_virtual(many())[1] == 0


def test_a_clock_that_is_set_back_keeps_nobody_waiting_for_it() -> None:
    shift = [0.0]

    async def asked() -> float:
        pace = Pace(Decimal(1), lambda: clock() + shift[0], asyncio.sleep)
        await pace.turn()
        shift[0] = -3600
        await pace.turn()
        return asyncio.get_running_loop().time()

    assert 0.9 <= run_virtual(asked())[0] <= 1.1
