"""Who and what the shot is about: the stand-in and the product, placed and sized as the framing asks."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageOps

from callsheet.domain.shot import Framing, Light, Movement
from callsheet.tools.sandbox.camera import figure
from callsheet.tools.sandbox.camera.motion import SUBJECT_DEPTH
from callsheet.tools.sandbox.camera.paint import Sheet, bled, lit, softened
from callsheet.tools.sandbox.camera.palette import mix, scaled
from callsheet.tools.sandbox.camera.prop import Prop
from callsheet.tools.sandbox.camera.stage import Layer, Stage, fork

_STEPS: Final = 10
"""Pictures in the loop of a run or a walk: two strides."""


@dataclass(frozen=True)
class Placing:
    """Where a figure stands: feet and body height as fractions of the frame's height; `widest` limits its height
    to so many frame widths."""

    foot: float
    height: float
    widest: float


FIGURES: Final[dict[Framing, Placing]] = {
    Framing.EXTREME_WIDE: Placing(0.70, 0.17, 0.5),
    Framing.WIDE: Placing(0.83, 0.50, 1.2),
    Framing.MEDIUM: Placing(1.50, 1.28, 2.7),
    Framing.MEDIUM_CLOSE: Placing(2.02, 1.76, 3.7),
    Framing.CLOSE: Placing(3.0, 2.7, 5.4),
    Framing.MACRO: Placing(3.6, 3.4, 7.0),
    Framing.OVERHEAD: Placing(0.5, 0.5, 0.9),
    Framing.LOW_ANGLE: Placing(0.97, 0.80, 1.6),
}

PRODUCTS: Final[dict[Framing, tuple[float, float]]] = {
    Framing.EXTREME_WIDE: (0.17, 0.66),
    Framing.WIDE: (0.34, 0.70),
    Framing.MEDIUM: (0.48, 0.68),
    Framing.MEDIUM_CLOSE: (0.62, 0.67),
    Framing.CLOSE: (0.82, 0.68),
    Framing.MACRO: (1.55, 0.83),
    Framing.OVERHEAD: (0.52, 0.66),
    Framing.LOW_ANGLE: (0.66, 0.76),
}
"""The product's width as a share of the frame's smaller side, and where its foot is down the frame."""


_CARD_SHARE: Final = 0.46
"""The most of the frame's smaller side a framed photo takes beside somebody; alone it takes half as much again."""


def subject(stage: Stage, prop: Prop | None) -> list[Layer]:
    """The layers of the subject, back to front."""
    reading, chance = stage.reading, fork(stage.reading.seed, 70)
    product = prop.picture if prop else None
    is_card = prop is not None and prop.is_card
    framing = reading.framing
    is_tight = framing in (Framing.CLOSE, Framing.MACRO)
    if reading.pose == "none" and product is None:
        return []
    product_fills = product is not None and is_tight and reading.insists and reading.pose != "hands"
    if reading.pose == "none" or product_fills:
        if product is None:
            return []
        return _card_standing(stage, product, 0.5) if is_card else _product_alone(stage, product)
    if reading.pose == "hands" and framing is not Framing.OVERHEAD:
        if product is not None and is_card:
            return [*_in_hand(stage, None, chance, at=0.24), *_card_standing(stage, product, 0.68)]
        return _in_hand(stage, product, chance)
    if framing is Framing.OVERHEAD:
        return _from_above(stage, product, chance)
    if product is None or is_tight:  # a tight shot of a person has no room for a shoe beside the face
        return _people(stage, chance, product=None, is_card=False)
    people = _people(stage, chance, product, is_card)
    return [*people, *(_card_standing(stage, product, 0.69) if is_card else _product_with_person(stage, product))]


def _people(stage: Stage, chance: Generator, product: Image.Image | None, is_card: bool) -> list[Layer]:
    """One person, or two side by side and a little smaller; they make room for what stands beside them."""
    wear, reading = _wardrobe(stage, chance), stage.reading
    holds = product is not None and not is_card
    beside = product is not None and reading.framing in (Framing.WIDE, Framing.EXTREME_WIDE, Framing.LOW_ANGLE)
    aside = -0.13 if beside else (-0.12 if is_card else 0.0)
    if not reading.is_pair or reading.framing in (Framing.CLOSE, Framing.MACRO):
        return _person(stage, chance, wear, holds, aside)
    other = fork(reading.seed, 72)
    second = replace(figure.dress(stage.palette, other, sporty=False), top=mix(stage.palette.second, wear.skin, 0.15))
    return [
        *_person(stage, other, second, False, aside, of_two=1),
        *_person(stage, chance, wear, holds, aside, of_two=-1),
    ]


def _wardrobe(stage: Stage, chance: Generator) -> figure.Wardrobe:
    sporty = stage.reading.pose == "running" or stage.reading.setting in ("gym", "track")
    said = stage.reading.person
    return figure.dress(stage.palette, chance if said is None else fork(said.seed, 71), sporty, said)


def _person(
    stage: Stage, chance: Generator, wear: figure.Wardrobe, holds: bool, aside: float, of_two: int = 0
) -> list[Layer]:
    """One figure, `aside` frame widths from its place; of two the left one is -1 and the right one 1."""
    reading, placing = stage.reading, FIGURES[stage.reading.framing]
    pose_name = "holding" if holds and reading.pose == "standing" else reading.pose
    height = min(placing.height * stage.height, placing.widest * stage.width) * (0.78 if of_two else 1.0)
    head_room = (placing.foot - placing.height) * stage.height
    foot = placing.foot * stage.height if placing.foot <= 1 else head_room + height
    if pose_name == "sitting" and placing.foot > 1:
        foot -= height * 0.19
    place = 0.5 if reading.movement is Movement.TRACKING or of_two else 0.5 + float(chance.uniform(-0.05, 0.05))
    place += aside + of_two * 0.165 * height / stage.width
    loops = pose_name in ("running", "walking") and reading.framing is not Framing.CLOSE
    shrink = 1.0 if height < stage.height * 0.7 else 0.6
    poses = (
        [figure.stride(i / _STEPS, pose_name == "running") for i in range(_STEPS)]
        if loops
        else [_still(pose_name, chance)]
    )
    if placing.foot > 1:  # the feet are out of frame: it is the head that must stand where the person was put
        place -= poses[0].joints["head"][0] * height / stage.width
    pictures, corner = _drawn(stage, poses, wear, (place * stage.width, foot), height, shrink)
    if reading.movement is Movement.PAN_LEFT and loops:
        pictures = [ImageOps.mirror(picture) for picture in pictures]
    breath = (0.0, 0.0035 * height, 0.28) if not loops else (0.0, 0.0, 0.0)
    if pose_name in ("running", "walking") and not loops:
        breath = (0.004 * height, 0.008 * height, 1.4)
    pace = 15.0 if pose_name == "running" else 10.0
    body = Layer(
        pictures, corner[0], corner[1], SUBJECT_DEPTH, rate=pace if loops else 0.0,
        is_followed=True, grows=True, magnified=1 / shrink, sway=breath,
    )  # fmt: skip
    shadow = _shadow(stage, place * stage.width, foot, height * (0.30 if pose_name != "sitting" else 0.42), 0.5)
    return [shadow, body] if placing.foot <= 1 else [body]


def _still(name: str, chance: Generator) -> figure.Pose:
    match name:
        case "holding":
            return figure.holding(chance)
        case "sitting":
            return figure.sitting(chance)
        case "running" | "walking":
            return figure.stride(0.2, name == "running")
        case _:
            return figure.standing(chance)


def _drawn(
    stage: Stage,
    poses: list[figure.Pose],
    wear: figure.Wardrobe,
    foot: tuple[float, float],
    height: float,
    shrink: float,
) -> tuple[list[Image.Image], tuple[float, float]]:
    """The figure in each pose, lit, all on sheets of one size; and where the sheets' corner is in the frame."""
    reach = 0.42 if any(pose.is_side_on for pose in poses) else 0.24
    left, right = foot[0] - reach * height, foot[0] + reach * height
    top, bottom = foot[1] - 1.06 * height, min(foot[1] + 0.03 * height, stage.height * 1.12)
    left, right, top = max(left, -0.2 * stage.width), min(right, 1.2 * stage.width), max(top, -0.1 * stage.height)
    width, tall = max(2, round((right - left) * shrink)), max(2, round((bottom - top) * shrink))
    pictures = []
    for pose in poses:
        sheet = Sheet(width, tall, 2 if height * shrink < 1400 else 1)
        if not pose.is_side_on or pose.joints["hip"][1] > 0.4:
            figure.draw(sheet, pose, wear, ((foot[0] - left) * shrink, (foot[1] - top) * shrink), height * shrink)
        else:
            _seat(stage, sheet, (foot[0] - left) * shrink, (foot[1] - top) * shrink, height * shrink)
            figure.draw(sheet, pose, wear, ((foot[0] - left) * shrink, (foot[1] - top) * shrink), height * shrink)
        rim = 1.0 if stage.reading.light in (Light.NEON, Light.LOW_KEY, Light.GOLDEN_HOUR, Light.DAWN) else 0.55
        shaded = lit(sheet.picture(), stage.palette.key, stage.towards_light, 0.035 * height * shrink + 1, 0.42, rim)
        pictures.append(bled(shaded))
    return pictures, (left, top)


def _seat(stage: Stage, sheet: Sheet, x: float, y: float, h: float) -> None:
    tone = mix(stage.palette.wood, stage.palette.near, 0.25)
    sheet.box(x - 0.15 * h, y - 0.245 * h, x + 0.12 * h, y - 0.215 * h, scaled(tone, 1.15), 1.0, 0.01 * h)
    for leg in (-0.13, 0.075):
        sheet.box(x + leg * h, y - 0.22 * h, x + (leg + 0.025) * h, y, scaled(tone, 0.8))


def _shadow(stage: Stage, x: float, y: float, width: float, strength: float) -> Layer:
    """A soft contact shadow that leans away from the light."""
    lean = -stage.towards_light[0] * width * 0.25
    sheet = Sheet(max(4, round(width * 2.2)), max(4, round(width * 0.7)), 1)
    dark = mix(stage.palette.near, (0, 0, 0), 0.6)
    sheet.oval(
        sheet.width / 2 + lean,
        sheet.height / 2,
        width * 0.62,
        width * 0.115,
        dark,
        strength * (0.5 + stage.palette.shade),
    )
    sheet.oval(
        sheet.width / 2,
        sheet.height / 2,
        width * 0.36,
        width * 0.075,
        dark,
        min(1.0, strength * (0.8 + stage.palette.shade)),
    )
    picture = softened(sheet.picture(), max(1.0, width * 0.055))
    return Layer((picture,), x - sheet.width / 2, y - sheet.height / 2, SUBJECT_DEPTH, is_followed=True, grows=True)


def _sized(stage: Stage, product: Image.Image, share: float, tallest: float) -> Image.Image:
    """The product at a share of the frame's smaller side, never taller than `tallest` of the frame."""
    side = min(stage.width, stage.height)
    factor = min(
        share * side / product.width,
        max(share, 0.2) * 1.15 * side / product.height,
        tallest * stage.height / product.height,
    )
    size = (max(2, round(product.width * factor)), max(2, round(product.height * factor)))
    return product.resize(size, Image.Resampling.LANCZOS)


def _finished(stage: Stage, product: Image.Image) -> Image.Image:
    """The product in the shot's light: a little of the key's colour, a soft rim, its own colours kept."""
    depth = max(1.5, min(product.size) * 0.03)
    shaded = lit(product, stage.palette.key, stage.towards_light, depth, 0.16, 0.5)
    tint = np.asarray(shaded).astype(np.float32)
    dim = 1.0 - 0.16 * stage.palette.shade
    tint[..., :3] = tint[..., :3] * dim + np.asarray(stage.palette.key, dtype=np.float32) * 0.04
    return bled(Image.fromarray(np.clip(tint, 0, 255).astype(np.uint8), "RGBA"))


def _product_alone(stage: Stage, product: Image.Image) -> list[Layer]:
    share, foot = PRODUCTS[stage.reading.framing]
    picture = _finished(stage, _sized(stage, product, share, 0.9 if stage.reading.framing is Framing.MACRO else 0.5))
    x = stage.width * (0.56 if stage.reading.framing is Framing.MACRO else 0.5) - picture.width / 2
    y = foot * stage.height - picture.height
    layers = []
    if stage.reading.framing is Framing.OVERHEAD:
        layers.append(_drop_shadow(stage, picture, x, y))
    else:
        layers += _support(stage, picture, foot * stage.height)
    layers.append(Layer((picture,), x, y, SUBJECT_DEPTH, is_followed=True, grows=True))
    return layers


def _support(stage: Stage, product: Image.Image, foot: float) -> list[Layer]:
    """What the product stands on: a plinth in a studio and in far shots, else the ground with a reflection."""
    framing = stage.reading.framing
    shadow = _shadow(stage, stage.width / 2, foot, product.width * 0.95, 0.62)
    if framing in (Framing.WIDE, Framing.EXTREME_WIDE, Framing.MEDIUM, Framing.LOW_ANGLE):
        half, down = product.width * 0.66, (stage.height * 1.15 - foot)
        sheet = Sheet(round(half * 2 + 4), round(down + half * 0.4), 2)
        tone = mix(
            mix(stage.palette.wall[0], stage.palette.second, 0.25), stage.palette.near, 0.1 + 0.4 * stage.palette.shade
        )
        sheet.box(2, half * 0.16, half * 2 + 2, down + half, scaled(tone, 0.86))
        sheet.oval(half + 2, half * 0.16, half, half * 0.15, scaled(tone, 1.12))
        picture = lit(sheet.picture(), stage.palette.key, stage.towards_light, half * 0.5, 0.5, 0.5)
        plinth = Layer(
            (bled(picture),),
            stage.width / 2 - half - 2,
            foot - half * 0.19,
            SUBJECT_DEPTH,
            is_followed=True,
            grows=True,
        )
        return [plinth, shadow]
    mirror = ImageOps.flip(product).resize((product.width, max(1, round(product.height * 0.55))))
    fade = np.linspace(0.30, 0.0, mirror.height, dtype=np.float32)[:, None]
    alpha = np.asarray(mirror.getchannel("A")).astype(np.float32) * fade
    mirror.putalpha(Image.fromarray(alpha.astype(np.uint8)))
    soft = softened(mirror, 3 * stage.unit)
    x = stage.width * (0.56 if framing is Framing.MACRO else 0.5) - soft.width / 2
    reflection = Layer((soft,), x, foot - 2 * stage.unit, SUBJECT_DEPTH, is_followed=True, grows=True)
    return [shadow, reflection]


def _drop_shadow(stage: Stage, picture: Image.Image, x: float, y: float) -> Layer:
    pad = round(40 * stage.unit) + 2
    dark = Image.new("RGBA", (picture.width + 2 * pad, picture.height + 2 * pad), (0, 0, 0, 0))
    dark.paste(Image.new("RGBA", picture.size, (8, 8, 12, 150)), (pad, pad), picture.getchannel("A"))
    away = (-stage.towards_light[0] * 16 * stage.unit, 16 * stage.unit)
    return Layer(
        (softened(dark, 12 * stage.unit),),
        x - pad + away[0],
        y - pad + away[1],
        SUBJECT_DEPTH,
        is_followed=True,
        grows=True,
    )


def _card_standing(stage: Stage, card: Image.Image, at: float) -> list[Layer]:
    """A framed photo standing upright, its middle `at` a share of the frame's width; nothing mirrors it."""
    side, is_alone = min(stage.width, stage.height), at == 0.5
    share = _CARD_SHARE * (1.5 if is_alone else 1.0)
    if stage.reading.framing in (Framing.WIDE, Framing.EXTREME_WIDE, Framing.LOW_ANGLE):
        share *= 0.75
    factor = min(share * side / card.width, share * side / card.height)
    picture = card.resize((max(2, round(card.width * factor)), max(2, round(card.height * factor))))
    foot = stage.height * (0.70 if is_alone else 0.87 if stage.height > stage.width else 0.93)
    x, y = at * stage.width - picture.width / 2, foot - picture.height
    return [
        _shadow(stage, x + picture.width / 2, foot - 2 * stage.unit, picture.width * 0.9, 0.5),
        _drop_shadow(stage, picture, x, y),
        Layer((bled(picture),), x, y, SUBJECT_DEPTH, is_followed=True, grows=True),
    ]


def _product_with_person(stage: Stage, product: Image.Image) -> list[Layer]:
    """The product in front of the stand-in: held at the chest, or standing large in the foreground."""
    framing, side = stage.reading.framing, min(stage.width, stage.height)
    if framing in (Framing.MEDIUM, Framing.MEDIUM_CLOSE) and stage.reading.pose in ("standing", "holding"):
        picture = _finished(stage, _sized(stage, product, 0.40 if framing is Framing.MEDIUM else 0.50, 0.4))
        x, y = (
            stage.width / 2 - picture.width / 2,
            stage.height * (0.60 if framing is Framing.MEDIUM else 0.68) - picture.height * 0.45,
        )
        return [
            _drop_shadow(stage, picture, x, y),
            Layer((picture,), x, y, SUBJECT_DEPTH, is_followed=True, grows=True),
        ]
    share = {Framing.EXTREME_WIDE: 0.24, Framing.WIDE: 0.36, Framing.LOW_ANGLE: 0.42}.get(framing, 0.46)
    picture = _finished(stage, _sized(stage, product, share, 0.4))
    right = stage.width / 2 + side * (
        0.46 if framing in (Framing.WIDE, Framing.EXTREME_WIDE, Framing.LOW_ANGLE) else 0.45
    )
    x, foot = right - picture.width, stage.height * (0.87 if stage.height > stage.width else 0.93)
    shadow = _shadow(stage, x + picture.width / 2, foot - 2 * stage.unit, picture.width * 0.95, 0.6)
    return [shadow, Layer((picture,), x, foot - picture.height, SUBJECT_DEPTH, is_followed=True, grows=True)]


def _in_hand(stage: Stage, product: Image.Image | None, chance: Generator, at: float = 0.5) -> list[Layer]:
    wear, side = _wardrobe(stage, chance), min(stage.width, stage.height)
    share = {Framing.MACRO: 0.95, Framing.CLOSE: 0.66, Framing.MEDIUM_CLOSE: 0.52}.get(stage.reading.framing, 0.40)
    held = _finished(stage, _sized(stage, product, share, 0.55)) if product is not None else None
    size = side * share * 0.46
    x, y = at * stage.width, stage.height * 0.66
    lean = -1.0 if stage.palette.key_from[0] > 0.5 else 1.0
    layers = [_hand_layer(stage, wear, (x, y), size, lean, is_front=False)]
    if held is not None:
        layers.append(
            Layer(
                (held,), x - held.width / 2, y - held.height + size * 0.12, SUBJECT_DEPTH, is_followed=True, grows=True
            )
        )
        layers.append(_hand_layer(stage, wear, (x, y), size, lean, is_front=True))
    return layers


def _hand_layer(
    stage: Stage, wear: figure.Wardrobe, at: tuple[float, float], size: float, lean: float, is_front: bool
) -> Layer:
    sheet = Sheet(stage.width, round(stage.height * 1.12), 2)
    figure.draw_hand(sheet, wear, at, size, lean, is_front)
    picture = lit(sheet.picture(), stage.palette.key, stage.towards_light, size * 0.10, 0.4, 0.6)
    area = picture.getchannel("A").getbbox() or (0, 0, 1, 1)
    return Layer((bled(picture.crop(area)),), area[0], area[1], SUBJECT_DEPTH, is_followed=True, grows=True)


def _from_above(stage: Stage, product: Image.Image | None, chance: Generator) -> list[Layer]:
    side = min(stage.width, stage.height)
    sheet = Sheet(stage.width, stage.height, 2)
    size = side * (0.42 if product is None else 0.36)
    y = stage.height / 2 + side * (0.05 if product is None else 0.40)
    figure.draw_from_above(sheet, _wardrobe(stage, chance), (stage.width / 2, y), size)
    picture = lit(sheet.picture(), stage.palette.key, stage.towards_light, size * 0.10, 0.4, 0.6)
    area = picture.getchannel("A").getbbox() or (0, 0, 1, 1)
    body = bled(picture.crop(area))
    breath = (0.012 * size, 0.03 * size, 0.28)  # without it a locked-off shot of somebody lying still is a still
    person = [
        _drop_shadow(stage, body, area[0], area[1]),
        Layer((body,), area[0], area[1], SUBJECT_DEPTH, is_followed=True, grows=True, sway=breath),
    ]
    return person if product is None else [*person, *_product_alone(stage, product)]
