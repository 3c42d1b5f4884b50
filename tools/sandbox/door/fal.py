"""The door of fal's wire: submit, status, result, cancel, and what goes wrong in its words."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

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
from callsheet.tools.sandbox.videos import Videos

_SIDES: Final = {"480p": 480, "720p": 720, "1080p": 1080}
_WORDS: Final = {"queued": "IN_QUEUE", "in_progress": "IN_PROGRESS"}
_PICTURE: Final = "start_image_url"
_BLOCKED: Final = ("sentinel_block", "moderation_blocked")


def fal_routes(service: Service, videos: Videos) -> list[Route]:
    """`/fal/`: the queue, and the files it names."""
    door = Fal(service, videos)
    one = "/fal/{owner}/{app}/requests/{video_id}"
    handlers: tuple[tuple[str, str, Handler], ...] = (
        ("GET", f"{one}/status", door.checked(door.status)),
        ("GET", one, door.checked(door.result)),
        ("PUT", f"{one}/cancel", door.checked(door.cancel)),
        ("GET", "/fal/files/{video_id}.mp4", door.content),
        ("POST", "/fal/{endpoint:path}", door.checked(door.create)),
    )
    return [Route(path, spoken(handler, _refused), methods=[method]) for method, path, handler in handlers]


class Fal:
    """The handlers."""

    def __init__(self, service: Service, videos: Videos) -> None:
        self._service, self._videos = service, videos

    def checked(self, handler: Handler) -> Handler:
        """A handler that wants to see the key first."""

        async def answered(request: Request) -> Response:
            check_key(self._service, request.headers.get("authorization", "").removeprefix("Key "))
            return await handler(request)

        return answered

    async def create(self, request: Request) -> Response:
        endpoint, body = request.path_params["endpoint"], await read_body(request)
        reference = None
        if endpoint.endswith("/image-to-video"):
            head, _, data = str(body.get(_PICTURE)).partition(",")
            if head != "data:image/png;base64":
                raise Problem(422, f"{_PICTURE} takes a PNG as a data URI here.", param=_PICTURE, code="value_error")
            reference = read_picture(data)
        # A picture gives its own shape; the sandbox knows of none but the one that stands in its first bytes.
        size = size_of(_SIDES.get(str(body.get("resolution")), 0), body.get("aspect_ratio") or _shape(reference))
        model = endpoint.replace("/image-to-video", "/text-to-video")
        order = read_order(self._service, body.get("prompt"), model, body.get("duration"), size, reference)
        fault = self._service.fault_for(request.headers.get("x-sim-fault"), order.prompt)
        job = await self._service.accept(order, fault, request.headers.get("idempotency-key", ""))
        place = f"{request.base_url}fal/{'/'.join(endpoint.split('/')[:2])}/requests/{job.id}"
        urls = {"response_url": place, "status_url": f"{place}/status", "cancel_url": f"{place}/cancel"}
        return JSONResponse({"status": "IN_QUEUE", "request_id": job.id, "queue_position": 0, **urls})

    async def status(self, request: Request) -> Response:
        job = self._job(request)
        self._videos.play_look(job)
        job, now = await self._service.look(job)
        said: dict[str, Any] = {"status": _WORDS.get(now.status, "COMPLETED"), "request_id": job.id}
        if now.word and not now.has_ended:
            said["status"] = now.word.upper()
        if now.status == "cancelled":
            said |= {"error": "Request cancelled by the client", "error_type": "client_cancelled"}
        elif now.error is not None and now.error["code"] not in _BLOCKED:
            said |= {"error": now.error["message"], "error_type": "runner_server_error"}
        return JSONResponse(said, status_code=200 if now.has_ended else 202)

    async def result(self, request: Request) -> Response:
        job, now = await self._service.look(self._job(request))
        if now.error is not None:
            raise Problem(422, now.error["message"], param="prompt", code=now.error["code"])
        if now.status != "completed":
            raise Problem(400, "Request is still in progress", code="in_progress")
        address = f"{request.base_url}fal/files/{job.id}.mp4"
        video = {"url": address, "content_type": "video/mp4", "file_name": f"{job.id}.mp4"}
        return JSONResponse({"video": None if job.trouble.name == "done_no_video" else video, "seed": job.number})

    async def cancel(self, request: Request) -> Response:
        """What waits is dropped. What has begun is told to stop, and this model does not listen."""
        job, now = await self._service.look(self._job(request))
        if now.has_ended:
            return JSONResponse({"status": "ALREADY_COMPLETED"}, status_code=400)
        if now.status != "queued":
            return JSONResponse({"status": "CANCELLATION_REQUESTED"}, status_code=202)
        self._service.cancel(job)
        return JSONResponse({"status": "OK"})

    async def content(self, request: Request) -> Response:
        return await content_of(self._service, self._job(request), request)

    def _job(self, request: Request) -> Job:
        return self._service.find(request.path_params["video_id"])


def _shape(png: bytes | None) -> str:
    """The width and height that a PNG names in its header."""
    return f"{int.from_bytes((png or b'')[16:20])}:{int.from_bytes((png or b'')[20:24])}"


def _refused(problem: Problem) -> Response:
    code, detail = problem.code or problem.kind, problem.message
    if code in _BLOCKED:
        code = "content_policy_violation"
    if code == "insufficient_quota":
        detail = "User is locked. Reason: Exhausted balance. Top up your balance."
        return JSONResponse({"detail": detail}, status_code=403)
    if problem.status in (400, 422) and code != "in_progress":
        typed = [{"loc": ["body", problem.param or "prompt"], "msg": detail, "type": code}]
        return JSONResponse({"detail": typed}, status_code=422, headers=problem.headers)
    return JSONResponse({"detail": detail}, status_code=problem.status, headers=problem.headers)
