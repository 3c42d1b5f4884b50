"""Product pictures: read with care, and fitted to the size a video provider demands."""

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from callsheet.tools.edit.error import PictureUnfit
from callsheet.tools.edit.palette import Colour
from callsheet.tools.edit.reframe import reframe

LARGEST_FILE = 40 * 1024 * 1024
LARGEST_PICTURE = 40_000_000
_SMALLEST_SIDE = 16
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}
_EVEN_ENOUGH = 10.0
"""A border whose colours spread less than this (standard deviation, of 255) counts as plain."""


@dataclass(frozen=True)
class Picture:
    """A picture that was opened, checked and turned upright. `image` is RGBA."""

    image: Image.Image
    media_type: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.size

    @property
    def is_cut_out(self) -> bool:
        """Whether some of it is transparent."""
        return int(np.asarray(self.image.getchannel("A")).min()) < 250

    @property
    def border(self) -> tuple[Colour, bool]:
        """The colour of its edge, and whether the edge is plain."""
        pixels = np.asarray(self.image.convert("RGB"))
        edge = max(1, min(pixels.shape[:2]) // 50)
        sides = (pixels[:edge], pixels[-edge:], pixels[:, :edge], pixels[:, -edge:])
        rim = np.concatenate([side.reshape(-1, 3) for side in sides])
        red, green, blue = (int(value) for value in np.median(rim, axis=0))
        return (red, green, blue), float(rim.std(axis=0).max()) < _EVEN_ENOUGH


async def read_picture(path: Path) -> Picture:
    """Open a PNG, JPEG or WebP of at most 40 MB and 40 megapixels. Raises PictureUnfit, saying why."""
    return await asyncio.to_thread(open_picture, path)


async def fit_reference(path: Path, size: tuple[int, int], background: Colour = (236, 236, 234)) -> bytes:
    """Lay a product picture whole on a canvas of exactly `size` (width, height in pixels), as PNG bytes.

    The canvas continues the picture's own edge; a cut-out stands on `background`. Providers refuse a reference of
    another size than the video.
    """
    return await asyncio.to_thread(_fitted, path, size, background)


def open_picture(path: Path) -> Picture:
    """The blocking form of `read_picture`, for code that already runs in a thread."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise PictureUnfit(f"{path.name} is larger than {LARGEST_FILE // 1024 // 1024} MB; save it smaller")
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as opened:
            _judge_size(path, opened.size)
            media_type = _MEDIA_TYPES[opened.format or "PNG"]
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except PictureUnfit:
        raise
    except Image.DecompressionBombError:
        raise PictureUnfit(f"{path.name} has far more than 40 megapixels; save it smaller") from None
    except (OSError, SyntaxError, ValueError) as problem:
        raise PictureUnfit(f"{path.name} is not a whole PNG, JPEG or WebP picture ({problem})") from problem
    return Picture(upright, media_type)


def _judge_size(path: Path, size: tuple[int, int]) -> None:
    if size[0] * size[1] > LARGEST_PICTURE:
        raise PictureUnfit(f"{path.name} has {size[0]} x {size[1]} pixels, more than 40 megapixels; save it smaller")
    if min(size) < _SMALLEST_SIDE:
        raise PictureUnfit(f"{path.name} has {size[0]} x {size[1]} pixels; a product needs at least {_SMALLEST_SIDE}")


def contained(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The whole picture, as large as fits in a box."""
    scale = min(box[0] / image.width, box[1] / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)


def fill_frame(image: Image.Image, frame: tuple[int, int]) -> Image.Image:
    """A still in a frame of another shape, by the rule of `reframe`."""
    opaque = Image.new("RGBA", image.size, (255, 255, 255, 255))
    opaque.alpha_composite(image)
    shown = reframe(image.size, frame)
    sized = opaque.convert("RGB").resize((shown.width, shown.height), Image.Resampling.LANCZOS)
    if shown.how == "fill":
        return ImageOps.fit(sized, frame)
    small = ImageOps.fit(sized, (max(1, frame[0] // 12), max(1, frame[1] // 12))).filter(ImageFilter.GaussianBlur(1.6))
    ground = ImageEnhance.Brightness(small.resize(frame, Image.Resampling.BICUBIC)).enhance(0.5)
    ground.paste(sized, ((frame[0] - shown.width) // 2, (frame[1] - shown.height) // 2))
    return ground


def _fitted(path: Path, size: tuple[int, int], background: Colour) -> bytes:
    picture = open_picture(path)
    canvas = Image.new("RGBA", size, (*(background if picture.is_cut_out else picture.border[0]), 255))
    whole = contained(picture.image, size)
    canvas.alpha_composite(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    out = io.BytesIO()
    canvas.convert("RGB").save(out, "PNG", compress_level=4)
    return out.getvalue()
