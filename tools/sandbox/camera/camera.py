"""The camera: a prompt, a size, a length and perhaps a reference picture in; a watchable previz clip out."""

import asyncio
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path as File

from PIL import Image

from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process
from callsheet.tools.sandbox.camera.encode import Reel, command
from callsheet.tools.sandbox.camera.motion import MOVES, Path
from callsheet.tools.sandbox.camera.palette import palette_for
from callsheet.tools.sandbox.camera.prop import Prop, cut_out, prop_box
from callsheet.tools.sandbox.camera.reading import read
from callsheet.tools.sandbox.camera.scenery import foreground, scenery
from callsheet.tools.sandbox.camera.slate import marks
from callsheet.tools.sandbox.camera.sound import sound
from callsheet.tools.sandbox.camera.stage import Layer, Stage, flattened, fork
from callsheet.tools.sandbox.camera.subject import subject

_DEADLINE = 300.0


class Spoil(StrEnum):
    """A playable clip that is wrong on purpose."""

    NONE = ""
    BLACK = "black"
    NO_AUDIO = "no_audio"
    WRONG_ASPECT = "wrong_aspect"
    FROZEN = "frozen"


class RenderFailed(Exception):
    """The encoder could not draw a clip. Its last words say why; check that ffmpeg runs and the disk has room."""


@dataclass(frozen=True)
class ShotOrder:
    """What is to be drawn. `reference` holds the bytes of a picture; `seconds` times `fps` frames come out."""

    prompt: str
    width: int
    height: int
    seconds: int
    fps: int = 30
    reference: bytes | None = None
    spoil: Spoil = Spoil.NONE

    @property
    def frames(self) -> int:
        return self.seconds * self.fps


async def film(order: ShotOrder, out: File, on_progress: Callable[[int], None] | None = None) -> None:
    """Draw a clip into the file `out`: H.264 yuv420p faststart with 48 kHz stereo AAC, the same bytes every time.

    `out` appears whole or not at all. `on_progress` hears whole percents. Raises RenderFailed.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".film-", dir=out.parent) as name:
        folder = File(name)
        partial = folder / "clip.mp4"
        argv = await asyncio.to_thread(_prepared, order, folder, partial)

        def hear(line: str) -> None:
            if on_progress is not None and line.startswith("frame=") and line[6:].strip().isdigit():
                on_progress(min(99, int(line[6:]) * 100 // order.frames))

        done = await run_process(argv, timeout=_DEADLINE, on_line=hear)
        if done.returncode != 0 or not partial.exists():
            raise RenderFailed(f"the encoder stopped with code {done.returncode}: {done.last_words}")
        await asyncio.to_thread(partial.replace, out)


def _prepared(order: ShotOrder, folder: File, partial: File) -> list[str]:
    return command(ffmpeg_exe(), compose(order), folder, partial)


def _on_its_side(order: ShotOrder) -> ShotOrder:
    """The same shot with its sides swapped; a square one becomes a wide one."""
    tall = order.width if order.width != order.height else order.height * 9 // 32 * 2
    return replace(order, width=order.height, height=tall)


def compose(order: ShotOrder) -> Reel:
    """Draw every layer of a shot."""
    if order.spoil is Spoil.WRONG_ASPECT:
        order = _on_its_side(order)
    stage = _stage(order)
    seconds, silent = order.seconds, order.spoil is Spoil.NO_AUDIO
    audio = None if silent else sound(stage.reading, seconds)
    path, overlay = stage.path, marks(stage, seconds)
    if order.spoil is Spoil.BLACK:
        black = Image.new(
            "RGBA", (order.width + 2 * path.margin(0)[0], order.height + 2 * path.margin(0)[1]), (0, 0, 0, 255)
        )
        return Reel(
            [Layer((black,), -path.margin(0)[0], -path.margin(0)[1], 0.0)],
            [],
            Layer((Image.new("RGBA", (2, 2)),), 0, 0, 0),
            audio,
            path,
            order.fps,
        )
    product = _product(order, stage)
    back = flattened(scenery(stage), moves_apart=path.move.travel != (0.0, 0.0) or path.move.shake > 0)
    front = [*flattened(subject(stage, product)), *foreground(stage)]
    return Reel(back, front, overlay, audio, path, order.fps, is_frozen=order.spoil is Spoil.FROZEN)


def _stage(order: ShotOrder) -> Stage:
    salt = f"{order.width}x{order.height}/{order.seconds}/" + (hash_of(order.reference) if order.reference else "")
    reading = read(order.prompt, salt)
    return Stage(
        reading=reading,
        palette=palette_for(reading.light, fork(reading.seed, 1)),
        width=order.width,
        height=order.height,
        path=Path(MOVES[reading.movement], order.frames, order.width, order.height),
        chance=fork(reading.seed, 2),
    )


def hash_of(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    import hashlib

    return hashlib.sha256(data).hexdigest()


def _product(order: ShotOrder, stage: Stage) -> Prop | None:
    """The product of the reference picture, or a stand-in where the prompt only names it, or nothing."""
    if order.reference is not None:
        with Image.open(io.BytesIO(order.reference)) as picture:
            return cut_out(picture)
    name = stage.reading.product
    return Prop(prop_box(name, stage.palette)) if name else None
