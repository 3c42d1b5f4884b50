"""Writing in the picture, read by RapidOCR (PP-OCR on onnxruntime, weights in the package)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from callsheet.domain.scan.report import Check
from callsheet.domain.scan.sighting import Line, Sighting, Text
from callsheet.tools.scan.bench import Bench
from callsheet.tools.scan.given import THREADS, frames_of, permille
from callsheet.tools.scan.install import missing
from callsheet.tools.scan.port import Footage

_PER_TAKE = 60.0
_LONGEST = 960
"""Pixels of the longer side that are read: as exact as the full size on signage and 16 px legal lines, and faster."""


class TextScanner:
    """Reads the frames that show something new, and the product's own picture."""

    check: Check = "text"

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def missing(self) -> str:
        """What must be installed first."""
        return missing("scan", "rapidocr", "onnxruntime")

    async def look(self, footage: Footage) -> Sighting:
        """The lines, with how sure each is and how high."""
        given = {**footage.reel.as_given(footage.telling), "product": str(footage.product or "")}

        def read(answer: Any) -> Text:
            lines = tuple(
                Line(text=text, sure=sure, height=height, at=footage.reel.times[number])
                for number, text, sure, height in answer["lines"]
            )
            return Text(lines=lines, on_product=tuple(answer["on_product"]))

        return await self._bench.look(self.check, given, _PER_TAKE, read)


def instrument() -> Callable[[dict[str, Any]], Any]:
    """The reader, on the bench."""
    import logging

    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    engine = "EngineConfig.onnxruntime"
    settings = {"Global.use_cls": False, "Det.limit_type": "max", "Det.limit_side_len": _LONGEST}
    threads = {f"{engine}.intra_op_num_threads": THREADS, f"{engine}.inter_op_num_threads": 1}
    reader = RapidOCR(params={"Global.log_level": "error", **settings, **threads})
    products: dict[str, list[str]] = {}

    def read(given: dict[str, Any]) -> Any:
        lines = [
            (number, text, sure, height)
            for number, frame in zip(given["frames"], frames_of(given), strict=True)
            for text, sure, height in _lines(reader, frame[:, :, ::-1])
        ]
        picture = given["product"]
        if picture and picture not in products:
            products[picture] = [text for text, _, _ in _lines(reader, _picture(picture))]
        return {"lines": lines, "on_product": products.get(picture, [])}

    return read


def _picture(path: str) -> Any:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.open(Path(path)).convert("RGB"))[:, :, ::-1]


def _lines(reader: Any, frame: Any) -> list[tuple[str, int, int]]:
    """Each line: its text, how sure it is, and the share of the picture's height it takes, in thousandths."""
    found = reader(frame)
    if found.txts is None:
        return []
    heights = [box[:, 1].max() - box[:, 1].min() for box in found.boxes]
    return [
        (str(text), permille(sure), permille(height / frame.shape[0]))
        for text, sure, height in zip(found.txts, found.scores, heights, strict=True)
    ]
