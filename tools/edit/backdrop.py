"""The end card's ground: the brand's colour, lit from behind the product, with one quiet shape."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from callsheet.tools.edit.palette import INK, WHITE, Colour, Palette, contrast, mix

_SEED = 20_26


def backdrop(size: tuple[int, int], palette: Palette, focus: tuple[float, float], radius: float) -> Image.Image:
    """Draw the ground; `focus` is the point the light comes from and `radius` the disc around it, in pixels."""
    width, height = size
    dark = contrast(WHITE, palette.ground) > contrast(INK, palette.ground)
    high = mix(palette.ground, WHITE, 0.10 if dark else 0.45)
    low = mix(palette.ground, (0, 0, 0), 0.42 if dark else 0.06)
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    slope = (0.25 * across / width + 0.75 * down / height)[..., None]
    ground = _rgb(high) * (1 - slope) + _rgb(low) * slope
    distance = np.hypot(across - focus[0], down - focus[1]) / max(1.0, radius * 1.9)
    glow = (np.clip(1 - distance, 0, 1) ** 2)[..., None] * (0.30 if dark else 0.75)
    lit = mix(mix(palette.ground, palette.accent, 0.35), WHITE, 0.40) if dark else WHITE
    ground = ground * (1 - glow) + _rgb(lit) * glow
    image = Image.fromarray(_dithered(np.asarray(ground, dtype=np.float32)), "RGB")
    return _with_disc(image, palette, focus, radius, dark=dark)


def _rgb(colour: Colour) -> NDArray[np.float32]:
    return np.array(colour, dtype=np.float32)


def _dithered(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Half a step of fixed noise keeps a soft gradient from showing bands once it is compressed."""
    noise = np.random.default_rng(_SEED).uniform(-0.8, 0.8, picture.shape[:2]).astype(np.float32)
    return np.asarray(np.clip(np.rint(picture + noise[..., None]), 0, 255), dtype=np.uint8)


def _with_disc(
    image: Image.Image, palette: Palette, focus: tuple[float, float], radius: float, *, dark: bool
) -> Image.Image:
    """A disc behind the product and a thin ring around it, half drawn at double size for smooth edges."""
    finer = Image.new("L", (image.width * 2, image.height * 2), 0)
    draw = ImageDraw.Draw(finer)
    x, y = focus[0] * 2, focus[1] * 2
    reach = radius * 2
    draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=34 if dark else 46)
    ring = reach * 1.22
    draw.arc((x - ring, y - ring, x + ring, y + ring), 205, 340, fill=120, width=max(2, round(reach * 0.012)))
    mask = finer.resize(image.size, Image.Resampling.BOX)
    image.paste(Image.new("RGB", image.size, mix(palette.accent, WHITE, 0.2)), (0, 0), mask)
    return image
