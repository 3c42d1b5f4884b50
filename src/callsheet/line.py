"""The lines to providers: one adapter for each that is asked for, and one pace for each account behind it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from callsheet.domain.provider import Provider
from callsheet.outside import WORLD, Outside
from callsheet.settings import Settings
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.open import open_api
from callsheet.tools.video.pace import Pace
from callsheet.tools.video.port import VideoApi

Work = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]


class Lines:
    """Opens a line at its first use and keeps it: everybody who asks the same provider keeps the same pace.

    Connections belong to an event loop, so they are shared while somebody there is `on_the_line` and closed when the
    last one leaves. `connect` makes a client that knows the address and no key; `clock` gives Unix seconds; `outside`
    is where the pace takes its time from.
    """

    def __init__(
        self,
        settings: Settings,
        connect: Callable[[], httpx.AsyncClient],
        clock: Callable[[], float],
        outside: Outside = WORLD,
    ) -> None:
        self._settings, self._connect, self._clock, self._outside = settings, connect, clock, outside
        self._known: dict[str, Provider] = {}
        self._open: dict[str, VideoApi] = {}
        self._clients: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}
        self._users: Counter[asyncio.AbstractEventLoop] = Counter()

    def __call__(self, name: str) -> VideoApi:
        """The line to the provider of that name. Raises ProviderUnknown."""
        if name not in self._open:
            self._open[name] = self._to(self.provider(name))
        return self._open[name]

    def provider(self, name: str) -> Provider:
        """What is known of the provider of that name, read once. Raises ProviderUnknown."""
        if name not in self._known:
            self._known[name] = load_provider(name, folder=self._settings.providers_folder)
        return self._known[name]

    @asynccontextmanager
    async def on_the_line(self) -> AsyncIterator[None]:
        """While inside, connections stay open for the next request."""
        loop = asyncio.get_running_loop()
        self._users[loop] += 1
        try:
            yield
        finally:
            self._users[loop] -= 1
            if not self._users[loop]:
                del self._users[loop]
                if client := self._clients.pop(loop, None):
                    await client.aclose()

    def holding(self, work: Work) -> Work:
        """The same work, done on the line."""

        async def on_the_line(payload: Mapping[str, Any]) -> Mapping[str, Any]:
            async with self.on_the_line():
                return await work(payload)

        return on_the_line

    def _to(self, provider: Provider) -> VideoApi:
        pace = Pace(provider.requests_per_second, self._outside.monotonic, self._outside.sleep)
        secret = self._settings.video_key.get_secret_value()
        return open_api(provider, self._client, secret, self._clock, pace)

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = self._connect()
        return self._clients[loop]
