"""Mix a soundtrack and encode it: takes cut to the sample, music under them, loudness verified on the encoded file."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from callsheet.domain.identity import Digest
from callsheet.tools.edit.encode import require
from callsheet.tools.edit.error import EncodeFailed
from callsheet.tools.edit.handover import hand_over, named, workbench
from callsheet.tools.edit.loudness import METER, RAW, SILENCE, Loudness, louder, measure, read_meter
from callsheet.tools.edit.music import Samples, Theme, bed
from callsheet.tools.edit.renderer import EXACT, QUIET, SAMPLE_RATE, TRUE_PEAK
from callsheet.tools.edit.soundtrack import Sounding, Soundtrack
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process

_TAKE_LEVEL, _BED_LEVEL = -18.0, -24.0
"""Levels (RMS, dB of full scale) at which takes and the music meet before the whole is made as loud as asked."""
_LARGEST_LIFT = 15.0
_CROSSFADE = SAMPLE_RATE // 50
_TOLERANCE = 0.3
_HEADROOM = 0.7
"""AAC overshoots: limit this much (dB) below the promised peak."""
_MORE_HEADROOM = 0.2
"""What a peak that is still too high takes beyond its excess (dB): the codec's overshoot moves with every gain."""
_PASSES = 8


async def encode_soundtrack(
    track: Soundtrack, media: Mapping[Digest, Path], out: Path, *, timeout: float = 300.0
) -> Loudness:
    """Mix and encode the sound as AAC, 48 kHz, stereo; return its measured loudness. `out` appears only when whole.

    The loudness is within 0.5 LU of the cut's and the true peak at most -1 dBTP. Raises MediaMissing or EncodeFailed.
    """
    require(track.media, media)
    sounds: dict[Digest, Samples] = {}
    for digest in sorted(track.media):
        sounds[digest] = await _decode(media[digest], timeout)
    mixed = await asyncio.to_thread(mix, track, sounds)
    with workbench(out.parent) as folder:
        whole = folder / "sound.m4a"
        loudness = await _encode_to_loudness(mixed, track.loudness, whole, timeout)
        hand_over(whole, out)
    return loudness


def mix(track: Soundtrack, sounds: Mapping[Digest, Samples]) -> Samples:
    """Lay the takes' sound on the timeline, crossfaded, over the music. Pure; the same input gives the same samples."""
    theme = Theme.of(track.theme)
    music = bed(theme, track.frames / track.rate, track.resolve / track.rate)
    mixed: Samples = music * _gain_to(music, _BED_LEVEL)
    for take in track.takes:
        _lay(mixed, take, sounds[take.media], track.rate)
    return mixed


def _lay(mixed: Samples, take: Sounding, sound: Samples, rate: int) -> None:
    """Add one take at equal power: it enters and leaves over its transitions, or over a fiftieth of a second."""
    first, start = _sample(take.first, rate), _sample(take.start, rate)
    entry, tail = max(_CROSSFADE, _sample(take.fade_in, rate)), max(_CROSSFADE, _sample(take.fade_out, rate))
    length = _sample(take.start + take.frames, rate) - start + tail
    piece = sound[first : first + min(length, len(mixed) - start)].copy()
    if not len(piece):
        return
    rise = np.linspace(0, np.pi / 2, min(entry, len(piece)), dtype=np.float32)
    fall = np.linspace(0, np.pi / 2, min(tail, len(piece)), dtype=np.float32)
    piece[: len(rise)] *= np.sin(rise)[:, None]
    piece[-len(fall) :] *= np.cos(fall)[:, None]
    mixed[start : start + len(piece)] += piece * _gain_to(sound, _TAKE_LEVEL)


def _sample(frame: int, rate: int) -> int:
    return frame * SAMPLE_RATE // rate


def _gain_to(sound: Samples, level: float) -> np.float32:
    """The gain that brings what is not silent to a level. Near-silence is left alone rather than turned to noise."""
    loud = np.sqrt(np.mean(np.square(sound, dtype=np.float64), axis=1)) if len(sound) else np.zeros(1)
    voiced = loud[loud > 10 ** (-50 / 20)]
    if len(voiced) < SAMPLE_RATE // 20:
        return np.float32(1)
    lift = level - 20 * float(np.log10(np.sqrt(np.mean(np.square(voiced)))))
    return np.float32(10 ** (min(lift, _LARGEST_LIFT) / 20))


async def _decode(path: Path, timeout: float) -> Samples:
    """All of a take's sound; empty when it has none."""
    argv = [ffmpeg_exe(), *QUIET, "-threads", "1", "-i", named(path), "-map", "0:a:0?", "-vn", *RAW, "pipe:1"]
    finished = await run_process(argv, timeout=timeout)
    if finished.returncode != 0 and b"does not contain any stream" not in finished.stderr:
        raise EncodeFailed(f"the sound of {path.name} cannot be read: {finished.last_words}")
    return np.frombuffer(finished.stdout, dtype="<f4").reshape(-1, 2).astype(np.float32)


async def _encode_to_loudness(mixed: Samples, target: float, out: Path, timeout: float) -> Loudness:
    """Set the gain by measurement and check the encoded file; what the limiter took is given back in another pass."""
    found = await measure(mixed, timeout=timeout)
    ceiling, gain = TRUE_PEAK - _HEADROOM, target - found.integrated
    if found.integrated <= SILENCE + 1:
        return await _encode(mixed, out, timeout)
    for _ in range(_PASSES):
        found = await _encode(louder(mixed, gain, ceiling), out, timeout)
        if abs(found.integrated - target) <= _TOLERANCE and found.true_peak <= TRUE_PEAK:
            return found
        gain += target - found.integrated
        if found.true_peak > TRUE_PEAK:
            ceiling -= found.true_peak - TRUE_PEAK + _MORE_HEADROOM
    raise EncodeFailed(
        f"the sound came out at {found.integrated:.1f} LUFS and {found.true_peak:.1f} dBTP instead of {target:g} LUFS "
        f"and at most {TRUE_PEAK:g} dBTP; ask for a lower loudness"
    )


async def _encode(sound: Samples, out: Path, timeout: float) -> Loudness:
    """Encode to AAC and measure what a player will decode from it."""
    argv = [ffmpeg_exe(), *QUIET, *RAW, "-i", "pipe:0", "-threads", "1", "-c:a", "aac", "-b:a", "160k", *EXACT,
            "-f", "ipod", str(out)]  # fmt: skip
    finished = await run_process(argv, timeout=timeout, stdin=sound.astype("<f4").tobytes())
    if finished.returncode != 0:
        raise EncodeFailed(f"the sound could not be encoded: {finished.last_words}")
    meter = [ffmpeg_exe(), "-hide_banner", "-nostdin", "-i", str(out), "-af", METER, "-f", "null", "-"]
    measured = await run_process(meter, timeout=timeout)
    if measured.returncode != 0:
        raise EncodeFailed(f"the encoded sound cannot be read: {measured.last_words}")
    return read_meter(measured.stderr.decode("utf-8", "replace"))
