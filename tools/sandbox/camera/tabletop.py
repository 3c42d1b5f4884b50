"""The set seen from straight above: a table, a floor or the ground, with light that falls across it."""

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from callsheet.tools.sandbox.camera.paint import Plane, cloud, dithered, glow
from callsheet.tools.sandbox.camera.palette import RGB, mix
from callsheet.tools.sandbox.camera.stage import Layer, Plot, Stage


def tabletop(plot: Plot, chance: Generator, paving: str) -> Layer:
    """The ground from above, opaque."""
    stage, height, width = plot.stage, plot.height, plot.width
    rows = np.arange(height, dtype=np.float32)[:, None] / stage.unit
    columns = np.arange(width, dtype=np.float32)[None, :] / stage.unit
    noise = cloud(width, height, (6, 9), chance, 4)
    base, dark, pattern = _surface(stage, paving, rows, columns, noise)
    picture = (
        np.asarray(base, dtype=np.float32)
        + (np.asarray(dark, dtype=np.float32) - np.asarray(base, dtype=np.float32)) * pattern[..., None]
    )
    picture = picture * (
        1.0
        - stage.palette.shade * 0.55 * (1 - glow(width, height, _key_x(plot), height * 0.2, max(width, height) * 0.75))
    )
    picture = _dappled(picture, plot, rows, columns)
    return Layer((dithered(np.asarray(picture, dtype=np.float32), chance),), -plot.mx, -plot.my, plot.depth)


def _key_x(plot: Plot) -> float:
    return plot.stage.palette.key_from[0] * plot.stage.width + plot.mx


def _surface(stage: Stage, paving: str, rows: Plane, columns: Plane, noise: Plane) -> tuple[RGB, RGB, Plane]:
    palette = stage.palette
    match paving:
        case "planks":
            board = np.floor(columns / 92)
            chip = np.sin(board * 12.9898) * 43758.5453
            seam = np.clip(1.5 - np.abs((columns / 92) % 1.0 - 0.5) * 92 + 44, 0, 1)
            grain = np.sin(rows * 0.02 + noise * 26 + board * 3) * 0.5 + 0.5
            return (
                palette.wood,
                mix(palette.wood, (30, 16, 8), 0.7),
                _field((chip - np.floor(chip)) * 0.3 + grain * 0.22 + seam * 0.6),
            )
        case "tiles" | "none":
            seam = np.maximum((rows % 180) < 4, (columns % 180) < 4) if paving == "tiles" else np.zeros_like(noise)
            plain = mix(palette.wall[0], palette.accent, 0.5 if paving == "none" else 0.0)
            return plain, mix(plain, palette.wall[1], 0.8), _field(seam * 0.8 + (noise - 0.5) * 0.12)
        case "asphalt" | "concrete" | "lanes":
            tone: RGB = (176.0, 72.0, 52.0) if paving == "lanes" else mix(palette.ground[1], (84, 86, 94), 0.6)
            line = (
                (np.abs(columns - 120) < 9) | (np.abs(columns - 610) < 9)
                if paving == "lanes"
                else np.abs(columns - 90) < 7
            )
            return tone, (238.0, 232.0, 220.0), _field(line * 0.85 + (noise - 0.6) * 0.22)
        case "sand" | "rock":
            ripple = np.sin(rows * 0.09 + noise * 11) * 0.5 + 0.5
            return (
                mix(palette.ground[0], (232, 204, 158), 0.5),
                mix(palette.ground[1], palette.near, 0.3),
                _field(ripple * 0.35 + noise * 0.3),
            )
        case _:
            tuft = np.sin(columns * 0.45 + noise * 30) * np.sin(rows * 0.4 + noise * 22) * 0.5 + 0.5
            return palette.leaf, mix(palette.leaf, palette.near, 0.7), _field(noise * 0.7 + tuft * 0.25)


def _field(value: NDArray[Any]) -> Plane:
    return np.asarray(np.clip(value, 0, 1), dtype=np.float32)


def _dappled(picture: Plane, plot: Plot, rows: Plane, columns: Plane) -> Plane:
    """Bars of light and shadow across the surface, as from a window or a row of trunks."""
    palette = plot.stage.palette
    lean = 0.55 if palette.key_from[0] < 0.5 else -0.55
    across = (columns + rows * lean) / 330
    bars = np.clip(np.sin(across * 6.283) * 2.4 + 0.9, 0, 1)[..., None]
    key = np.asarray(palette.key, dtype=np.float32)
    shadowed = picture * (1 - palette.shade * 0.5)
    sunlit = picture + (key - picture) * 0.24 * palette.glow
    return np.asarray(shadowed * (1 - bars) + sunlit * bars, dtype=np.float32)
