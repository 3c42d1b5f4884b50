"""Publishes into a folder: one sub-folder a placement, one file a publication."""

import asyncio
import hashlib
import shutil
from pathlib import Path

from callsheet.domain.identity import PublicationId
from callsheet.storage.media import file_digest
from callsheet.tools.publish.port import NameUnusable, NotTheApprovedFile, Parcel


class FolderPublisher:
    """The folder `root` stands for the channel; what one owner (a run) publishes is never another's publication."""

    name = "folder"

    def __init__(self, root: Path, owner: str = "") -> None:
        self._root = root
        self._owner = owner

    async def publish(self, parcel: Parcel) -> PublicationId:
        """Copy the approved file in."""
        return await asyncio.to_thread(self._publish, parcel)

    async def listed(self) -> tuple[PublicationId, ...]:
        """The files that are there."""
        return tuple(sorted(PublicationId(path.stem.rpartition(".")[2]) for path in self._root.glob("*/*.mp4")))

    async def take_down(self, publication: PublicationId) -> bool:
        """Remove the file."""
        found = [path for path in self._root.glob("*/*.mp4") if path.stem.rpartition(".")[2] == publication]
        for path in found:
            path.unlink()
        return bool(found)

    def _publish(self, parcel: Parcel) -> PublicationId:
        seal = f"{self.name}\n{self._owner}\n{parcel.placement}\n{parcel.name}\n{parcel.approved}"
        publication = PublicationId(f"pub-{hashlib.sha256(seal.encode()).hexdigest()[:16]}")
        target = self._root / _plain(parcel.placement) / f"{_plain(parcel.name)}.{publication}.mp4"
        part = target.with_suffix(".part")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parcel.file, part)
        if (found := file_digest(part)) != parcel.approved:
            part.unlink()
            raise NotTheApprovedFile(
                f"{parcel.name} is {found[:12]}, approved was {parcel.approved[:12]}: open the release gate again"
            )
        part.replace(target)
        return publication


def _plain(name: str) -> str:
    """The name, if it is the name of one file and nothing else: names are data, and lead to no other folder."""
    if not name or name != Path(name).name or name.startswith(".") or not name.isprintable() or "\\" in name:
        raise NameUnusable(f"{name!r} cannot be the name of a published file: use letters, digits, - and _")
    return name
