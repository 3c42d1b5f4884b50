"""Is a file what was paid for, and is a deliverable what was promised? Every fault is named, none is repaired.

A downloaded take is untrusted: it is decoded strictly, by another process, with a deadline.
"""

import asyncio
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from callsheet.domain.cut import Cut
from callsheet.tools.edit.boxes import damages
from callsheet.tools.edit.error import EditError, NotJudged, Unreadable
from callsheet.tools.edit.handover import named
from callsheet.tools.edit.loudness import METER, Loudness, read_meter
from callsheet.tools.edit.probe import Probe, probe
from callsheet.tools.edit.renderer import SAMPLE_RATE
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import ProcessTimeout, run_process

LENGTH_TOLERANCE = Fraction(1, 4)
"""A take may differ from what was ordered by this much, in seconds."""
LOUDNESS_TOLERANCE = 1.0
_MOSTLY = 0.9
_WATCH = "scale=160:-2:flags=fast_bilinear,blackdetect=d=0.05:pix_th=0.06:pic_th=0.98,freezedetect=n=-60dB:d=0.4"


@dataclass(frozen=True)
class Sound:
    """A file that may be used. `loudness` was measured when it has sound."""

    probe: Probe
    loudness: Loudness | None


@dataclass(frozen=True)
class Unsound:
    """A file that must not be used, and every reason found."""

    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Watched:
    faults: tuple[str, ...]
    black: float
    frozen: float
    loudness: Loudness | None


async def verify_take(
    path: Path,
    *,
    width: int,
    height: int,
    seconds: Fraction | int,
    rate: int | None = None,
    wants_audio: bool = True,
    timeout: float = 120.0,
) -> Sound | Unsound:
    """Judge a downloaded take: whole, decodable to the last frame, the size and length ordered, not black, not frozen.

    `seconds` is the length bought, `rate` frames a second when it was ordered.
    """
    found = await _examine(path, timeout)
    if isinstance(found, Unsound):
        return found
    seen, watched = found
    reasons = list(watched.faults)
    if (seen.width, seen.height) != (width, height):
        reasons.append(f"the picture is {seen.width} x {seen.height}, ordered was {width} x {height}")
    if abs(seen.seconds - seconds) > LENGTH_TOLERANCE:
        reasons.append(f"the take lasts {float(seen.seconds):.2f} s, ordered were {float(seconds):.2f} s")
    if rate is not None and abs(seen.fps - rate) > Fraction(1, 20):
        reasons.append(f"the take runs at {float(seen.fps):.2f} frames a second, ordered were {rate}")
    reasons += _sound_faults(seen, wants_audio=wants_audio)
    if watched.black >= _MOSTLY * float(seen.seconds):
        reasons.append("the picture is black throughout")
    elif watched.frozen >= _MOSTLY * float(seen.seconds):
        reasons.append("the picture is frozen throughout")
    return Unsound(tuple(reasons)) if reasons else Sound(seen, watched.loudness)


async def verify_deliverable(path: Path, cut: Cut, *, timeout: float = 180.0) -> Sound | Unsound:
    """Judge a finished file against its cut: frames, size, rate, H.264 yuv420p, faststart, AAC at 48 kHz, loudness."""
    found = await _examine(path, timeout)
    if isinstance(found, Unsound):
        return found
    seen, watched = found
    promised = {
        "frames": (seen.frames, cut.frames),
        "size": (f"{seen.width}x{seen.height}", f"{cut.width}x{cut.height}"),
        "rate": (seen.fps, Fraction(cut.rate)),
        "codec": (f"{seen.codec} {seen.pixels}", "h264 yuv420p"),
        "faststart": (seen.faststart, True),
        "sound": ((seen.audio.codec, seen.audio.rate) if seen.audio else None, ("aac", SAMPLE_RATE)),
    }
    reasons = [f"{name} is {is_!s}, promised was {was!s}" for name, (is_, was) in promised.items() if is_ != was]
    reasons += watched.faults
    if watched.loudness is not None and abs(watched.loudness.integrated - cut.loudness) > LOUDNESS_TOLERANCE:
        reasons.append(f"loudness is {watched.loudness.integrated:.1f} LUFS, promised was {cut.loudness}")
    return Unsound(tuple(reasons)) if reasons else Sound(seen, watched.loudness)


def _sound_faults(seen: Probe, *, wants_audio: bool) -> list[str]:
    if seen.audio is None:
        return ["the take has no sound"] if wants_audio else []
    apart = abs(seen.audio.seconds - seen.seconds)
    return [f"sound and picture differ by {float(apart):.2f} s"] if apart > LENGTH_TOLERANCE else []


async def _examine(path: Path, timeout: float) -> tuple[Probe, _Watched] | Unsound:
    """Walk the boxes, then read the streams, then decode everything; stop at what makes the rest pointless."""
    if not await asyncio.to_thread(path.is_file):
        return Unsound((f"{path.name} is not there",))
    if broken := await asyncio.to_thread(damages, path):
        return Unsound(broken)
    try:
        seen = await probe(path, timeout=timeout)
        return seen, await _watch(path, seen, timeout)
    except Unreadable as problem:
        return Unsound((str(problem),))
    except ProcessTimeout as problem:
        raise NotJudged(f"{path.name} was not looked at to its end: {problem}; try again with less going on") from None


async def _watch(path: Path, seen: Probe, timeout: float) -> _Watched:
    """Decode every frame strictly, looking for black and still pictures and listening on the way."""
    sound = ["-map", "0:a:0", "-af", METER] if seen.audio is not None else []
    argv = [
        ffmpeg_exe(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info", "-xerror",
        "-err_detect", "+explode", "-i", named(path),
        "-map", "0:v:0", "-vf", _WATCH, *sound, "-f", "null", "-",
    ]  # fmt: skip
    finished = await run_process(argv, timeout=timeout)
    if finished.returncode < 0:  # a signal from outside, such as for want of memory, says nothing about the file
        raise NotJudged(f"the decoder of {path.name} was stopped by signal {-finished.returncode}; try again")
    report = finished.stderr.decode("utf-8", "replace")
    faults = [line.strip() for line in report.splitlines() if re.search(r"\[(error|fatal|panic)\]", line)]
    if finished.returncode != 0 or faults:
        said = re.sub(r"\[[^]]*\] ?", "", faults[0]) if faults else f"the decoder ended with {finished.returncode}"
        return _Watched((f"{path.name} does not decode cleanly: {said[:200]}",), 0, 0, None)
    return _Watched((), _total(report, "black"), _frozen(report, float(seen.seconds)), _heard(report, seen))


def _heard(report: str, seen: Probe) -> Loudness | None:
    try:
        return read_meter(report) if seen.audio is not None else None
    except EditError:
        return None


def _total(report: str, kind: str) -> float:
    return sum(float(length) for length in re.findall(rf"{kind}_duration:\s*([\d.]+)", report))


def _frozen(report: str, seconds: float) -> float:
    """Seconds without motion. A freeze that lasts to the end has no end in the report."""
    starts = [float(at) for at in re.findall(r"freeze_start:\s*([\d.]+)", report)]
    ends = re.findall(r"freeze_end:\s*([\d.]+)", report)
    return _total(report, "freeze") + (seconds - starts[-1] if len(starts) > len(ends) else 0.0)
