"""The product: cut out of its reference picture, framed as a card when it cannot be, or a labelled box without one."""

from dataclasses import dataclass
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
_PLAIN: Final = 6
"""How far padding may differ from its own colour, in steps of 255."""
_TORN: Final = 0.08
"""More of a photo's own border than this left standing means that its background was not found."""
_LABEL_ROOM: Final = 226
_KEPT: Final = (0.04, 0.85)
"""The least and the most of a photo that a product can be."""


@dataclass(frozen=True)
class Prop:
    """The product as it stands in a shot. A card is a whole photo in a frame; it is never held or mirrored."""

    picture: Image.Image
    is_card: bool = False


def cut_out(reference: Image.Image) -> Prop:
    """The product of a reference picture on nothing, cropped to itself.

    Padding around the picture goes first, then its own background; what has no clean one is framed as a card.
    """
    picture = reference.convert("RGBA")
    if bool((np.asarray(picture.getchannel("A")) < 250).any()):
        picture.thumbnail((_WORKING_SIDE, _WORKING_SIDE), Image.Resampling.LANCZOS)
        return Prop(_trimmed(picture))
    photo = picture.crop(_unpadded(picture))
    photo.thumbnail((_WORKING_SIDE, _WORKING_SIDE), Image.Resampling.LANCZOS)
    freed = _without_background(photo)
    if freed is not None and _is_clean(freed):
        return Prop(_trimmed(freed))
    return Prop(_card(photo), is_card=True)


def _unpadded(picture: Image.Image) -> tuple[int, int, int, int]:
    """The photo inside plain bars above and below it, or left and right of it; else the whole picture.

    A photo laid into a frame of another shape has bars on one axis only, alike on both sides. Plain colour all
    around is a product's own background.
    """
    pixels = np.asarray(picture.convert("RGB")).astype(np.int16)
    height, width = pixels.shape[:2]
    differs = np.abs(pixels - pixels[0, 0]).max(axis=-1) > _PLAIN
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return 0, 0, width, height
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    above, beside = min(top, height - bottom), min(left, width - right)
    if above and beside:
        return 0, 0, width, height
    return beside, above, width - beside, height - above


def _is_clean(freed: Image.Image) -> bool:
    """Whether a background went as a whole: hardly anything stands at the photo's border, and a product is left."""
    solid = np.asarray(freed.getchannel("A")) > 127
    border = np.concatenate([solid[0], solid[-1], solid[:, 0], solid[:, -1]])
    return float(border.mean()) < _TORN and _KEPT[0] <= float(solid.mean()) <= _KEPT[1]


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
    return min(_ALIKE, max(5.0, noise * 1.6 + 4.0))


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


def prop_box(name: str, palette: Palette) -> Image.Image:
    """A neutral box with the product's name on it: it holds the place of a product nobody has shown us."""
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
    label, size = box_label(name)
    pen = ImageDraw.Draw(box)
    pen.text((163, 164), label, font=typeface(size, 750), fill=(58, 56, 60, 255), anchor="mm")
    pen.text((163, 308), "stand-in", font=typeface(24, 450), fill=(120, 114, 108, 255), anchor="mm")
    return box


def box_label(name: str) -> tuple[str, int]:
    """The name in capitals and the size of its letters: whole if it fits, else its first words, else its start."""
    words = printable(name.upper()).split() or ["PRODUCT"]
    while True:
        label = " ".join(words)
        for size in range(46, 25, -2):
            if typeface(size, 750).getlength(label) <= _LABEL_ROOM:
                return label, size
        words = words[:-1] if len(words) > 1 else [words[0][:-1]]
