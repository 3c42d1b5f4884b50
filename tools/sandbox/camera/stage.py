"""The stage a shot is drawn on: its frame, its horizon, its scale, its light; and the layers that stand on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.random import Generator
from PIL import Image

from callsheet.domain.shot import Framing
from callsheet.tools.sandbox.camera.motion import Path
from callsheet.tools.sandbox.camera.paint import softened
from callsheet.tools.sandbox.camera.palette import Palette
from callsheet.tools.sandbox.camera.reading import Reading


@dataclass(frozen=True)
class Lens:
    """What a framing does to the stage: scale of the surroundings, horizon as a fraction, blur behind the subject."""

    scale: float
    horizon: float
    blur: float


LENSES: Final[dict[Framing, Lens]] = {
    Framing.EXTREME_WIDE: Lens(0.55, 0.60, 0.0),
    Framing.WIDE: Lens(0.85, 0.60, 0.0),
    Framing.MEDIUM: Lens(1.25, 0.58, 3.5),
    Framing.MEDIUM_CLOSE: Lens(1.6, 0.60, 8.0),
    Framing.CLOSE: Lens(2.1, 0.62, 15.0),
    Framing.MACRO: Lens(2.8, 0.66, 26.0),
    Framing.OVERHEAD: Lens(1.0, 0.0, 0.0),
    Framing.LOW_ANGLE: Lens(1.2, 0.84, 1.5),
}


@dataclass(frozen=True)
class Stage:
    """Everything a piece of scenery needs to know to draw itself."""

    reading: Reading
    palette: Palette
    width: int
    height: int
    path: Path
    chance: Generator

    @property
    def lens(self) -> Lens:
        return LENSES[self.reading.framing]

    @property
    def unit(self) -> float:
        """One pixel of a 720-line frame, in this frame's pixels."""
        return min(self.width, self.height) / 720

    @property
    def scale(self) -> float:
        """One pixel of scenery seen in a wide shot at 720 lines, in this frame's pixels."""
        return self.unit * self.lens.scale

    @property
    def horizon(self) -> float:
        return self.lens.horizon * self.height

    @property
    def towards_light(self) -> tuple[float, float]:
        """From the middle of the frame to the key light."""
        x, y = self.palette.key_from
        return (x - 0.5) * 2.0, min(-0.35, (y - 0.55) * 2.0)

    def plot(self, depth: float) -> "Plot":
        """Room for one layer at a depth: the frame and what the camera's move will uncover around it."""
        mx, my = self.path.margin(depth)
        return Plot(self, depth, mx, my)


@dataclass(frozen=True)
class Plot:
    """The room for one layer. Its own pixels start `mx`, `my` outside the frame."""

    stage: Stage
    depth: float
    mx: int
    my: int

    @property
    def width(self) -> int:
        return self.stage.width + 2 * self.mx

    @property
    def height(self) -> int:
        return self.stage.height + 2 * self.my

    @property
    def horizon(self) -> float:
        return self.stage.horizon + self.my

    @property
    def middle(self) -> float:
        return self.width / 2

    def layer(self, picture: Image.Image, blur: float = 0.0) -> "Layer":
        """This picture, of the plot's size, as a layer; cropped to what is drawn on it."""
        picture = softened(picture, blur * self.stage.unit)
        area = picture.getchannel("A").getbbox() or (0, 0, 1, 1)
        return Layer((picture.crop(area),), area[0] - self.mx, area[1] - self.my, self.depth)


@dataclass(frozen=True)
class Layer:
    """One flat of the scene. `x`, `y` place its corner in the frame when the camera rests."""

    pictures: Sequence[Image.Image]
    """One picture, or the pictures of a loop."""
    x: float
    y: float
    depth: float
    rate: float = 0.0
    """Pictures of the loop a second."""
    is_followed: bool = False
    grows: bool = False
    """It grows by itself when the camera comes nearer, ahead of the scenery behind it."""
    magnified: float = 1.0
    """It was drawn this much smaller than it is shown."""
    sway: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """A movement of its own: right and left, up and down (pixels), times a second."""


def flattened(layers: Sequence[Layer], *, moves_apart: bool = True) -> list[Layer]:
    """The same picture in fewer layers: neighbours that always move as one become one."""
    out: list[Layer] = []
    for layer in layers:
        if out and _is_plain(out[-1]) and _is_plain(layer) and (not moves_apart or _motion(out[-1]) == _motion(layer)):
            out[-1] = _merged(out[-1], layer)
        else:
            out.append(layer)
    return out


def _is_plain(layer: Layer) -> bool:
    return len(layer.pictures) == 1 and layer.magnified == 1.0 and layer.sway[2] == 0.0


def _motion(layer: Layer) -> tuple[float, bool, bool]:
    return layer.depth, layer.is_followed, layer.grows


def _merged(bottom: Layer, top: Layer) -> Layer:
    below, above = bottom.pictures[0], top.pictures[0]
    left, up = round(min(bottom.x, top.x)), round(min(bottom.y, top.y))
    right = max(round(bottom.x) + below.width, round(top.x) + above.width)
    down = max(round(bottom.y) + below.height, round(top.y) + above.height)
    sheet = Image.new("RGBA", (right - left, down - up))
    sheet.alpha_composite(below, (round(bottom.x) - left, round(bottom.y) - up))
    sheet.alpha_composite(above, (round(top.x) - left, round(top.y) - up))
    return replace(bottom, pictures=(sheet,), x=left, y=up)


def fork(seed: int, salt: int) -> Generator:
    """A chance of its own for one part of the picture, so that changing one part leaves the others."""
    return np.random.Generator(np.random.PCG64([seed, salt]))
