"""The rule of the camera: two shots that meet in a cut never share both framing and movement."""

from collections.abc import Sequence
from itertools import pairwise

from callsheet.domain.shot import Framing, Movement, Shot

Look = tuple[Framing, Movement]


def vary(wishes: Sequence[tuple[Sequence[Framing], Sequence[Movement]]]) -> tuple[Look, ...]:
    """Choose framing and movement for each shot from its wishes, in order, so that the film keeps changing.

    A look is only taken from outside the wishes when every wished one would repeat the shot before.
    """
    looks: list[Look] = []
    for framings, movements in wishes:
        wished = [(framing, movement) for framing in framings for movement in movements]
        anything = [(framing, movement) for framing in framings for movement in Movement]
        looks.append(_choose(wished, looks) or _choose(anything, looks) or wished[0])
    return tuple(looks)


def _choose(options: Sequence[Look], before: Sequence[Look]) -> Look | None:
    allowed = [option for option in options if not before or option != before[-1]]
    return min(allowed, key=lambda option: _sameness(option, before, options.index(option))) if allowed else None


def _sameness(option: Look, before: Sequence[Look], rank: int) -> tuple[int, int, int, int]:
    framing, movement = option
    neighbour = 0 if not before else 2 * (framing == before[-1][0]) + (movement == before[-1][1])
    seen = before.count(option)
    used = sum(framing == other for other, _ in before) + sum(movement == other for _, other in before)
    return neighbour, seen, used // 2, rank


def clashes(shots: Sequence[Shot]) -> tuple[tuple[Shot, Shot], ...]:
    """Neighbours that share framing and movement, in the order they play."""
    return tuple(
        (one, other) for one, other in pairwise(shots) if (one.framing, one.movement) == (other.framing, other.movement)
    )
