"""The sandbox: a local video service of the `/v1/videos` dialect that draws previz clips and keeps its own bill."""

from collections.abc import Callable

import httpx
from starlette.applications import Starlette

from callsheet.tools.sandbox.app import build_app
from callsheet.tools.sandbox.service import Service
from callsheet.tools.sandbox.settings import SandboxSettings


class Sandbox(Service):
    """One sandbox over one folder. `app` is an ASGI application, for a port or for httpx's ASGITransport.

    `clock` gives seconds since 1970. `ids` turns a job's number into its id; the default never repeats one.
    `ringing` makes the client that delivers webhooks: on a port they go out by themselves, in process with
    `bell.ring()` and whenever the clock is moved by request.
    """

    def __init__(
        self,
        settings: SandboxSettings,
        clock: Callable[[], float],
        ids: Callable[[int], str] | None = None,
        ringing: Callable[[], httpx.AsyncClient] | None = None,
    ) -> None:
        super().__init__(settings, clock, ids, ringing)
        self.app: Starlette = build_app(self)
