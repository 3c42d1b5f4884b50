"""The sound of a shot: a soft chord in the mood of its light, and what one would hear in its setting."""

from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from callsheet.domain.shot import Light
from callsheet.tools.sandbox.camera.reading import Reading
from callsheet.tools.sandbox.camera.stage import fork

RATE: Final = 48_000
Wave = NDArray[np.float32]

_CHORDS: Final[dict[Light, tuple[float, ...]]] = {
    Light.DAWN: (196.0, 246.9, 293.7, 440.0),
    Light.GOLDEN_HOUR: (174.6, 220.0, 261.6, 329.6),
    Light.NOON: (196.0, 293.7, 392.0, 493.9),
    Light.OVERCAST: (164.8, 196.0, 246.9, 329.6),
    Light.WINDOW: (174.6, 261.6, 329.6, 392.0),
    Light.STUDIO: (220.0, 277.2, 329.6, 415.3),
    Light.LOW_KEY: (110.0, 164.8, 196.0, 246.9),
    Light.NEON: (110.0, 138.6, 207.7, 246.9),
}

_AIR: Final[dict[str, tuple[float, float, float]]] = {
    "beach": (900.0, 0.20, 0.13),
    "lake": (500.0, 0.09, 0.21),
    "street": (240.0, 0.15, 0.31),
    "city": (200.0, 0.15, 0.27),
    "rooftop": (300.0, 0.13, 0.17),
    "track": (1400.0, 0.10, 0.23),
    "train": (150.0, 0.22, 1.9),
    "cafe": (700.0, 0.08, 0.57),
    "gym": (400.0, 0.08, 0.43),
    "workshop": (320.0, 0.09, 0.37),
}
"""Ambience by setting: how bright its noise is (Hz), how loud, how often it swells a second."""

_BIRDS: Final = frozenset("forest trail garden field hills lake".split())


def sound(reading: Reading, seconds: int) -> bytes:
    """Stereo 16-bit samples at 48 kHz, exactly as long as the clip."""
    chance = fork(reading.seed, 80)
    count = seconds * RATE
    t: Wave = np.asarray(np.arange(count) / RATE, dtype=np.float32)
    left = _pad(reading, t, 0.0) + _ambience(reading, t, chance)
    right = _pad(reading, t, 0.8) + _ambience(reading, t, chance)
    for at, wave in _moments(reading, seconds, chance):
        end = min(count, at + len(wave))
        left[at:end] += wave[: end - at]
        right[at:end] += wave[: end - at] * 0.8
    edge = np.clip(np.minimum(t / 0.25, (seconds - t) / 0.35), 0, 1)
    both = np.stack([left * edge, right * edge], axis=1)
    return np.asarray(np.tanh(both * 1.1) * 30_000, dtype="<i2").tobytes()


def _pad(reading: Reading, t: Wave, turn: float) -> Wave:
    tune = 2 ** (((reading.seed >> 5) % 5 - 2) / 12)
    out = np.zeros_like(t)
    for i, note in enumerate(_CHORDS[reading.light]):
        swell = 0.6 + 0.4 * np.sin(2 * np.pi * (0.11 + 0.035 * i) * t + i + turn)
        pitch = 2 * np.pi * note * tune * t
        out += swell * (np.sin(pitch + turn) + 0.3 * np.sin(2.003 * pitch) + 0.12 * np.sin(3.001 * pitch)) * 0.035
    return np.asarray(out, dtype=np.float32)


def _ambience(reading: Reading, t: Wave, chance: Generator) -> Wave:
    cut, loud, pace = _AIR.get(reading.setting, (420.0, 0.035 if reading.is_indoors else 0.07, 0.15))
    noise = _low_passed(chance.standard_normal(len(t), dtype=np.float32), cut)
    swell = 0.62 + 0.38 * np.sin(2 * np.pi * pace * t + float(chance.uniform(0, 6)))
    return np.asarray(noise * swell * loud, dtype=np.float32)


def _low_passed(noise: Wave, cut: float) -> Wave:
    """Noise without its high end, at one loudness."""
    spectrum = np.fft.rfft(noise)
    pitch = np.fft.rfftfreq(len(noise), 1 / RATE)
    soft = np.fft.irfft(spectrum / (1 + (pitch / cut) ** 2), len(noise))
    return np.asarray(soft / max(1e-9, float(np.sqrt(np.mean(soft**2)))) * 0.5, dtype=np.float32)


def _moments(reading: Reading, seconds: int, chance: Generator) -> list[tuple[int, Wave]]:
    """Single sounds: steps of a runner, birds, a low beat under night shots."""
    out: list[tuple[int, Wave]] = []
    if reading.pose in ("running", "walking"):
        gap = 1 / 3.0 if reading.pose == "running" else 0.5
        out += [(int(i * gap * RATE), _thump(150.0, 0.07, 0.22, chance)) for i in range(int(seconds / gap))]
    elif reading.light in (Light.NEON, Light.LOW_KEY):
        out += [(int(i * 0.6 * RATE), _thump(58.0, 0.22, 0.35, chance)) for i in range(int(seconds / 0.6))]
    if reading.setting in _BIRDS:
        for _ in range(seconds):
            start = float(chance.uniform(0, seconds - 0.5))
            out += [(int((start + 0.13 * i) * RATE), _chirp(chance)) for i in range(int(chance.integers(1, 4)))]
    return out


def _thump(pitch: float, length: float, loud: float, chance: Generator) -> Wave:
    t = np.arange(int(length * 3 * RATE), dtype=np.float32) / RATE
    body = np.sin(2 * np.pi * pitch * t * (1 - 0.4 * t / length / 3))
    grit = chance.standard_normal(len(t), dtype=np.float32) * 0.16 * np.exp(-t / (length * 0.2))
    return np.asarray((body * np.exp(-t / (length * 0.6)) + grit) * loud, dtype=np.float32)


def _chirp(chance: Generator) -> Wave:
    t = np.arange(int(0.09 * RATE), dtype=np.float32) / RATE
    pitch = float(chance.uniform(2600, 4200))
    sweep = pitch * t + float(chance.uniform(-6000, 9000)) * t * t
    return np.asarray(np.sin(2 * np.pi * sweep) * np.sin(np.pi * t / 0.09) ** 2 * 0.05, dtype=np.float32)
