"""What besides the cut decides a file's bytes: our version, the programs and fonts used, the encoder's settings."""

from functools import cache
from importlib.metadata import version
from importlib.util import find_spec

VERSION = "1"
"""Raise it whenever the same segment would come out as other bytes: it is part of every segment's key."""

SAMPLE_RATE = 48_000
TRUE_PEAK = -1.0
"""No deliverable peaks above this, in dBTP (EBU R 128)."""

ENCODER = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-profile:v", "high", "-pix_fmt", "yuv420p")
"""One thread and closed GOPs: other threads mean other bytes, open GOPs cannot be joined by stream copy."""

COLOUR = ("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv")
EXACT = ("-fflags", "+bitexact", "-flags", "+bitexact", "-map_metadata", "-1")
"""No clock and no version of a program in the file."""

QUIET = ("-hide_banner", "-nostdin", "-y", "-loglevel", "error")


@cache
def renderer_id() -> str:
    """Names everything installed that shapes the bytes."""
    names = ["imageio-ffmpeg", "pillow", "numpy", "fontpkg-inter"]
    names += ["manimgx-fonts-cjk"] if find_spec("manimgx_fonts_cjk") is not None else []
    return ";".join((VERSION, *(f"{name}={version(name)}" for name in names), *ENCODER))
