"""The post-production jobs: encode one piece, conform one file from its pieces, sign one file.

Each is repeat-safe: what it makes is kept by the hash of its bytes, and pieces are remembered by their key.
"""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.error import CallsheetError
from callsheet.domain.identity import Digest
from callsheet.domain.origin import Origin
from callsheet.storage import segment as pieces
from callsheet.storage.database import Database
from callsheet.storage.media import MediaStore
from callsheet.tools.edit import (
    Segment,
    Soundtrack,
    Unsound,
    captions,
    conform,
    encode_segment,
    encode_soundtrack,
    timeline,
    verify_deliverable,
)
from callsheet.tools.provenance.port import Provenance, Signer


class FileUnsound(CallsheetError):
    """A finished file did not pass its own checks and was not kept."""


@dataclass(frozen=True)
class PieceEncoder:
    """The segment job: one picture piece or one soundtrack."""

    database: Database
    media: MediaStore

    async def __call__(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Encode the piece unless it was encoded before."""
        part = _part(payload)
        if await self.database.read(lambda tx: pieces.recall(tx, part.key)):
            return {"key": part.key}
        with TemporaryDirectory(prefix="callsheet-piece-") as folder:
            files = {digest: self.media.path(digest) for digest in part.media}
            out = Path(folder) / ("piece.m4a" if isinstance(part, Soundtrack) else "piece.mp4")
            if isinstance(part, Soundtrack):
                await encode_soundtrack(part, files, out)
            else:
                await encode_segment(part, files, out)
            digest = await asyncio.to_thread(self.media.keep, out)
        await self.database.write(lambda tx: pieces.remember(tx, part.key, digest))
        return {"key": part.key}


@dataclass(frozen=True)
class Conformer:
    """The conform job: one finished, verified file with captions and timeline."""

    database: Database
    media: MediaStore

    async def __call__(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make the file. Returns the unsigned deliverable."""
        cut = Cut.model_validate(payload["cut"])
        wanted = {clip.media.digest for clip in cut.clips}
        if cut.end_card.picture is not None:
            wanted.add(cut.end_card.picture.digest)
        with TemporaryDirectory(prefix="callsheet-conform-") as folder:
            files = {digest: self.media.path(digest) for digest in wanted}
            made = await conform(cut, files, Path(folder), lookup=self._lookup, store=self._store)
            seen = await verify_deliverable(made, cut)
            if isinstance(seen, Unsound):
                raise FileUnsound(f"{cut.name} was made but is not sound: {'; '.join(seen.reasons)}")
            size = made.stat().st_size
            essence = await asyncio.to_thread(self.media.keep, made)
        urls = {digest: f"media:{digest}" for digest in files}
        deliverable = Deliverable(
            name=cut.name,
            cut=cut.digest,
            variant=cut.variant,
            placement=cut.placement,
            locale=cut.locale,
            essence=essence,
            file=essence,
            captions=await asyncio.to_thread(self.media.keep_bytes, captions(cut).encode()),
            timeline=await asyncio.to_thread(self.media.keep_bytes, timeline(cut, urls).encode()),
            frames=cut.frames,
            rate=cut.rate,
            width=cut.width,
            height=cut.height,
            bytes=size,
            loudness=f"{seen.loudness.integrated:.1f}" if seen.loudness else "",
        )
        return deliverable.model_dump(mode="json")

    def _lookup(self, key: Digest) -> Path | None:
        digest = self.database.read_now(lambda tx: pieces.recall(tx, key))
        return self.media.path(digest) if digest else None

    def _store(self, key: Digest, path: Path) -> Path:
        digest = self.media.keep(path)
        self.database.write_now(lambda tx: pieces.remember(tx, key, digest))
        return self.media.path(digest)


@dataclass(frozen=True)
class FileSigner:
    """The sign job: content credentials, once; the signed file is the one that is asked about and shipped."""

    media: MediaStore
    signer: Signer

    async def __call__(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Sign. Returns the deliverable with the hash of the bytes that ship."""
        unsigned = Deliverable.model_validate(payload["deliverable"])
        origin = Origin.model_validate(payload["origin"])
        provenance = Provenance(
            title=unsigned.name,
            essence=unsigned.essence,
            origin=origin,
            files={one.digest: self.media.path(one.digest) for one in origin.sources},
        )
        with TemporaryDirectory(prefix="callsheet-sign-") as folder:
            source, target = Path(folder) / "essence.mp4", Path(folder) / "signed.mp4"
            await asyncio.to_thread(shutil.copyfile, self.media.path(unsigned.essence), source)
            seal = await self.signer.sign(source, target, provenance)
            size = target.stat().st_size
            file = await asyncio.to_thread(self.media.keep, target)
        said = {"file": file, "bytes": size, "credentials": self.signer.standing, "seal": seal}
        return unsigned.model_copy(update=said).model_dump(mode="json")


def _part(payload: Mapping[str, Any]) -> Segment | Soundtrack:
    kind: type[Segment | Soundtrack] = Soundtrack if payload["kind"] == "sound" else Segment
    return kind.model_validate(payload["part"])
