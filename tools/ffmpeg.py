"""Where the encoder is: the ffmpeg program that comes with the base install."""

from functools import cache

import imageio_ffmpeg


@cache
def ffmpeg_exe() -> str:
    """The path of ffmpeg: the one named by IMAGEIO_FFMPEG_EXE, else the one bundled with imageio-ffmpeg.

    Raises RuntimeError when this platform has no bundled ffmpeg and none is installed.
    """
    return str(imageio_ffmpeg.get_ffmpeg_exe())
