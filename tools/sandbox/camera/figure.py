"""The stand-in for a person: a stylised figure without a face, dressed in the shot's colours, never realistic."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from numpy.random import Generator

from callsheet.tools.sandbox.camera.clothes import BARE_CUT, Described
from callsheet.tools.sandbox.camera.paint import Point, Sheet
from callsheet.tools.sandbox.camera.palette import RGB, Palette, mix, scaled

_SKIN: Final[tuple[RGB, ...]] = ((236, 196, 168), (206, 156, 120), (160, 112, 82), (112, 76, 58), (222, 178, 146))
_HAIR: Final[tuple[RGB, ...]] = ((44, 34, 34), (86, 58, 42), (150, 104, 62), (26, 24, 30), (120, 116, 116))


@dataclass(frozen=True)
class Wardrobe:
    """What the stand-in wears."""

    skin: RGB
    hair: RGB
    top: RGB
    legs: RGB
    shoe: RGB
    cut: int
    """The hair: 0 short, 1 bun, 2 long, 3 cap, 4 none."""
    short_sleeves: bool
    shorts: bool


def dress(palette: Palette, chance: Generator, sporty: bool, said: Described | None = None) -> Wardrobe:
    """Clothes for one shot: as described, and out of the shot's palette where nothing is said."""
    dim = 1.0 - palette.shade * 0.30
    warm = 0.10 + palette.shade * 0.10
    chosen = _chosen(palette, chance, sporty, dim, warm)
    if said is None:
        return chosen
    return replace(
        chosen,
        top=scaled(said.top, dim) if said.top else chosen.top,
        legs=scaled(said.legs, dim) if said.legs else chosen.legs,
        hair=scaled(said.hair, dim) if said.hair else chosen.hair,
        cut=chosen.cut if said.cut is None else said.cut,
        shorts=chosen.shorts if said.shorts is None else said.shorts,
    )


def _chosen(palette: Palette, chance: Generator, sporty: bool, dim: float, warm: float) -> Wardrobe:
    return Wardrobe(
        skin=scaled(mix(_SKIN[int(chance.integers(len(_SKIN)))], palette.key, warm), dim),
        hair=scaled(_HAIR[int(chance.integers(len(_HAIR)))], dim),
        top=scaled(palette.accent, dim),
        legs=scaled(mix(palette.near, palette.second, 0.30), max(0.75, dim)),
        shoe=scaled(mix((244, 240, 234), palette.accent, 0.1), dim),
        cut=int(chance.integers(4)),
        short_sleeves=sporty or bool(chance.random() < 0.4),
        shorts=sporty and bool(chance.random() < 0.6),
    )


@dataclass(frozen=True)
class Pose:
    """Joints in body heights; x to the right, y up from the feet, the body facing right or the camera."""

    joints: Mapping[str, Point]
    is_side_on: bool
    wide: float = 1.0


def standing(chance: Generator) -> Pose:
    """Facing us, at ease; the arms differ from shot to shot."""
    arms = ((-0.155, 0.63, -0.135, 0.47), (-0.175, 0.62, -0.075, 0.54), (-0.15, 0.64, -0.02, 0.60))
    left, right = arms[int(chance.integers(3))], arms[int(chance.integers(2))]
    return Pose(_front(left, right), False)


def holding(_: Generator) -> Pose:
    """Facing us, with something held in front of the chest."""
    return Pose(_front((-0.165, 0.645, -0.045, 0.66), (-0.165, 0.645, -0.045, 0.64)), False)


def _front(left: tuple[float, float, float, float], right: tuple[float, float, float, float]) -> Mapping[str, Point]:
    return {
        "head": (0.0, 0.925), "neck": (0.0, 0.83), "hip": (0.0, 0.52),
        "shoulder_l": (-0.112, 0.778), "shoulder_r": (0.112, 0.778),
        "elbow_l": (left[0], left[1]), "wrist_l": (left[2], left[3]),
        "elbow_r": (-right[0], right[1]), "wrist_r": (-right[2], right[3]),
        "hip_l": (-0.058, 0.515), "hip_r": (0.058, 0.515), "knee_l": (-0.066, 0.275), "knee_r": (0.078, 0.275),
        "ankle_l": (-0.070, 0.045), "ankle_r": (0.090, 0.045), "toe_l": (-0.098, 0.012), "toe_r": (0.124, 0.012),
    }  # fmt: skip


def sitting(_: Generator) -> Pose:
    """Side on, on a block, leaning forward a little."""
    return Pose(
        {
            "head": (0.085, 0.735), "neck": (0.045, 0.645), "hip": (0.0, 0.33),
            "shoulder_l": (0.03, 0.61), "shoulder_r": (0.03, 0.61),
            "elbow_l": (0.06, 0.45), "wrist_l": (0.20, 0.40), "elbow_r": (0.045, 0.45), "wrist_r": (0.185, 0.385),
            "hip_l": (0.0, 0.31), "hip_r": (0.0, 0.30), "knee_l": (0.235, 0.325), "knee_r": (0.215, 0.305),
            "ankle_l": (0.265, 0.05), "ankle_r": (0.175, 0.05), "toe_l": (0.335, 0.015), "toe_r": (0.245, 0.015),
        },
        True,
    )  # fmt: skip


def stride(phase: float, is_run: bool) -> Pose:
    """Side on and moving right: one moment of a run or a walk, `phase` 0..1 through two steps."""
    swing, lean = (40.0, 11.0) if is_run else (23.0, 3.0)
    angle = phase * 2 * math.pi
    lift = 0.018 * math.cos(2 * angle + 0.6) if is_run else 0.008 * math.cos(2 * angle)
    hip = (0.0, 0.515 + lift)
    joints: dict[str, Point] = {"hip": hip, "hip_l": hip, "hip_r": hip}
    neck = _from(hip, 0.315, 180 - lean)
    joints |= {"neck": neck, "head": _from(neck, 0.105, 180 - lean * 0.7), "shoulder_l": _from(hip, 0.285, 180 - lean)}
    joints["shoulder_r"] = joints["shoulder_l"]
    for side, turn in (("r", angle), ("l", angle + math.pi)):
        thigh = (12.0 if is_run else 4.0) + swing * math.sin(turn)
        bend = (
            (16.0 + 88.0 * max(0.0, math.cos(turn - 0.25)) ** 1.3)
            if is_run
            else (6.0 + 48.0 * max(0.0, math.cos(turn)))
        )
        knee = _from(hip, 0.245, thigh)
        ankle = _from(knee, 0.235, thigh - bend)
        foot = max(-55.0, thigh - bend) * 0.75
        joints |= {f"knee_{side}": knee, f"ankle_{side}": ankle, f"toe_{side}": _from(ankle, 0.085, 78 + foot)}
        arm = -swing * 0.95 * math.sin(turn) + (2 if is_run else 0)
        elbow = _from(joints["shoulder_r"], 0.155, arm)
        joints |= {f"elbow_{side}": elbow, f"wrist_{side}": _from(elbow, 0.145, arm + (86.0 if is_run else 22.0))}
    ground = min(joints["toe_l"][1], joints["toe_r"][1], joints["ankle_l"][1] - 0.02, joints["ankle_r"][1] - 0.02)
    rise = 0.03 * max(0.0, math.cos(2 * angle + 0.6)) if is_run else 0.0
    return Pose({name: (x, y - ground + rise + 0.012) for name, (x, y) in joints.items()}, True)


def _from(start: Point, length: float, angle: float) -> Point:
    """`length` away from `start`; 0 degrees hangs straight down, positive swings forward."""
    turn = math.radians(angle)
    return (start[0] + length * math.sin(turn), start[1] - length * math.cos(turn))


def draw(sheet: Sheet, pose: Pose, wear: Wardrobe, foot: Point, height: float) -> None:
    """Draw the figure on a sheet; `foot` is the ground under it, `height` its body height, both in pixels."""
    j = {name: (foot[0] + x * height, foot[1] - y * height) for name, (x, y) in pose.joints.items()}
    h = height
    _leg(sheet, j, "l", scaled(wear.legs, 0.72), wear, h)
    if pose.is_side_on:
        _arm(sheet, j, "l", 0.72, wear, h)
    _leg(sheet, j, "r", wear.legs, wear, h)
    _torso(sheet, j, pose, wear, h)
    _head(sheet, j, pose, wear, h)
    if not pose.is_side_on:
        _arm(sheet, j, "l", 0.9, wear, h)
    _arm(sheet, j, "r", 0.98, wear, h)


def _leg(sheet: Sheet, j: Mapping[str, Point], side: str, cloth: RGB, wear: Wardrobe, h: float) -> None:
    hip, knee, ankle, toe = (j[f"{part}_{side}"] for part in ("hip", "knee", "ankle", "toe"))
    shin = mix(wear.skin, cloth, 0.25 if side == "l" else 0.0) if wear.shorts else cloth
    sheet.limb(knee, ankle, 0.036 * h, 0.022 * h, shin)
    sheet.limb(hip, knee, 0.062 * h, 0.040 * h, cloth)
    shoe = scaled(wear.shoe, 0.8 if side == "l" else 1.0)
    sheet.limb((ankle[0], ankle[1] + 0.012 * h), toe, 0.026 * h, 0.017 * h, shoe)


def _arm(sheet: Sheet, j: Mapping[str, Point], side: str, tone: float, wear: Wardrobe, h: float) -> None:
    shoulder, elbow, wrist = (j[f"{part}_{side}"] for part in ("shoulder", "elbow", "wrist"))
    sleeve, skin = scaled(wear.top, tone), scaled(wear.skin, min(1.0, tone + 0.06))
    lower = skin if wear.short_sleeves else sleeve
    sheet.limb(elbow, wrist, 0.028 * h, 0.020 * h, lower)
    sheet.limb(shoulder, elbow, 0.037 * h, 0.029 * h, sleeve)
    sheet.oval(wrist[0], wrist[1], 0.025 * h, 0.027 * h, skin)


def _torso(sheet: Sheet, j: Mapping[str, Point], pose: Pose, wear: Wardrobe, h: float) -> None:
    neck, hip = j["neck"], j["hip"]
    sheet.limb((neck[0], neck[1] + 0.02 * h), j["head"], 0.032 * h, 0.030 * h, scaled(wear.skin, 0.86))
    if pose.is_side_on:
        chest = (neck[0] * 0.75 + hip[0] * 0.25, neck[1] * 0.75 + hip[1] * 0.25)
        sheet.limb(chest, hip, 0.078 * h, 0.062 * h, wear.top)
        return
    outline = [
        (0.034, -0.012), (0.070, 0.002), (0.108, 0.014), (0.138, 0.034), (0.146, 0.058), (0.112, 0.10),
        (0.090, 0.205), (0.104, 0.335), (0.0, 0.345),
    ]  # fmt: skip
    right = [(neck[0] + x * h, neck[1] + y * h) for x, y in outline]
    left = [(neck[0] - x * h, neck[1] + y * h) for x, y in reversed(outline)]
    sheet.polygon([*right, *left], wear.top)
    collar = [(neck[0] - 0.036 * h, neck[1] - 0.016 * h), (neck[0] + 0.036 * h, neck[1] - 0.016 * h)]
    sheet.polygon([*collar, (neck[0], neck[1] + 0.040 * h)], scaled(wear.skin, 0.9))


def _head(sheet: Sheet, j: Mapping[str, Point], pose: Pose, wear: Wardrobe, h: float) -> None:
    x, y = j["head"]
    rx, ry = (0.060, 0.070) if pose.is_side_on else (0.055, 0.072)
    if wear.cut == 2:
        sheet.box(
            x - 0.070 * h,
            y - 0.05 * h,
            x + (0.02 if pose.is_side_on else 0.070) * h,
            y + 0.125 * h,
            wear.hair,
            1.0,
            0.05 * h,
        )
    sheet.oval(x, y, rx * h, ry * h, wear.skin)
    if wear.cut == BARE_CUT:
        return
    dx = -0.012 * h if pose.is_side_on else 0.0
    hair = [
        (x + dx + math.cos(a) * rx * 1.10 * h, y - 0.008 * h - math.sin(a) * ry * 1.12 * h) for a in _arc(-0.12, 3.26)
    ]
    fringe = [
        (x + dx - rx * 0.9 * h, y - 0.012 * h),
        (x + dx + rx * 0.2 * h, y - 0.034 * h),
        (x + dx + rx * 1.0 * h, y - 0.022 * h),
    ]
    colour = wear.hair if wear.cut != 3 else scaled(wear.top, 0.72)
    sheet.polygon([*hair, *fringe], colour)
    if wear.cut == 1:
        sheet.oval(x - (0.05 if pose.is_side_on else 0.0) * h, y - 0.083 * h, 0.030 * h, 0.027 * h, wear.hair)
    if wear.cut == 3:
        reach = 0.062 * h if pose.is_side_on else 0.0
        sheet.box(
            x + dx - rx * 0.95 * h + reach,
            y - 0.040 * h,
            x + dx + rx * 1.05 * h + reach,
            y - 0.022 * h,
            scaled(colour, 0.8),
            1.0,
            0.01 * h,
        )


def _arc(start: float, end: float) -> list[float]:
    return [start + (end - start) * i / 15 for i in range(16)]


def draw_from_above(sheet: Sheet, wear: Wardrobe, at: Point, size: float) -> None:
    """The figure seen from straight above: head, shoulders, arms ahead."""
    x, y = at
    for side in (-1, 1):
        sheet.limb(
            (x + side * 0.40 * size, y), (x + side * 0.30 * size, y - 0.52 * size), 0.13 * size, 0.085 * size, wear.top
        )
        sheet.oval(x + side * 0.29 * size, y - 0.58 * size, 0.085 * size, 0.10 * size, wear.skin)
    sheet.oval(x, y, 0.54 * size, 0.22 * size, wear.top)
    sheet.oval(x, y - 0.02 * size, 0.20 * size, 0.235 * size, wear.skin if wear.cut == BARE_CUT else wear.hair)


def draw_hand(sheet: Sheet, wear: Wardrobe, at: Point, size: float, lean: float, is_front: bool) -> None:
    """A hand that holds something up from below: the palm and thumb behind it, or the fingers in front."""
    x, y = at
    if is_front:
        for i in range(4):
            fx, fy = x + (-0.30 + 0.165 * i) * size, y + (0.10 - 0.035 * i) * size
            sheet.limb(
                (fx + 0.04 * size, fy + 0.16 * size),
                (fx - 0.02 * size, fy - 0.13 * size),
                0.083 * size,
                0.066 * size,
                scaled(wear.skin, 1.0 - 0.035 * (i % 2)),
            )
        return
    wrist = (x + lean * 0.30 * size, y + 0.62 * size)
    elbow = (x + lean * 1.9 * size, y + 2.6 * size)
    sheet.limb(wrist, elbow, 0.24 * size, 0.40 * size, wear.skin if wear.short_sleeves else wear.top)
    sheet.limb((x, y + 0.22 * size), wrist, 0.34 * size, 0.235 * size, scaled(wear.skin, 0.94))
    sheet.limb(
        (x + 0.26 * size, y + 0.22 * size),
        (x + 0.46 * size, y - 0.24 * size),
        0.11 * size,
        0.085 * size,
        scaled(wear.skin, 0.9),
    )
