"""Where a previz prints its slate into the picture: the PREVIZ mark and the shot's name, at the top of the central
square. Whoever draws it and whoever writes over it read the place here.
"""

from dataclasses import dataclass

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""
_LEAST_TYPE = 8


@dataclass(frozen=True)
class SlatePlace:
    """The size of its type and the room that it may take, in pixels of a picture."""

    type_size: int
    left: float
    top: float
    right: float
    bottom: float


def slate_place(width: int, height: int) -> SlatePlace:
    """Where the slate stands in a picture of this size; its line may be shorter than the room."""
    side = min(width, height)
    size, margin = max(_LEAST_TYPE, round(side * 0.0265)), round(side * 0.045)
    left, top = (width - side) / 2 + margin, (height - side) / 2 + margin
    return SlatePlace(size, left, top, left + side - 2 * margin, top + 2 * size)
