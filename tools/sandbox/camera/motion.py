"""How the camera moves: how far each depth of the picture travels and grows, as numbers the encoder can follow."""

import math
from dataclasses import dataclass
from typing import Final

from callsheet.domain.shot import Movement

SUBJECT_DEPTH: Final = 0.6


@dataclass(frozen=True)
class Move:
    """One camera move. A thing at depth d (0 far, 1 near) travels `travel * (base + near * d)` over the shot."""

    travel: tuple[float, float] = (0.0, 0.0)
    """In frame widths and heights; positive moves the picture right and down."""
    base: float = 0.0
    near: float = 1.0
    rest: float = 0.5
    """The part of the move at which the picture stands where it was composed."""
    grows: tuple[float, float] = (0.0, 0.0)
    """How much larger things at depth 1 are, at the start and at the end."""
    shake: float = 0.0
    """In hundredths of the frame."""
    follows: bool = False
    """The camera goes along with its subject."""
    is_steady: bool = False
    """No easing in and out."""

    @property
    def is_still(self) -> bool:
        """Whether the camera does nothing at all."""
        return self.travel == self.grows == (0.0, 0.0) and self.shake == 0.0

    def reach(self, depth: float) -> tuple[float, float]:
        share = self.base + self.near * depth
        return self.travel[0] * share, self.travel[1] * share


MOVES: Final[dict[Movement, Move]] = {
    Movement.STATIC: Move(),
    Movement.PUSH_IN: Move(travel=(0.0, 0.05), grows=(0.0, 0.30)),
    Movement.PULL_BACK: Move(travel=(0.0, -0.05), grows=(0.34, 0.0)),
    Movement.PAN_LEFT: Move(travel=(0.42, 0.0), base=0.75, near=0.35, rest=0.72),
    Movement.PAN_RIGHT: Move(travel=(-0.42, 0.0), base=0.75, near=0.35, rest=0.72),
    Movement.TILT_UP: Move(travel=(0.0, 0.26), base=0.75, near=0.35, rest=0.75),
    Movement.TILT_DOWN: Move(travel=(0.0, -0.26), base=0.75, near=0.35, rest=0.75),
    Movement.ORBIT: Move(travel=(-0.62, 0.0), base=-SUBJECT_DEPTH, near=1.0, grows=(0.0, 0.06)),
    Movement.TRACKING: Move(travel=(-1.25, 0.0), follows=True, is_steady=True),
    Movement.CRANE_UP: Move(travel=(0.0, 0.24), base=0.2, near=0.8, rest=0.6, grows=(0.14, 0.0)),
    Movement.HANDHELD: Move(grows=(0.02, 0.10), shake=1.1),
}


@dataclass(frozen=True)
class Path:
    """A move over one clip: expressions of the frame number `n`, and how far things can go in pixels."""

    move: Move
    frames: int
    width: int
    height: int

    def margin(self, depth: float) -> tuple[int, int]:
        """How much picture is needed beyond each side of the frame so that its edge is never seen."""
        x, y = self.move.reach(depth)
        far_end = max(self.move.rest, 1.0 - self.move.rest)
        shake = self.move.shake * 0.03 * min(self.width, self.height)
        return (
            math.ceil(abs(x) * far_end * self.width + shake) + 4,
            math.ceil(abs(y) * far_end * self.height + shake) + 4,
        )

    def x(self, depth: float, is_followed: bool = False) -> str:
        reach = 0.0 if is_followed and self.move.follows else self.move.reach(depth)[0] * self.width
        return self._place(reach) + self._shake(depth, 0.113, 0.271)

    def y(self, depth: float, is_followed: bool = False) -> str:
        reach = 0.0 if is_followed and self.move.follows else self.move.reach(depth)[1] * self.height
        return self._place(reach) + self._shake(depth, 0.091, 0.233)

    def zoom(self, depth: float) -> str | None:
        """The size of a thing at this depth, 1 or more; None when it never changes."""
        start, end = (1.0 + grown * (0.25 + 0.75 * depth) for grown in self.move.grows)
        if start == end == 1.0:
            return None
        return f"({start:.4f}+{end - start:.4f}*{self._eased()})"

    def _place(self, reach: float) -> str:
        return "0" if reach == 0 else f"{reach:.2f}*({self._eased()}-{self.move.rest:.2f})"

    def _eased(self) -> str:
        p = f"(n/{max(1, self.frames - 1)})"
        return p if self.move.is_steady else f"(0.45*{p}+0.55*{p}*{p}*(3-2*{p}))"

    def _shake(self, depth: float, slow: float, quick: float) -> str:
        size = self.move.shake * 0.01 * min(self.width, self.height) * (0.6 + 0.6 * depth)
        return "" if size == 0 else f"+{size:.2f}*(sin(n*{slow}+1.3)+0.45*sin(n*{quick}))"
