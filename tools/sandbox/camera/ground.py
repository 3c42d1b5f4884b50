"""The ground under the shot, drawn in perspective: asphalt, track, path, sand, grass, planks, tiles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from callsheet.domain.shot import Movement
from callsheet.tools.sandbox.camera.paint import cloud
from callsheet.tools.sandbox.camera.palette import RGB, mix, scaled
from callsheet.tools.sandbox.camera.stage import Layer, Plot

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Floor:
    """The ground as the camera sees it: `u` across, `v` away from us in strides, `near` 0..1 to our feet."""

    u: Array
    v: Array
    near: Array
    noise: Array
    fine: Array
    """How far from blurring together a line one stride wide is, 0..1."""
    plot: Plot


Paving = Callable[[Floor, Array], Array]


def ground(plot: Plot, chance: Generator, kind: str) -> Layer:
    """The ground layer, opaque below the horizon."""
    palette, height = plot.stage.palette, plot.height
    top = max(0, int(plot.horizon))
    rows = np.arange(top, height, dtype=np.float32)[:, None]
    reach = max(1.0, plot.stage.height - plot.stage.horizon)
    near = np.clip((rows - plot.horizon) / reach, 0.004, 1.6)
    across = (np.arange(plot.width, dtype=np.float32)[None, :] - plot.middle) / (250.0 * plot.stage.scale)
    strides = near * 2.6 / plot.stage.lens.scale
    floor = Floor(
        u=np.asarray(across / near * 0.42, dtype=np.float32),
        v=np.asarray(1.6 / strides * 2.6 + 0 * across, dtype=np.float32),
        near=np.asarray(near + 0 * across, dtype=np.float32),
        noise=cloud(plot.width, height - top, (9, 26), chance, 3),
        fine=np.asarray(np.clip(near * 3.0, 0, 1), dtype=np.float32),
        plot=plot,
    )
    far_colour, near_colour = _base(kind, plot)
    blend = np.clip(near, 0, 1)[..., None] ** 0.7
    colour = np.asarray(far_colour, dtype=np.float32) * (1 - blend) + np.asarray(near_colour, dtype=np.float32) * blend
    colour = colour + np.zeros((1, plot.width, 1), dtype=np.float32)
    colour = PAVINGS[kind](floor, colour)
    haze = np.exp(-near * 9.0)[..., None] * 0.75
    colour = colour + (np.asarray(palette.haze, dtype=np.float32) - colour) * haze
    pool = np.exp(-(((across * 1.1 - (palette.key_from[0] - 0.5) * 1.6) / 1.3) ** 2)) * palette.glow * 0.22
    colour = (
        colour + (np.asarray(palette.key, dtype=np.float32) - colour) * (pool * (1.05 - np.clip(near, 0, 1)))[..., None]
    )
    colour += chance.random(colour.shape[:2], dtype=np.float32)[..., None] * 2 - 1
    out = np.full((height, plot.width, 4), 0, dtype=np.uint8)
    out[top:, :, :3] = np.clip(colour, 0, 255)
    out[top:, :, 3] = np.clip((rows - plot.horizon + 1) * 255, 0, 255)
    return plot.layer(Image.fromarray(out, "RGBA"), plot.stage.lens.blur * 0.5)


def _base(kind: str, plot: Plot) -> tuple[RGB, RGB]:
    palette = plot.stage.palette
    far, near = palette.ground
    match kind:
        case "asphalt" | "concrete":
            return mix(far, (120, 120, 126), 0.5), mix(near, (58, 60, 68), 0.65)
        case "lanes":
            rust: RGB = (178, 74, 52)
            return mix(far, rust, 0.55), scaled(mix(near, rust, 0.65), 1.0 - palette.shade * 0.25)
        case "grass" | "path" | "rows":
            return mix(far, palette.leaf, 0.6), scaled(mix(near, palette.leaf, 0.75), 0.78)
        case "sand":
            return mix(far, (236, 208, 160), 0.55), mix(near, (206, 168, 116), 0.55)
        case "rock":
            return mix(far, palette.far, 0.3), mix(near, palette.near, 0.35)
        case "planks":
            return mix(palette.floor, palette.haze, 0.25), palette.floor
        case _:
            return mix(palette.floor, palette.wall[0], 0.35), mix(palette.floor, palette.wall[1], 0.25)


def _is_side_on(floor: Floor) -> bool:
    return floor.plot.stage.reading.movement is Movement.TRACKING


def _line(at: NDArray[Any], width: float, soft: float = 0.25) -> Array:
    """1 on every whole number of `at`, 0 between."""
    away = np.abs(at - np.round(at))
    return np.asarray(np.clip((width - away) / (width * soft) + 0.5, 0, 1), dtype=np.float32)


def _toward(colour: Array, other: RGB, amount: Array) -> Array:
    return np.asarray(colour + (np.asarray(other, dtype=np.float32) - colour) * amount[..., None], dtype=np.float32)


def _asphalt(floor: Floor, colour: Array) -> Array:
    palette = floor.plot.stage.palette
    colour = _toward(colour, (20, 20, 26), (floor.noise - 0.5) * 0.30 * floor.fine)
    paint = mix((235, 232, 222), palette.key, 0.2)
    if _is_side_on(floor):
        kerb = np.clip(1 - np.abs(floor.near - 0.30) / 0.03, 0, 1)
        return _toward(_toward(colour, paint, kerb * 0.5), paint, _dash(floor.u * floor.near * 1.1, floor.near, 0.72))
    middle = (np.abs(floor.u) < 0.055) & ((floor.v * 0.9) % 1.0 < 0.55)
    edges = _line(np.clip(np.abs(floor.u) / 2.1, 0, 1.4), 0.02) * (np.abs(floor.u) > 1)
    colour = _toward(colour, paint, middle * 0.75 * floor.fine)
    colour = _toward(colour, paint, edges * 0.4 * floor.fine)
    if palette.lamps > 0.8:
        wet = np.clip(cloudy_streak(floor), 0, 1)
        colour = _toward(colour, palette.accent, wet * 0.45)
        colour = _toward(colour, palette.key, np.roll(wet, floor.plot.width // 3, axis=1) * 0.35)
    return colour


def cloudy_streak(floor: Floor) -> Array:
    """Reflections of lamps that run towards us on a wet street."""
    column = np.sin(floor.u * floor.near * 5.0) * 0.5 + 0.5
    return np.asarray((column**6) * (0.4 + floor.noise) * np.clip(1.2 - floor.near, 0, 1), dtype=np.float32)


def _dash(along: Array, near: Array, at: float) -> Array:
    return np.asarray((along * 1.4 % 1.0 < 0.5) * np.clip(1 - np.abs(near - at) / 0.018, 0, 1) * 0.8, dtype=np.float32)


def _lanes(floor: Floor, colour: Array) -> Array:
    colour = _toward(colour, (60, 20, 16), (floor.noise - 0.5) * 0.25 * floor.fine)
    at = np.log(np.maximum(floor.near, 0.01)) * 3.2 if _is_side_on(floor) else floor.u * 1.7 + 0.5
    width = 0.075 if _is_side_on(floor) else 0.035
    colour = _toward(colour, (0, 0, 0), (np.floor(at) % 2 == 0) * np.float32(0.06))
    return _toward(
        colour, mix((245, 240, 230), floor.plot.stage.palette.key, 0.3), _line(at, width) * 0.85 * floor.fine
    )


def _grass(floor: Floor, colour: Array) -> Array:
    blades = np.sin(floor.u * 90 + floor.noise * 40) * 0.5 + 0.5
    colour = _toward(colour, (18, 30, 14), (floor.noise - 0.35) * 0.55)
    return _toward(colour, floor.plot.stage.palette.key, blades * floor.noise * 0.16 * floor.fine)


def _path(floor: Floor, colour: Array) -> Array:
    colour = _grass(floor, colour)
    palette = floor.plot.stage.palette
    bend = np.sin(floor.v * 0.8 + 0.6) * 0.16 * np.clip(1.2 - floor.near, 0, 1)
    if _is_side_on(floor):
        inside = np.clip((0.30 - np.abs(floor.near - 0.62)) / 0.05 + (floor.noise - 0.5) * 2.0, 0, 1)
    else:
        inside = np.clip((0.62 - np.abs(floor.u + bend)) / 0.12 + (floor.noise - 0.5) * 1.6, 0, 1)
    soil = mix(mix(palette.ground[0], (190, 150, 108), 0.5), palette.near, palette.shade * 0.25)
    return _toward(colour, soil, inside * (0.72 + 0.28 * floor.noise))


def _rows(floor: Floor, colour: Array) -> Array:
    stripe = np.sin(floor.u * 9.0) * 0.5 + 0.5
    colour = _toward(colour, floor.plot.stage.palette.ground[0], stripe * 0.6 * floor.fine)
    return _toward(colour, (20, 24, 12), (floor.noise - 0.4) * 0.5)


def _sand(floor: Floor, colour: Array) -> Array:
    ripple = np.sin(floor.v * 26 + floor.noise * 9) * 0.5 + 0.5
    colour = _toward(colour, floor.plot.stage.palette.near, ripple * 0.12 * floor.fine)
    return _toward(colour, floor.plot.stage.palette.key, (floor.noise - 0.3) * 0.22)


def _rock(floor: Floor, colour: Array) -> Array:
    facets = np.abs((floor.noise * 9) % 1.0 - 0.5) * 2
    colour = _toward(colour, (10, 10, 14), (facets - 0.5) * 0.35 * floor.fine)
    return _toward(colour, floor.plot.stage.palette.key, (floor.noise - 0.5) * 0.35)


def _planks(floor: Floor, colour: Array) -> Array:
    at = np.log(np.maximum(floor.near, 0.01)) * 4.0 if _is_side_on(floor) else floor.u * 2.6
    shade = np.sin(np.floor(at) * 12.9898) * 43758.5453
    colour = _toward(colour, (20, 10, 4), (shade - np.floor(shade)).astype(np.float32) * 0.16)
    colour = _toward(colour, (12, 6, 2), _line(at, 0.03) * 0.55 * floor.fine)
    return _toward(colour, floor.plot.stage.palette.key, (floor.noise - 0.5) * 0.10)


def _tiles(floor: Floor, colour: Array) -> Array:
    across = np.zeros_like(floor.u) if _is_side_on(floor) else _line(floor.u * 2.2, 0.03)
    seams = np.maximum(across, _line(floor.v * 1.1, 0.05)) * floor.fine
    if not _is_side_on(floor):
        checks = (np.floor(floor.u * 2.2 + 0.5) + np.floor(floor.v * 1.1 + 0.5)) % 2
        colour = _toward(colour, floor.plot.stage.palette.wall[1], checks * 0.14 * floor.fine)
    return _toward(colour, scaled(floor.plot.stage.palette.wall[1], 0.7), seams * 0.5)


def _concrete(floor: Floor, colour: Array) -> Array:
    colour = _toward(colour, (16, 16, 20), (floor.noise - 0.5) * 0.26)
    seams = _line(floor.u * 0.55 + 0.5, 0.012) if not _is_side_on(floor) else np.zeros_like(floor.u)
    return _toward(colour, (12, 12, 16), seams * 0.5 * floor.fine)


def _plain(floor: Floor, colour: Array) -> Array:
    return _toward(colour, floor.plot.stage.palette.key, (floor.noise - 0.5) * 0.05)


PAVINGS: Final[dict[str, Paving]] = {
    "asphalt": _asphalt,
    "lanes": _lanes,
    "grass": _grass,
    "path": _path,
    "rows": _rows,
    "sand": _sand,
    "rock": _rock,
    "planks": _planks,
    "tiles": _tiles,
    "concrete": _concrete,
    "plain": _plain,
}
