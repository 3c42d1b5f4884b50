"""The sandbox on a port of its own."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from callsheet.tools.sandbox.app import AT_PORT
from callsheet.tools.sandbox.fault import Scenario
from callsheet.tools.sandbox.sandbox import Sandbox
from callsheet.tools.sandbox.settings import SandboxSettings

_LOOK = 0.01


async def serve(
    settings: SandboxSettings,
    port: int,
    host: str = "127.0.0.1",
    *,
    clock: Callable[[], float] = time.time,
    scenario: Scenario | None = None,
    on_ready: Callable[[int], None] | None = None,
) -> None:
    """Serve until cancelled or interrupted; prints nothing. Port 0 takes any free one; `on_ready` hears which."""
    sandbox = Sandbox(settings, clock)
    sandbox.scenario = scenario or sandbox.scenario
    listener = _listener(port, host)
    server = _server(sandbox)
    announcer = asyncio.create_task(_announce(server, listener, on_ready))
    try:
        await server.serve(sockets=[listener])
    finally:
        announcer.cancel()
        listener.close()
        sandbox.book.close()


@contextmanager
def served(sandbox: Sandbox, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve a sandbox on a free port, from a thread, as long as the block lasts. Gives the URL of its `/v1`."""
    listener = _listener(0, host)
    server = _server(sandbox)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), name="sandbox")
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(_LOOK)
        yield f"http://{host}:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _listener(port: int, host: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends without delay only where the protocol is named; else every answer waits 40 ms for a receipt.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


def _server(sandbox: Sandbox) -> uvicorn.Server:
    # Whoever hangs on purpose when the server closes is not waited for.
    return uvicorn.Server(
        uvicorn.Config(
            _over_a_wire(sandbox.app),
            log_level="critical",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=1,
        )
    )


def _over_a_wire(app: ASGIApp) -> ASGIApp:
    async def marked(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "extensions": {**scope.get("extensions", {}), AT_PORT: {}}}, receive, send)

    return marked


async def _announce(server: uvicorn.Server, listener: socket.socket, on_ready: Callable[[int], None] | None) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn tells no other way
        await asyncio.sleep(_LOOK)
    if on_ready is not None:
        on_ready(int(listener.getsockname()[1]))
