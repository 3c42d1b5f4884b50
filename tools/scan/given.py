"""What the bench hands to an instrument, as arrays. Only code on the bench imports this."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THREADS = 1
"""Of each library. A second one waits for the first in a busy loop: reading a frame then costs twice the processor."""


def frames_of(given: dict[str, Any]) -> "list[NDArray[np.uint8]]":
    """The frames it is to look at, as height x width x RGB."""
    import numpy as np

    height, width = int(given["height"]), int(given["width"])
    whole = np.memmap(given["file"], dtype=np.uint8, mode="r").reshape(-1, height, width, 3)
    return [np.ascontiguousarray(whole[number]) for number in given["frames"]]


def shrunk(frame: "NDArray[np.uint8]", longest: int) -> "NDArray[np.uint8]":
    """The frame, no longer on any side than so many pixels."""
    import numpy as np
    from PIL import Image

    height, width = frame.shape[:2]
    if max(height, width) <= longest:
        return frame
    size = (round(width * longest / max(height, width)), round(height * longest / max(height, width)))
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BOX))


def permille(share: float) -> int:
    """A share of one, in thousandths."""
    return max(0, min(1000, round(float(share) * 1000)))
