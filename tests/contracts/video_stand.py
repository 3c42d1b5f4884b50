"""What the contract of the video port is tried on: each stand opens one adapter before one provider that goes wrong.

A new adapter joins by one more `Stand` in `STANDS`: its provider is a sandbox that speaks its dialect.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import httpx

from callsheet.domain.provider import Dialect, Profile, Provider
from callsheet.tools.sandbox import Sandbox, SandboxSettings, VirtualClock
from callsheet.tools.sandbox.fault import KINDS, parse_scenario
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.fake import FakeVideo, Faults
from callsheet.tools.video.open import open_api
from callsheet.tools.video.pace import UNPACED
from callsheet.tools.video.port import RenderRequest, VideoApi
from callsheet.tools.video.videos import VideosApi

SECRET = "sk-conformance-9f2"
LATENCY = 20.0


@dataclass(frozen=True)
class Till:
    """One provider that is open, and the adapter that leads to it."""

    api: VideoApi
    request: RenderRequest
    bill: Callable[[], int]
    """How many renders are on the provider's bill by now."""
    pass_time: Callable[[float], object]
    """Let so many seconds go by at the provider."""


@dataclass(frozen=True)
class Stand:
    """One adapter. `make(folder, faults)` opens it; `faults` are the sandbox's names, played at creates in order."""

    name: str
    make: Callable[[Path, tuple[str, ...]], Till]
    plays: frozenset[str]
    """The faults that its provider can play, by name."""
    lists: bool = True
    stops: bool = False
    """Whether a render under way can be stopped."""
    tells_cost: bool = False

    def __str__(self) -> str:
        return self.name


def open_sandbox(
    folder: Path, faults: tuple[str, ...], profile: str = "openai", model: str = "previz-1"
) -> tuple[Sandbox, VirtualClock]:
    """A provider with virtual time that knows one key and draws each clip once for all tests."""
    clock = VirtualClock()
    settings = SandboxSettings(
        folder=folder / "provider",
        profile=profile,
        models=(model,),
        latency=LATENCY,
        api_key=SECRET,
        stock=True,
        stock_folder=folder.parent / "stock",
    )
    sandbox = Sandbox(settings, clock)
    sandbox.scenario = parse_scenario({"faults": list(faults)})
    return sandbox, clock


def bill_of(sandbox: Sandbox) -> int:
    """How many renders the sandbox has billed."""
    return sum(1 for row in sandbox.ledger() if row["billed"])


def a_request(model: str = "previz-1", prompt: str = "a red shoe on wet asphalt") -> RenderRequest:
    """The smallest render there is."""
    return RenderRequest(prompt=prompt, seconds=4, size="160x160", model=model)


def videos_provider(profile: Profile) -> Provider:
    """A provider of the dialect that speaks as this profile."""
    return load_provider("sandbox").model_copy(update={"profile": profile})


def _videos(profile: Profile) -> Callable[[Path, tuple[str, ...]], Till]:
    def make(folder: Path, faults: tuple[str, ...]) -> Till:
        sandbox, clock = open_sandbox(folder, faults, profile)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://provider/v1/")
        api = VideosApi(videos_provider(profile), lambda: client, SECRET, clock, UNPACED)
        return Till(api, a_request(), lambda: bill_of(sandbox), clock.advance)

    return make


def _door(dialect: Dialect, path: str, model: str, size: str) -> Stand:
    """The same provider behind another wire. What is done without a video ends as failed there, not at the download."""

    def make(folder: Path, faults: tuple[str, ...]) -> Till:
        sandbox, clock = open_sandbox(folder, faults, model=model)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url=f"http://provider/{path}/")
        facts = {"dialect": dialect, "model": model, "lists_jobs": False}
        provider = load_provider("sandbox").model_copy(update=facts)
        api = open_api(provider, lambda: client, SECRET, clock, UNPACED)
        request = RenderRequest("a red shoe on wet asphalt", 4, size, model)
        return Till(api, request, lambda: bill_of(sandbox), clock.advance)

    return Stand(dialect, make, frozenset(KINDS) - {"done_no_video"}, lists=False, stops=True)


_FAKE_FAULTS = {
    "429": "busy",
    "500_before": "lost_before_accept",
    "500_after": "lost_after_accept",
    "poll_5xx": "looks_fail",
    "poll_404_once": "unseen_at_first",
    "content_504": "fetch_fails",
}


def _fake(folder: Path, faults: tuple[str, ...]) -> Till:
    clock = VirtualClock()
    api = FakeVideo(clock, Faults(**{_FAKE_FAULTS[fault.partition(":")[0]]: 1 for fault in faults}), looks=2)

    def pass_time(seconds: float) -> None:
        clock.advance(seconds)
        for sold in api.bill:
            api.hurry(sold.job.id)

    return Till(api, a_request("fake-1"), lambda: len([one for one in api.bill if one.looks_left == 0]), pass_time)


STANDS = [
    Stand("fake", _fake, frozenset(_FAKE_FAULTS), stops=True),
    *(
        Stand(
            f"videos-{profile}",
            _videos(profile),
            frozenset(KINDS),
            stops=profile in ("vllm-omni", "gateway"),
            tells_cost=profile == "gateway",
        )
        for profile in get_args(Profile)
    ),
    _door("gemini", "v1beta", "gemini-omni-1.2-flash", "360x640"),
    _door("fal", "fal", "alibaba/wan-3.0/text-to-video", "720x1280"),
]
