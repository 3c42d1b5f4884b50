"""What a sandbox sells, for how much, and how long it takes."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

SIZES = (
    "720x1280 1280x720 1024x1792 1792x1024 1080x1920 1920x1080 720x720 1024x1024 1080x1080 720x900 864x1080 1080x1350 "
    "480x854 854x480 480x832 832x480 540x960 960x540 360x640 640x360 480x480 360x450 "
    "320x320 240x300 180x320 320x180 160x284 284x160 160x160 160x200"
).split()
"""Sizes on sale: those of the hosted services, the square and 4:5 ones of social feeds, and small ones for tests."""


@dataclass(frozen=True)
class SandboxSettings:
    """One sandbox. Times are in seconds of its clock; nothing it sells costs real money."""

    folder: Path
    """Holds `sandbox.db` (accepted jobs and bills), `clips/` and `references/`."""
    price_per_second: Decimal = Decimal("0.10")
    sold_seconds: tuple[int, ...] = (4, 8, 12)
    sizes: tuple[str, ...] = tuple(SIZES)
    models: tuple[str, ...] = ("previz-1",)
    latency: float = 0.0
    """How long a job takes at least; it is never finished before its clip is drawn."""
    retention_seconds: float = 3600.0
    """How long a finished clip can be downloaded."""
    api_key: str | None = None
    """The key a caller must show; None lets everybody in."""
    fps: int = 30
    honours_idempotency_key: bool = False
    """Most real services ignore the header, so this one does too unless told otherwise."""
    poll_after_ms: int = 250
    seed: str = "previz"
    """Job ids are drawn from it and from a counter that survives restarts."""
