"""Few looks, and the end of a render is seen soon after it came."""

from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.cadence import next_look


def looks_until(length: float, tells_progress: bool, hint: float | None = None) -> tuple[int, float]:
    """How many looks a render of that length takes, and how late its end is seen."""
    now, count = 0.0, 0
    while now < length:
        progress = int(100 * now / length) if tells_progress else 0
        now += next_look(now, progress, hint, shortest=1.0, longest=20.0)
        count += 1
    return count, now - length


@given(st.floats(15, 900), st.booleans())
def test_the_end_of_a_render_is_seen_soon_and_few_looks_are_spent(length: float, tells_progress: bool) -> None:
    count, late = looks_until(length, tells_progress)
    assert late <= max(2.0, (0.06 if tells_progress else 0.13) * length)
    assert count <= (60 if tells_progress else 90)


def test_a_minute_with_progress_takes_a_few_looks() -> None:
    count, late = looks_until(60, tells_progress=True)
    assert count <= 12
    assert late <= 2.5


@given(st.floats(0, 10_000), st.integers(-5, 200), st.none() | st.floats(0, 10**9), st.floats(0.1, 5))
def test_a_pause_is_always_within_its_bounds(waited: float, progress: int, hint: float | None, shortest: float) -> None:
    pause = next_look(waited, progress, hint, shortest, longest=20.0)
    assert shortest <= pause <= 20.0
    assert pause >= min(hint or 0, 20.0)
