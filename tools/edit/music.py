"""A gentle bed of synthetic music: four chords, a pulse, a resolve on the end card. Every note is computed here.

The tempo is steady and chosen so that the end card begins on a beat. One theme always gives the same music.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callsheet.tools.edit.renderer import SAMPLE_RATE

Samples = NDArray[np.float32]
"""Samples by channels (two), at 48 kHz, full scale 1."""

_MAJOR = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
_HOPEFUL = ((9, 12, 16), (5, 9, 12), (0, 4, 7), (7, 11, 14))
_WIDE = ((0, 4, 7), (4, 7, 11), (5, 9, 12), (7, 12, 14))
_PROGRESSIONS = (_MAJOR, _HOPEFUL, _WIDE)
_FIGURES = ((0, 1, 2, 1, 0, 1, 2, 3), (0, 2, 1, 2, 3, 2, 1, 2), (0, 1, 2, 3, 2, 1, 2, 1))


@dataclass(frozen=True)
class Theme:
    """What is particular to a campaign's music."""

    root: int
    chords: tuple[tuple[int, ...], ...]
    figure: tuple[int, ...]
    tempo: float

    @classmethod
    def of(cls, name: str) -> "Theme":
        """The theme of a campaign, by its name."""
        dice = hashlib.sha256(name.encode("utf-8")).digest()
        chords, figure = _PROGRESSIONS[dice[1] % len(_PROGRESSIONS)], _FIGURES[dice[2] % len(_FIGURES)]
        return cls(45 + dice[0] % 8, chords, figure, 96 + dice[3] % 17)


def bed(theme: Theme, seconds: float, resolve: float) -> Samples:
    """Play a theme for `seconds`; at `resolve` (seconds) it comes home to its first chord and rings out."""
    score = _Score(round(seconds * SAMPLE_RATE))
    beats = max(1, round(resolve * theme.tempo / 60))
    beat = resolve / beats if resolve > 0 else 60 / theme.tempo
    for bar in range(0, beats, 4):
        chord = [theme.root + step for step in theme.chords[bar // 4 % 4]]
        length = min(4, beats - bar)
        score.add(_pad(chord, length * beat + 0.25), bar * beat, 0.26)
        _pulse(score, theme, chord, bar, length, beat, busy=bar >= 4 or beats <= 8)
    home = [theme.root, *(theme.root + step for step in (4, 7, 12))]
    ring = seconds - resolve
    if ring > 0.05:
        score.add(_pad(home, ring, attack=0.02, release=min(1.2, ring * 0.6)), resolve, 0.34)
        score.add(_bass(home[0] - 12, min(ring, 1.6)), resolve, 0.42)
        for order, note in enumerate(home):
            score.add(_pluck(note + 12, 1.8), resolve + order * beat / 4, 0.30, pan=(order - 1.5) * 0.3)
    return score.faded()


def _pulse(score: "_Score", theme: Theme, chord: list[int], bar: int, length: int, beat: float, *, busy: bool) -> None:
    """Bass, plucked figure and soft drums of one bar. The first bar of a longer piece leaves the drums out."""
    arpeggio = [*chord, chord[0] + 12]
    for eighth in range(2 * length):
        at = (bar + eighth / 2) * beat
        score.add(_pluck(arpeggio[theme.figure[eighth % 8]] + 12, 0.7), at, 0.20, pan=0.35 if eighth % 2 else -0.35)
        if busy and eighth % 2:
            score.add(_hat(), at, 0.05, pan=0.15)
    for count in range(length):
        at = (bar + count) * beat
        if count % 2 == 0:
            score.add(_bass(chord[0] - 12, beat * 1.7), at, 0.40)
        if busy:
            score.add(_kick(), at, 0.44 if count % 2 == 0 else 0.30)
            if count % 2:
                score.add(_clap(), at, 0.08)


class _Score:
    """Notes added up on a timeline."""

    def __init__(self, samples: int) -> None:
        self.sound: Samples = np.zeros((samples, 2), dtype=np.float32)

    def add(self, note: NDArray[np.float32], at: float, level: float, pan: float = 0.0) -> None:
        start = round(at * SAMPLE_RATE)
        room = self.sound[start : start + len(note)]
        balance = np.array([level * min(1, 1 - pan), level * min(1, 1 + pan)], dtype=np.float32)
        room += note[: len(room), None] * balance

    def faded(self) -> Samples:
        """The last third of a second comes down to silence."""
        tail = min(len(self.sound), SAMPLE_RATE // 3)
        if tail:
            self.sound[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)[:, None]
        return self.sound


def _time(seconds: float) -> NDArray[np.float32]:
    return np.asarray(np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE, dtype=np.float32)


def _hertz(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def _pad(notes: list[int], seconds: float, attack: float = 0.35, release: float = 0.4) -> NDArray[np.float32]:
    """Slow strings: each note twice, a little apart, with few overtones."""
    time = _time(seconds)
    sound = np.zeros_like(time)
    for note in notes:
        for detune in (-0.05, 0.05):
            phase = 2 * np.pi * _hertz(note + 12 + detune) * time
            sound += np.sin(phase) + 0.32 * np.sin(2 * phase) + 0.10 * np.sin(3 * phase)
    envelope = np.minimum(1, time / attack) * np.minimum(1, np.maximum(0, seconds - time) / release)
    return np.asarray(sound * envelope / (3 * len(notes)), dtype=np.float32)


def _pluck(note: int, seconds: float) -> NDArray[np.float32]:
    time = _time(seconds)
    phase = 2 * np.pi * _hertz(note) * time
    sound = np.sin(phase) * np.exp(-5 * time) + 0.4 * np.sin(2 * phase) * np.exp(-9 * time)
    sound += 0.15 * np.sin(4 * phase) * np.exp(-16 * time)
    return np.asarray(sound * np.minimum(1, time / 0.004), dtype=np.float32)


def _bass(note: int, seconds: float) -> NDArray[np.float32]:
    time = _time(seconds)
    phase = 2 * np.pi * _hertz(note + 12) * time
    envelope = np.minimum(1, time / 0.012) * np.exp(-1.6 * time) * np.minimum(1, np.maximum(0, seconds - time) / 0.05)
    return np.asarray((np.sin(phase) + 0.25 * np.sin(2 * phase)) * envelope, dtype=np.float32)


def _kick() -> NDArray[np.float32]:
    time = _time(0.28)
    sweep = 2 * np.pi * (48 * time + 62 / 28 * (1 - np.exp(-28 * time)))
    return np.asarray(np.sin(sweep) * np.exp(-13 * time), dtype=np.float32)


def _noise(seconds: float) -> NDArray[np.float32]:
    return np.random.default_rng(7).standard_normal(round(seconds * SAMPLE_RATE)).astype(np.float32)


def _hat() -> NDArray[np.float32]:
    noise = np.diff(_noise(0.07), prepend=np.float32(0))
    return np.asarray(noise * np.exp(-70 * _time(0.07)), dtype=np.float32)


def _clap() -> NDArray[np.float32]:
    noise = np.convolve(_noise(0.16), np.array([0.5, 0, -0.5], dtype=np.float32), "same")
    return np.asarray(noise * np.exp(-30 * _time(0.16)), dtype=np.float32)
