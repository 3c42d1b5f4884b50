"""Encode one piece of a cut: one encoder process, one thread, the same bytes every time."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from callsheet.domain.identity import Digest
from callsheet.tools.edit.error import EncodeFailed, MediaMissing
from callsheet.tools.edit.handover import hand_over, workbench
from callsheet.tools.edit.prepare import Prepared, prepare
from callsheet.tools.edit.renderer import COLOUR, ENCODER, EXACT, QUIET
from callsheet.tools.edit.segment import Segment
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process

_KEY_FRAME_SECONDS = 2
_TICKS_A_FRAME = 512


async def encode_segment(segment: Segment, media: Mapping[Digest, Path], out: Path, *, timeout: float = 300.0) -> Path:
    """Encode a piece as H.264 without sound and return `out`, which appears only when it is whole.

    `media` finds files by hash; `timeout` is in seconds. Raises MediaMissing, GlyphMissing, PictureUnfit, EncodeFailed
    or ProcessTimeout.
    """
    require(segment.media, media)
    with workbench(out.parent) as folder:
        prepared = await asyncio.to_thread(prepare, segment, media, folder)
        whole = folder / "piece.mp4"
        finished = await run_process(_argv(segment, prepared, whole), timeout=timeout)
        if finished.returncode != 0:
            raise EncodeFailed(f"the {segment.kind} piece {segment.key[:12]} failed: {finished.last_words}")
        return hand_over(whole, out)


def require(needed: frozenset[Digest], media: Mapping[Digest, Path]) -> None:
    """Refuse to start without every file. Raises MediaMissing with the names of all that are not there."""
    absent = sorted(digest[:12] for digest in needed if digest not in media or not media[digest].is_file())
    if absent:
        raise MediaMissing(f"the cut uses {', '.join(absent)}, not in the media store; fetch them again")


def _argv(segment: Segment, prepared: Prepared, out: Path) -> list[str]:
    inputs = [argument for each in prepared.inputs for argument in each]
    key_frames = ("-g", str(segment.rate * _KEY_FRAME_SECONDS), "-threads", "1")
    exactly = ("-frames:v", str(segment.frames), "-fps_mode", "passthrough")
    clock = ("-video_track_timescale", str(segment.rate * _TICKS_A_FRAME))
    return [
        ffmpeg_exe(), *QUIET, "-filter_complex_threads", "1", *inputs, "-filter_complex", prepared.graph,
        "-map", "[out]", *ENCODER, *key_frames, *exactly, *COLOUR, *EXACT, "-an", *clock, "-f", "mp4", str(out),
    ]  # fmt: skip
