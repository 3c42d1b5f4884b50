"""The side files of a recording: bytes by the hash of them, checked when they are read."""

import hashlib
from pathlib import Path

from callsheet.replay.error import RecordingUnusable


def keep(folder: Path, data: bytes) -> str:
    """Write bytes unless they are there; their SHA-256."""
    digest = hashlib.sha256(data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / digest).exists():
        (folder / digest).write_bytes(data)
    return digest


def fetch(folder: Path, digest: str) -> bytes:
    """The bytes of that hash. Raises RecordingUnusable when they are gone or were changed."""
    path = folder / Path(digest).name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordingUnusable(f"{path} cannot be read ({error.strerror}): the recording is not whole") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise RecordingUnusable(f"{path} was changed: its bytes are not those that its name says")
    return data
