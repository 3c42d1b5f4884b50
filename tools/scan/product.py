"""Likeness of the product to its picture: distinctive points found again, and the colours where they were found.

OpenCV comes with the reader of text. A picture drawn from another side has other points: this tells whether the very
picture is in the take, as it is when a provider begins from it.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from callsheet.domain.scan.report import Check
from callsheet.domain.scan.sighting import Likeness, NotLooked, Sighting
from callsheet.tools.scan.bench import Bench
from callsheet.tools.scan.given import THREADS, frames_of, shrunk
from callsheet.tools.scan.install import missing
from callsheet.tools.scan.port import Footage

_PER_TAKE = 60.0
_LONGEST = 640
_POINTS = 800
_CLEARLY_NEARER = 0.75
"""A point is found again when its best match is this much nearer than the second (Lowe's ratio test)."""
_OFF = 5.0
"""Pixels a point may lie from where the common movement puts it."""
_SCALES = (0.15, 4.0)
"""How much smaller or larger the product may be than on its picture."""
_BACKGROUND = 14.0
"""Distance in CIELAB from the picture's edge colour below which a pixel is background."""


class ProductScanner:
    """Looks for the product's picture in every second sampled frame."""

    check: Check = "product"

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def missing(self) -> str:
        """What must be installed first."""
        return missing("scan", "cv2")

    async def look(self, footage: Footage) -> Sighting:
        """How much of it was found in the best frame."""
        if footage.product is None:
            return NotLooked(check="product", why="there is no picture of the product to compare with")
        given = {**footage.reel.as_given(range(0, len(footage.reel.times), 2)), "product": str(footage.product)}
        return await self._bench.look(self.check, given, _PER_TAKE, Likeness.model_validate)


def instrument() -> Callable[[dict[str, Any]], Any]:
    """The comparison, on the bench."""
    import numpy as np
    from PIL import Image

    cv2 = _cv2()
    cv2.setNumThreads(THREADS)
    finder = cv2.SIFT_create(nfeatures=_POINTS)

    def compare(given: dict[str, Any]) -> Any:
        picture = shrunk(np.asarray(Image.open(Path(given["product"])).convert("RGB")), _LONGEST)
        marks, words = finder.detectAndCompute(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), None)
        best: tuple[int, int | None] = (0, None)
        for frame in frames_of(given):
            small = shrunk(frame, _LONGEST)
            agreeing, movement = _find(finder, marks, words, small)
            if agreeing > best[0]:
                best = (agreeing, _apart(picture, small, movement))
        return {"marks": len(marks), "agreeing": best[0], "colour": best[1]}

    return compare


def _find(finder: Any, marks: Any, words: Any, frame: Any) -> tuple[int, Any]:
    """How many points moved together into the frame, and that movement: shift, turn and scale."""
    import numpy as np

    cv2 = _cv2()
    there, said = finder.detectAndCompute(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), None)
    if words is None or said is None or len(said) < 2:
        return 0, None
    pairs = cv2.BFMatcher().knnMatch(words, said, k=2)
    good = [near for near, *far in pairs if far and near.distance < _CLEARLY_NEARER * far[0].distance]
    if len(good) < 3:
        return 0, None
    before = np.asarray([marks[one.queryIdx].pt for one in good], dtype=np.float32)
    after = np.asarray([there[one.trainIdx].pt for one in good], dtype=np.float32)
    movement, agreeing = cv2.estimateAffinePartial2D(before, after, method=cv2.RANSAC, ransacReprojThreshold=_OFF)
    if movement is None:
        return 0, None
    scale = float(np.hypot(movement[0, 0], movement[1, 0]))
    if not _SCALES[0] <= scale <= _SCALES[1]:
        return 0, None
    places = {tuple(np.round(point).astype(int)) for point in after[agreeing.ravel().astype(bool)]}
    return len(places), movement  # many points on one spot are one


def _apart(picture: Any, frame: Any, movement: Any) -> int:
    """The median distance of colour, without brightness, between the product and what is in its place."""
    import numpy as np

    cv2 = _cv2()
    ours = _lab(picture)
    edge = np.concatenate([ours[0], ours[-1], ours[:, 0], ours[:, -1]])
    is_product = np.linalg.norm(ours - np.median(edge, axis=0), axis=2) > _BACKGROUND
    height, width = ours.shape[:2]
    theirs = cv2.warpAffine(_lab(frame), movement, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    apart = np.linalg.norm(ours[..., 1:] - theirs[..., 1:], axis=2)[is_product]
    return round(float(np.percentile(apart, 75))) if apart.size else 0


def _lab(picture: Any) -> Any:
    import numpy as np

    cv2 = _cv2()
    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _cv2() -> Any:
    """OpenCV, whose own types do not know its detectors of points."""
    return import_module("cv2")
