"""A drawn layer and the few strokes that layers are made of."""

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from callsheet.tools.edit.palette import Colour
from callsheet.tools.edit.typeface import TextBlock, typeface

_FINER = 4


@dataclass(frozen=True)
class Layer:
    """A picture with transparency and where its top left corner stands in the frame, in pixels."""

    image: Image.Image
    x: int
    y: int


def rounded(size: tuple[int, int], radius: float) -> Image.Image:
    """A smooth-edged mask of a rounded box."""
    mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER), 0)
    corners = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(corners, radius * _FINER, fill=255)
    return mask.resize(size, Image.Resampling.BOX)


def panel(size: tuple[int, int], radius: float, colour: Colour, opacity: float) -> Image.Image:
    """A rounded box of one colour."""
    image = Image.new("RGBA", size, (*colour, 0))
    image.putalpha(rounded(size, radius).point([round(value * opacity) for value in range(256)]))
    return image


def write(image: Image.Image, block: TextBlock, x: float, y: float, colour: Colour, *, align: str = "left") -> None:
    """Set a block of text in a layer; `x` is its left edge, its middle or its right edge, as `align` says."""
    face = typeface(block.size, block.weight, block.face)
    capital = -face.getbbox("H", anchor="ls")[1]
    ink = Image.new("RGBA", image.size, (*colour, 0))
    draw = ImageDraw.Draw(ink)
    for number, line in enumerate(block.lines):
        free = x - face.getlength(line) * {"left": 0.0, "middle": 0.5, "right": 1.0}[align]
        baseline = y + block.line * number + (block.line + capital) / 2
        draw.text((round(free), round(baseline)), line, font=face, fill=(*colour, 255), anchor="ls")
    image.alpha_composite(ink)


def shadow_of(alpha: Image.Image, blur: float, opacity: float, spread: int) -> Image.Image:
    """A soft black shadow of a shape, `spread` pixels larger on each side."""
    wide = Image.new("L", (alpha.width + 2 * spread, alpha.height + 2 * spread), 0)
    wide.paste(alpha, (spread, spread))
    soft = wide.filter(ImageFilter.GaussianBlur(blur)).point([round(value * opacity) for value in range(256)])
    shadow = Image.new("RGBA", wide.size, (0, 0, 0, 0))
    shadow.putalpha(soft)
    return shadow


def even(value: float) -> int:
    """Colour is stored for squares of 2 x 2 pixels: an edge on an even pixel stays crisp."""
    return 2 * round(value / 2)
