"""The paint box: gradients, glows, noise, soft light on flat shapes, and a sheet to draw on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from callsheet.tools.sandbox.camera.palette import RGB

Plane = NDArray[np.float32]
Point = tuple[float, float]


def ramp(height: int, stops: Sequence[tuple[float, RGB]]) -> Plane:
    """A column of colour from top to bottom, shape (height, 1, 3), through the given stops."""
    at = np.linspace(0.0, 1.0, height)
    places = [place for place, _ in stops]
    channels = [np.interp(at, places, [colour[i] for _, colour in stops]) for i in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)[:, None, :]


def glow(width: int, height: int, x: float, y: float, radius: float) -> Plane:
    """A soft round light, 1 in its middle, shape (height, width, 1)."""
    dx = ((np.arange(width, dtype=np.float32) - x) / radius)[None, :]
    dy = ((np.arange(height, dtype=np.float32) - y) / radius)[:, None]
    return np.asarray(1.0 / (1.0 + (dx * dx + dy * dy)) ** 1.6, dtype=np.float32)[:, :, None]


def cloud(width: int, height: int, cells: tuple[int, int], chance: Generator, octaves: int = 3) -> Plane:
    """Soft noise between 0 and 1, shape (height, width), with `cells` blobs across and down."""
    total = np.zeros((height, width), dtype=np.float32)
    weight = 1.0
    for octave in range(octaves):
        grid = chance.random((max(2, cells[1] * 2**octave), max(2, cells[0] * 2**octave)), dtype=np.float32)
        small = Image.fromarray(grid)
        total += weight * np.asarray(small.resize((width, height), Image.Resampling.BICUBIC))
        weight *= 0.5
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(1e-6, high - low)


def dithered(picture: Plane, chance: Generator) -> Image.Image:
    """An opaque picture with one step of noise, so that its gradients never band."""
    noise = chance.random(picture.shape[:2], dtype=np.float32)[:, :, None] * 2.0 - 0.5
    return Image.fromarray(np.clip(picture + noise, 0, 255).astype(np.uint8), "RGB").convert("RGBA")


def veil(colour: RGB, alpha: Plane) -> Image.Image:
    """One colour laid on thin: `alpha` is 0..1, shape (height, width)."""
    height, width = alpha.shape
    out = np.empty((height, width, 4), dtype=np.uint8)
    out[..., :3] = np.clip(colour, 0, 255)
    out[..., 3] = np.clip(alpha * 255.0, 0, 255)
    return Image.fromarray(out, "RGBA")


def softened(picture: Image.Image, radius: float) -> Image.Image:
    """The picture out of focus. Wide blurs are made small and enlarged: nobody can tell, and it is quick."""
    if radius < 0.6:
        return picture
    step = max(1, int(radius // 3))
    if step == 1:
        return picture.filter(ImageFilter.GaussianBlur(radius))
    small = picture.resize((max(2, picture.width // step), max(2, picture.height // step)), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(radius / step)).resize(picture.size, Image.Resampling.BICUBIC)


def lit(shape: Image.Image, key: RGB, towards: Point, depth: float, strength: float, rim: float) -> Image.Image:
    """Give a flat cut-out a body: shade away from the light, and a bright rim on the side that faces it.

    `towards` points from the shape to the light; `depth` in pixels is how round it looks.
    """
    pixels = np.asarray(shape).astype(np.float32)
    facing = _facing(shape.getchannel("A"), towards, depth)
    tone = 1.0 + strength * np.clip(facing, -1.0, 0.8)
    edge = np.clip(facing - 0.42, 0.0, 0.4) * (pixels[..., 3] / 255.0 * rim * 2.4)
    colour = pixels[..., :3] * tone[..., None]
    colour += (np.asarray(key, dtype=np.float32) - colour) * np.clip(edge, 0.0, 0.9)[..., None]
    pixels[..., :3] = np.clip(colour, 0, 255)
    return Image.fromarray(pixels.astype(np.uint8), "RGBA")


def _facing(alpha: Image.Image, towards: Point, depth: float) -> Plane:
    """How much each place of a cut-out faces the light, from how its softened outline slopes; found on a small copy."""
    step = max(1, int(depth // 4))
    small = alpha.resize((max(2, alpha.width // step), max(2, alpha.height // step)), Image.Resampling.BOX)
    soft = np.asarray(small.filter(ImageFilter.GaussianBlur(max(0.5, depth / step)))).astype(np.float32) / 255.0
    slope_y, slope_x = np.gradient(soft)
    length = max(1e-6, float(np.hypot(*towards)))
    facing = -(slope_x * towards[0] + slope_y * towards[1]) * (depth / step * 2.2 / length)
    grown = Image.fromarray(facing.astype(np.float32)).resize(alpha.size, Image.Resampling.BICUBIC)
    return np.asarray(grown, dtype=np.float32)


def bled(shape: Image.Image) -> Image.Image:
    """Let colours run out under the transparent part, so that scaling never draws a dark fringe."""
    small = shape.resize((max(1, shape.width // 8), max(1, shape.height // 8)), Image.Resampling.BOX)
    soft = np.asarray(small.convert("RGBa").filter(ImageFilter.GaussianBlur(3))).astype(np.float32)
    spread = np.clip(soft[..., :3] * 255.0 / np.maximum(soft[..., 3:], 1.0), 0, 255).astype(np.uint8)
    under = Image.fromarray(spread, "RGB").resize(shape.size, Image.Resampling.BILINEAR)
    under.paste(shape.convert("RGB"), mask=shape.getchannel("A").point(lambda a: 255 if a > 200 else 0))
    under.putalpha(shape.getchannel("A"))
    return under


class Sheet:
    """A transparent sheet to draw on in pixels of the frame; edges come out smooth."""

    def __init__(self, width: int, height: int, detail: int = 2) -> None:
        self.width, self.height, self.detail = width, height, detail
        self._image = Image.new("RGBA", (width * detail, height * detail), (0, 0, 0, 0))
        self._draw: Any = ImageDraw.Draw(self._image)

    def polygon(self, points: Sequence[Point], colour: RGB, alpha: float = 1.0) -> None:
        self._draw.polygon([(x * self.detail, y * self.detail) for x, y in points], fill=_ink(colour, alpha))

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: RGB, alpha: float = 1.0, radius: float = 0
    ) -> None:
        if right - left < 0.5 or bottom - top < 0.5:
            return
        d = self.detail
        corner = min(radius, (right - left) / 2, (bottom - top) / 2) * d
        area = (round(left * d), round(top * d), round(right * d), round(bottom * d))
        self._draw.rounded_rectangle(area, radius=corner, fill=_ink(colour, alpha))

    def oval(self, x: float, y: float, rx: float, ry: float, colour: RGB, alpha: float = 1.0) -> None:
        d = self.detail
        self._draw.ellipse(((x - rx) * d, (y - ry) * d, (x + rx) * d, (y + ry) * d), fill=_ink(colour, alpha))

    def stroke(self, points: Sequence[Point], width: float, colour: RGB, alpha: float = 1.0) -> None:
        """A line with round ends and joints."""
        d, ink = self.detail, _ink(colour, alpha)
        scaled_points = [(x * d, y * d) for x, y in points]
        self._draw.line(scaled_points, fill=ink, width=max(1, round(width * d)), joint="curve")
        if width * d > 3:
            r = width * d / 2
            for x, y in (scaled_points[0], scaled_points[-1]):
                self._draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)

    def limb(self, start: Point, end: Point, wide: float, narrow: float, colour: RGB) -> None:
        """A tapered capsule from `start` (radius `wide`) to `end` (radius `narrow`)."""
        (x0, y0), (x1, y1) = start, end
        length = max(1e-6, float(np.hypot(x1 - x0, y1 - y0)))
        nx, ny = -(y1 - y0) / length, (x1 - x0) / length
        sides = [(x0 + nx * wide, y0 + ny * wide), (x1 + nx * narrow, y1 + ny * narrow)]
        sides += [(x1 - nx * narrow, y1 - ny * narrow), (x0 - nx * wide, y0 - ny * wide)]
        self.polygon(sides, colour)
        self.oval(x0, y0, wide, wide, colour)
        self.oval(x1, y1, narrow, narrow, colour)

    def picture(self) -> Image.Image:
        """What was drawn, in the frame's pixels."""
        return self._image.reduce(self.detail) if self.detail > 1 else self._image


def _ink(colour: RGB, alpha: float) -> tuple[int, int, int, int]:
    r, g, b = (round(max(0.0, min(255.0, channel))) for channel in colour)
    return (r, g, b, round(max(0.0, min(1.0, alpha)) * 255))
