"""The lines to providers: one adapter for each that is asked for, and one pace for each account behind it."""

import asyncio
import time
from collections.abc import Callable

import httpx

from callsheet.domain.provider import Provider
from callsheet.settings import Settings
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.open import open_api
from callsheet.tools.video.pace import Pace
from callsheet.tools.video.port import VideoApi


class Lines:
    """Opens a line at its first use and keeps it: everybody who asks the same provider keeps the same pace.

    `client` knows the address; `clock` gives Unix seconds.
    """

    def __init__(self, settings: Settings, client: Callable[[], httpx.AsyncClient], clock: Callable[[], float]) -> None:
        self._settings, self._client, self._clock = settings, client, clock
        self._open: dict[str, VideoApi] = {}

    def __call__(self, name: str) -> VideoApi:
        """The line to the provider of that name. Raises ProviderUnknown."""
        if name not in self._open:
            self._open[name] = self.to(load_provider(name, folder=self._settings.providers_folder))
        return self._open[name]

    def to(self, provider: Provider) -> VideoApi:
        """A line of its own to a provider, with a pace of its own."""
        pace = Pace(provider.requests_per_second, time.monotonic, asyncio.sleep)
        secret = self._settings.video_key.get_secret_value()
        return open_api(provider, self._client, secret, self._clock, pace)
