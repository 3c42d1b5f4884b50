"""Opens the line to a provider: the adapter that speaks its dialect."""

from collections.abc import Callable

from callsheet.domain.provider import Provider
from callsheet.tools.video.pace import Pace
from callsheet.tools.video.port import VideoApi
from callsheet.tools.video.videos import VideosApi
from callsheet.tools.video.wire import ClientFactory


def open_api(
    provider: Provider, client: ClientFactory, secret: str, clock: Callable[[], float], pace: Pace
) -> VideoApi:
    """The adapter for a provider. `client` knows its address and no key; `clock` gives Unix seconds."""
    match provider.dialect:
        case "videos":
            return VideosApi(provider, client, secret, clock, pace)
        case "gemini":
            from callsheet.tools.video.gemini import GeminiApi

            return GeminiApi(provider, client, secret, clock, pace)
        case "fal":
            from callsheet.tools.video.fal import FalApi

            return FalApi(provider, client, secret, clock, pace)
