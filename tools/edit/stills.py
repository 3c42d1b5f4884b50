"""Still pictures out of a video, for reports: a frame, a contact sheet, a poster."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from callsheet.tools.edit.error import Unreadable
from callsheet.tools.edit.handover import hand_over, named, workbench
from callsheet.tools.edit.layer import even
from callsheet.tools.edit.probe import probe
from callsheet.tools.edit.renderer import QUIET
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process

_GAP = 6
_PAPER = (244, 243, 240)


async def thumbnail(path: Path, at_frame: int, out: Path, width: int, *, timeout: float = 30.0) -> Path:
    """Save one exact frame, `width` pixels wide, as PNG or JPEG by the suffix of `out`. Raises Unreadable."""
    seen = await probe(path)
    if not 0 <= at_frame < max(1, seen.frames):
        raise Unreadable(f"{path.name} has frames 0 to {seen.frames - 1}, not {at_frame}")
    before = max(0.0, float((at_frame - 0.5) / (seen.fps or 1)))  # half a frame early: the next frame is the one
    return await _grab(path, before, out, even(width), timeout)


async def poster(path: Path, out: Path, width: int) -> Path:
    """Save the frame a third into the video: past any opening fade, before the end card."""
    seen = await probe(path)
    return await thumbnail(path, seen.frames // 3, out, width)


async def contact_sheet(path: Path, out: Path, *, frames: Sequence[int] = (), count: int = 8, columns: int = 4,
                        width: int = 240) -> Path:  # fmt: skip
    """Save a sheet of frames of one video: those named, or `count` spread evenly; each `width` pixels wide."""
    seen = await probe(path)
    chosen = list(frames) or [seen.frames * (2 * number + 1) // (2 * count) for number in range(count)]
    places = asyncio.Semaphore(2)
    with workbench(out.parent) as folder:

        async def grab(number: int, frame: int) -> Path:
            async with places:
                return await thumbnail(path, frame, folder / f"{number}.png", width)

        grabbed = await asyncio.gather(*(grab(number, frame) for number, frame in enumerate(chosen)))
        await asyncio.to_thread(_lay_out, grabbed, out, columns)
    return out


def _lay_out(pictures: Sequence[Path], out: Path, columns: int) -> None:
    images = [Image.open(picture).convert("RGB") for picture in pictures]
    width, height = images[0].size
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    sheet = Image.new("RGB", (columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP), _PAPER)
    for number, image in enumerate(images):
        sheet.paste(image, (_GAP + number % columns * (width + _GAP), _GAP + number // columns * (height + _GAP)))
    sheet.save(out, quality=88)


async def _grab(path: Path, seconds: float, out: Path, width: int, timeout: float) -> Path:
    form = ["-c:v", "mjpeg", "-q:v", "3"] if out.suffix.lower() in (".jpg", ".jpeg") else ["-c:v", "png"]
    with workbench(out.parent) as folder:
        whole = folder / "still"
        argv = [
            ffmpeg_exe(), *QUIET, "-threads", "1", "-ss", f"{seconds:.6f}", "-i", named(path), "-map", "0:v:0",
            "-frames:v", "1", "-vf", f"scale={width}:-2:flags=area,setsar=1", *form, "-f", "image2pipe", str(whole),
        ]  # fmt: skip
        finished = await run_process(argv, timeout=timeout)
        if finished.returncode != 0 or not whole.is_file() or not whole.stat().st_size:
            raise Unreadable(f"no picture at {seconds:.2f} s of {path.name}: {finished.last_words}")
        return hand_over(whole, out)
