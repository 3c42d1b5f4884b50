"""From layers to a clip: one ffmpeg process moves, stacks and encodes them. Every number in its graph is ours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as File

from PIL import Image

from callsheet.tools.sandbox.camera.motion import Path
from callsheet.tools.sandbox.camera.sound import RATE
from callsheet.tools.sandbox.camera.stage import Layer

_PLATE_DEPTH = 0.15
"""The depth at which the scenery behind the subject grows as one picture."""
_ANCHOR = 0.45
"""How far down the frame the point lies that a move in or out is aimed at."""

_DRIFT = 0.12
"""How far the light of a locked-off shot drifts up and down in three seconds, in tenths of full brightness."""


@dataclass(frozen=True)
class Reel:
    """What the encoder needs: layers back to front, the marks over all, sound, and the measure of the clip."""

    back: Sequence[Layer]
    front: Sequence[Layer]
    marks: Layer
    sound: bytes | None
    path: Path
    fps: int
    is_frozen: bool = False
    """Hold the first frame for the whole clip."""


def command(ffmpeg: str, reel: Reel, folder: File, out: File) -> list[str]:
    """Write the layers into a folder and return the argument list that turns them into the clip `out`.

    One thread and no time stamps or versions inside: the same layers give the same bytes.
    """
    layers = [*reel.back, *reel.front, reel.marks]
    argv = [ffmpeg, "-hide_banner", "-loglevel", "error", "-nostats", "-progress", "pipe:1", "-y"]
    for index, layer in enumerate(layers):
        file = folder / f"{index}.rgba"
        file.write_bytes(b"".join(picture.tobytes() for picture in layer.pictures))
        rate = f"{layer.rate:g}" if len(layer.pictures) > 1 else str(reel.fps)
        argv += ["-f", "rawvideo", "-pixel_format", "rgba", "-video_size", _size(layer.pictures[0])]
        argv += ["-framerate", rate, "-i", str(file)]
    if reel.sound is not None:
        (folder / "sound.pcm").write_bytes(reel.sound)
        argv += ["-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", str(folder / "sound.pcm")]
    argv += ["-filter_complex_threads", "1", "-filter_complex", _graph(reel), "-map", "[out]"]
    if reel.sound is not None:
        argv += ["-map", f"{len(layers)}:a", "-c:a", "aac", "-b:a", "128k", "-flags:a", "+bitexact"]
    argv += ["-c:v", "libx264", "-preset", "superfast", "-crf", "22", "-pix_fmt", "yuv420p", "-threads", "1"]
    argv += ["-g", str(reel.fps * 2), "-frames:v", str(reel.path.frames), "-r", str(reel.fps)]
    argv += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
    argv += ["-flags:v", "+bitexact", "-fflags", "+bitexact", "-map_metadata", "-1"]
    return [*argv, "-movflags", "+faststart", "-f", "mp4", str(out)]


def _size(picture: Image.Image) -> str:
    return f"{picture.width}x{picture.height}"


def _graph(reel: Reel) -> str:
    path, width, height = reel.path, reel.path.width, reel.path.height
    base = reel.back[0]
    steps = [
        f"[0]{_held(reel, base, 'yuv444p')},trim=end_frame={path.frames},"
        f"crop={width}:{height}:'{-base.x:.0f}-({path.x(base.depth)})':'{-base.y:.0f}-({path.y(base.depth)})':exact=1[b0]"
    ]
    for index, layer in enumerate(reel.back[1:], 1):
        steps.append(f"[{index}]{_held(reel, layer, 'yuva444p')}[l{index}]")
        x, y = f"{layer.x:.0f}+{path.x(layer.depth)}", f"{layer.y:.0f}+{path.y(layer.depth)}"
        steps.append(_over(f"b{index - 1}", index, x, y))
    last = len(reel.back) - 1
    zoom = path.zoom(_PLATE_DEPTH)
    grow = (
        f"scale=w='2*round({width / 2:g}*{zoom})':h='2*round({height / 2:g}*{zoom})':eval=frame:flags=bilinear,"
        f"crop={width}:{height}:'(iw-ow)/2':'(ih-oh)*{_ANCHOR}':exact=1"
        if zoom
        else "null"
    )
    below = "plate"
    steps.append(f"[b{last}]{grow}[{below}]")
    for index, layer in enumerate(reel.front, last + 1):
        steps += _standing(reel, layer, index, below)
        below = f"b{index}"
    if path.move.is_still:  # no light stands quite still, and a picture that does is taken for a frozen one
        steps.append(f"[{below}]hue=b='{_DRIFT}*sin(n*{2 * math.pi / (3 * reel.fps):.4f})'[lit]")
        below = "lit"
    end = len(reel.back) + len(reel.front)
    still = "trim=end_frame=1,loop=loop=-1:size=1:start=0,setpts=N," if reel.is_frozen else ""
    steps.append(f"[{end}]{_held(reel, reel.marks, 'yuva444p')}[l{end}]")
    steps.append(f"[{below}][l{end}]overlay=0:0:format=yuv444:shortest=1,{still}format=yuv420p[out]")
    return ";".join(steps)


def _held(reel: Reel, layer: Layer, pixels: str) -> str:
    """Decode once, hold or loop for the whole clip."""
    count = len(layer.pictures)
    loop = f"loop=loop=-1:size={count}:start=0,setpts=N"
    rate = f",fps={reel.fps}" if count > 1 else ""
    return f"scale=out_color_matrix=bt709:out_range=tv,format={pixels},{loop}{rate},settb=1/{reel.fps},setpts=N"


def _over(below: str, index: int, x: str, y: str) -> str:
    return f"[{below}][l{index}]overlay=x='{x}':y='{y}':eval=frame:format=yuv444:shortest=1[b{index}]"


def _standing(reel: Reel, layer: Layer, index: int, below: str) -> list[str]:
    """A layer in front of the scenery: it grows by its own depth and may sway."""
    path, picture = reel.path, layer.pictures[0]
    zoom = path.zoom(layer.depth) if layer.grows else None
    shown_w, shown_h = picture.width * layer.magnified, picture.height * layer.magnified
    before, after = "", ""
    if zoom:
        sides = (f"max(2,round({shown:.2f}*{zoom}))" for shown in (shown_w, shown_h))
        after = ",scale=w='{}':h='{}':eval=frame:flags=bilinear".format(*sides)
    elif layer.magnified != 1:
        before = f"scale=w={round(shown_w)}:h={round(shown_h)}:flags=bilinear,"
    factor = zoom or "1"
    middle_x, middle_y = layer.x + shown_w / 2 - path.width / 2, layer.y + shown_h / 2 - path.height * _ANCHOR
    across, up, often = layer.sway
    beat = f"n*{2 * math.pi * often / reel.fps:.5f}"
    move_x, move_y = path.x(layer.depth, layer.is_followed), path.y(layer.depth, layer.is_followed)
    x = f"{path.width / 2:g}+({middle_x:.2f})*{factor}-w/2+{move_x}+{across:.2f}*sin({beat})"
    y = f"{path.height * _ANCHOR:g}+({middle_y:.2f})*{factor}-h/2+{move_y}+{up:.2f}*cos({beat})"
    return [f"[{index}]{before}{_held(reel, layer, 'yuva444p')}{after}[l{index}]", _over(below, index, x, y)]
