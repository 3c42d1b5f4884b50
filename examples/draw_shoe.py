"""Draws the Fleet Runner, the invented shoe of the examples, as a product shot: run it to make `shoe.png` again.

Everything is our own drawing: outlines as curves, painted at three times the size and scaled down.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Color = tuple[int, int, int]

WIDTH, HEIGHT = 1200, 900
OVERSAMPLING = 3
NAVY: Color = (20, 33, 61)
INK: Color = (12, 20, 38)
CORAL: Color = (255, 106, 61)
EMBER: Color = (226, 66, 38)
CREAM: Color = (250, 247, 240)
SAND: Color = (214, 207, 196)
BACKGROUND: Color = (241, 240, 237)

SOLE = """
    150,545 130,572 118,612 148,648 176,684 232,698 300,698 450,700 600,700 745,698 885,697 1003,672
    1074,612 1090,596 1080,574 1052,574 980,600 850,606 740,600 600,590 450,576 330,573 260,570
    190,565 150,545
"""
TREAD = """
    146,644 178,686 232,700 300,700 450,700 600,700 745,700 885,699 1003,674 1076,610 1088,626
    1080,640 1066,650 990,706 880,724 745,724 600,724 450,724 300,724 225,724 166,706 146,644
"""
UPPER = """
    152,552 146,500 178,440 172,388 168,350 152,322 172,300 200,284 226,308 246,346 276,398 344,404
    392,366 420,342 440,312 468,290 490,274 520,282 538,304 604,384 700,448 802,474 910,492 1050,494
    1062,582 980,608 850,614 740,606 600,596 450,582 330,579 260,576 190,570 152,552
"""
LINING = """
    176,300 240,330 300,352 350,340 400,325 440,300 476,276 470,330 420,400 350,410 270,410 230,360
    176,300
"""
TONGUE = """
    424,350 436,300 452,252 492,236 524,226 546,250 556,296 580,330 600,370 620,400 560,400 480,390
    424,350
"""
HEEL = """
    152,552 146,500 178,440 172,388 232,402 300,470 330,579 270,578 190,570 152,552
"""
TOE = """
    1090,600 1090,480 1010,460 930,470 872,520 878,570 902,630 970,630 1040,620 1090,600
"""
EYESTAY = """
    468,290 490,274 520,282 538,304 604,384 700,452 802,482 800,520 772,530 742,522 640,492 540,420
    468,330 462,316 460,300 468,290
"""
STEM = """
    398,590 420,550 440,512 462,470 480,470 498,470 516,470 496,512 474,552 454,590 436,590 416,590
    398,590
"""
ARM_HIGH = """
    462,470 540,470 600,470 668,476 650,500 620,508 560,508 530,508 500,508 440,508 446,494 456,482
    462,470
"""
ARM_LOW = """
    440,526 510,526 560,527 612,531 596,552 566,560 520,560 490,560 460,560 424,560 430,546 436,538
    440,526
"""
LACES = ("500,322 572,296", "542,372 616,344", "590,418 664,386", "644,456 718,420", "704,486 778,450")


def draw_shoe() -> Image.Image:
    """The whole picture, 1200 x 900 pixels."""
    picture = Image.new("RGB", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING), BACKGROUND)
    _shadow(picture)
    _part(picture, LINING, INK, NAVY, depth=0.3)
    _part(picture, TONGUE, (44, 62, 102), NAVY, depth=0.5)
    _part(picture, TREAD, NAVY, INK, depth=0.2)
    _grooves(picture)
    _part(picture, UPPER, CORAL, EMBER, depth=0.9)
    _knit(picture)
    _part(picture, HEEL, NAVY, INK, depth=0.5)
    _part(picture, TOE, EMBER, (176, 42, 24), depth=0.35, within=UPPER)
    _part(picture, EYESTAY, NAVY, (16, 26, 50), depth=0.4)
    for stroke in (STEM, ARM_HIGH, ARM_LOW):
        picture.paste(CREAM, (0, 0), _shape(stroke))
    _laces(picture)
    _stitches(picture)
    _part(picture, SOLE, CREAM, SAND, depth=0.8)
    _sculpture(picture)
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def curve(points: list[Point], steps: int = 18) -> list[Point]:
    """A smooth line through triples of control points: each three after the first make one cubic Bezier piece."""
    line: list[Point] = []
    for start in range(0, len(points) - 3, 3):
        a, b, c, d = (np.array(point, dtype=float) for point in points[start : start + 4])
        for t in np.linspace(0, 1, steps):
            point = a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t**2 * (1 - t) + d * t**3
            line.append((float(point[0]), float(point[1])))
    return line


def _mask(paint: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    mask = Image.new("L", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING), 0)
    paint(ImageDraw.Draw(mask))
    return mask


def _shape(outline: str) -> Image.Image:
    edge = _large(curve(_points(outline)))
    return _mask(lambda draw: draw.polygon(edge, fill=255))


def _points(outline: str) -> list[Point]:
    pairs = (pair.partition(",") for pair in outline.split())
    return [(float(x), float(y)) for x, _, y in pairs]


def _large(points: Iterable[Point]) -> list[Point]:
    return [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]


def _part(
    picture: Image.Image,
    outline: str,
    top: Color,
    bottom: Color,
    depth: float,
    within: str | None = None,
) -> None:
    """One piece of the shoe: a gradient, a lit upper edge, a shaded lower edge, a thin shadow on what is below."""
    shape = _shape(outline)
    if within is not None:
        shape = ImageChops.multiply(shape, _shape(within))
    _lay(picture, shape.filter(ImageFilter.GaussianBlur(5 * OVERSAMPLING)), (0, 0, 0), 0.16)
    picture.paste(_gradient(shape, top, bottom), (0, 0), shape)
    _lay(picture, _edge(shape, 26, -1), (0, 0, 0), 0.42 * depth)
    _lay(picture, _edge(shape, 14, 1), (255, 255, 255), 0.45 * depth)


def _gradient(shape: Image.Image, top: Color, bottom: Color) -> Image.Image:
    box = shape.getbbox() or (0, 0, 1, 1)
    share = np.clip((np.arange(shape.height) - box[1]) / max(1, box[3] - box[1]), 0, 1)[:, None, None]
    rows = np.array(top) * (1 - share) + np.array(bottom) * share
    return Image.fromarray(np.broadcast_to(rows, (shape.height, shape.width, 3)).astype(np.uint8), "RGB")


def _edge(shape: Image.Image, reach: int, side: int) -> Image.Image:
    """The band inside a shape along its upper (1) or lower (-1) edge, fading inwards."""
    shift = reach * OVERSAMPLING * side
    away = ImageChops.offset(shape, 0, shift).filter(ImageFilter.GaussianBlur(reach * OVERSAMPLING * 0.6))
    return ImageChops.multiply(ImageChops.invert(away), shape)


def _lay(picture: Image.Image, mask: Image.Image, color: Color, strength: float) -> None:
    picture.paste(color, (0, 0), mask.point([round(value * strength) for value in range(256)]))


def _shadow(picture: Image.Image) -> None:
    for box, strength, blur in (((150, 690, 1080, 770), 0.20, 26), ((230, 712, 900, 742), 0.34, 9)):
        spot = _mask(partial(_spot, box=box))
        _lay(picture, spot.filter(ImageFilter.GaussianBlur(blur * OVERSAMPLING)), (40, 36, 48), strength)


def _spot(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int]) -> None:
    draw.ellipse([side * OVERSAMPLING for side in box], fill=255)


def _grooves(picture: Image.Image) -> None:
    tread = _shape(TREAD)
    cuts = [(x, 704, x - 12, 732) for x in range(250, 1000, 46)]

    def paint(draw: ImageDraw.ImageDraw) -> None:
        for x0, y0, x1, y1 in cuts:
            draw.line(_large([(x0, y0), (x1, y1)]), fill=255, width=9 * OVERSAMPLING)

    _lay(picture, ImageChops.multiply(_mask(paint), tread), (72, 84, 112), 0.75)


def _knit(picture: Image.Image) -> None:
    """Rows of small holes over vamp and quarter, as in an engineered mesh."""
    upper = _shape(UPPER).filter(ImageFilter.MinFilter(9))

    def paint(draw: ImageDraw.ImageDraw) -> None:
        for row in range(22):
            for column in range(64):
                x, y = 300 + column * 13 + (row % 2) * 6.5, 396 + row * 10
                size = 2.5 if x > 560 else 1.7
                draw.ellipse(
                    [side * OVERSAMPLING for side in (x - size, y - size * 0.8, x + size, y + size * 0.8)], fill=255
                )

    _lay(picture, ImageChops.multiply(_mask(paint), upper), (150, 34, 18), 0.55)


def _laces(picture: Image.Image) -> None:
    for start, end in map(_points, LACES):
        middle = ((start[0] + end[0]) / 2 + 4, (start[1] + end[1]) / 2 - 14)
        path = _large(curve([start, middle, middle, end], 30))
        for width, color, shift in ((17, (8, 12, 24), 4), (15, SAND, 1), (11, CREAM, -1)):
            moved = [(x, y + shift * OVERSAMPLING) for x, y in path]
            band = _mask(partial(_rope, path=moved, width=width))
            _lay(picture, band, color, 0.5 if shift == 4 else 1.0)


def _rope(draw: ImageDraw.ImageDraw, path: list[Point], width: float) -> None:
    radius = width * OVERSAMPLING / 2
    for x, y in path:
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)


def _stitches(picture: Image.Image) -> None:
    heel = "186,404 236,418 288,482 312,566"
    toe = "908,496 880,530 884,572 908,606"
    stay = "474,346 546,438 640,506 760,540"
    for line, color in ((heel, (255, 140, 100)), (toe, (255, 170, 140)), (stay, (255, 170, 140))):
        dots = _large(curve(_points(line), 60))

        def paint(draw: ImageDraw.ImageDraw, dots: list[Point] = dots) -> None:
            for first, second in zip(dots[::3], dots[1::3], strict=False):
                draw.line([first, second], fill=255, width=2 * OVERSAMPLING)

        _lay(picture, _mask(paint), color, 0.8)


def _sculpture(picture: Image.Image) -> None:
    """The long groove and the coral inlay that make the foam look moulded."""
    sole = _shape(SOLE)
    groove = _large(curve(_points("136,610 300,668 640,616 1062,606"), 90))
    inlay = _large(curve(_points("420,664 560,648 720,636 900,650"), 90))
    dark = _mask(lambda draw: draw.line(groove, fill=255, width=5 * OVERSAMPLING, joint="curve"))
    lit = ImageChops.offset(dark, 0, 5 * OVERSAMPLING)
    _lay(picture, ImageChops.multiply(dark.filter(ImageFilter.GaussianBlur(OVERSAMPLING)), sole), (120, 108, 98), 0.6)
    _lay(picture, ImageChops.multiply(lit.filter(ImageFilter.GaussianBlur(OVERSAMPLING)), sole), (255, 255, 255), 0.9)
    _lay(
        picture,
        ImageChops.multiply(
            _mask(lambda draw: draw.line(inlay, fill=255, width=8 * OVERSAMPLING, joint="curve")), sole
        ),
        CORAL,
        1.0,
    )


if __name__ == "__main__":
    shoe = draw_shoe()
    for example, size in (("runner", (800, 600)), ("pocket", (320, 240))):
        small = shoe.resize(size, Image.Resampling.LANCZOS)
        small.save(Path(__file__).parent / example / "shoe.png", optimize=True)
