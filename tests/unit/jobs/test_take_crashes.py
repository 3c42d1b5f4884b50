"""A take is bought at most once: whatever goes wrong at the provider, and wherever the process dies."""

from collections import Counter
from collections.abc import Iterator

import pytest
from crash.mortal import Crash, Points
from figures import Tell
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.jobs.rig import Rig, order, prepare

from callsheet.domain.error import ProviderTrouble
from callsheet.jobs.order import TakeOrder, TakeUnsound
from callsheet.tools.video.fake import Faults

DAYS = {
    "a good day": {},
    "lost, and the list lags": {"lost_after_accept": 1, "list_lags": 3},
    "lost twice": {"lost_before_accept": 1, "lost_after_accept": 1},
    "not seen at first": {"unseen_at_first": 4},
    "failed, then lost": {"failed": 1, "lost_after_accept": 1},
    "everything": {"busy": 1, "lost_before_accept": 1, "failed": 1, "fetch_fails": 1, "looks_fail": 1, "list_lags": 1},
}
"""Troubles that meet; `tests/crash` tries each one alone, over HTTP."""
TRIED: dict[str, int] = {}
NEVER = 10**9


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("crashes")
    rig = Rig(prepare(folder, takes_paid_for=2), folder / "home")
    yield rig
    rig.database.close()


@pytest.fixture(scope="module", autouse=True)
def report(tell: Tell) -> Iterator[None]:
    yield
    tell(f"crashes where troubles meet: {sum(TRIED.values())} points in {len(TRIED)} kinds of day: {TRIED}")


async def until_bought(rig: Rig) -> TakeOrder:
    """What the graph does with a job that failed: hand it in again, and pass over a take that cannot be used."""
    wanted = order()
    for _ in range(8):
        try:
            await rig.process()(wanted.model_dump(mode="json"))
        except TakeUnsound:
            wanted = order(take=2)
        except ProviderTrouble:
            continue
        else:
            return wanted
    raise AssertionError("it was never bought")


async def live_through(rig: Rig, crashes: list[int], faults: Faults) -> list[str]:
    """Die at each of these moments, one process after the other, then go on to the end. Returns the first moments."""
    rig.api.faults = faults
    first: list[str] = []
    for at in crashes:
        points = Points(at)
        try:
            await rig.process(points)(order().model_dump(mode="json"))
        except Crash:
            pass
        except ProviderTrouble:
            pass
        first = first or points.names
    wanted = await until_bought(rig)
    take = rig.take(wanted)
    assert take is not None
    assert take.job in {sold.job.id for sold in rig.api.bill}
    assert (rig.folder / "media" / take.media.digest[:2] / take.media.digest).exists()
    rig.assert_books_are_closed(bought=wanted.order.take)
    assert rig.events("TakeStored") == 1
    return first


def worth_dying_at(moments: list[str], day: str) -> Iterator[tuple[int, str]]:
    """Every moment, except the third and later look at a list or a render that says what the second one said.

    Dying before a commit leaves what dying before the write leaves; on one kind of day that is shown, too.
    """
    seen: Counter[str] = Counter()
    for at, moment in enumerate(moments):
        seen[moment] += 1
        is_repeat = moment.endswith(("find", "retrieve")) and seen[moment] > 2
        if not is_repeat and (moment != "before commit" or day == "a good day"):
            yield at, moment


@pytest.mark.parametrize("day", DAYS)
async def test_a_process_that_dies_anywhere_neither_buys_twice_nor_loses_a_take(day: str, rig: Rig) -> None:
    rig.begin()
    moments = await live_through(rig, [NEVER], Faults(**DAYS[day]))
    points = list(worth_dying_at(moments, day))
    for at, moment in points:
        rig.begin()
        try:
            names = await live_through(rig, [at], Faults(**DAYS[day]))
        except AssertionError as error:
            raise AssertionError(f"{day}: died {moment} (moment {at}): {error}") from error
        assert names[at] == moment
    TRIED[day] = len(points)
    assert len(points) >= 7


@settings(max_examples=30)
@given(
    crashes=st.lists(st.integers(0, 45), max_size=5),
    faults=st.fixed_dictionaries(
        {},
        optional={
            "busy": st.integers(1, 2),
            "refused": st.just(1),
            "lost_before_accept": st.integers(1, 2),
            "lost_after_accept": st.integers(1, 2),
            "vanished": st.just(1),
            "failed": st.just(1),
            "looks_fail": st.integers(1, 3),
            "unseen_at_first": st.integers(1, 4),
            "list_lags": st.integers(1, 3),
            "fetch_fails": st.integers(1, 3),
        },
    ),
)
async def test_any_row_of_crashes_on_any_bad_day_ends_with_one_take_bought(
    crashes: list[int], faults: dict[str, int], rig: Rig
) -> None:
    rig.begin()
    await live_through(rig, crashes, Faults(**faults))
