"""A codec that overshoots whatever the limiter leaves is given room until it stops; loudness is kept meanwhile."""

from pathlib import Path

import numpy as np
import pytest

from callsheet.tools.edit import sound
from callsheet.tools.edit.error import EncodeFailed
from callsheet.tools.edit.loudness import Loudness
from callsheet.tools.edit.music import Samples


def codec(monkeypatch: pytest.MonkeyPatch, overshoot: float) -> list[float]:
    """A codec whose peaks lie above what it is given; the ceilings it was given, in dB."""
    ceilings: list[float] = []

    async def encode(made: Samples, _out: Path, _timeout: float) -> Loudness:
        peak = 20 * np.log10(np.abs(made).max())
        ceilings.append(round(float(peak), 2))
        stubborn = -0.9 if peak > -2.5 else -9.0  # a tenth too high until there is more room than the excess alone
        return Loudness(-14.1, max(stubborn, round(float(peak) + overshoot, 1)))

    async def measure(_made: Samples, *, timeout: float) -> Loudness:
        return Loudness(-14.0, 0.0)

    monkeypatch.setattr(sound, "_encode", encode)
    monkeypatch.setattr(sound, "measure", measure)
    return ceilings


@pytest.mark.parametrize("overshoot", [0.5, 0.8, 0.95, 1.4])
async def test_peaks_that_stay_a_tenth_too_high_are_brought_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, overshoot: float
) -> None:
    ceilings = codec(monkeypatch, overshoot)
    tone = np.sin(np.linspace(0, 2000, 48_000, dtype=np.float32))[:, None].repeat(2, axis=1)
    found = await sound._encode_to_loudness(tone, -14.0, tmp_path / "x", 5.0)
    assert found.true_peak <= sound.TRUE_PEAK
    assert ceilings == sorted(ceilings, reverse=True)


async def test_a_codec_that_never_stops_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    codec(monkeypatch, 0.0)

    async def deaf(_made: Samples, _out: Path, _timeout: float) -> Loudness:
        return Loudness(-14.0, 0.0)

    monkeypatch.setattr(sound, "_encode", deaf)
    tone = np.sin(np.linspace(0, 2000, 48_000, dtype=np.float32))[:, None].repeat(2, axis=1)
    with pytest.raises(EncodeFailed, match="dBTP instead of"):
        await sound._encode_to_loudness(tone, -14.0, tmp_path / "x", 5.0)
