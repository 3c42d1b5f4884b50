"""The sandbox as an ASGI application: its routes, who may come in, and what is written on every answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callsheet.tools.sandbox.control import control_routes
from callsheet.tools.sandbox.door import door_routes
from callsheet.tools.sandbox.fault import CREATE, PATHS
from callsheet.tools.sandbox.problem import Problem, Severed
from callsheet.tools.sandbox.service import Service
from callsheet.tools.sandbox.videos import Videos

AT_PORT: Final = "callsheet.port"
"""The ASGI extension that says a request came over a real connection, which can be broken."""
_PATIENCE: Final = 30.0


def build_app(service: Service) -> Starlette:
    """The service: `/v1` speaks the dialect, `/_sim` is for tests and for people who watch."""
    videos = Videos(service)
    app = Starlette(
        routes=[
            *_dialect_routes(videos),
            *door_routes(service, videos),
            *control_routes(service),
        ],
        exception_handlers={Problem: _refused(service), HTTPException: _unrouted},
        lifespan=service.opened,
    )
    app.add_middleware(Desk, service=service)
    return app


def _dialect_routes(videos: Videos) -> list[Route]:
    handlers = (videos.create, videos.list, videos.retrieve, videos.delete, videos.content, videos.models)
    routes = []
    for path, handler in zip(PATHS, handlers, strict=True):
        method, template = path.split(" ")
        played = handler if path == CREATE else videos.played(path, handler)
        routes.append(Route(template, played, methods=[method]))
    characters = [
        Route("/v1/characters", videos.capture, methods=["POST"]),
        Route("/v1/characters/{character_id}", videos.forget, methods=["DELETE"]),
    ]
    return routes + characters


class Desk:
    """Checks the key, numbers every answer and counts what was asked."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service, self._count = app, service, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._count += 1
        number = f"req_{self._count:08d}".encode()

        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"x-request-id", number)]}
                self._note(scope, message["status"])
            await send(message)

        if scope["path"].startswith("/v1/") and not self._may_enter(Request(scope)):
            problem = Problem(401, "Incorrect API key provided.", code="invalid_api_key")
            await problem.response(self._service.settings.manners.error_codes_are_numbers)(scope, receive, numbered)
            return
        try:
            await self._app(scope, receive, numbered)
        except Severed as cut:
            self._note(scope, 0)
            await self._sever(cut, scope, receive, send)

    def _note(self, scope: Scope, status: int) -> None:
        """Count a request by its template. The status 0 stands for a connection that broke."""
        path = scope["path"]
        for name, value in scope.get("path_params", {}).items():
            path = path.replace(str(value), f"{{{name}}}")
        if not path.startswith("/_sim"):
            self._service.requests[scope["method"], path, status] += 1

    async def _sever(self, cut: Severed, scope: Scope, receive: Receive, send: Send) -> None:
        patience = self._service.settings.hang_seconds
        if AT_PORT not in scope.get("extensions", {}):
            if not cut.hangs:
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
            await asyncio.sleep(patience or 0)
            raise httpx.ReadTimeout("The sandbox hangs on purpose.")
        if cut.hangs:
            await _until_left(receive, _PATIENCE if patience is None else patience)
        # An answer that promises more than it brings: the server closes the connection in the middle of it.
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})

    def _may_enter(self, request: Request) -> bool:
        key = self._service.settings.api_key
        return key is None or request.headers.get("authorization") == f"Bearer {key}"


async def _until_left(receive: Receive, patience: float) -> None:
    """Wait until the caller has gone, or has been patient for so many seconds."""
    try:
        async with asyncio.timeout(patience):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


def _refused(service: Service) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return error.response(service.settings.manners.error_codes_are_numbers)

    return refused


async def _unrouted(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = Problem(error.status_code, f"Invalid URL ({request.method} {request.url.path})")
    return problem.response()
