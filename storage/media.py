"""The media store: files named by the SHA-256 of their bytes. A folder by default.

A file enters under a temporary name and is renamed when it is whole, so a crash leaves no half file behind.
"""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.identity import Digest

_HASH = re.compile(r"[0-9a-f]{64}")


class MediaStore(Protocol):
    """Keeps bytes by their hash."""

    def keep(self, source: Path) -> Digest:
        """Copy a file in and return its name. Keeping the same bytes again changes nothing."""
        ...

    def keep_bytes(self, data: bytes) -> Digest:
        """Keep bytes."""
        ...

    def path(self, digest: Digest) -> Path:
        """A local, readable file with these bytes. It must not be written to. Raises NotFound."""
        ...

    def forget(self, digest: Digest) -> bool:
        """Remove these bytes for good. False when they were not there."""
        ...


class FolderStore:
    """A folder on this machine, two characters a level."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, source: Path) -> Digest:
        """Copy a file in."""
        digest = file_digest(source)
        if not self._place(digest).exists():
            with self._part() as part:
                shutil.copyfile(source, part.name)
                digest = file_digest(Path(part.name))  # of what was kept: the source may have changed meanwhile
                self._settle(part, digest)
        return digest

    def keep_bytes(self, data: bytes) -> Digest:
        """Keep bytes."""
        digest = Digest(hashlib.sha256(data).hexdigest())
        if not self._place(digest).exists():
            with self._part() as part:
                part.write(data)
                part.flush()
                self._settle(part, digest)
        return digest

    def path(self, digest: Digest) -> Path:
        """The file of that name."""
        target = self._place(digest)
        if not _HASH.fullmatch(digest) or not target.exists():
            raise NotFound(f"the media store has no {digest[:12]}; was {self._root} moved or emptied?")
        return target

    def forget(self, digest: Digest) -> bool:
        """Remove the file of that name."""
        target = self._place(digest)
        if not _HASH.fullmatch(digest) or not target.exists():
            return False
        target.unlink()
        return True

    def _place(self, digest: Digest) -> Path:
        return self._root / digest[:2] / digest

    def _part(self) -> "tempfile._TemporaryFileWrapper[bytes]":
        self._root.mkdir(parents=True, exist_ok=True)
        return tempfile.NamedTemporaryFile(dir=self._root, suffix=".part", delete=False)

    def _settle(self, part: "tempfile._TemporaryFileWrapper[bytes]", digest: Digest) -> None:
        """On disk first, then under its name: the books may say it is there the moment this returns."""
        os.fsync(part.fileno())
        target, written = self._place(digest), Path(part.name)
        target.parent.mkdir(exist_ok=True)
        written.chmod(0o444)
        written.replace(target)


def open_store(url: str, default: Path) -> MediaStore:
    """The store a setting names: nothing or `file:///folder`."""
    if not url:
        return FolderStore(default)
    if url.startswith("file://"):
        return FolderStore(Path(url.removeprefix("file://")))
    raise WrongUse(
        f"CALLSHEET_MEDIA_URL is {url.split(':', maxsplit=1)[0]}:...; a folder is understood, as file:///path/to/media"
    )


def file_digest(path: Path) -> Digest:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())
