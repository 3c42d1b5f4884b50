"""Where accepted jobs become clips: two at a time, in the background, begun again after any interruption."""

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from callsheet.tools.process import ProcessTimeout
from callsheet.tools.sandbox.book import Book
from callsheet.tools.sandbox.camera import ShotOrder, Spoil, film
from callsheet.tools.sandbox.camera.camera import RenderFailed
from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.stock import Stock

_LOG = logging.getLogger("callsheet.sandbox")
_BENCHES: Final = 2
"""Encoders at work at once. More of them make a two-core machine slower."""
_TURN: Final = 0.02
_NEVER_DRAWN: Final = (
    "stuck",
    "stuck_queued",
    "moderation_blocked",
    "moderation_flaky",
    "failed_as_http",
    "restart",
)
_SPOILS: Final = {spoil.value: spoil for spoil in Spoil if spoil}


class Darkroom:
    """Draws clips on whatever event loop asks; a job whose loop has gone is begun again by the next who asks."""

    def __init__(
        self, folder: Path, fps: int, book: Book, clock: Callable[[], float], stock: Stock | None = None
    ) -> None:
        self._stock = stock
        self._clips, self._references = folder / "clips", folder / "references"
        self._clips.mkdir(parents=True, exist_ok=True)
        self._references.mkdir(parents=True, exist_ok=True)
        self._fps, self._book, self._clock = fps, book, clock
        self._lock = threading.Lock()
        self._at_work: dict[str, asyncio.AbstractEventLoop] = {}
        self._tasks: dict[str, tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = {}
        self._drawn: dict[str, int] = {}

    @property
    def at_work(self) -> frozenset[str]:
        """The jobs that are being drawn right now."""
        return frozenset(self._at_work)

    def clip(self, job: Job) -> Path:
        """Where the clip of a job is, or will be."""
        if self._stock is not None:
            return self._stock.clip(self._shape(job))
        return self._clips / f"{job.id}.mp4"

    def drawn(self, job: Job) -> int:
        """How many percent of a clip are done."""
        return self._drawn.get(job.id, 0)

    def keep_reference(self, data: bytes) -> None:
        """Keep a reference picture by its hash, for as long as a clip might have to be drawn again."""
        digest = hashlib.sha256(data).hexdigest()
        file = self._references / digest
        if not file.exists():
            partial = self._references / f".{digest}.{threading.get_ident()}"
            partial.write_bytes(data)
            partial.replace(file)

    def wake(self, job: Job) -> None:
        """Make sure that somebody is drawing this job, unless it is done or never will be."""
        if job.trouble.name in _NEVER_DRAWN or job.render_error:
            return
        if job.rendered_at is not None and self.clip(job).exists():
            return
        if self._stock is not None:
            self._take_from(self._stock, job)
            return
        loop = asyncio.get_running_loop()
        with self._lock:
            known = self._tasks.get(job.id)
            if known is not None and known[0].is_running() and not known[1].done():
                return
            self._tasks[job.id] = (loop, loop.create_task(self._draw(job)))

    def _take_from(self, stock: Stock, job: Job) -> None:
        try:
            stock.prepare(self._shape(job))
        except (RenderFailed, ProcessTimeout, OSError) as error:
            self._book.mark_failed(job.id, str(error))
        else:
            self._book.mark_rendered(job.id, self._clock())

    async def finish(self, job: Job) -> None:
        """Wait until this job's clip is there or its drawing has ended."""
        self.wake(job)
        while self._is_underway(job):  # noqa: ASYNC110 - it may be on another event loop, where no Event reaches
            await asyncio.sleep(_TURN)

    def _is_underway(self, job: Job) -> bool:
        return not self.clip(job).exists() and job.id in self._tasks and not self._tasks[job.id][1].done()

    def forget(self, job: Job) -> None:
        """Remove the clip of a deleted or expired job. Stock stays."""
        if self._stock is not None:
            return
        self.clip(job).unlink(missing_ok=True)
        self.clip(job).with_suffix(".webp").unlink(missing_ok=True)

    async def close(self) -> None:
        """Stop the drawing that this event loop began; another start takes it up again."""
        here = asyncio.get_running_loop()
        mine = [task for loop, task in self._tasks.values() if loop is here and not task.done()]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    async def _draw(self, job: Job) -> None:
        while not self._take_bench(job.id):  # noqa: ASYNC110 - benches are shared between event loops
            await asyncio.sleep(_TURN)
        try:
            if not self.clip(job).exists():
                await film(await asyncio.to_thread(self._order, job), self.clip(job), self._progress(job))
            self._book.mark_rendered(job.id, self._clock())
        except (RenderFailed, ProcessTimeout, OSError) as error:
            self._book.mark_failed(job.id, str(error))
        except Exception as error:  # noqa: BLE001 - unsaid, every look at the job would begin it anew, for ever
            _LOG.exception("the camera stopped at %s", job.id)
            self._book.mark_failed(job.id, f"the camera stopped: {type(error).__name__}: {error}")
        finally:
            with self._lock:
                self._at_work.pop(job.id, None)
                self._drawn.pop(job.id, None)

    def _take_bench(self, job_id: str) -> bool:
        with self._lock:
            for idle in [key for key, loop in self._at_work.items() if not loop.is_running()]:
                del self._at_work[idle]
            if len(self._at_work) >= _BENCHES:
                return False
            self._at_work[job_id] = asyncio.get_running_loop()
            return True

    def _progress(self, job: Job) -> Callable[[int], None]:
        def note(percent: int) -> None:
            self._drawn[job.id] = max(percent, self._drawn.get(job.id, 0))

        return note

    def _order(self, job: Job) -> ShotOrder:
        reference = (self._references / job.reference).read_bytes() if job.reference else None
        return replace(self._shape(job), prompt=job.prompt, reference=reference)

    def _shape(self, job: Job) -> ShotOrder:
        spoil = _SPOILS.get(job.trouble.name, Spoil.NONE)
        return ShotOrder("", job.width, job.height, job.seconds, self._fps, None, spoil)
