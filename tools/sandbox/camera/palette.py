"""The colours of a shot: what its light does to sky, ground, wall, people and the camera's own accents."""

import colorsys
from dataclasses import dataclass, replace
from typing import Final

from numpy.random import Generator

from callsheet.domain.shot import Light

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Palette:
    """The colours and the key light of one shot. Colours are 0..255; places are fractions of the frame."""

    sky: tuple[RGB, RGB, RGB]
    """Top, middle, horizon."""
    haze: RGB
    """What distance fades to."""
    far: RGB
    near: RGB
    """Silhouettes: farthest and nearest."""
    ground: tuple[RGB, RGB]
    """At the horizon, at our feet."""
    leaf: RGB
    wall: tuple[RGB, RGB]
    floor: RGB
    wood: RGB
    key: RGB
    """The key light, and the rim it draws."""
    key_from: tuple[float, float]
    """Where it stands in the frame."""
    glow: float
    """How much of it is seen, 0..1."""
    lamps: float
    """How bright lamps and windows are, 0..1."""
    shade: float
    """How deep shadows are, 0..1."""
    accent: RGB
    second: RGB


def mix(a: RGB, b: RGB, t: float) -> RGB:
    """The colour `t` of the way from `a` to `b`."""
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


def scaled(colour: RGB, by: float) -> RGB:
    """The colour made brighter or darker."""
    return (min(255.0, colour[0] * by), min(255.0, colour[1] * by), min(255.0, colour[2] * by))


def _hex(text: str) -> RGB:
    return (int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16))


def _palette(colours: str, key_from: tuple[float, float], glow: float, lamps: float, shade: float) -> Palette:
    c = [_hex(word) for word in colours.split()]
    return Palette(
        sky=(c[0], c[1], c[2]),
        haze=c[3],
        far=c[4],
        near=c[5],
        ground=(c[6], c[7]),
        leaf=c[8],
        wall=(c[9], c[10]),
        floor=c[11],
        wood=c[12],
        key=c[13],
        key_from=key_from,
        glow=glow,
        lamps=lamps,
        shade=shade,
        accent=c[14],
        second=c[14],
    )


# sky top, middle, horizon, haze, far, near, ground far and near, leaf, wall lit and dark, floor, wood, key, accent
_BY_LIGHT: Final[dict[Light, Palette]] = {
    Light.DAWN: _palette(
        "46598f b493b4 f9c9a8 eec0b0 8a7ba0 2b2f4c a88f96 5d5770 4f6a66 e6cfc6 9c869b a08a8c 8d6a5c ffd9b0 f0836a",
        (0.74, 0.50), 0.85, 0.35, 0.45,
    ),
    Light.GOLDEN_HOUR: _palette(
        "3d6f94 e8a765 ffd98a ffcf8c b1775a 3a2623 c98b55 6f4630 6d6a2d f3d3a0 a5683f 9a6238 8a5230 ffe2a0 e8552d",
        (0.26, 0.46), 1.0, 0.30, 0.50,
    ),
    Light.NOON: _palette(
        "1f76d2 63b1ee cfe9f7 cfe6f3 7fa3bd 264a5c c9c3ae a39a82 4f9a4a f4efe4 c3c8c8 c4b59a b98a58 fffbe8 f0482f",
        (0.80, 0.08), 0.45, 0.0, 0.40,
    ),
    Light.OVERCAST: _palette(
        "8b9aa6 b2bcc2 d6d9d7 c9cfd0 93a0a6 3c484e 9ea39f 666d6b 5f7566 dbdad4 9aa09f 94938e 84735f f1f4f2 d9a13b",
        (0.45, 0.10), 0.18, 0.15, 0.28,
    ),
    Light.WINDOW: _palette(
        "b9d4e6 d8e6ea f6f1df ece5d3 a9b7b4 4b5150 b7a78c 7c6a55 6f8d62 efe3cc b39a7c b08a60 9c6b42 fff3d2 d96c47",
        (0.12, 0.30), 0.75, 0.25, 0.42,
    ),
    Light.STUDIO: _palette(
        "f4f1ea ece8e0 fbfaf6 f3f0ea c8c6c0 6a6a6c d8d4cc c2bdb4 7fa07a f6f2ea d5cfc6 dcd6cc c9a67d ffffff 2f6df0",
        (0.30, 0.06), 0.55, 0.10, 0.22,
    ),
    Light.LOW_KEY: _palette(
        "07090f 10141d 232633 1a1e29 20242f 06070b 1e1d22 0b0b0f 25352f 3a3230 0d0c10 191517 3d281c ffb765 f08a2c",
        (0.82, 0.26), 0.70, 0.85, 0.72,
    ),
    Light.NEON: _palette(
        "0b0a24 241246 57206a 3a1d5c 2a1c52 0a0818 31204e 0d0b20 1e4a52 3f2763 120d2a 1b1236 3a2448 38e1ff ff2e93",
        (0.22, 0.34), 0.80, 1.0, 0.62,
    ),
}  # fmt: skip


def palette_for(light: Light, chance: Generator) -> Palette:
    """The palette of a light, with hues of its own for this shot."""
    base = _BY_LIGHT[light]
    turn = float(chance.uniform(-0.035, 0.035))
    wall_turn = float(chance.choice([0.0, 0.0, 0.42, 0.52, 0.9, 0.24]))
    accent_hue = float(chance.choice([0.02, 0.08, 0.13, 0.45, 0.52, 0.6, 0.78, 0.93]))
    strong = 0.78 if light is not Light.OVERCAST else 0.6
    accent = _from_hsv(accent_hue, strong, 0.93)
    x, y = base.key_from
    return replace(
        base,
        sky=(_turned(base.sky[0], turn), _turned(base.sky[1], turn * 0.7), _turned(base.sky[2], turn * 0.4)),
        wall=(_turned(base.wall[0], wall_turn, 1.15), _turned(base.wall[1], wall_turn, 1.15)),
        ground=(_turned(base.ground[0], turn), _turned(base.ground[1], turn)),
        leaf=_turned(base.leaf, turn * 1.5),
        accent=accent,
        second=_from_hsv(accent_hue + float(chance.choice([0.09, 0.42, 0.5])), strong * 0.7, 0.85),
        key_from=(x if chance.random() < 0.5 else 1.0 - x, y + float(chance.uniform(-0.03, 0.03))),
    )


def _turned(colour: RGB, hue: float, strength: float = 1.0) -> RGB:
    h, s, v = colorsys.rgb_to_hsv(colour[0] / 255, colour[1] / 255, colour[2] / 255)
    return _from_hsv(h + hue, min(1.0, s * strength), v)


def _from_hsv(hue: float, saturation: float, value: float) -> RGB:
    r, g, b = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return (r * 255, g * 255, b * 255)
