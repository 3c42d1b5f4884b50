"""The product: cut out of its reference picture, framed as a card when it cannot be, or a labelled box without one."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from callsheet.tools.sandbox.camera.lettering import printable, typeface
from callsheet.tools.sandbox.camera.paint import Sheet
from callsheet.tools.sandbox.camera.palette import Palette, mix, scaled

_WORKING_SIDE: Final = 900
_ALIKE: Final = 26.0
"""How far the corners may differ in colour, in steps of 255, and still be one background."""
_SEAM: Final = 3
"""Pixels at the edge of a picture that belong half to the padding around it."""


def cut_out(reference: Image.Image) -> Image.Image:
    """The product of a reference picture on nothing, cropped to itself.

    A uniform background goes; what has none is framed as a card. Padding around the picture goes first.
    """
    picture = reference.convert("RGBA")
    picture.thumbnail((_WORKING_SIDE, _WORKING_SIDE), Image.Resampling.LANCZOS)
    if bool((np.asarray(picture.getchannel("A")) < 250).any()):
        return _trimmed(picture)
    for _ in range(2):
        freed = _without_background(picture)
        if freed is None:
            break
        trimmed = _trimmed(freed)
        share = float(np.asarray(trimmed.getchannel("A"), dtype=np.float32).mean()) / 255
        if share < 0.97:
            return trimmed
        inner = (_SEAM, _SEAM, trimmed.width - _SEAM, trimmed.height - _SEAM)
        picture = trimmed.convert("RGB").crop(inner).convert("RGBA")
    return _card(picture)


def _trimmed(picture: Image.Image) -> Image.Image:
    area = picture.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox()
    return picture.crop(area) if area else picture


def _without_background(picture: Image.Image) -> Image.Image | None:
    """The picture with the colour of its corners made clear from the edges inwards; None when they disagree."""
    pixels = np.asarray(picture.convert("RGB")).astype(np.float32)
    height, width = pixels.shape[:2]
    inset = max(1, min(height, width) // 60)
    corners = np.stack([pixels[y, x] for y in (inset, -inset - 1) for x in (inset, -inset - 1)])
    if float(np.abs(corners - np.median(corners, axis=0)).max()) > _ALIKE:
        return None
    away = np.sqrt(((pixels - np.median(corners, axis=0)) ** 2).sum(axis=-1) / 3)
    close = _tolerance(away, inset)
    outside = _reached_from_edges(away < close)
    share = float(outside.mean())
    if not 0.04 < share < 0.985:
        return None
    near_edge = np.clip((away - close * 0.4) / (close * 0.6), 0, 1)
    alpha = np.where(outside, near_edge, 1.0) * 255
    mask = Image.fromarray(alpha.astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8))
    freed = picture.copy()
    freed.putalpha(mask)
    return freed


def _tolerance(away: NDArray[np.float32], inset: int) -> float:
    """How far a pixel may be from the background's colour: little when it is clean, so that white soles stay."""
    rims = (away[:inset], away[-inset:], away[:, :inset], away[:, -inset:])
    noise = float(np.percentile(np.concatenate([rim.ravel() for rim in rims]), 90))
    return min(_ALIKE, max(7.0, noise * 1.6 + 4.0))


def _reached_from_edges(same: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The part of a mask that touches the picture's border, found on a small copy and grown back."""
    height, width = same.shape
    step = max(1, max(height, width) // 220)
    rows, columns = height // step, width // step
    small = same[: rows * step, : columns * step].reshape(rows, step, columns, step).mean(axis=(1, 3)) > 0.5
    canvas = Image.fromarray(np.pad(small, 1, constant_values=True).astype(np.uint8) * 255).copy()  # to write on
    ImageDraw.floodfill(canvas, (0, 0), 128)
    reached = Image.fromarray((np.asarray(canvas)[1:-1, 1:-1] == 128).astype(np.uint8) * 255)
    grown = reached.filter(ImageFilter.MaxFilter(3)).resize((width, height), Image.Resampling.NEAREST)
    return np.asarray(np.asarray(grown) > 127) & same


def _card(picture: Image.Image) -> Image.Image:
    """The whole picture with round corners and a thin light frame."""
    side = min(picture.size)
    margin, radius = max(2, side // 40), max(3, side // 14)
    out = Image.new("RGBA", (picture.width + 2 * margin, picture.height + 2 * margin), (0, 0, 0, 0))
    draw = ImageDraw.Draw(out)
    draw.rounded_rectangle((0, 0, out.width - 1, out.height - 1), radius=radius + margin, fill=(250, 249, 246, 255))
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), radius=radius, fill=255)
    out.paste(picture.convert("RGB"), (margin, margin), mask)
    return out


def prop_box(word: str, palette: Palette) -> Image.Image:
    """A neutral box with the product's word on it: it holds the place of a product nobody has shown us."""
    sheet = Sheet(420, 360, 2)
    front, side, top = ((222, 216, 206), (176, 168, 156), (240, 236, 228))
    tint = palette.wall[0]
    sheet.polygon([(30, 92), (296, 92), (296, 348), (30, 348)], mix(front, tint, 0.2))
    sheet.polygon([(296, 92), (390, 46), (390, 294), (296, 348)], mix(side, tint, 0.2))
    sheet.polygon([(30, 92), (128, 46), (390, 46), (296, 92)], mix(top, tint, 0.15))
    sheet.box(30, 236, 296, 262, palette.accent)
    sheet.polygon([(296, 236), (390, 190), (390, 214), (296, 262)], scaled(palette.accent, 0.75))
    sheet.polygon([(150, 92), (180, 92), (275, 46), (247, 46)], scaled(mix(top, tint, 0.15), 0.9))
    box = sheet.picture()
    label = printable(word.upper())[:12] or "PRODUCT"
    size = 46
    while size > 18 and typeface(size, 750).getlength(label) > 226:
        size -= 2
    pen = ImageDraw.Draw(box)
    pen.text((163, 164), label, font=typeface(size, 750), fill=(58, 56, 60, 255), anchor="mm")
    pen.text((163, 308), "stand-in", font=typeface(24, 450), fill=(120, 114, 108, 255), anchor="mm")
    return box
