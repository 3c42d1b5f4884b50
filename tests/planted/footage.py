"""Takes to be planted: small, quick to make, and as bad as each case wants them. Made at test time, none is kept."""

import subprocess
import wave
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from callsheet.tools.edit.typeface import typeface
from callsheet.tools.ffmpeg import ffmpeg_exe

WIDTH, HEIGHT, SECONDS, RATE = 720, 1280, 3, 6
SHOE = files("callsheet.examples") / "runner" / "shoe.png"


@dataclass(frozen=True)
class Footage:
    """What a planted take shows and lets hear. `writing` is on screen, from the second `appears` on.

    `faces` counts portraits, `product` is the picture of something that is carried through, `says` is spoken.
    """

    writing: str = ""
    appears: float = 0.0
    faces: int = 0
    product: Path | None = None
    says: str = ""
    silent: bool = False
    source: Literal["room", "black", "frozen"] = "room"
    size: tuple[int, int] = (WIDTH, HEIGHT)
    seconds: float = SECONDS
    cut_to: float = 1.0


def shoot(footage: Footage, folder: Path) -> Path:
    """Make the file, in a folder that is made too."""
    folder.mkdir()
    room, plate = folder / "room.png", folder / "plate.png"
    _room(footage).save(room)
    _plate(footage).save(plate)
    size = f"{footage.size[0]}x{footage.size[1]}"
    still = ["-loop", "1", "-framerate", str(RATE), "-i"]
    black = ["-f", "lavfi", "-i", f"color=black:size={WIDTH}x{HEIGHT}:rate={RATE}"]
    picture = black if footage.source == "black" else [*still, str(room)]
    grain = "noise=alls=30:allf=t," if footage.source == "room" else ""
    shown = f"[0:v]{grain}scale={size.replace('x', ':')}[b];[b][1:v]overlay=0:0:enable='gte(t,{footage.appears})'"
    sound = [] if footage.silent else _sound(footage, folder)
    argv = [ffmpeg_exe(), "-y", "-v", "error", *picture, *still, str(plate), *sound,
            "-filter_complex", f"{shown}[v]", "-map", "[v]", *(["-map", "2:a"] if sound else []),
            "-t", str(footage.seconds), "-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-pix_fmt", "yuv420p",
            "-c:a", "aac", "-ar", "48000", "-movflags", "+faststart", str(folder / "take.mp4")]  # fmt: skip
    subprocess.run(argv, check=True, capture_output=True, timeout=120)
    whole = (folder / "take.mp4").read_bytes()
    (folder / "take.mp4").write_bytes(whole[: int(len(whole) * footage.cut_to)])
    return folder / "take.mp4"


def portrait() -> Image.Image:
    """The head of Eileen Collins, from the public-domain NASA portrait that scikit-image ships in its wheel."""
    whole = Image.open(str(files("skimage") / "data" / "astronaut.png")).convert("RGB")
    return whole.crop((110, 0, 330, 260))


def rocket() -> Path:
    """Something that is surely not a shoe: a public-domain SpaceX photograph that scikit-image ships."""
    return Path(str(files("skimage") / "data" / "rocket.jpg"))


def other_colours(folder: Path) -> Path:
    """The product with its colours exchanged."""
    pixels = np.asarray(Image.open(str(SHOE)).convert("RGBA")).copy()
    pixels[..., :3] = pixels[..., [2, 0, 1]]
    Image.fromarray(pixels).save(folder / "other.png")
    return folder / "other.png"


def _room(footage: Footage) -> Image.Image:
    """A wall, a floor, and whoever and whatever is there."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (150, 138, 120))
    ImageDraw.Draw(picture).rectangle((0, 900, WIDTH, HEIGHT), fill=(96, 84, 70))
    for number in range(footage.faces):
        picture.paste(portrait().resize((300, 354)), (40 + 340 * number, 120))
    if footage.product is not None:
        thing = Image.open(str(footage.product)).convert("RGBA")
        thing.thumbnail((560, 420))
        picture.paste(thing, ((WIDTH - thing.width) // 2, 560), thing)
    return picture


def _plate(footage: Footage) -> Image.Image:
    plate = Image.new("RGBA", footage.size, (0, 0, 0, 0))
    if footage.writing:
        pen = ImageDraw.Draw(plate)
        pen.text((60, 980), footage.writing, font=typeface(64, 700), fill=(250, 250, 250, 255))
    return plate


def _sound(footage: Footage, folder: Path) -> list[str]:
    if not footage.says:
        return ["-f", "lavfi", "-i", "anoisesrc=color=brown:amplitude=0.05:sample_rate=48000:seed=7"]
    _speak(footage.says, folder / "voice.wav")
    return ["-i", str(folder / "voice.wav")]


@cache
def _speaker() -> Any:
    from hibari import Hibari

    return Hibari()


def _speak(words: str, to: Path) -> None:
    """A voice that is nobody's, as long as the take."""
    speaker = _speaker()
    said: NDArray[np.float32] = speaker(words)
    whole = np.zeros(int(speaker.sample_rate * SECONDS), dtype=np.float32)
    whole[: min(len(said), len(whole))] = said[: len(whole)]
    with wave.open(str(to), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(speaker.sample_rate)
        file.writeframes((whole * 32000).astype(np.int16).tobytes())
