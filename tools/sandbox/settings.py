"""What a sandbox sells, for how much, how long it takes, and whose manners it has."""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from callsheet.domain.error import WrongUse
from callsheet.tools.sandbox.profile import PROFILES, Profile

SIZES = (
    "720x1280 1280x720 1024x1792 1792x1024 1080x1920 1920x1080 720x720 1024x1024 1080x1080 720x900 864x1080 1080x1350 "
    "480x854 854x480 480x832 832x480 540x960 960x540 360x640 640x360 360x360 480x480 360x450 "
    "320x320 240x300 180x320 320x180 160x284 284x160 160x160 160x200"
).split()
"""Sizes on sale: those of the hosted services, the square and 4:5 ones of social feeds, and small ones for tests."""

Pace = Literal["latency", "seeded"]
"""`latency`: every job takes at least `latency` seconds. `seeded`: each waits and takes as long as its number draws."""
_SECRET = re.compile(r"whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class SandboxSettings:
    """One sandbox. Times are in seconds of its clock; nothing it sells costs real money."""

    folder: Path
    """Holds `sandbox.db` (accepted jobs and bills), `clips/`, `references/` and `stock/`."""
    price_per_second: Decimal = Decimal("0.10")
    sold_seconds: tuple[int, ...] = (4, 8, 12)
    sizes: tuple[str, ...] = tuple(SIZES)
    models: tuple[str, ...] = ("previz-1",)
    profile: str = "openai"
    """Whose manners it has: openai, azure, vllm-omni, sglang or gateway."""
    lists: bool = True
    """Whether GET /v1/videos lists the jobs. Some gateways do not."""
    latency: float = 0.0
    """How long a job takes at least; it is never finished before its clip is drawn."""
    pace: Pace = "latency"
    max_in_flight: int | None = None
    """With the seeded pace: how many jobs are under way at once; further ones stay queued."""
    retention_seconds: float | None = None
    """How long a finished clip can be downloaded; None: as long as the profile keeps it."""
    stock: bool = False
    """Draw one clip for each size and length, once, and serve it for every job of that shape."""
    stock_folder: Path | None = None
    """Where stock clips are kept, so that many sandboxes can share them; None: in the folder."""
    bill_on_accept: bool = False
    """Bill a job when it is accepted instead of when its clip is done."""
    bill_failed: bool = False
    """Bill jobs that fail as well."""
    api_key: str | None = None
    """The key a caller must show; None lets everybody in."""
    fps: int = 30
    honours_idempotency_key: bool = False
    """Most real services ignore the header, so this one does too unless told otherwise."""
    poll_after_ms: int = 250
    hang_seconds: float | None = None
    """How long a hanging answer hangs before the connection drops; None: 30 on a port, and not at all in process."""
    webhook_url: str = ""
    """Where to ring when a job has ended: an address of this machine, or nowhere."""
    webhook_secret: str = ""
    """`whsec_` and base64: what rings are signed with."""
    seed: str = "previz"
    """Job ids and drawn times come from it and from a counter that survives restarts."""

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise WrongUse(f"There is no sandbox profile {self.profile!r}. Take one of {', '.join(PROFILES)}.")
        if self.pace not in ("latency", "seeded"):
            raise WrongUse(f"There is no pace {self.pace!r}. Take latency or seeded.")
        if self.max_in_flight is not None and self.max_in_flight < 1:
            raise WrongUse("A sandbox needs room for at least one job in flight.")
        url = urlsplit(self.webhook_url)
        if self.webhook_url and (url.scheme != "http" or url.hostname not in _LOOPBACK):
            raise WrongUse("The sandbox rings on this machine only: give a webhook URL such as http://127.0.0.1:9000/.")
        if self.webhook_url and not self.webhook_secret:
            raise WrongUse("A webhook needs a secret to be signed with: whsec_ followed by base64.")
        if self.webhook_secret and not _SECRET.fullmatch(self.webhook_secret):
            raise WrongUse("A webhook secret is whsec_ followed by base64.")

    @property
    def manners(self) -> Profile:
        """The profile itself."""
        return PROFILES[self.profile]

    @property
    def retention(self) -> float:
        """How long a finished clip is kept."""
        return self.manners.retention if self.retention_seconds is None else self.retention_seconds
