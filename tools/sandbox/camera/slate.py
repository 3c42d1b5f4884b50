"""The marks of a previz: on every frame, inside the central square, above the lower third."""

from PIL import Image, ImageDraw

from callsheet.domain.slate import slate_place
from callsheet.tools.sandbox.camera.lettering import printable, typeface
from callsheet.tools.sandbox.camera.paint import glow, veil
from callsheet.tools.sandbox.camera.reading import Reading
from callsheet.tools.sandbox.camera.stage import Layer, Stage

MARK = "PREVIZ"


def slate_line(reading: Reading, seconds: int, room: float, size: int) -> str:
    """Shot, framing, movement and length, as much of it as fits into `room` pixels."""
    parts = [reading.shot_id, reading.framing.value, reading.movement.value, f"{seconds} s"]
    parts = [printable(part) for part in parts if part]
    while parts and typeface(size, 500).getlength("  ·  ".join(parts)) > room:
        parts.pop(-2 if len(parts) > 2 else -1)
    return "  ·  ".join(parts)


def marks(stage: Stage, seconds: int) -> Layer:
    """The vignette, the PREVIZ mark and the slate line, as one still layer over everything."""
    corner = (
        1.0
        - glow(stage.width, stage.height, stage.width / 2, stage.height / 2, max(stage.width, stage.height) * 0.62)[
            ..., 0
        ]
    )
    picture = veil((4, 5, 10), corner * (0.42 + 0.25 * stage.palette.shade))
    place = slate_place(stage.width, stage.height)
    size = place.type_size
    strong = typeface(size, 800)
    pad, dot = round(size * 0.55), size * 0.30
    mark_width = strong.getlength(MARK) + 2 * pad + 3.4 * dot
    line = slate_line(stage.reading, seconds, place.right - place.left - mark_width - 3 * pad, size)
    width = mark_width + (typeface(size, 500).getlength(line) + 2.2 * pad if line else 0)
    box = (place.left, place.top, place.left + width, place.bottom)
    plate = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(plate)
    pen.rounded_rectangle(box, radius=size, fill=(10, 11, 16, 150))
    middle = (box[1] + box[3]) / 2
    pen.ellipse((box[0] + pad, middle - dot, box[0] + pad + 2 * dot, middle + dot), fill=(255, 86, 66, 255))
    pen.text((box[0] + pad + 3.4 * dot, middle), MARK, font=strong, fill=(255, 255, 255, 255), anchor="lm")
    if line:
        pen.text(
            (box[0] + mark_width + 0.4 * pad, middle),
            line,
            font=typeface(size, 500),
            fill=(236, 236, 240, 230),
            anchor="lm",
        )
    picture.alpha_composite(plate)
    return Layer((picture,), 0, 0, 0.0)
