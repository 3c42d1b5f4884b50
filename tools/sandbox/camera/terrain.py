"""Sky, mountains, hills, dunes and water: what lies far away."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from callsheet.domain.shot import Light
from callsheet.tools.sandbox.camera.paint import Plane, Sheet, cloud, dithered, glow, ramp, veil
from callsheet.tools.sandbox.camera.palette import mix
from callsheet.tools.sandbox.camera.stage import Layer, Plot


def sky(plot: Plot, chance: Generator) -> Layer:
    """The sky with its light and its clouds; opaque, the bottom of every outdoor picture."""
    palette, light = plot.stage.palette, plot.stage.reading.light
    top, middle, low = palette.sky
    at_horizon = min(0.98, plot.horizon / plot.height)
    picture = np.repeat(
        ramp(plot.height, [(0, top), (at_horizon * 0.62, middle), (at_horizon, low), (1.0, palette.haze)]),
        plot.width,
        axis=1,
    )
    x, y = palette.key_from[0] * plot.stage.width + plot.mx, palette.key_from[1] * plot.stage.height + plot.my
    reach = max(plot.stage.width, plot.stage.height)
    key = np.asarray(palette.key, dtype=np.float32)
    halo = glow(plot.width, plot.height, x, y, reach * 0.34) * palette.glow * 0.75
    picture += (key - picture) * halo
    if light in (Light.NEON, Light.LOW_KEY):
        picture = _stars(picture, plot, chance)
        tint = np.asarray(palette.accent, dtype=np.float32)
        city_glow = glow(plot.width, plot.height, plot.middle, plot.horizon, reach * 0.30) * 0.45
        picture += (tint - picture) * city_glow * palette.lamps
    else:
        picture = _clouds(picture, plot, chance)
    if light in (Light.DAWN, Light.GOLDEN_HOUR):
        disc = glow(plot.width, plot.height, x, y, 40 * plot.stage.unit)
        picture += (255.0 - picture) * np.clip(disc * 3.0 - 1.1, 0, 1)
    return Layer((dithered(picture, chance),), -plot.mx, -plot.my, plot.depth)


def _stars(picture: Plane, plot: Plot, chance: Generator) -> Plane:
    spots = chance.random((70, 3))
    for x, y, bright in spots:
        row, column = int(y * plot.horizon * 0.7), int(x * (plot.width - 2))
        picture[row : row + 2, column : column + 2] += 20 + 110 * bright**4
    return picture


def _clouds(picture: Plane, plot: Plot, chance: Generator) -> Plane:
    light = plot.stage.reading.light
    cover = {Light.OVERCAST: 0.30, Light.NOON: 0.62, Light.DAWN: 0.50, Light.GOLDEN_HOUR: 0.48}.get(light, 0.6)
    shape = cloud(plot.width // 3 + 1, plot.height // 3 + 1, (2, 9), chance, octaves=4)
    shape = np.clip((shape - cover) / 0.34, 0, 1) ** 1.3
    grown = np.asarray(Image.fromarray(shape).resize((plot.width, plot.height), Image.Resampling.BILINEAR))
    height = np.arange(plot.height, dtype=np.float32)[:, None] / max(1.0, plot.horizon)
    amount = grown * np.clip(1.15 - height, 0, 1) * (0.75 if light is Light.NOON else 0.6)
    colour = mix(plot.stage.palette.key, plot.stage.palette.sky[2], 0.35)
    if light is Light.OVERCAST:
        colour = mix(plot.stage.palette.sky[2], (255.0, 255.0, 255.0), 0.3)
    return np.asarray(picture + (np.asarray(colour, dtype=np.float32) - picture) * amount[:, :, None], dtype=np.float32)


def profile(width: int, chance: Generator, rough: float, waves: int) -> NDArray[np.float64]:
    """A skyline of hills between 0 and 1: `waves` broad humps, `rough` 0 for dunes and 1 for rock."""
    x = np.linspace(0, 1, width)
    line = np.zeros(width)
    for octave in range(6):
        points = chance.random(waves * 2**octave + 2)
        at = np.linspace(0, 1, len(points))
        fine = np.interp(x, at, points)
        if octave < 2 or rough < 0.5:
            t = (x * (len(points) - 1)) % 1.0
            left = points[np.minimum((x * (len(points) - 1)).astype(int), len(points) - 2)]
            right = points[np.minimum((x * (len(points) - 1)).astype(int) + 1, len(points) - 1)]
            fine = left + (right - left) * (0.5 - 0.5 * np.cos(np.pi * t))
        line += fine * (0.5 + 0.08 * rough) ** octave * (1.0 if octave < 2 else rough)
    low, high = line.min(), line.max()
    return np.asarray((line - low) / max(1e-9, high - low))


def ridge(plot: Plot, chance: Generator, *, high: float, low: float, rough: float, waves: int, fade: float) -> Layer:
    """One range of hills. `high` and `low` are above the horizon in pixels of a wide shot; `fade` 1 is all haze."""
    palette, scale = plot.stage.palette, plot.stage.scale
    line = profile(plot.width, chance, rough, waves)
    crest = plot.horizon - (low + (high - low) * line) * scale
    rows = np.arange(plot.height, dtype=np.float32)[:, None]
    alpha = np.clip(rows - crest[None, :] + 0.5, 0, 1) * (rows < plot.horizon + 60 * scale + 2)
    top, foot = mix(palette.near, palette.far, 0.35 + 0.65 * fade), mix(palette.far, palette.haze, 0.35 + 0.6 * fade)
    depth_in = np.clip((rows - crest[None, :]) / max(1.0, (high * scale)), 0, 1)[..., None]
    soft = np.convolve(np.pad(line, 12, mode="edge"), np.hanning(25) / np.hanning(25).sum(), mode="valid")
    side = np.clip(np.gradient(soft) * plot.width / max(1, waves) * 0.12, -1, 1) * (0.5 + rough)
    if palette.key_from[0] > 0.5:
        side = -side
    facing = np.clip(-side, -0.5, 1.0)[None, :, None] * (1 - depth_in) * (1.0 - 0.55 * fade)
    colour = np.asarray(top, dtype=np.float32) * (1 - depth_in) + np.asarray(foot, dtype=np.float32) * depth_in
    colour = colour + (np.asarray(palette.key, dtype=np.float32) - colour) * np.clip(facing * 0.26, -0.10, 0.34)
    out = np.concatenate([np.clip(colour, 0, 255), alpha[..., None] * 255.0], axis=-1)
    return plot.layer(Image.fromarray(out.astype(np.uint8), "RGBA"), plot.stage.lens.blur)


def treeline(plot: Plot, chance: Generator, *, high: float, fade: float) -> Layer:
    """A far edge of trees."""
    palette, scale = plot.stage.palette, plot.stage.scale
    sheet = Sheet(plot.width, plot.height, 1)
    colour = mix(mix(palette.leaf, palette.near, 0.45), palette.haze, fade)
    step = 13 * scale
    for i in range(int(plot.width / max(2.0, step)) + 2):
        tall = high * scale * float(chance.uniform(0.45, 1.0))
        x = i * step + float(chance.uniform(-4, 4)) * scale
        sheet.oval(
            x, plot.horizon - tall * 0.55, 17 * scale, tall * 0.5, mix(colour, palette.key, chance.random() * 0.10)
        )
    sheet.box(0, plot.horizon - high * scale * 0.4, plot.width, plot.horizon + 30 * scale, colour)
    return plot.layer(sheet.picture(), plot.stage.lens.blur + 0.8)


def water(plot: Plot, chance: Generator, *, near_shore: float) -> Layer:
    """Open water from the horizon down to `near_shore` (a fraction of the way to our feet), with the light on it."""
    palette = plot.stage.palette
    rows = np.arange(plot.height, dtype=np.float32)[:, None]
    reach = max(1.0, plot.stage.height - plot.stage.horizon)
    s = np.clip((rows - plot.horizon) / reach, 0, 1.3)
    ripples = cloud(plot.width, plot.height, (4, 90), chance, octaves=2)
    sky_low, deep = np.asarray(palette.sky[2]), np.asarray(mix(palette.sky[0], palette.near, 0.35))
    mirror = np.clip(0.85 - s * 1.5 + (ripples - 0.5) * (0.25 + s), 0, 1)[..., None]
    colour = deep * (1 - mirror) + sky_low * mirror
    x = palette.key_from[0] * plot.stage.width + plot.mx
    column = np.exp(-(((np.arange(plot.width) - x) / (plot.stage.width * (0.06 + 0.16 * s))) ** 2))
    glint = np.clip(column * palette.glow * (ripples * 2.2 - 0.85), 0, 1)[..., None]
    colour = colour + (np.asarray(palette.key) - colour) * glint
    shore = (
        plot.horizon + near_shore * reach + (profile(plot.width, chance, 0.1, 3)[None, :] - 0.5) * 40 * plot.stage.scale
    )
    alpha = np.clip(rows - plot.horizon, 0, 1) * np.clip((shore - rows) / 2, 0, 1)
    foam = np.exp(-(((rows - shore + 5) / (5 * plot.stage.unit)) ** 2))[..., None] * (near_shore < 1.0)
    colour = colour + (250 - colour) * foam * 0.7 * (0.35 + 0.65 * max(0.25, 1 - palette.shade))
    out = np.concatenate([np.clip(colour, 0, 255), alpha[..., None] * 255.0], axis=-1)
    return plot.layer(Image.fromarray(out.astype(np.uint8), "RGBA"), plot.stage.lens.blur * 0.6)


def mist(plot: Plot, chance: Generator, amount: float) -> Layer:
    """Haze that lies on the horizon."""
    rows = np.arange(plot.height, dtype=np.float32)[:, None]
    band = np.exp(-(((rows - plot.horizon) / (110 * plot.stage.scale + 6)) ** 2))
    wisps = 0.55 + 0.45 * cloud(plot.width // 4 + 1, plot.height // 4 + 1, (2, 6), chance, 2)
    grown = np.asarray(Image.fromarray(wisps).resize((plot.width, plot.height), Image.Resampling.BILINEAR))
    return plot.layer(veil(plot.stage.palette.haze, np.asarray(band * grown * amount, dtype=np.float32)))
