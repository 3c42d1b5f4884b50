"""Loudness by EBU R 128: measured by the encoder's own meter, set by one gain and a limiter that looks ahead."""

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callsheet.tools.edit.error import EncodeFailed
from callsheet.tools.edit.music import Samples
from callsheet.tools.edit.renderer import SAMPLE_RATE
from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process

SILENCE = -70.0
"""The meter's floor in LUFS: what it says of silence."""
METER = "ebur128=peak=true:framelog=quiet"
RAW = ("-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "2")
_BLOCK = 48
_LOOK = 5


@dataclass(frozen=True)
class Loudness:
    """`integrated` in LUFS, `true_peak` in dBTP."""

    integrated: float
    true_peak: float


async def measure(sound: Samples, *, timeout: float = 60.0) -> Loudness:
    """Measure samples. Shorter than 0.4 s counts as silence: the meter needs one block."""
    argv = [ffmpeg_exe(), "-hide_banner", *RAW, "-i", "pipe:0", "-af", METER, "-f", "null", "-"]
    finished = await run_process(argv, timeout=timeout, stdin=sound.astype("<f4").tobytes())
    if finished.returncode != 0:
        raise EncodeFailed(f"the loudness meter stopped: {finished.last_words}")
    return read_meter(finished.stderr.decode("utf-8", "replace"))


def read_meter(report: str) -> Loudness:
    """Read the summary that the meter writes at the end. Raises EncodeFailed when there is none."""
    _, _, summary = report.rpartition("Summary:")
    integrated = re.search(r"I:\s+(-?[\d.]+|-?inf|nan) LUFS", summary)
    peak = re.search(r"True peak:\s+Peak:\s+(-?[\d.]+|-?inf|nan) dBFS", summary)
    if integrated is None or peak is None:
        raise EncodeFailed("the loudness meter gave no summary")
    return Loudness(_number(integrated[1]), _number(peak[1]))


def _number(text: str) -> float:
    return float(text) if math.isfinite(float(text)) else SILENCE


def louder(sound: Samples, decibels: float, ceiling: float) -> Samples:
    """Apply a gain, then hold every peak between samples at or below `ceiling` (dBTP) without audible steps."""
    raised = sound * np.float32(10 ** (decibels / 20))
    limit = 10 ** (ceiling / 20)
    peaks = _block_peaks(raised)
    needed = np.minimum(1, limit / np.maximum(peaks, 1e-9))
    padded = np.pad(needed, _LOOK, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * _LOOK + 1).min(axis=1)
    window = np.hanning(2 * _LOOK + 1)
    smooth = np.convolve(np.pad(lowest, _LOOK, mode="edge"), window / window.sum(), "valid")
    at = (np.arange(len(smooth)) + 0.5) * _BLOCK
    gain = np.interp(np.arange(len(raised)), at, np.minimum(smooth, needed))
    return np.asarray(raised * gain[:, None], dtype=np.float32)


def _block_peaks(sound: Samples) -> NDArray[np.float64]:
    """The largest value, also between samples (four times oversampled), of each millisecond."""
    largest = np.abs(sound).max(axis=1)
    for quarter in (0.25, 0.5, 0.75):
        taps = np.arange(-7, 9) - quarter
        kernel = (np.sinc(taps) * np.cos(np.pi * taps / 18) ** 2).astype(np.float32)
        for channel in range(2):
            between = np.abs(np.convolve(sound[:, channel], kernel[::-1], "same"))
            largest = np.maximum(largest, between)
    blocks = np.pad(largest, (0, -len(largest) % _BLOCK)).reshape(-1, _BLOCK).max(axis=1)
    return np.asarray(np.maximum(blocks, np.maximum(np.roll(blocks, 1), np.roll(blocks, -1))), dtype=np.float64)
