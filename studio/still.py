"""Pictures for the report, taken out of the media store's files and carried inside the page as data addresses."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import Digest
from callsheet.storage.media import MediaStore
from callsheet.tools.edit import thumbnail
from callsheet.tools.process import ProcessTimeout

_AT_ONCE = 2
_WIDTH = 320


@dataclass(frozen=True)
class Wanted:
    """One frame of one file of the media store."""

    media: Digest
    frame: int


@dataclass(frozen=True)
class Stills:
    """The pictures by file, and what could not be had."""

    pictures: dict[Digest, str]
    missing: tuple[str, ...]

    def of(self, media: str | None) -> str:
        """The data address of a file's picture; empty when there is none."""
        return self.pictures.get(Digest(media or ""), "")


async def stills(media: MediaStore, wanted: Sequence[Wanted], width: int = _WIDTH) -> Stills:
    """Take one frame out of each file, two files at a time. A file that gives none is named, and nothing fails."""
    places = asyncio.Semaphore(_AT_ONCE)
    pictures: dict[Digest, str] = {}
    missing: list[str] = []
    with TemporaryDirectory(prefix="callsheet-stills-") as name:

        async def take(one: Wanted) -> None:
            async with places:
                try:
                    out = Path(name) / f"{one.media}.jpg"
                    await thumbnail(await asyncio.to_thread(media.path, one.media), one.frame, out, width)
                    data = await asyncio.to_thread(out.read_bytes)
                except (CallsheetError, ProcessTimeout) as error:
                    missing.append(f"no picture of {one.media[:12]}: {error}")
                else:
                    pictures[one.media] = f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"

        async with asyncio.TaskGroup() as group:
            for one in dict.fromkeys(wanted):
                group.create_task(take(one))
    return Stills(pictures, tuple(sorted(missing)))
