"""Built things outdoors: skylines, street fronts, stadium stands, rooftops, lamp posts, fences, jetties."""

import numpy as np
from numpy.random import Generator

from callsheet.tools.sandbox.camera.paint import Sheet, lit, softened
from callsheet.tools.sandbox.camera.palette import RGB, mix, scaled
from callsheet.tools.sandbox.camera.stage import Layer, Plot

_WARM: RGB = (255, 214, 140)


def skyline(plot: Plot, chance: Generator, *, tall: tuple[float, float], fade: float) -> Layer:
    """Towers far away, with lit windows when the light is low."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 1)
    x = -20.0
    while x < plot.width:
        width, height = float(chance.uniform(34, 92)) * scale, float(chance.uniform(*tall)) * scale
        colour = mix(mix(palette.near, palette.far, float(chance.uniform(0.3, 0.7))), palette.haze, fade)
        top = plot.horizon - height
        sheet.box(x, top, x + width, plot.horizon + 40 * scale, colour)
        sheet.box(x, top, x + width * 0.3, plot.horizon + 40 * scale, mix(colour, palette.key, 0.12))
        if chance.random() < 0.3:
            sheet.box(x + width * 0.46, top - height * 0.16, x + width * 0.54, top, colour)
        _windows(sheet, plot, chance, (x, top, width, height), 0.55 * (1 - fade * 0.6))
        x += width * float(chance.uniform(0.82, 1.12))
    return plot.layer(sheet.picture(), plot.stage.lens.blur + (1.0 if fade > 0.4 else 0.0))


def _windows(
    sheet: Sheet, plot: Plot, chance: Generator, area: tuple[float, float, float, float], strength: float
) -> None:
    palette, scale = plot.stage.palette, plot.stage.scale
    x, top, width, height = area
    step_x, step_y = 11 * scale, 15 * scale
    if step_x < 3:
        return
    dark = mix(palette.near, palette.sky[0], 0.35)
    for row in range(int((height - 8 * scale) / step_y)):
        for column in range(int((width - 6 * scale) / step_x)):
            wx, wy = x + 5 * scale + column * step_x, top + 8 * scale + row * step_y
            is_on = chance.random() < palette.lamps * 0.55
            colour = mix(_WARM, palette.accent, float(chance.choice([0.0, 0.0, 0.15, 0.8]))) if is_on else dark
            sheet.box(wx, wy, wx + 5.5 * scale, wy + 8.5 * scale, colour, strength + (0.4 if is_on else -0.15))


def street(plot: Plot, chance: Generator) -> Layer:
    """House fronts on both sides that run away from us, with shops, awnings and signs."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 2 if plot.stage.lens.blur < 3 else 1)
    side_lines = ((-1, plot.middle - plot.stage.width * 0.13), (1, plot.middle + plot.stage.width * 0.13))
    for side, inner in side_lines:
        x, index = inner, 0
        while -300 * scale < x < plot.width + 300 * scale:
            away = abs(x - plot.middle) / max(1.0, plot.stage.width / 2)
            width = (46 + 150 * away) * scale
            height = (150 + 470 * away) * scale * float(chance.uniform(0.85, 1.2))
            base = plot.horizon + (6 + 74 * away) * scale
            tint = mix(palette.wall[index % 2], palette.accent if chance.random() < 0.3 else palette.near, 0.35)
            colour = mix(
                mix(tint, palette.near, 0.25 + palette.shade * 0.35), palette.haze, max(0.0, 0.55 - away * 0.5)
            )
            left, right = (x - width, x) if side < 0 else (x, x + width)
            _house(sheet, plot, chance, (left, base - height, right, base), colour, away)
            x += side * width
            index += 1
    shape = lit(sheet.picture(), palette.key, plot.stage.towards_light, 10 * scale, 0.25, 0.5)
    return plot.layer(shape, plot.stage.lens.blur)


def _house(
    sheet: Sheet, plot: Plot, chance: Generator, area: tuple[float, float, float, float], colour: RGB, away: float
) -> None:
    palette, scale = plot.stage.palette, plot.stage.scale * (0.35 + 0.75 * away)
    left, top, right, base = area
    sheet.box(left, top, right, base, colour)
    sheet.box(left - 3 * scale, top, right + 3 * scale, top + 12 * scale, scaled(colour, 1.15))
    floors, bays = max(2, int((base - top) / (76 * scale))), max(1, int((right - left) / (52 * scale)))
    for floor in range(floors - 1):
        for bay in range(bays):
            wx = left + (bay + 0.5) * (right - left) / bays
            wy = top + (26 + floor * 76) * scale
            is_on = chance.random() < palette.lamps * 0.7
            pane = (
                mix(_WARM, palette.accent, float(chance.random()) * 0.3) if is_on else mix(palette.sky[1], colour, 0.45)
            )
            sheet.box(wx - 15 * scale, wy - 3 * scale, wx + 15 * scale, wy + 45 * scale, scaled(colour, 0.78))
            sheet.box(wx - 12 * scale, wy, wx + 12 * scale, wy + 42 * scale, pane)
    shop = (
        mix(_WARM, palette.accent, float(chance.random()) * 0.5)
        if palette.lamps > 0.25
        else mix(palette.sky[1], palette.near, 0.4)
    )
    sheet.box(left + 8 * scale, base - 66 * scale, right - 8 * scale, base - 6 * scale, shop)
    awning = palette.accent if chance.random() < 0.5 else palette.second
    sheet.polygon(
        [(left + 4 * scale, base - 78 * scale), (right - 4 * scale, base - 78 * scale),
         (right + 6 * scale, base - 56 * scale), (left - 6 * scale, base - 56 * scale)],
        scaled(awning, 1.0 - palette.shade * 0.35),
    )  # fmt: skip
    if palette.lamps > 0.8 and chance.random() < 0.75:
        sign = palette.accent if chance.random() < 0.5 else palette.key
        sheet.box(right - 24 * scale, base - 190 * scale, right - 8 * scale, base - 95 * scale, sign, radius=4 * scale)


def stands(plot: Plot, chance: Generator) -> Layer:
    """The stand of a stadium: rows of seats with a crowd, a roof and floodlights."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 1)
    base, top = plot.horizon + 8 * scale, plot.horizon - 150 * scale
    concrete = mix(palette.far, palette.near, 0.4)
    sheet.polygon([(0, top), (plot.width, top), (plot.width, base), (0, base)], concrete)
    rows = 9
    for row in range(rows):
        y = top + (base - top) * (row + 0.4) / rows * 0.86
        sheet.box(0, y + 9 * scale, plot.width, y + 12 * scale, scaled(concrete, 0.75))
        for x in np.arange(0, plot.width, max(3.0, 9.5 * scale)):
            if chance.random() < 0.72:
                tone = (
                    palette.accent
                    if chance.random() < 0.16
                    else palette.second
                    if chance.random() < 0.12
                    else palette.wall[1]
                )
                colour = mix(scaled(tone, 0.55 + 0.5 * float(chance.random())), concrete, 0.35)
                sheet.oval(x + float(chance.uniform(-2, 2)) * scale, y + 2 * scale, 3.4 * scale, 5 * scale, colour)
    board = scaled(palette.accent, 0.9)
    sheet.box(0, base - 24 * scale, plot.width, base, mix(board, palette.near, 0.25))
    for x in np.arange(0, plot.width, 170 * scale):
        sheet.box(
            x, base - 19 * scale, x + 90 * scale, base - 6 * scale, mix((255, 255, 255), board, 0.25), 1.0, 3 * scale
        )
    sheet.polygon(
        [(0, top - 66 * scale), (plot.width, top - 66 * scale), (plot.width, top - 44 * scale), (0, top - 38 * scale)],
        palette.near,
    )
    for x in np.arange(60 * scale, plot.width, 210 * scale):
        sheet.box(x, top - 46 * scale, x + 6 * scale, base - 20 * scale, palette.near)
        sheet.box(
            x - 26 * scale, top - 60 * scale, x + 34 * scale, top - 52 * scale, mix((255, 255, 245), palette.key, 0.4)
        )
    return plot.layer(sheet.picture(), plot.stage.lens.blur + 0.7)


def lamp_posts(plot: Plot, chance: Generator) -> Layer:
    """Street lamps on both sides, with halos when they are lit."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet, halos = Sheet(plot.width, plot.height, 2), Sheet(plot.width, plot.height, 1)
    for side in (-1, 1):
        for i, away in enumerate((0.42, 0.66, 1.05)):
            x = plot.middle + side * plot.stage.width * away * 0.62
            size = scale * (0.45 + 0.9 * away) * float(chance.uniform(0.95, 1.05))
            base, top = plot.horizon + 60 * away * scale, plot.horizon - 270 * size
            sheet.stroke([(x, base), (x, top), (x - side * 34 * size, top - 12 * size)], 5.5 * size, palette.near)
            sheet.box(
                x - side * 34 * size - 15 * size,
                top - 16 * size,
                x - side * 34 * size + 15 * size,
                top - 9 * size,
                palette.near,
            )
            if palette.lamps > 0.2:
                halos.oval(
                    x - side * 34 * size, top - 6 * size, 22 * size, 15 * size, mix(_WARM, palette.key, 0.3 * (i % 2))
                )
    picture = softened(halos.picture(), 10 * scale)
    picture.alpha_composite(sheet.picture())
    return plot.layer(picture, plot.stage.lens.blur)


def rooftop(plot: Plot, chance: Generator) -> Layer:
    """What stands on a city roof: a parapet, a water tank, vents, a string of bulbs."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 2)
    dark = mix(palette.near, palette.wall[1], 0.30)
    base = plot.horizon + 26 * scale
    side = 1 if chance.random() < 0.5 else -1
    x = plot.middle + side * plot.stage.width * 0.30
    for leg in (-46, 46):
        sheet.box(x + (leg - 5) * scale, base - 130 * scale, x + (leg + 5) * scale, base, scaled(dark, 0.8))
    sheet.stroke(
        [(x - 46 * scale, base - 10 * scale), (x + 46 * scale, base - 120 * scale)], 5 * scale, scaled(dark, 0.8)
    )
    wood = mix(palette.wood, palette.near, 0.35)
    sheet.box(x - 62 * scale, base - 270 * scale, x + 62 * scale, base - 126 * scale, wood)
    for plank in range(-3, 4):
        sheet.box(
            x + plank * 17 * scale,
            base - 270 * scale,
            x + plank * 17 * scale + 2 * scale,
            base - 126 * scale,
            scaled(wood, 0.75),
        )
    sheet.polygon(
        [(x - 72 * scale, base - 268 * scale), (x, base - 326 * scale), (x + 72 * scale, base - 268 * scale)],
        scaled(wood, 0.7),
    )
    vent = plot.middle - side * plot.stage.width * 0.33
    sheet.box(vent - 58 * scale, base - 78 * scale, vent + 58 * scale, base, scaled(dark, 1.15), radius=4 * scale)
    for slat in range(5):
        sheet.box(
            vent - 46 * scale,
            base - (66 - slat * 12) * scale,
            vent + 46 * scale,
            base - (60 - slat * 12) * scale,
            scaled(dark, 0.7),
        )
    sheet.box(0, base - 22 * scale, plot.width, base + 4 * scale, dark)
    sheet.box(0, base - 28 * scale, plot.width, base - 20 * scale, mix(dark, palette.key, 0.35))
    bulbs = np.linspace(0, plot.width, 22)
    wire = [(bx, plot.horizon - (250 - 60 * np.sin(i * 0.75) ** 2) * scale) for i, bx in enumerate(bulbs)]
    sheet.stroke(wire, 1.6 * scale, palette.near)
    for bx, by in wire:
        sheet.oval(bx, by + 7 * scale, 5.5 * scale, 6.5 * scale, mix(_WARM, (255, 255, 255), 0.35))
    shape = lit(sheet.picture(), palette.key, plot.stage.towards_light, 10 * scale, 0.4, 0.8)
    return plot.layer(shape, plot.stage.lens.blur)


def fence(plot: Plot, chance: Generator) -> Layer:
    """A rail fence or the posts of a jetty."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 2)
    wood = mix(palette.wood, palette.near, 0.45)
    base = plot.horizon + 78 * scale
    for y in (-62, -34):
        sheet.box(0, base + y * scale, plot.width, base + (y + 8) * scale, wood)
    for x in np.arange(float(chance.uniform(0, 60)), plot.width, 118 * scale):
        sheet.box(x, base - 82 * scale, x + 13 * scale, base + 4 * scale, scaled(wood, 0.85), 1.0, 3 * scale)
    shape = lit(sheet.picture(), palette.key, plot.stage.towards_light, 5 * scale + 1, 0.4, 0.7)
    return plot.layer(shape, plot.stage.lens.blur * 0.7)
