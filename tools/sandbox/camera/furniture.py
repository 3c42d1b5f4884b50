"""What stands in a room: counters, shelves, tables, racks, boards, seats, lamps and plants."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.random import Generator

from callsheet.tools.sandbox.camera.paint import Sheet, lit, softened
from callsheet.tools.sandbox.camera.palette import RGB, Palette, mix, scaled
from callsheet.tools.sandbox.camera.stage import Layer, Plot

Piece = Callable[[Sheet, Palette, float, float, float, Generator], None]
_WARM: RGB = (255, 222, 160)


def furnish(plot: Plot, chance: Generator, pieces: tuple[tuple[str, float], ...]) -> Layer:
    """Place pieces along the wall; each comes with its place across the frame, 0 left to 1 right."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 2 if plot.stage.lens.blur < 3 else 1)
    mirrored = palette.key_from[0] > 0.5
    spread = max(1.0, 700 * scale / plot.stage.width)
    for name, place in pieces:
        across = (1.0 - place if mirrored else place) - 0.5
        PIECES[name](
            sheet, palette, plot.middle + across * spread * plot.stage.width, plot.horizon + 16 * scale, scale, chance
        )
    shape = lit(sheet.picture(), palette.key, plot.stage.towards_light, 9 * scale + 1, 0.35, 0.6)
    return plot.layer(shape, plot.stage.lens.blur)


def pendants(plot: Plot, chance: Generator) -> Layer:
    """Lamps that hang from the ceiling, with their halos."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet, halos = Sheet(plot.width, plot.height, 2), Sheet(plot.width, plot.height, 1)
    shade = mix(palette.accent, palette.near, 0.35)
    drop = plot.horizon - float(chance.uniform(330, 400)) * scale
    for i in range(-3, 4):
        x = plot.middle + i * 190 * scale
        sheet.box(x - 1.5 * scale, 0, x + 1.5 * scale, drop, scaled(palette.near, 0.9))
        sheet.polygon(
            [
                (x - 14 * scale, drop),
                (x + 14 * scale, drop),
                (x + 44 * scale, drop + 42 * scale),
                (x - 44 * scale, drop + 42 * scale),
            ],
            shade,
        )
        sheet.oval(x, drop + 43 * scale, 30 * scale, 8 * scale, _WARM)
        halos.oval(x, drop + 52 * scale, 84 * scale, 60 * scale, _WARM, 0.25 + 0.45 * palette.lamps)
    picture = softened(halos.picture(), 30 * scale)
    picture.alpha_composite(sheet.picture())
    return plot.layer(picture, plot.stage.lens.blur)


def _goods(sheet: Sheet, p: Palette, left: float, right: float, base: float, tall: float, c: Generator) -> None:
    """Boxes, jars and books that fill a shelf."""
    x = left
    colours = (p.accent, p.second, p.wall[0], p.wood, p.leaf, scaled(p.wall[1], 0.8))
    while x < right - tall * 0.15:
        width, height = tall * float(c.uniform(0.14, 0.5)), tall * float(c.uniform(0.45, 0.95))
        if c.random() < 0.82:
            colour = mix(colours[int(c.integers(len(colours)))], p.near, 0.2 + 0.3 * p.shade)
            sheet.box(x, base - height, min(right, x + width), base, colour, 1.0, tall * 0.06)
            sheet.box(
                x, base - height * 0.62, min(right, x + width), base - height * 0.42, mix(colour, (255, 255, 255), 0.3)
            )
        x += width + tall * 0.05


def _shelves(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    for level in range(4):
        base = y - (110 + level * 104) * s
        _goods(sheet, p, x - 135 * s, x + 135 * s, base, 78 * s, c)
        sheet.box(x - 150 * s, base, x + 150 * s, base + 9 * s, mix(p.wood, p.near, 0.25))


def _bookcase(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    wood = mix(p.wood, p.near, 0.4)
    sheet.box(x - 145 * s, y - 560 * s, x + 145 * s, y, wood)
    sheet.box(x - 132 * s, y - 548 * s, x + 132 * s, y - 8 * s, scaled(wood, 0.6))
    for level in range(6):
        base = y - (16 + level * 90) * s
        _goods(sheet, p, x - 128 * s, x + 128 * s, base, 74 * s, c)
        sheet.box(x - 132 * s, base, x + 132 * s, base + 8 * s, wood)


def _counter(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    front = mix(p.second, p.near, 0.25 + 0.3 * p.shade)
    sheet.box(x - 270 * s, y - 150 * s, x + 270 * s, y, front)
    for i in range(4):
        sheet.box(
            x + (-258 + i * 131) * s, y - 138 * s, x + (-136 + i * 131) * s, y - 10 * s, scaled(front, 1.1), 1.0, 4 * s
        )
    sheet.box(x - 284 * s, y - 166 * s, x + 284 * s, y - 148 * s, mix(p.wall[0], (255, 255, 255), 0.35))
    _goods(sheet, p, x - 250 * s, x - 100 * s, y - 166 * s, 62 * s, c)
    sheet.oval(x + 190 * s, y - 186 * s, 42 * s, 22 * s, p.accent)


def _hood(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    steel = mix((198, 204, 208), p.near, 0.15 + 0.4 * p.shade)
    sheet.box(x - 34 * s, y - 560 * s, x + 34 * s, y - 390 * s, steel)
    sheet.polygon(
        [(x - 40 * s, y - 392 * s), (x + 40 * s, y - 392 * s), (x + 116 * s, y - 330 * s), (x - 116 * s, y - 330 * s)],
        scaled(steel, 0.88),
    )
    for i in range(int(c.integers(2, 4))):
        sheet.box(
            x + (-80 + 62 * i) * s, y - 196 * s, x + (-34 + 62 * i) * s, y - 164 * s, scaled(steel, 0.65), 1.0, 8 * s
        )


def _table(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    wood = mix(p.wood, p.near, 0.15)
    for leg in (-100, 92):
        sheet.box(x + leg * s, y - 112 * s, x + (leg + 9) * s, y + 30 * s, scaled(wood, 0.6))
    sheet.box(x - 124 * s, y - 126 * s, x + 124 * s, y - 110 * s, wood, 1.0, 4 * s)
    cup = mix(p.wall[0], (255, 255, 255), 0.4)
    sheet.box(x - 40 * s, y - 152 * s, x - 12 * s, y - 126 * s, cup, 1.0, 7 * s)
    if c.random() < 0.6:
        sheet.limb((x + 46 * s, y - 126 * s), (x + 46 * s, y - 156 * s), 8 * s, 5 * s, scaled(p.accent, 0.8))
        sheet.oval(x + 46 * s, y - 176 * s, 20 * s, 17 * s, p.leaf)


def _desk(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    sheet.box(x - 170 * s, y - 136 * s, x + 170 * s, y - 122 * s, mix(p.wood, (255, 255, 255), 0.2))
    for leg in (-160, 150):
        sheet.box(x + leg * s, y - 122 * s, x + (leg + 10) * s, y + 20 * s, scaled(p.near, 1.2))
    screen = mix(p.sky[1], p.accent, 0.35)
    sheet.box(x - 92 * s, y - 262 * s, x + 72 * s, y - 160 * s, scaled(p.near, 0.9), 1.0, 7 * s)
    sheet.box(x - 86 * s, y - 256 * s, x + 66 * s, y - 166 * s, mix(screen, (255, 255, 255), 0.25))
    for i in range(4):
        sheet.box(
            x - 76 * s,
            y - (244 - 18 * i) * s,
            x + float(c.uniform(-40, 50)) * s,
            y - (237 - 18 * i) * s,
            mix(screen, p.near, 0.35),
        )
    sheet.box(x - 16 * s, y - 160 * s, x - 4 * s, y - 136 * s, scaled(p.near, 0.9))


def _rack(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    iron = scaled(mix(p.near, (60, 62, 68), 0.5), 0.9)
    for level in range(3):
        base = y - (46 + level * 76) * s
        sheet.box(x - 180 * s, base, x + 180 * s, base + 9 * s, mix(iron, p.key, 0.2))
        for i in range(6):
            cx, r = x + (-150 + i * 60) * s, (24 - 4 * level) * s
            sheet.box(cx - 20 * s, base - r - 4 * s, cx + 20 * s, base - r + 4 * s, mix(iron, (220, 220, 220), 0.3))
            for side in (-17, 17):
                plate = p.accent if c.random() < 0.22 else iron
                sheet.box(cx + (side - 8) * s, base - 2 * r, cx + (side + 8) * s, base, plate, 1.0, 5 * s)
    for post in (-186, 180):
        sheet.box(x + post * s, y - 232 * s, x + (post + 8) * s, y, iron)


def _mirror(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    glass = mix(p.sky[1], p.wall[0], 0.4)
    sheet.box(x - 118 * s, y - 520 * s, x + 118 * s, y - 196 * s, mix(p.wood, p.near, 0.2), 1.0, 112 * s)
    sheet.box(x - 108 * s, y - 510 * s, x + 108 * s, y - 206 * s, glass, 1.0, 104 * s)
    gleam = float(c.uniform(-30, 30))
    sheet.polygon(
        [
            (x + (gleam - 30) * s, y - 480 * s),
            (x + (gleam + 6) * s, y - 490 * s),
            (x + (gleam - 50) * s, y - 240 * s),
            (x + (gleam - 86) * s, y - 250 * s),
        ],
        mix(glass, (255, 255, 255), 0.5),
    )


def _basin(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    sheet.box(x - 190 * s, y - 140 * s, x + 190 * s, y - 6 * s, mix(p.wood, p.near, 0.15), 1.0, 6 * s)
    sheet.box(x - 204 * s, y - 156 * s, x + 204 * s, y - 138 * s, mix(p.wall[0], (255, 255, 255), 0.6))
    sheet.box(x - 82 * s, y - 192 * s, x + 82 * s, y - 154 * s, (246, 246, 244), 1.0, 18 * s)
    brass = mix((196, 160, 92), p.near, 0.2)
    sheet.stroke(
        [(x + 96 * s, y - 156 * s), (x + 96 * s, y - 236 * s), (x + 54 * s, y - 236 * s), (x + 54 * s, y - 218 * s)],
        8 * s,
        brass,
    )
    _goods(sheet, p, x - 190 * s, x - 96 * s, y - 156 * s, 54 * s, c)


def _sofa(sheet: Sheet, p: Palette, x: float, y: float, s: float, _: Generator) -> None:
    cloth = mix(p.second, p.near, 0.25 + 0.25 * p.shade)
    sheet.box(x - 220 * s, y - 176 * s, x + 220 * s, y - 30 * s, scaled(cloth, 0.86), 1.0, 26 * s)
    for i in range(3):
        sheet.box(x + (-186 + 126 * i) * s, y - 168 * s, x + (-66 + 126 * i) * s, y - 78 * s, cloth, 1.0, 18 * s)
    sheet.box(x - 196 * s, y - 88 * s, x + 196 * s, y - 34 * s, scaled(cloth, 1.12), 1.0, 14 * s)
    for side in (-214, 168):
        sheet.box(x + side * s, y - 122 * s, x + (side + 46) * s, y - 12 * s, scaled(cloth, 0.95), 1.0, 18 * s)
    sheet.box(x - 150 * s, y - 146 * s, x - 74 * s, y - 84 * s, p.accent, 1.0, 14 * s)


def _bed(sheet: Sheet, p: Palette, x: float, y: float, s: float, _: Generator) -> None:
    linen = mix(p.wall[0], (255, 255, 255), 0.5)
    sheet.box(x - 210 * s, y - 260 * s, x + 210 * s, y - 20 * s, mix(p.wood, p.near, 0.3), 1.0, 16 * s)
    for i in (-1, 1):
        sheet.box(x + (i * 92 - 80) * s, y - 180 * s, x + (i * 92 + 80) * s, y - 104 * s, linen, 1.0, 26 * s)
    sheet.box(x - 216 * s, y - 120 * s, x + 216 * s, y + 10 * s, mix(p.second, linen, 0.4), 1.0, 20 * s)
    sheet.box(x - 216 * s, y - 124 * s, x + 216 * s, y - 86 * s, linen, 1.0, 14 * s)


def _frames(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    for dx, dy, w, h in ((-92, 400, 108, 140), (30, 420, 84, 84), (36, 312, 92, 66)):
        left, top = x + dx * s, y - dy * s
        sheet.box(left, top, left + w * s, top + h * s, mix(p.wood, p.near, 0.5))
        sheet.box(
            left + 7 * s, top + 7 * s, left + (w - 7) * s, top + (h - 7) * s, mix(p.wall[0], (255, 255, 255), 0.5)
        )
        art = p.accent if c.random() < 0.5 else p.second
        sheet.oval(left + w * s * 0.5, top + h * s * 0.55, w * s * 0.26, w * s * 0.26, mix(art, p.near, 0.1))


def _plant(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    sheet.limb((x, y - 62 * s), (x, y - 8 * s), 40 * s, 28 * s, mix(p.accent, p.wood, 0.55))
    for i in range(13):
        angle, reach = -2.9 + i * 0.22 + float(c.uniform(-0.1, 0.1)), float(c.uniform(110, 210)) * s
        tip = (x + np.cos(angle) * reach * 0.8, y - 80 * s + np.sin(angle) * reach)
        half = ((x + tip[0]) / 2, (y - 80 * s + tip[1]) / 2 - 14 * s)
        sheet.polygon(
            [(x, y - 76 * s), (half[0] - 15 * s, half[1]), tip, (half[0] + 15 * s, half[1] + 10 * s)],
            scaled(mix(p.leaf, p.near, 0.2), float(c.uniform(0.75, 1.2))),
        )


def _pegboard(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    board = mix(p.wood, p.wall[0], 0.35)
    sheet.box(x - 230 * s, y - 470 * s, x + 230 * s, y - 210 * s, board)
    steel = mix((176, 182, 188), p.near, 0.3)
    for i in range(8):
        tx, top = x + (-200 + i * 56) * s, y - float(c.uniform(430, 450)) * s
        long = float(c.uniform(90, 170)) * s
        sheet.box(tx, top, tx + 12 * s, top + long, p.accent if i % 3 == 0 else mix(p.wood, p.near, 0.5), 1.0, 5 * s)
        sheet.box(tx - 12 * s, top + long, tx + 24 * s, top + long + float(c.uniform(16, 44)) * s, steel, 1.0, 4 * s)
    sheet.box(x - 270 * s, y - 150 * s, x + 270 * s, y - 124 * s, mix(p.wood, p.near, 0.15))
    for leg in (-250, 220):
        sheet.box(x + leg * s, y - 124 * s, x + (leg + 30) * s, y + 12 * s, mix(p.wood, p.near, 0.45))
    _goods(sheet, p, x + 60 * s, x + 230 * s, y - 150 * s, 52 * s, c)


def _blackboard(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    sheet.box(x - 280 * s, y - 470 * s, x + 280 * s, y - 200 * s, mix(p.wood, p.near, 0.2))
    slate = mix((38, 66, 58), p.near, 0.25)
    sheet.box(x - 268 * s, y - 458 * s, x + 268 * s, y - 212 * s, slate)
    chalk = mix(slate, (240, 240, 230), 0.75)
    for i in range(5):
        line = [
            (x + (-230 + 26 * j) * s, y - (420 - 40 * i + float(c.uniform(-7, 7))) * s)
            for j in range(int(c.integers(5, 16)))
        ]
        sheet.stroke(line, 3 * s, chalk)
    sheet.stroke(
        [(x + (150 + 70 * np.cos(a)) * s, y - (330 + 70 * np.sin(a)) * s) for a in np.linspace(0, 6.3, 24)],
        3 * s,
        chalk,
    )


def _seats(sheet: Sheet, p: Palette, x: float, y: float, s: float, _: Generator) -> None:
    cloth = mix(p.accent, p.near, 0.3)
    for i in (-1, 0, 1):
        cx = x + i * 172 * s
        sheet.box(cx - 66 * s, y - 220 * s, cx + 66 * s, y - 40 * s, cloth, 1.0, 24 * s)
        sheet.box(cx - 46 * s, y - 258 * s, cx + 46 * s, y - 206 * s, scaled(cloth, 1.2), 1.0, 16 * s)
        sheet.box(cx - 76 * s, y - 96 * s, cx + 76 * s, y - 8 * s, scaled(cloth, 0.85), 1.0, 14 * s)
    sheet.box(x - 600 * s, y - 560 * s, x + 600 * s, y - 548 * s, mix((210, 214, 216), p.near, 0.2))
    for i in range(-5, 6):
        hx = x + i * 110 * s
        sheet.box(hx - 2 * s, y - 548 * s, hx + 2 * s, y - 505 * s, scaled(p.near, 1.2))
        sheet.box(hx - 15 * s, y - 507 * s, hx + 15 * s, y - 478 * s, p.second, 1.0, 10 * s)


def _plinths(sheet: Sheet, p: Palette, x: float, y: float, s: float, c: Generator) -> None:
    for dx, tall in ((-190, 150), (190, 230)):
        tone = mix(p.wall[0], (255, 255, 255), 0.25)
        sheet.box(x + (dx - 52) * s, y - tall * s, x + (dx + 52) * s, y + 6 * s, tone)
        r = float(c.uniform(30, 44)) * s
        sheet.oval(x + dx * s, y - tall * s - r, r, r, p.accent if dx < 0 else p.second)


PIECES: Final[dict[str, Piece]] = {
    "shelves": _shelves,
    "bookcase": _bookcase,
    "counter": _counter,
    "hood": _hood,
    "table": _table,
    "desk": _desk,
    "rack": _rack,
    "mirror": _mirror,
    "basin": _basin,
    "sofa": _sofa,
    "bed": _bed,
    "frames": _frames,
    "plant": _plant,
    "pegboard": _pegboard,
    "blackboard": _blackboard,
    "seats": _seats,
    "plinths": _plinths,
}
