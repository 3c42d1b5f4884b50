"""Lays a run's finished files out in its folder: `deliverables/` with video, captions and timeline side by side."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from callsheet.domain.cut import Deliverable
from callsheet.domain.identity import Digest
from callsheet.domain.run import Run
from callsheet.storage.media import MediaStore


class OutFolder:
    """Copies from the media store. A newer round's file replaces the older one of the same name."""

    def __init__(self, media: MediaStore) -> None:
        self._media = media

    async def __call__(self, run: Run, files: Sequence[Deliverable]) -> None:
        """Copy the files of a round."""
        await asyncio.to_thread(self._lay_out, Path(run.out) / "deliverables", files)

    def _lay_out(self, folder: Path, files: Sequence[Deliverable]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            self._copy(file.file, folder / f"{file.name}.mp4")
            self._copy(file.captions, folder / f"{file.name}.vtt")
            self._copy(file.timeline, folder / f"{file.name}.otio")

    def _copy(self, digest: Digest, target: Path) -> None:
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(self._media.path(digest), part)
        part.replace(target)
