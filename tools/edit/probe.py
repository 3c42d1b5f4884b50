"""What a video file is: its streams as the decoder reports them, its exact frames as its boxes count them."""

import asyncio
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from callsheet.tools.edit.boxes import Track, is_faststart, read_tracks, top_level
from callsheet.tools.edit.error import Unreadable
from callsheet.tools.edit.handover import named
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import ProcessTimeout, run_process

_VIDEO = re.compile(
    r"Stream #\S+ Video: (?P<codec>\w+)(?: \((?P<profile>[^)/]+)\))?[^,]*(?:\([^)]*\))*, "
    r"(?P<pixels>\w+)(?:\([^)]*\))?, (?P<width>\d+)x(?P<height>\d+)"
)
_AUDIO = re.compile(r"Stream #\S+ Audio: (?P<codec>\w+)[^,]*(?:\([^)]*\))*, (?P<rate>\d+) Hz, (?P<layout>[^,]+)")
_FPS = re.compile(r"([\d.]+) tbr")
_ROTATION = re.compile(r"display ?matrix: rotation of (-?\d+)", re.IGNORECASE)
_DURATION = re.compile(r"Duration: (\d+):(\d+):(\d+\.\d+)")
_CHANNELS = {"mono": 1, "stereo": 2}


@dataclass(frozen=True)
class AudioStream:
    """A sound stream: `rate` in Hz, `channels` (0 when unusual), length in seconds."""

    codec: str
    rate: int
    channels: int
    seconds: Fraction


@dataclass(frozen=True)
class Probe:
    """A video file as it is, its size as a player shows it.

    `frames` is exact; 0 when the file does not count them (a fragmented file).
    """

    codec: str
    profile: str
    pixels: str
    width: int
    height: int
    fps: Fraction
    frames: int
    seconds: Fraction
    audio: AudioStream | None
    faststart: bool
    bytes: int


async def probe(path: Path, *, timeout: float = 30.0) -> Probe:
    """Read what a video file is, decoding nothing in this process. Raises Unreadable.

    The decoder runs apart and with a deadline: a damaged download may hang or crash it.
    """
    tracks = await asyncio.to_thread(read_tracks, path)
    faststart = await asyncio.to_thread(is_faststart, path)
    argv = [ffmpeg_exe(), "-hide_banner", "-nostdin", "-i", named(path)]
    try:
        finished = await run_process(argv, timeout=timeout)
    except ProcessTimeout as late:
        raise Unreadable(f"{path.name} kept its reader busy for {timeout:g} s; download it again") from late
    report = finished.stderr.decode("utf-8", "replace")
    video = _VIDEO.search(report)
    if video is None:
        raise Unreadable(f"{path.name} holds no picture that can be decoded")
    picture = next((track for track in tracks if track.kind == "vide"), Track("vide", 0, Fraction(0)))
    width, height = _upright(int(video["width"]), int(video["height"]), report)
    seconds = picture.seconds or _length(report)
    fps = Fraction(picture.samples) / seconds if picture.samples and seconds else _fps(report, video.end())
    return Probe(
        codec=video["codec"], profile=(video["profile"] or "").strip(), pixels=video["pixels"],
        width=width, height=height, fps=fps, frames=picture.samples, seconds=seconds,
        audio=_audio(report, tracks), faststart=faststart, bytes=top_level(path)[-1].end,
    )  # fmt: skip


def _audio(report: str, tracks: tuple[Track, ...]) -> AudioStream | None:
    sound = _AUDIO.search(report)
    if sound is None:
        return None
    track = next((track for track in tracks if track.kind == "soun"), None)
    seconds = track.seconds if track is not None and track.seconds else _length(report)
    return AudioStream(sound["codec"], int(sound["rate"]), _CHANNELS.get(sound["layout"].strip(), 0), seconds)


def _upright(width: int, height: int, report: str) -> tuple[int, int]:
    """Telephones record lying down and say how to turn the picture; decoders turn it."""
    turned = _ROTATION.search(report)
    return (height, width) if turned is not None and round(int(turned[1]) / 90) % 2 else (width, height)


def _length(report: str) -> Fraction:
    found = _DURATION.search(report)
    return Fraction(int(found[1]) * 3600 + int(found[2]) * 60) + Fraction(found[3]) if found else Fraction(0)


def _fps(report: str, after: int) -> Fraction:
    found = _FPS.search(report, after)
    return Fraction(found[1]) if found else Fraction(0)
