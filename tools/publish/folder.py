"""Publishes into a folder: one sub-folder a placement, one file a publication, and what to declare beside it."""

import asyncio
import hashlib
import json
import shutil
from pathlib import Path

from callsheet.domain.identity import PublicationId
from callsheet.storage.media import file_digest
from callsheet.tools.publish.port import NameUnusable, NotTheApprovedFile, Parcel, Slot


class FolderPublisher:
    """The folder `root` stands for the channel; what one owner (a run) publishes is never another's publication."""

    name = "folder"

    def __init__(self, root: Path, owner: str = "") -> None:
        self._root = root
        self._owner = owner

    async def publish(self, parcel: Parcel) -> PublicationId:
        """Copy the approved file in."""
        return await asyncio.to_thread(self._publish, parcel)

    async def find(self, slot: Slot) -> PublicationId | None:
        """Its file's name says which one it is."""
        publication = self._id(slot)
        return publication if await asyncio.to_thread(self._files, publication) else None

    async def listed(self) -> tuple[PublicationId, ...]:
        """The files that are there."""
        found = await asyncio.to_thread(self._every)
        return tuple(sorted(PublicationId(path.stem.rpartition(".")[2]) for path in found))

    async def fetch(self, publication: PublicationId, target: Path) -> bool:
        """Copy the file as it lies there."""
        found = await asyncio.to_thread(self._files, publication)
        for path in found[:1]:
            await asyncio.to_thread(shutil.copyfile, path, target)
        return bool(found)

    async def take_down(self, publication: PublicationId) -> bool:
        """Remove the file."""
        return await asyncio.to_thread(self._remove, publication)

    def _id(self, slot: Slot) -> PublicationId:
        seal = f"{self.name}\n{self._owner}\n{slot.placement}\n{slot.name}\n{slot.approved}"
        return PublicationId(f"pub-{hashlib.sha256(seal.encode()).hexdigest()[:16]}")

    def _every(self) -> list[Path]:
        return list(self._root.glob("*/*.mp4"))

    def _files(self, publication: PublicationId) -> list[Path]:
        return [path for path in self._every() if path.stem.rpartition(".")[2] == publication]

    def _remove(self, publication: PublicationId) -> bool:
        found = self._files(publication)
        for path in found:
            path.unlink()
            _sheet(path).unlink(missing_ok=True)
        return bool(found)

    def _publish(self, parcel: Parcel) -> PublicationId:
        publication = self._id(parcel)
        target = self._root / _plain(parcel.placement) / f"{_plain(parcel.name)}.{publication}.mp4"
        part = target.with_suffix(".part")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(parcel.file, part)
        if (found := file_digest(part)) != parcel.approved:
            part.unlink()
            raise NotTheApprovedFile(
                f"{parcel.name} is {found[:12]}, approved was {parcel.approved[:12]}: open the release gate again"
            )
        _write_sheet(parcel, target)
        part.replace(target)
        return publication


def _sheet(file: Path) -> Path:
    return file.with_suffix(".publish.json")


def _write_sheet(parcel: Parcel, file: Path) -> None:
    """Where this file may run and what must be declared there, beside it; it is there before the file is."""
    if not (parcel.flags or parcel.disclosures or parcel.markets or parcel.alternate):
        return
    said = {
        "file": file.name, "sha256": parcel.approved, "placement": parcel.placement, "flags": parcel.flags,
        "disclosures": parcel.disclosures, "markets": parcel.markets, "alternate": parcel.alternate,
    }  # fmt: skip
    part = file.with_suffix(".publish.part")
    part.write_text(json.dumps(said, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(_sheet(file))


def _plain(name: str) -> str:
    """The name, if it is the name of one file and nothing else: names are data, and lead to no other folder."""
    if not name or name != Path(name).name or name.startswith(".") or not name.isprintable() or "\\" in name:
        raise NameUnusable(f"{name!r} cannot be the name of a published file: use letters, digits, - and _")
    return name
