"""Rooms from inside: the wall with its window, the light that falls through it, and the sweep of a studio."""

import numpy as np
from numpy.random import Generator
from PIL import Image

from callsheet.domain.shot import Light
from callsheet.tools.sandbox.camera.paint import Plane, Sheet, cloud, dithered, glow, lit, ramp, softened
from callsheet.tools.sandbox.camera.palette import RGB, mix, scaled
from callsheet.tools.sandbox.camera.stage import Layer, Plot


def wall(plot: Plot, chance: Generator, kind: str) -> Layer:
    """The back wall, opaque, lit from where the key light stands."""
    palette = plot.stage.palette
    light, dark = palette.wall
    picture = np.repeat(
        ramp(plot.height, [(0, mix(light, dark, 0.55)), (0.55, light), (1, mix(light, dark, 0.3))]), plot.width, axis=1
    )
    if kind == "brick":
        picture *= _bricks(plot, chance)[:, :, None]
    elif kind == "tile":
        picture *= _tiles(plot)[:, :, None]
    elif kind == "panel":
        picture *= _panels(plot)[:, :, None]
    elif kind == "split":
        line = int(max(0, plot.horizon - 190 * plot.stage.scale))
        picture[line:] = picture[line:] * 0.55 + np.asarray(scaled(palette.accent, 0.62), dtype=np.float32) * 0.45
    x = palette.key_from[0] * plot.stage.width + plot.mx
    y = palette.key_from[1] * plot.stage.height + plot.my
    reach = max(plot.stage.width, plot.stage.height)
    fall = glow(plot.width, plot.height, x, y, reach * 0.55)
    picture *= 1.0 - palette.shade * (1.0 - fall) * 0.85
    picture += (np.asarray(palette.key, dtype=np.float32) - picture) * fall * 0.30 * palette.glow
    if plot.stage.reading.light is Light.NEON:
        other = glow(plot.width, plot.height, plot.width - x, plot.horizon, reach * 0.36)
        picture += (np.asarray(palette.accent, dtype=np.float32) - picture) * other * 0.55
    opaque = dithered(picture, chance)
    return Layer((softened(opaque, plot.stage.lens.blur * 0.5 * plot.stage.unit),), -plot.mx, -plot.my, plot.depth)


def _grid(plot: Plot, wide: float, high: float, shift: bool, gap: float, depth: float) -> Plane:
    rows = np.arange(plot.height, dtype=np.float32)[:, None] / (high * plot.stage.scale)
    columns = np.arange(plot.width, dtype=np.float32)[None, :] / (wide * plot.stage.scale)
    if shift:
        columns = columns + 0.5 * (np.floor(rows) % 2)
    seam = np.maximum((rows % 1.0) < gap * wide / high, (columns % 1.0) < gap)
    return np.asarray(1.0 - seam * depth, dtype=np.float32)


def _bricks(plot: Plot, chance: Generator) -> Plane:
    tone = cloud(plot.width, plot.height, (24, 60), chance, 1) * 0.22 + 0.86
    return np.asarray(_grid(plot, 64, 24, True, 0.05, 0.28) * tone, dtype=np.float32)


def _tiles(plot: Plot) -> Plane:
    return _grid(plot, 58, 58, False, 0.045, -0.10) * _grid(plot, 58, 58, False, 0.02, 0.16)


def _panels(plot: Plot) -> Plane:
    columns = np.arange(plot.width, dtype=np.float32)[None, :] / (44 * plot.stage.scale)
    shade = 1.0 - 0.16 * np.clip(1.0 - (columns % 1.0) * 5.0, 0, 1)
    return np.asarray(shade + np.zeros((plot.height, 1), dtype=np.float32), dtype=np.float32)


def window(plot: Plot, chance: Generator, *, panes: tuple[int, int], wide: float, high: float) -> Layer:
    """A window on the side of the key light, with a blurred world outside."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 2 if plot.stage.lens.blur < 3 else 1)
    centre = plot.mx + plot.stage.width * (0.20 if palette.key_from[0] < 0.5 else 0.80)
    left, right = centre - wide * scale / 2, centre + wide * scale / 2
    bottom = plot.horizon - 96 * scale
    top = bottom - high * scale
    frame = mix(scaled(palette.wall[0], 1.12), palette.near, palette.shade * 0.55)
    sheet.box(left - 13 * scale, top - 13 * scale, right + 13 * scale, bottom + 13 * scale, frame)
    sky, low = mix(palette.sky[1], palette.key, 0.35), mix(palette.leaf, palette.sky[2], 0.55)
    if palette.lamps > 0.8:
        sky, low = mix(palette.sky[1], palette.accent, 0.25), palette.sky[0]
    steps = 24
    for i in range(steps):
        y0, y1 = top + (bottom - top) * i / steps, top + (bottom - top) * (i + 1) / steps + 1
        sheet.box(left, y0, right, y1, mix(sky, low, max(0.0, (i / steps - 0.45) / 0.55) ** 1.5))
    for _ in range(14):
        bx, by = float(chance.uniform(left, right)), float(chance.uniform((top + bottom) / 2, bottom))
        r = min(float(chance.uniform(8, 26)) * scale, bx - left, right - bx, bottom - by)
        if r > 2:
            sheet.oval(bx, by, r, r, mix(low, palette.accent if palette.lamps > 0.8 else palette.key, 0.35))
    for i in range(1, panes[0]):
        x = left + (right - left) * i / panes[0]
        sheet.box(x - 4 * scale, top, x + 4 * scale, bottom, frame)
    for i in range(1, panes[1]):
        y = top + (bottom - top) * i / panes[1]
        sheet.box(left, y - 4 * scale, right, y + 4 * scale, frame)
    sheet.box(left - 22 * scale, bottom + 10 * scale, right + 22 * scale, bottom + 22 * scale, scaled(frame, 1.1))
    return plot.layer(sheet.picture(), plot.stage.lens.blur)


def shaft(plot: Plot, chance: Generator) -> Layer:
    """The light that falls into the room, as a soft slanted beam."""
    palette, width, height = plot.stage.palette, plot.width, plot.height
    sign = 1.0 if palette.key_from[0] < 0.5 else -1.0
    sheet = Sheet(width, height, 1)
    start = plot.mx + plot.stage.width * (0.06 if sign > 0 else 0.94)
    step = plot.stage.width * 0.19
    for i in range(3):
        x = start + sign * i * step * 1.15
        lean = sign * plot.stage.width * 0.62
        top = plot.my + plot.stage.height * 0.04
        sheet.polygon(
            [(x, top), (x + sign * step * 0.8, top), (x + sign * step * 0.9 + lean, height), (x + lean * 0.95, height)],
            palette.key,
            0.20 * palette.glow * float(chance.uniform(0.7, 1.0)),
        )
    return plot.layer(softened(sheet.picture(), 16 * plot.stage.unit))


def sweep(plot: Plot, chance: Generator) -> Layer:
    """A seamless studio backdrop in the shot's own colour, with a pool of light behind the subject."""
    palette = plot.stage.palette
    ground: RGB = mix(palette.wall[0], palette.accent, 0.55 if plot.stage.reading.light is Light.STUDIO else 0.30)
    dark = scaled(ground, 0.62 - 0.25 * palette.shade)
    bend = plot.horizon / plot.height
    stops = [
        (0.0, scaled(ground, 0.92)),
        (bend * 0.9, ground),
        (min(0.97, bend + 0.07), scaled(ground, 0.88)),
        (1.0, scaled(ground, 1.02)),
    ]
    picture = np.repeat(ramp(plot.height, stops), plot.width, axis=1)
    reach = max(plot.stage.width, plot.stage.height)
    pool = glow(plot.width, plot.height, plot.middle, plot.height * 0.46, reach * 0.42)
    picture = np.asarray(dark, dtype=np.float32) * (1 - pool) + picture * pool
    key = glow(
        plot.width, plot.height, palette.key_from[0] * plot.stage.width + plot.mx, plot.height * 0.25, reach * 0.3
    )
    picture += (np.asarray(palette.key, dtype=np.float32) - picture) * key * 0.35 * palette.glow
    return Layer((dithered(np.asarray(picture, dtype=np.float32), chance),), -plot.mx, -plot.my, plot.depth)


def studio_shapes(plot: Plot, chance: Generator) -> Layer:
    """Big plain forms behind the subject: a disc, an arch, steps."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 2)
    x = plot.middle + float(chance.uniform(-0.12, 0.12)) * plot.stage.width
    tone = mix(palette.second, palette.wall[0], 0.35)
    match int(chance.integers(3)):
        case 0:
            sheet.oval(x, plot.horizon - 210 * scale, 235 * scale, 235 * scale, tone)
        case 1:
            sheet.box(
                x - 190 * scale,
                plot.horizon - 470 * scale,
                x + 190 * scale,
                plot.horizon + 34 * scale,
                tone,
                1.0,
                190 * scale,
            )
            inner = scaled(tone, 0.82)
            sheet.box(
                x - 140 * scale,
                plot.horizon - 420 * scale,
                x + 140 * scale,
                plot.horizon + 34 * scale,
                inner,
                1.0,
                140 * scale,
            )
        case _:
            for i, tall in enumerate((320, 200, 100)):
                left = x + (-250 + i * 150) * scale
                sheet.box(
                    left,
                    plot.horizon - tall * scale,
                    left + 170 * scale,
                    plot.horizon + 30 * scale,
                    scaled(tone, 1.0 - 0.09 * i),
                    1.0,
                    8 * scale,
                )
    shape = lit(sheet.picture(), palette.key, plot.stage.towards_light, 30 * scale, 0.22, 0.35)
    shadow = Image.new("RGBA", shape.size, (0, 0, 0, 0))
    shadow.putalpha(shape.getchannel("A").point(lambda a: a // 5))
    out = softened(shadow, 24 * scale)
    out.alpha_composite(shape)
    return plot.layer(out, plot.stage.lens.blur)
