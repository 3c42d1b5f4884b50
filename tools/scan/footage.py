"""Frames and sound out of a download, taken by the decoder in a process of its own, with a deadline."""

import asyncio
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from callsheet.tools.edit.handover import named
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import ProcessTimeout, run_process
from callsheet.tools.scan.port import Footage, Reel, ScannerFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_A_SECOND = 2
_MOST_FRAMES = 24
_LONGEST_SIDE = 1280
_TIMEOUT = 60.0
_BLOCKS = (24, 24)
_CHANGED = 10
"""Of 255, in any block of the picture. A hash of the whole would not see a line of writing appear."""
_MOST_TELLING = 3


async def take_apart(take: Path, width: int, height: int, seconds: Fraction, folder: Path) -> Footage:
    """Sample a take into raw frames (two a second, 24 at most) and raw sound. Raises ScannerFailed."""
    scale = min(Fraction(1), Fraction(_LONGEST_SIDE, max(width, height)))
    wide, high = (max(2, int(side * scale) // 2 * 2) for side in (width, height))
    rate = min(Fraction(_A_SECOND), Fraction(_MOST_FRAMES) / max(seconds, Fraction(1, 2)))
    frames = folder / "frames.rgb"
    sampled = f"fps={rate.numerator}/{rate.denominator}:round=down,scale={wide}:{high},setsar=1"
    form = ("-frames:v", str(_MOST_FRAMES), "-pix_fmt", "rgb24", "-f", "rawvideo")
    await _ffmpeg(take, ("-map", "0:v:0", "-vf", sampled, *form), frames)
    count = await asyncio.to_thread(_size, frames) // (wide * high * 3)
    if not count:
        raise ScannerFailed(f"no frame could be taken from {take.name}")
    reel = Reel(frames, wide, high, tuple(number / rate for number in range(count)))
    return Footage(reel, await asyncio.to_thread(telling_frames, reel), await _sound(take, folder / "sound.pcm"))


async def _sound(take: Path, to: Path) -> Path | None:
    """The first sound stream, or nothing when there is none or it is empty."""
    await _ffmpeg(take, ("-map", "0:a:0?", "-ac", "1", "-ar", "16000", "-f", "s16le"), to, may_be_empty=True)
    return to if await asyncio.to_thread(_size, to) else None


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


async def _ffmpeg(take: Path, words: tuple[str, ...], to: Path, *, may_be_empty: bool = False) -> None:
    """Run the decoder on a take."""
    argv = [ffmpeg_exe(), "-hide_banner", "-nostdin", "-v", "error", "-threads", "2", "-y", "-i", named(take)]
    try:
        finished = await run_process([*argv, *words, named(to)], timeout=_TIMEOUT)
    except ProcessTimeout as late:
        raise ScannerFailed(f"{take.name} was not decoded within {_TIMEOUT:g} s") from late
    said = finished.last_words
    if finished.returncode and not (may_be_empty and "does not contain any stream" in said):
        raise ScannerFailed(f"{take.name} could not be decoded: {said[-200:]}")


def telling_frames(reel: Reel) -> tuple[int, ...]:
    """The frames that show something new somewhere, against the last one that did. The first is always one.

    At most three, evenly spread, so that a take in which everything moves costs no more.
    """
    import numpy as np

    frames = np.memmap(reel.file, dtype=np.uint8, mode="r", shape=(len(reel.times), reel.height, reel.width, 3))
    new: list[int] = []
    last = None
    for number in range(len(reel.times)):
        blocks = _blocks(frames[number])
        if last is None or int(np.abs(blocks - last).max()) >= _CHANGED:
            new.append(number)
            last = blocks
    if len(new) <= _MOST_TELLING:
        return tuple(new)
    return tuple(new[round(place * (len(new) - 1) / (_MOST_TELLING - 1))] for place in range(_MOST_TELLING))


def _blocks(frame: "NDArray[np.uint8]") -> "NDArray[np.int16]":
    """The mean brightness of each block of the picture."""
    import numpy as np
    from PIL import Image

    return np.asarray(Image.fromarray(frame).convert("L").resize(_BLOCKS, Image.Resampling.BOX), dtype=np.int16)
