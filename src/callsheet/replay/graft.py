"""A signed file as what was put into its essence: both ends are alike, so only the middle is kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callsheet.replay import media
from callsheet.replay.error import NotAsRecorded, RecordingUnusable
from callsheet.storage.media import file_digest


def take_graft(folder: Path, source: Path, signed: Path) -> dict[str, Any]:
    """Keep what makes `signed` of `source`: the bytes in the middle, and how many to keep at either end."""
    before, after = source.read_bytes(), signed.read_bytes()
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    middle = after[head : len(after) - tail]
    return {"file": file_digest(signed), "head": head, "tail": tail, "media": media.keep(folder, middle)}


def put_graft(folder: Path, source: Path, target: Path, graft: Mapping[str, Any]) -> None:
    """Make the signed file again. Raises NotAsRecorded when it is not the same to the byte."""
    before, middle = source.read_bytes(), media.fetch(folder, str(graft["media"]))
    head, tail = int(graft["head"]), int(graft["tail"])
    if min(head, tail) < 0 or head + tail > len(before):
        raise RecordingUnusable(f"the signature of {source.name} does not fit its essence: record it anew")
    target.write_bytes(before[:head] + middle + before[len(before) - tail :])
    if (made := file_digest(target)) != graft["file"]:
        target.unlink()
        raise NotAsRecorded(f"the signed file is {made[:12]} and was {str(graft['file'])[:12]}: its essence is another")


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes are alike from the beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
