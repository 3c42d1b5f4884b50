"""A product picture to show the camera, and eyes to look at what it made."""

import io
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from callsheet.tools.ffmpeg import ffmpeg_exe

TALL = (160, 284)


def product_picture(size: tuple[int, int] = TALL, background: tuple[int, int, int] = (250, 250, 250)) -> bytes:
    """A red shoe-like blob on a plain background, as PNG."""
    picture = Image.new("RGB", size, background)
    pen = ImageDraw.Draw(picture)
    width, height = size
    pen.ellipse((width * 0.2, height * 0.4, width * 0.8, height * 0.6), fill=(214, 30, 40))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def busy_photo() -> bytes:
    """A bag on a table in front of a striped wall, as a noisy JPEG of 400 x 300."""
    picture = Image.new("RGB", (400, 300), (214, 208, 196))
    pen = ImageDraw.Draw(picture)
    for x in range(0, 400, 40):
        pen.line((x, 0, x + 16, 170), fill=(170, 150, 130), width=5)
    pen.rectangle((0, 170, 400, 300), fill=(120, 80, 50))
    pen.polygon([(150, 70), (250, 70), (265, 250), (135, 250)], fill=(60, 40, 35))
    noisy = Image.blend(picture, Image.effect_noise(picture.size, 60).convert("RGB"), 0.06)
    out = io.BytesIO()
    noisy.save(out, "JPEG", quality=85)
    return out.getvalue()


@dataclass(frozen=True)
class Seen:
    """What ffmpeg finds in a clip when it decodes all of it."""

    width: int
    height: int
    frames: int
    samples: int
    pixel_format: str
    is_stereo: bool
    rate: int


def look(clip: Path) -> Seen:
    """Decode a clip strictly and measure it."""
    exe = ffmpeg_exe()
    about = subprocess.run([exe, "-hide_banner", "-i", str(clip)], capture_output=True, text=True).stderr
    video = re.search(r"Video: h264.*?, (yuv\w+).*?, (\d+)x(\d+)", about)
    assert video, about
    audio = re.search(r"Audio: aac.*?, (\d+) Hz, (\w+)", about)
    strict = [exe, "-v", "error", "-xerror", "-i", str(clip)]
    raw = subprocess.run([*strict, "-map", "0:v", "-f", "rawvideo", "-"], capture_output=True, check=True).stdout
    width, height = int(video[2]), int(video[3])
    pcm = b""
    if audio:
        pcm = subprocess.run([*strict, "-map", "0:a", "-f", "s16le", "-"], capture_output=True, check=True).stdout
    return Seen(
        width,
        height,
        len(raw) * 2 // (width * height * 3),
        len(pcm) // 4,
        video[1],
        audio is not None and audio[2] == "stereo",
        int(audio[1]) if audio else 0,
    )


def frames_of(clip: Path, width: int, height: int) -> bytes:
    """Every frame as RGB."""
    argv = [ffmpeg_exe(), "-v", "error", "-i", str(clip), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    return subprocess.run(argv, capture_output=True, check=True).stdout
