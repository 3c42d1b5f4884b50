"""Stock clips: one for each shape, drawn once and served for every job of it, so that many jobs cost nothing."""

import asyncio
import threading
from pathlib import Path
from typing import Final

from callsheet.tools.sandbox.camera import ShotOrder, film

_PROMPT: Final = "wide shot, slow push-in, a runner on a beach at noon"


class Stock:
    """Clips by shape in one folder, which several sandboxes may share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def clip(self, order: ShotOrder) -> Path:
        """Where the clip of this shape is, or will be."""
        spoilt = f"-{order.spoil}" if order.spoil else ""
        return self._folder / f"{order.width}x{order.height}-{order.seconds}s-{order.fps}fps{spoilt}.mp4"

    def prepare(self, order: ShotOrder) -> Path:
        """Have the clip of this shape, drawing it if need be. Raises what the camera raises.

        The camera gets a thread and an event loop of its own: whoever asks may run on a loop without real time.
        """
        clip = self.clip(order)
        with self._lock:
            if not clip.exists():
                shape = ShotOrder(_PROMPT, order.width, order.height, order.seconds, order.fps, None, order.spoil)
                _draw(shape, clip)
        return clip


def _draw(shape: ShotOrder, clip: Path) -> None:
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(film(shape, clip))
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits
            trouble.append(error)

    worker = threading.Thread(target=work, name="stock-clip")
    worker.start()
    worker.join()
    if trouble:
        raise trouble[0]
