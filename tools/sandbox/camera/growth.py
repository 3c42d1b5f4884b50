"""Things that grow: conifers, leafy trees, trunks, palms, cacti, reeds."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.random import Generator

from callsheet.tools.sandbox.camera.paint import Sheet, lit
from callsheet.tools.sandbox.camera.palette import RGB, mix, scaled
from callsheet.tools.sandbox.camera.stage import Layer, Plot

Plant = Callable[[Sheet, float, float, float, RGB, Generator], None]


def grove(
    plot: Plot,
    chance: Generator,
    kind: str,
    *,
    count: int,
    tall: tuple[float, float],
    foot: float = 0.0,
    fade: float = 0.0,
    clear: float = 0.0,
) -> Layer:
    """A row of plants. `tall` in pixels of a wide shot; `foot` is how far below the horizon they stand;

    `fade` how much they are in the haze; `clear` the share of the middle of the frame that stays open.
    """
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 1 if plot.stage.lens.blur > 3 else 2)
    number = max(
        2, round(count * plot.width / max(plot.stage.width, plot.stage.height) / max(0.45, plot.stage.lens.scale))
    )
    for i in range(number):
        x = (i + 0.5 + float(chance.uniform(-0.42, 0.42))) / number * plot.width
        away = (x - plot.middle) / (plot.stage.width / 2)
        if abs(away) < clear:
            x += np.sign(away or 1.0) * (clear - abs(away)) * plot.stage.width / 2
        height = float(chance.uniform(*tall)) * scale
        colour = mix(mix(palette.leaf, palette.near, float(chance.uniform(0.25, 0.7))), palette.haze, fade)
        PLANTS[kind](sheet, x, plot.horizon + foot * scale, height, colour, chance)
    shape = lit(
        sheet.picture(), palette.key, plot.stage.towards_light, 9 * scale + 2, 0.45 * (1 - fade), 0.8 * (1 - fade)
    )
    return plot.layer(shape, plot.stage.lens.blur)


def _conifer(sheet: Sheet, x: float, y: float, height: float, colour: RGB, chance: Generator) -> None:
    sheet.box(x - height * 0.022, y - height * 0.2, x + height * 0.022, y, scaled(colour, 0.6))
    wide = float(chance.uniform(0.17, 0.24))
    for tier in range(7):
        top = y - height + tier * height * 0.125
        spread = height * wide * (0.22 + tier * 0.125)
        drop = height * 0.21
        ragged = float(chance.uniform(0.85, 1.1))
        points = [
            (x, top),
            (x + spread * ragged, top + drop),
            (x, top + drop * 0.82),
            (x - spread, top + drop * ragged),
        ]
        sheet.polygon(points, scaled(colour, 0.86 + 0.045 * tier))


def _leafy(sheet: Sheet, x: float, y: float, height: float, colour: RGB, chance: Generator) -> None:
    bark = mix(scaled(colour, 0.5), (70, 50, 40), 0.5)
    sheet.limb((x, y), (x + height * 0.02, y - height * 0.6), height * 0.035, height * 0.018, bark)
    for _ in range(16):
        angle, away = float(chance.uniform(0, 6.283)), float(chance.random()) ** 0.5
        cx = x + np.cos(angle) * away * height * 0.26
        cy = y - height * 0.68 + np.sin(angle) * away * height * 0.22
        r = height * float(chance.uniform(0.07, 0.14))
        sheet.oval(cx, cy, r, r * 0.9, scaled(colour, float(chance.uniform(0.85, 1.2))))


def _trunk(sheet: Sheet, x: float, y: float, height: float, colour: RGB, chance: Generator) -> None:
    bark = mix(scaled(colour, 0.62), (84, 60, 48), 0.45)
    lean = float(chance.uniform(-0.03, 0.03)) * height
    thick = height * float(chance.uniform(0.028, 0.05))
    sheet.limb((x, y), (x + lean, y - height * 1.5), thick, thick * 0.7, bark)
    sheet.polygon(
        [(x - thick * 2, y + 2), (x - thick, y - thick * 3), (x + thick, y - thick * 3), (x + thick * 2, y + 2)], bark
    )
    for _ in range(3):
        up = float(chance.uniform(0.5, 0.95)) * height
        side = float(chance.choice([-1, 1])) * height * float(chance.uniform(0.1, 0.22))
        sheet.limb(
            (x + lean * up / height, y - up), (x + side, y - up - height * 0.14), thick * 0.35, thick * 0.12, bark
        )
        for _ in range(4):
            r = height * float(chance.uniform(0.04, 0.08))
            sheet.oval(x + side + float(chance.uniform(-1, 1)) * r, y - up - height * 0.15, r * 1.3, r * 0.8, colour)


def _palm(sheet: Sheet, x: float, y: float, height: float, colour: RGB, chance: Generator) -> None:
    lean = float(chance.uniform(-0.16, 0.16)) * height
    bend = [(x + lean * t * t, y - height * 0.82 * t) for t in np.linspace(0, 1, 9)]
    for a, b in pairwise(bend):
        sheet.limb(a, b, height * 0.02, height * 0.018, mix(scaled(colour, 0.6), (92, 70, 52), 0.5))
    top = bend[-1]
    for i in range(9):
        angle = -3.4 + i * 0.46 + float(chance.uniform(-0.1, 0.1))
        reach = height * float(chance.uniform(0.26, 0.36))
        leaf = [
            (top[0] + np.cos(angle) * reach * t, top[1] + np.sin(angle) * reach * t + height * 0.22 * t * t)
            for t in np.linspace(0, 1, 7)
        ]
        under = [(px, py + height * 0.035 * np.sin(np.pi * i / 6)) for i, (px, py) in enumerate(leaf)]
        sheet.polygon([*leaf, *reversed(under)], colour)


def _cactus(sheet: Sheet, x: float, y: float, height: float, colour: RGB, chance: Generator) -> None:
    green, thick = mix(colour, (70, 110, 76), 0.5), height * 0.075
    sheet.limb((x, y), (x, y - height), thick, thick * 0.9, green)
    for side in (-1, 1):
        if chance.random() < 0.8:
            up = height * float(chance.uniform(0.35, 0.6))
            elbow = (x + side * height * 0.2, y - up)
            sheet.limb((x, y - up), elbow, thick * 0.65, thick * 0.65, green)
            sheet.limb(elbow, (elbow[0], elbow[1] - height * 0.26), thick * 0.65, thick * 0.6, green)


def _reed(sheet: Sheet, x: float, y: float, height: float, colour: RGB, chance: Generator) -> None:
    for _ in range(7):
        dx, tip = float(chance.uniform(-0.18, 0.18)) * height, float(chance.uniform(0.6, 1.0)) * height
        base = x + float(chance.uniform(-0.12, 0.12)) * height
        width = height * 0.014 + 0.6
        sheet.polygon(
            [(base - width, y), (base + width, y), (base + dx, y - tip)],
            scaled(colour, float(chance.uniform(0.7, 1.2))),
        )
        if chance.random() < 0.4:
            sheet.limb(
                (base + dx, y - tip),
                (base + dx * 0.9, y - tip * 0.86),
                width * 1.3,
                width * 1.3,
                mix(colour, (140, 96, 60), 0.6),
            )


def _bush(sheet: Sheet, x: float, y: float, height: float, colour: RGB, chance: Generator) -> None:
    flower = mix(colour, (244, 196, 206), 0.75) if chance.random() < 0.5 else mix(colour, (250, 226, 140), 0.75)
    for _ in range(11):
        cx, cy = x + float(chance.uniform(-0.75, 0.75)) * height, y - float(chance.uniform(0.1, 0.75)) * height
        r = height * float(chance.uniform(0.18, 0.34))
        sheet.oval(cx, cy, r, r * 0.85, scaled(colour, float(chance.uniform(0.8, 1.25))))
    for _ in range(9):
        cx, cy = x + float(chance.uniform(-0.7, 0.7)) * height, y - float(chance.uniform(0.2, 0.85)) * height
        sheet.oval(cx, cy, height * 0.05, height * 0.05, flower)


PLANTS: Final[dict[str, Plant]] = {
    "conifer": _conifer,
    "leafy": _leafy,
    "trunk": _trunk,
    "palm": _palm,
    "cactus": _cactus,
    "reed": _reed,
    "bush": _bush,
}
