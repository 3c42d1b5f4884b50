"""The sandbox as an ASGI application: its routes, who may come in, and what is written on every answer."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callsheet.tools.sandbox.control import control_routes
from callsheet.tools.sandbox.problem import Problem
from callsheet.tools.sandbox.service import Service
from callsheet.tools.sandbox.videos import Videos


def build_app(service: Service) -> Starlette:
    """The service: `/v1` speaks the dialect, `/_sim` is for tests and for people who watch."""
    videos = Videos(service)
    one = "/v1/videos/{video_id}"
    app = Starlette(
        routes=[
            Route("/v1/models", videos.models, methods=["GET"]),
            Route("/v1/videos", videos.create, methods=["POST"]),
            Route("/v1/videos", videos.list, methods=["GET"]),
            Route(one, videos.retrieve, methods=["GET"]),
            Route(one, videos.delete, methods=["DELETE"]),
            Route(f"{one}/content", videos.content, methods=["GET"]),
            *control_routes(service),
        ],
        exception_handlers={Problem: _refused, HTTPException: _unrouted},
        lifespan=service.opened,
    )
    app.add_middleware(Desk, service=service)
    return app


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
                path = scope["path"]
                for name, value in scope.get("path_params", {}).items():
                    path = path.replace(str(value), f"{{{name}}}")
                if not path.startswith("/_sim"):
                    self._service.requests[scope["method"], path, message["status"]] += 1
            await send(message)

        if scope["path"].startswith("/v1") and not self._may_enter(Request(scope)):
            problem = Problem(401, "Incorrect API key provided.", code="invalid_api_key")
            await problem.response()(scope, receive, numbered)
            return
        await self._app(scope, receive, numbered)

    def _may_enter(self, request: Request) -> bool:
        key = self._service.settings.api_key
        return key is None or request.headers.get("authorization") == f"Bearer {key}"


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _unrouted(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = Problem(error.status_code, f"Invalid URL ({request.method} {request.url.path})")
    return problem.response()
