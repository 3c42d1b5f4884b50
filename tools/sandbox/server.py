"""The sandbox on a port of its own."""

import asyncio
import socket
import time
from collections.abc import Callable

import uvicorn

from callsheet.tools.sandbox.sandbox import Sandbox
from callsheet.tools.sandbox.settings import SandboxSettings


async def serve(
    settings: SandboxSettings,
    port: int,
    host: str = "127.0.0.1",
    *,
    clock: Callable[[], float] = time.time,
    on_ready: Callable[[int], None] | None = None,
) -> None:
    """Serve until cancelled or interrupted; prints nothing. Port 0 takes any free one; `on_ready` hears which."""
    sandbox = Sandbox(settings, clock)
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    server = uvicorn.Server(uvicorn.Config(sandbox.app, log_level="critical", access_log=False, lifespan="on"))
    announcer = asyncio.create_task(_announce(server, listener, on_ready))
    try:
        await server.serve(sockets=[listener])
    finally:
        announcer.cancel()
        listener.close()
        sandbox.book.close()


async def _announce(server: uvicorn.Server, listener: socket.socket, on_ready: Callable[[int], None] | None) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn tells no other way
        await asyncio.sleep(0.01)
    if on_ready is not None:
        on_ready(int(listener.getsockname()[1]))
