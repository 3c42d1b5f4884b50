"""Writes a downloaded clip to a file and finds what is no clip, or not all of one, before anybody relies on it."""

import struct
from pathlib import Path

import httpx

from callsheet.tools.video.answer import read_answer
from callsheet.tools.video.port import FetchFailed, NotAVideo, RenderGone

_MOST_BYTES = 2_000_000_000
_KNOWN_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"free", b"skip", b"uuid", b"meta"})


async def write_body(response: httpx.Response, to: Path) -> bool:
    """Write the body to the file. Whether a length was promised, and kept; raises FetchFailed when it was not."""
    written = 0
    with to.open("wb") as file:
        async for chunk in response.aiter_bytes():
            written += len(chunk)
            if written > _MOST_BYTES:
                raise FetchFailed(f"the render is larger than {_MOST_BYTES} bytes")
            file.write(chunk)
    promised = response.headers.get("content-length", "")
    if not promised.isdigit() or "content-encoding" in response.headers:
        return False
    if written != int(promised):
        raise FetchFailed(f"the render has {promised} bytes, {written} came")
    return True


def check_clip(path: Path, is_whole: bool, secret: str) -> None:
    """Raises NotAVideo for what is not an MP4 file, and FetchFailed, unless it is known to be whole, for half of one.

    Some servers send an error under the name of a video; what it says is then the reason. Raises RenderGone when that
    is that the render has expired.
    """
    with path.open("rb") as file:
        head = file.read(2000)
    if head[4:8] == b"ftyp":
        if not is_whole and _is_cut(path):
            raise FetchFailed("the render was cut off on its way")
        return
    if not head:
        raise NotAVideo("the provider sent nothing under the name of the render")
    answer = read_answer(200, {}, head)
    if answer.body is None and not answer.is_page:
        raise NotAVideo("what came is not an MP4 file")
    if "expired" in " ".join(answer.error).lower():
        raise RenderGone(f"the provider no longer has the finished render: {answer.words(secret)}")
    raise NotAVideo(f"what came is not an MP4 file but says: {answer.words(secret)}")


def _is_cut(path: Path) -> bool:
    """Whether a box promises more bytes than there are, or the one that describes the picture is missing."""
    size, at, seen = path.stat().st_size, 0, set[bytes]()
    with path.open("rb") as file:
        while at + 8 <= size:
            file.seek(at)
            length, kind = struct.unpack(">I4s", file.read(8))
            if kind not in _KNOWN_BOXES:
                break
            seen.add(kind)
            if length == 1:
                length = int.from_bytes(file.read(8), "big")
            if length == 0:
                at = size
            elif length < 8 or at + length > size:
                return True
            else:
                at += length
    return b"moov" not in seen
