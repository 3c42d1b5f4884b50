"""The boxes of an MP4 file, walked without decoding: is it whole, what is in it, how many frames exactly.

ISO/IEC 14496-12. The walk reads box headers and the movie box alone, so it is quick on any size.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from callsheet.tools.edit.error import Unreadable

_FIRST = frozenset(("ftyp", "styp", "moov", "mdat", "free", "skip", "wide", "pnot"))
_LARGEST_MOVIE = 64 * 1024 * 1024


@dataclass(frozen=True)
class Box:
    """One box: its type, where its content begins in the file or buffer, and where it ends."""

    kind: str
    begin: int
    end: int


@dataclass(frozen=True)
class Track:
    """One track of the movie box. `kind` is `vide`, `soun` or another handler; `samples` are frames or packets."""

    kind: str
    samples: int
    seconds: Fraction


def top_level(path: Path) -> tuple[Box, ...]:
    """The file's outermost boxes. Raises Unreadable when they do not add up to the file's size."""
    size, boxes, at = path.stat().st_size, [], 0
    with path.open("rb") as file:
        while at < size:
            box = _header(file, at, size, path.name)
            boxes.append(box)
            at = box.end
    return tuple(boxes)


def damages(path: Path) -> tuple[str, ...]:
    """What a walk over the boxes finds wrong with an MP4 file; nothing when it is whole."""
    try:
        kinds = [box.kind for box in top_level(path)]
    except Unreadable as problem:
        return (str(problem),)
    missing = [kind for kind in ("ftyp", "moov", "mdat") if kind not in kinds]
    return tuple(f"{path.name} has no {kind} box; it is not a whole MP4 file" for kind in missing)


def is_faststart(path: Path) -> bool:
    """Whether a player can begin before it has the whole file: the movie box comes before the media."""
    kinds = [box.kind for box in top_level(path)]
    return "moov" in kinds and "mdat" in kinds and kinds.index("moov") < kinds.index("mdat")


def read_tracks(path: Path) -> tuple[Track, ...]:
    """The tracks of a progressive MP4, in file order; fragmented files count no samples here. Raises Unreadable."""
    movie = next((box for box in top_level(path) if box.kind == "moov"), None)
    if movie is None:
        raise Unreadable(f"{path.name} has no moov box; it is not a whole MP4 file")
    if movie.end - movie.begin > _LARGEST_MOVIE:
        raise Unreadable(f"{path.name} has a movie box of {movie.end - movie.begin} bytes; that is no advertisement")
    with path.open("rb") as file:
        file.seek(movie.begin)
        data = file.read(movie.end - movie.begin)
    try:
        return tuple(_track(data, box) for box in _inside(data, 0, len(data)) if box.kind == "trak")
    except (struct.error, StopIteration, IndexError) as problem:
        raise Unreadable(f"the movie box of {path.name} is damaged") from problem


def _header(file: BinaryIO, at: int, size: int, name: str) -> Box:
    file.seek(at, os.SEEK_SET)
    head = file.read(16)
    if len(head) < 8:
        raise Unreadable(f"{name} ends inside a box header; it is cut short")
    length, kind, begin = int.from_bytes(head[:4], "big"), head[4:8].decode("latin-1"), at + 8
    if length == 1 and len(head) == 16:
        length, begin = int.from_bytes(head[8:], "big"), at + 16
    elif length == 0:
        length = size - at
    if length < begin - at or not kind.isprintable() or (at == 0 and kind not in _FIRST):
        raise Unreadable(f"{name} is not an MP4 file (at byte {at})")
    if at + length > size:
        raise Unreadable(f"{name} is cut short: its {kind} box needs {at + length} bytes and the file has {size}")
    return Box(kind, begin, at + length)


def _inside(data: bytes, begin: int, end: int) -> Iterator[Box]:
    while begin + 8 <= end:
        (length,) = struct.unpack_from(">I", data, begin)
        if length < 8 or begin + length > end:
            raise IndexError("a box that does not fit")
        yield Box(data[begin + 4 : begin + 8].decode("latin-1"), begin + 8, begin + length)
        begin += length


def _find(data: bytes, box: Box, *kinds: str) -> Box:
    for kind in kinds:
        box = next(inner for inner in _inside(data, box.begin, box.end) if inner.kind == kind)
    return box


def _track(data: bytes, trak: Box) -> Track:
    media = _find(data, trak, "mdia")
    handler, header = _find(data, media, "hdlr"), _find(data, media, "mdhd")
    times = _find(data, media, "minf", "stbl", "stts")
    wide = data[header.begin] == 1
    scale, length = struct.unpack_from(">IQ" if wide else ">II", data, header.begin + (20 if wide else 12))
    (entries,) = struct.unpack_from(">I", data, times.begin + 4)
    counts = (struct.unpack_from(">I", data, times.begin + 8 + 8 * entry)[0] for entry in range(entries))
    kind = data[handler.begin + 8 : handler.begin + 12].decode("latin-1")
    return Track(kind, sum(counts), Fraction(length, scale) if scale else Fraction(0))
