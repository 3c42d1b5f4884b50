"""Sound to the sample, music that is always the same, loudness that keeps its promise."""

import numpy as np
import pytest

from callsheet.domain.identity import Digest
from callsheet.tools.edit.loudness import SILENCE, louder, measure
from callsheet.tools.edit.music import Samples, Theme, bed
from callsheet.tools.edit.sound import mix
from callsheet.tools.edit.soundtrack import Sounding, Soundtrack

TAKE = Digest("a" * 64)


def track(**changes: int) -> Soundtrack:
    used = {"first": 10, "start": 20, "frames": 30, "fade_in": 0, "fade_out": 0, **changes}
    take = Sounding(media=TAKE, **used)
    return Soundtrack(frames=90, rate=30, loudness=-14, resolve=60, theme="spring", takes=(take,))


def silence(seconds: float) -> Samples:
    return np.zeros((round(seconds * 48000), 2), dtype=np.float32)


def test_a_takes_sound_lands_on_its_exact_sample() -> None:
    click = silence(4)
    click[25 * 1600] = 0.5
    heard = mix(track(), {TAKE: click}) - mix(track(), {TAKE: silence(0)})
    assert np.flatnonzero(np.abs(heard[:, 0]) > 1e-4).tolist() == [35 * 1600]


def test_a_take_is_not_heard_outside_its_clip() -> None:
    steady = np.full((48000 * 4, 2), 0.1, dtype=np.float32)
    heard = np.abs(mix(track(fade_out=6), {TAKE: steady}) - mix(track(), {TAKE: silence(0)}))[:, 0]
    assert heard[: 20 * 1600].max() < 1e-6
    assert heard[22 * 1600 : 49 * 1600].min() > 0.01
    assert heard[56 * 1600 :].max() < 1e-6


def test_a_take_shorter_than_its_clip_ends_without_a_click() -> None:
    steady = np.full((25 * 1600, 2), 0.1, dtype=np.float32)
    heard = (mix(track(), {TAKE: steady}) - mix(track(), {TAKE: silence(0)}))[:, 0]
    assert np.abs(np.diff(heard)).max() < 0.01


def test_a_campaign_has_one_music_and_another_campaign_another() -> None:
    spring = bed(Theme.of("spring"), 6, 4)
    assert np.array_equal(spring, bed(Theme.of("spring"), 6, 4))
    assert not np.array_equal(spring, bed(Theme.of("autumn"), 6, 4))
    assert len(spring) == 6 * 48000
    assert abs(spring[-1]).max() < 1e-3
    assert np.isfinite(spring).all()


@pytest.mark.parametrize(("seconds", "resolve"), [(0.1, 0.0), (0.5, 0.5), (1, 0.2), (61, 57.3)])
def test_music_of_any_length_is_whole(seconds: float, resolve: float) -> None:
    assert len(bed(Theme.of("spring"), seconds, resolve)) == round(seconds * 48000)


async def test_the_limiter_keeps_peaks_between_samples_below_the_ceiling() -> None:
    time = np.arange(48000 * 2) / 48000
    hot = np.sin(2 * np.pi * 11_000 * time + 0.7) * (0.2 + 0.8 * (time % 0.5 < 0.05))
    limited = louder(np.stack([hot, hot], axis=1).astype(np.float32), 9, -2)
    assert (await measure(limited)).true_peak <= -1.6


async def test_silence_measures_as_silence() -> None:
    assert (await measure(silence(1))).integrated == SILENCE
