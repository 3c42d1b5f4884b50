"""Two shots that meet never share framing and movement, whatever is wished."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from callsheet.agents.planning.camera import vary
from callsheet.domain.shot import Framing, Movement

WISH = st.tuples(
    st.lists(st.sampled_from(Framing), min_size=1, max_size=3),
    st.lists(st.sampled_from(Movement), min_size=1, max_size=2),
)


@given(st.lists(WISH, min_size=1, max_size=12))
def test_neighbours_always_differ(wishes: list[tuple[list[Framing], list[Movement]]]) -> None:
    looks = vary(wishes)
    assert len(looks) == len(wishes)
    assert all(one != other for one, other in pairwise(looks))
    assert all(look[0] in framings for look, (framings, _) in zip(looks, wishes, strict=True))


def test_a_wish_is_granted_where_it_repeats_nothing() -> None:
    close = ([Framing.CLOSE], [Movement.ORBIT])
    assert vary([close, ([Framing.WIDE], [Movement.STATIC]), close])[2] == (Framing.CLOSE, Movement.ORBIT)
