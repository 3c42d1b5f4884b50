"""The sets: which pieces of scenery make a street, a forest, a kitchen, seen from afar to near."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from callsheet.domain.shot import Framing, Light, Movement
from callsheet.tools.sandbox.camera import furniture, growth, masonry, rooms, terrain
from callsheet.tools.sandbox.camera.ground import ground
from callsheet.tools.sandbox.camera.paint import Sheet, softened
from callsheet.tools.sandbox.camera.palette import mix
from callsheet.tools.sandbox.camera.stage import Layer, Plot, Stage, fork
from callsheet.tools.sandbox.camera.tabletop import tabletop

Flat = Callable[[Plot, Generator], Layer]

SKY, FAR, RANGE, BACK, MID, FLOOR, FRONT = 0.03, 0.10, 0.18, 0.28, 0.40, 0.52, 1.25


@dataclass(frozen=True)
class Setting:
    """One set: its flats from far to near, each with its depth, and its ground."""

    flats: tuple[tuple[float, Flat], ...]
    paving: str
    front: str = "bokeh"
    """What is close to the lens, out of focus: bokeh, leaves, posts or nothing."""


def _out(*flats: tuple[float, Flat], paving: str, front: str = "bokeh") -> Setting:
    return Setting(((SKY, terrain.sky), *flats), paving, front)


def _room(kind: str, *flats: tuple[float, Flat], paving: str, front: str = "bokeh") -> Setting:
    return Setting(((0.16, lambda plot, chance: rooms.wall(plot, chance, kind)), *flats), paving, front)


def _ridge(high: float, low: float, rough: float, waves: int, fade: float) -> Flat:
    return lambda p, c: terrain.ridge(p, c, high=high, low=low, rough=rough, waves=waves, fade=fade)


def _grove(
    kind: str, count: int, tall: tuple[float, float], foot: float = 0, fade: float = 0, clear: float = 0
) -> Flat:
    return lambda p, c: growth.grove(p, c, kind, count=count, tall=tall, foot=foot, fade=fade, clear=clear)


def _towers(tall: tuple[float, float], fade: float) -> Flat:
    return lambda p, c: masonry.skyline(p, c, tall=tall, fade=fade)


def _trees(high: float, fade: float) -> Flat:
    return lambda p, c: terrain.treeline(p, c, high=high, fade=fade)


def _mist(amount: float) -> Flat:
    return lambda p, c: terrain.mist(p, c, amount)


def _water(near_shore: float) -> Flat:
    return lambda p, c: terrain.water(p, c, near_shore=near_shore)


def _pane(panes: tuple[int, int], wide: float, high: float) -> Flat:
    return lambda p, c: rooms.window(p, c, panes=panes, wide=wide, high=high)


def _with(*pieces: tuple[str, float]) -> Flat:
    return lambda p, c: furniture.furnish(p, c, pieces)


SETTINGS: Final[dict[str, Setting]] = {
    "street": _out(
        (FAR, _towers((120, 300), 0.6)),
        (BACK, masonry.street),
        (MID, masonry.lamp_posts),
        paving="asphalt",
    ),
    "city": _out(
        (FAR, _towers((190, 460), 0.62)),
        (BACK, _towers((110, 330), 0.2)),
        (MID, masonry.lamp_posts),
        paving="concrete",
    ),
    "track": _out((FAR, _towers((40, 130), 0.75)), (BACK, masonry.stands), paving="lanes"),
    "forest": _out(
        (RANGE, _grove("conifer", 26, (300, 470), fade=0.55)),
        (0.24, _mist(0.8)),
        (MID, _grove("trunk", 9, (430, 640), foot=46, clear=0.34)),
        paving="path",
        front="leaves",
    ),
    "trail": _out(
        (FAR, _ridge(280, 60, 0.8, 3, 0.7)),
        (RANGE, _ridge(150, 30, 0.5, 4, 0.35)),
        (MID, _grove("conifer", 12, (140, 330), foot=30, fade=0.1, clear=0.36)),
        paving="path",
        front="leaves",
    ),
    "beach": _out(
        (FAR, _ridge(90, 0, 0.5, 2, 0.75)),
        (0.3, _water(0.42)),
        (MID, _grove("palm", 3, (420, 560), foot=120, clear=0.62)),
        paving="sand",
    ),
    "mountain": _out(
        (FAR, _ridge(560, 170, 1.0, 3, 0.7)),
        (RANGE, _ridge(320, 50, 1.0, 4, 0.3)),
        (0.24, _mist(0.75)),
        (MID, _ridge(120, 10, 0.9, 5, 0.0)),
        paving="rock",
    ),
    "hills": _out(
        (FAR, _ridge(230, 60, 0.2, 3, 0.7)),
        (RANGE, _ridge(130, 20, 0.15, 3, 0.35)),
        (MID, _grove("leafy", 5, (150, 260), foot=20, clear=0.4)),
        paving="grass",
    ),
    "desert": _out(
        (FAR, _ridge(260, 40, 0.75, 3, 0.65)),
        (RANGE, _ridge(130, 10, 0.05, 3, 0.25)),
        (MID, _grove("cactus", 4, (120, 250), foot=50, clear=0.42)),
        paving="sand",
    ),
    "rooftop": _out(
        (FAR, _towers((120, 380), 0.6)), (RANGE, _towers((40, 190), 0.2)), (MID, masonry.rooftop), paving="planks"
    ),
    "field": _out(
        (FAR, _ridge(90, 20, 0.2, 3, 0.7)),
        (RANGE, _trees(70, 0.35)),
        (MID, masonry.fence),
        paving="rows",
        front="leaves",
    ),
    "lake": _out(
        (FAR, _ridge(330, 80, 0.85, 3, 0.65)),
        (RANGE, _trees(80, 0.4)),
        (0.3, _water(0.5)),
        (MID, _grove("reed", 22, (90, 170), foot=130, clear=0.3)),
        paving="planks",
        front="leaves",
    ),
    "garden": _out(
        (RANGE, _trees(210, 0.35)),
        (BACK, _grove("leafy", 5, (300, 430), foot=14, fade=0.15, clear=0.25)),
        (MID, _grove("bush", 13, (58, 96), foot=44)),
        paving="grass",
        front="leaves",
    ),
    "studio": Setting(((0.16, rooms.sweep), (BACK, rooms.studio_shapes)), "none", "none"),
    "gallery": _room("plain", (BACK, _with(("plinths", 0.5))), (0.34, rooms.shaft), paving="concrete", front="none"),
    "kitchen": _room(
        "tile",
        (0.2, _pane((2, 2), 230, 250)),
        (BACK, _with(("shelves", 0.92), ("hood", 0.55), ("counter", 0.62))),
        (0.34, rooms.shaft),
        paving="tiles",
    ),
    "cafe": _room(
        "brick",
        (0.2, _pane((3, 2), 300, 330)),
        (BACK, _with(("shelves", 0.84), ("table", 0.3), ("table", 0.75))),
        (0.36, furniture.pendants),
        paving="planks",
    ),
    "office": _room(
        "plain",
        (0.2, _pane((4, 1), 420, 360)),
        (BACK, _with(("frames", 0.86), ("desk", 0.72), ("plant", 0.1))),
        (0.34, rooms.shaft),
        paving="concrete",
    ),
    "gym": _room(
        "split",
        (0.2, _pane((5, 2), 380, 170)),
        (BACK, _with(("rack", 0.72), ("rack", 0.2))),
        (0.34, rooms.shaft),
        paving="concrete",
    ),
    "home": _room(
        "plain",
        (0.2, _pane((2, 3), 230, 340)),
        (BACK, _with(("frames", 0.72), ("sofa", 0.64), ("plant", 0.1))),
        (0.34, rooms.shaft),
        paving="planks",
    ),
    "bedroom": _room(
        "panel",
        (0.2, _pane((2, 2), 220, 300)),
        (BACK, _with(("frames", 0.66), ("bed", 0.66))),
        (0.34, rooms.shaft),
        paving="planks",
    ),
    "shop": _room(
        "panel",
        (BACK, _with(("shelves", 0.12), ("shelves", 0.88), ("counter", 0.5))),
        (0.36, furniture.pendants),
        paving="tiles",
    ),
    "workshop": _room(
        "brick",
        (0.2, _pane((3, 3), 220, 260)),
        (
            BACK,
            _with(
                ("pegboard", 0.62),
            ),
        ),
        (0.36, furniture.pendants),
        paving="concrete",
    ),
    "bathroom": _room(
        "tile",
        (0.2, _pane((1, 2), 150, 250)),
        (BACK, _with(("mirror", 0.62), ("basin", 0.62), ("plant", 0.1))),
        (0.34, rooms.shaft),
        paving="tiles",
        front="none",
    ),
    "train": _room(
        "panel",
        (0.2, _pane((2, 1), 560, 250)),
        (
            BACK,
            _with(
                ("seats", 0.5),
            ),
        ),
        (0.34, rooms.shaft),
        paving="concrete",
    ),
    "classroom": _room(
        "plain",
        (0.2, _pane((3, 2), 240, 330)),
        (BACK, _with(("blackboard", 0.64), ("desk", 0.72))),
        (0.34, rooms.shaft),
        paving="planks",
    ),
    "library": _room(
        "panel",
        (BACK, _with(("bookcase", 0.06), ("bookcase", 0.50), ("bookcase", 0.94))),
        (0.36, furniture.pendants),
        paving="planks",
    ),
}


def scenery(stage: Stage) -> list[Layer]:
    """The layers behind the subject, far to near; the first is opaque and fills the frame."""
    reading = stage.reading
    if reading.framing is Framing.OVERHEAD:
        return [tabletop(stage.plot(FLOOR), fork(reading.seed, 90), SETTINGS[reading.setting].paving)]
    setting = SETTINGS[reading.setting]
    layers = [flat(stage.plot(depth), fork(reading.seed, 10 + i)) for i, (depth, flat) in enumerate(setting.flats)]
    if setting.paving == "none":
        return layers
    floor = ground(stage.plot(FLOOR), fork(reading.seed, 40), setting.paving)
    at = next((i for i, layer in enumerate(layers) if layer.depth > RANGE + 0.01), len(layers))
    return [*layers[:at], floor, *layers[at:]]


def foreground(stage: Stage) -> Sequence[Layer]:
    """What is close to the lens: large, soft, at the edges; it stirs, so that even a locked-off shot lives."""
    kind, chance, plot = SETTINGS[stage.reading.setting].front, fork(stage.reading.seed, 60), stage.plot(FRONT)
    is_overhead, is_static = stage.reading.framing is Framing.OVERHEAD, stage.reading.movement is Movement.STATIC
    if kind == "none" and not (is_overhead or is_static):
        return []
    draw, blur = (_leaves, 6.0) if kind == "leaves" else (_bokeh, 1.4)
    if is_overhead:
        draw, blur = _fallen_shadow, 4.0
    small = 4
    sheet = Sheet(max(1, plot.width // small), max(1, plot.height // small), 1)
    draw(sheet, stage, plot, chance, small)
    picture = softened(sheet.picture(), blur * stage.unit)
    area = picture.getchannel("A").getbbox()
    if area is None:
        return []
    left, top = area[0] * small - plot.mx, area[1] * small - plot.my
    sway = (52 * stage.unit, 34 * stage.unit, 0.3) if is_static else (18 * stage.unit, 13 * stage.unit, 0.17)
    return [Layer((picture.crop(area),), left, top, FRONT, magnified=float(small), sway=sway)]


def _leaves(sheet: Sheet, stage: Stage, plot: Plot, chance: Generator, small: int) -> None:
    colour = mix(stage.palette.leaf, stage.palette.near, 0.62)
    u = stage.unit / small
    side = 0.0 if stage.palette.key_from[0] > 0.5 else 1.0
    for corner_x, corner_y, count in ((side, 0.02, 13), (1 - side, 0.97, 9)):
        cx = (plot.mx + corner_x * stage.width) / small
        cy = (plot.my + corner_y * stage.height) / small
        for _ in range(count):
            angle, away = float(chance.uniform(0, 6.28)), float(chance.uniform(10, 150)) * u
            x, y, turn = cx + np.cos(angle) * away, cy + np.sin(angle) * away * 1.3, float(chance.uniform(0, 3.14))
            a, b = float(chance.uniform(50, 96)) * u, float(chance.uniform(15, 28)) * u
            leaf = [
                (
                    x + np.cos(t) * a * np.cos(turn) - np.sin(t) * b * np.sin(turn),
                    y + np.cos(t) * a * np.sin(turn) + np.sin(t) * b * np.cos(turn),
                )
                for t in np.linspace(0, 6.28, 14)
            ]
            sheet.polygon(leaf, mix(colour, stage.palette.key, float(chance.uniform(0, 0.22))), 0.9)


def _fallen_shadow(sheet: Sheet, stage: Stage, plot: Plot, chance: Generator, small: int) -> None:
    """The shadow of a branch outside the frame, on what lies below us."""
    u = stage.unit / small
    side = -1 if stage.palette.key_from[0] > 0.5 else 1
    x, y = (plot.middle + side * stage.width * 0.46) / small, (plot.my + stage.height * 0.16) / small
    for _ in range(17):
        angle, away = float(chance.uniform(0, 6.28)), float(chance.uniform(20, 300)) * u
        cx, cy, turn = x + np.cos(angle) * away, y + np.sin(angle) * away, float(chance.uniform(0, 3.14))
        tip = (cx + np.cos(turn) * 74 * u, cy + np.sin(turn) * 74 * u)
        half = (np.cos(turn + 1.57) * 17 * u, np.sin(turn + 1.57) * 17 * u)
        middle = ((cx + tip[0]) / 2, (cy + tip[1]) / 2)
        leaf = [(cx, cy), (middle[0] + half[0], middle[1] + half[1]), tip, (middle[0] - half[0], middle[1] - half[1])]
        sheet.polygon(leaf, (6.0, 6.0, 12.0), 0.34)


def _bokeh(sheet: Sheet, stage: Stage, plot: Plot, chance: Generator, small: int) -> None:
    is_dark = stage.reading.light in (Light.NEON, Light.LOW_KEY)
    u = stage.unit / small
    for i in range(11):
        edge = float(chance.choice([-1, 1])) * float(chance.uniform(0.62, 1.05))
        x = (plot.middle + edge * stage.width / 2) / small
        y = (plot.my + float(chance.uniform(0.02, 0.98)) * stage.height) / small
        r = float(chance.uniform(16, 46)) * u
        colour = (
            (stage.palette.key, stage.palette.accent, stage.palette.second)[i % 3] if is_dark else stage.palette.key
        )
        alpha = float(chance.uniform(0.10, 0.26)) * (1.25 if is_dark else 0.55)
        sheet.oval(x, y, r, r, colour, alpha)
