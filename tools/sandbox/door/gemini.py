"""The door of Gemini's wire: interactions in the background, their files, and what goes wrong in its words."""

import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from callsheet.tools.sandbox.answer import ACCEPTED
from callsheet.tools.sandbox.content import content_of
from callsheet.tools.sandbox.door.counter import (
    Handler,
    check_key,
    read_body,
    read_order,
    read_picture,
    size_of,
    spoken,
)
from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.problem import Problem
from callsheet.tools.sandbox.service import Service
from callsheet.tools.sandbox.standing import Standing
from callsheet.tools.sandbox.videos import Videos

_SIDES = {"360p": 360, "720p": 720, "1080p": 1080, "4k": 2160}
_CODES = {
    "insufficient_quota": "quota_exceeded",
    "sentinel_block": "content_blocked",
    "moderation_blocked": "content_blocked",
}
_DURATION = re.compile(r"([1-9][0-9]{0,3})s")
_NOTHING = "I can't create that video. It may go against the policies."


def gemini_routes(service: Service, videos: Videos) -> list[Route]:
    """`/v1beta/`: interactions, files, models."""
    door = Gemini(service, videos)
    one = "/v1beta/interactions/{video_id}"
    handlers = (
        ("POST", "/v1beta/interactions", door.create),
        ("GET", one, door.retrieve),
        ("POST", f"{one}/cancel", door.cancel),
        ("GET", "/v1beta/files/{video_id}:download", door.content),
        ("GET", "/v1beta/files/{video_id}", door.file),
        ("GET", "/v1beta/models", door.models),
    )
    return [
        Route(path, spoken(door.checked(handler), _refused), methods=[method]) for method, path, handler in handlers
    ]


class Gemini:
    """The handlers."""

    def __init__(self, service: Service, videos: Videos) -> None:
        self._service, self._videos = service, videos

    def checked(self, handler: Handler) -> Handler:
        """A handler that wants to see the key first."""

        async def answered(request: Request) -> Response:
            check_key(self._service, request.headers.get("x-goog-api-key"))
            return await handler(request)

        return answered

    async def models(self, _: Request) -> Response:
        return JSONResponse({"models": [{"name": f"models/{name}"} for name in self._service.settings.models]})

    async def create(self, request: Request) -> Response:
        body = await read_body(request)
        wanted, parts = body.get("response_format"), body.get("input")
        if not isinstance(wanted, dict) or wanted.get("type") != "video" or not isinstance(parts, list):
            raise Problem(400, "Send input parts and a response_format of type video.", code="invalid_request")
        if body.get("background") is not True:
            raise Problem(
                400, "The sandbox renders in the background only.", param="background", code="invalid_request"
            )
        known = [part for part in parts if isinstance(part, dict)]
        texts = [str(part.get("text")) for part in known if part.get("type") == "text"]
        pictures = [read_picture(part.get("data")) for part in known if part.get("type") == "image"]
        side = _SIDES.get(str(wanted.get("resolution")), 0)
        seconds = _DURATION.fullmatch(str(wanted.get("duration")))
        order = read_order(
            self._service,
            " ".join(texts),
            str(body.get("model")),
            int(seconds.group(1)) if seconds else None,
            size_of(side, wanted.get("aspect_ratio")),
            pictures[0] if pictures else None,
        )
        fault = self._service.fault_for(request.headers.get("x-sim-fault"), order.prompt)
        job = await self._service.accept(order, fault, request.headers.get("idempotency-key", ""))
        return JSONResponse(_interaction(job, ACCEPTED, request))

    async def retrieve(self, request: Request) -> Response:
        job = self._job(request)
        self._videos.play_look(job)
        job, now = await self._service.look(job)
        return JSONResponse(_interaction(job, now, request))

    async def cancel(self, request: Request) -> Response:
        job, now = await self._service.look(self._job(request))
        if now.has_ended:
            raise Problem(400, "The interaction has ended and cannot be cancelled.", code="failed_precondition")
        self._service.cancel(job)
        return JSONResponse(_interaction(*self._service.settle(self._service.find(job.id)), request))

    async def file(self, request: Request) -> Response:
        job, now = await self._service.look(self._job(request))
        state = "ACTIVE" if now.status == "completed" else "PROCESSING"
        return JSONResponse({"name": f"files/{job.id}", "mimeType": "video/mp4", "state": state})

    async def content(self, request: Request) -> Response:
        return await content_of(self._service, self._job(request), request)

    def _job(self, request: Request) -> Job:
        return self._service.find(request.path_params["video_id"])


def _interaction(job: Job, now: Standing, request: Request) -> dict[str, Any]:
    word = {"queued": "in_progress"}.get(now.status, now.status)
    interaction: dict[str, Any] = {
        "id": job.id,
        "object": "interaction",
        "model": job.model,
        "status": now.word or word,
        "created": datetime.fromtimestamp(job.created_at, UTC).isoformat().replace("+00:00", "Z"),
        "steps": [{"type": "user_input", "content": [{"type": "text", "text": job.prompt}]}],
    }
    if now.error is not None:
        interaction["error"] = {**now.error, "code": _CODES.get(now.error["code"], now.error["code"])}
    if now.status == "completed":
        made = {"type": "text", "text": _NOTHING}
        if job.trouble.name != "done_no_video":
            address = f"{request.base_url}v1beta/files/{job.id}:download?alt=media"
            made = {"type": "video", "mime_type": "video/mp4", "uri": address}
        interaction["steps"].append({"type": "model_output", "content": [made]})
    return interaction


def _refused(problem: Problem) -> Response:
    code = problem.code or problem.kind
    error = {"code": _CODES.get(code, code), "message": problem.message}
    return JSONResponse({"error": error}, status_code=problem.status, headers=problem.headers)
