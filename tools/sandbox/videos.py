"""The `/v1/videos` dialect: create, retrieve, list, delete and download, as its clients expect them."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
from PIL import Image
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from callsheet.tools.ffmpeg import ffmpeg_exe
from callsheet.tools.process import run_process
from callsheet.tools.sandbox.fault import Fault, UnknownFault, parse_fault
from callsheet.tools.sandbox.job import Job, Standing, as_video
from callsheet.tools.sandbox.order import read_order
from callsheet.tools.sandbox.problem import Problem, server_error
from callsheet.tools.sandbox.service import Service

_NOT_READY = "Video is not ready yet. Poll GET /v1/videos/{id} until its status is 'completed'."


class Videos:
    """The handlers of the dialect."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def models(self, _: Request) -> Response:
        data = [
            {"id": name, "object": "model", "created": 0, "owned_by": "callsheet-sandbox"}
            for name in self._service.settings.models
        ]
        return JSONResponse({"object": "list", "data": data})

    async def create(self, request: Request) -> Response:
        order = await read_order(request, self._service.settings)
        fault = self._fault_for(request, order.prompt)
        job = await self._service.accept(order, fault, request.headers.get("idempotency-key", ""))
        return JSONResponse(as_video(*self._service.settle(job)))

    def _fault_for(self, request: Request, prompt: str) -> Fault:
        named = request.headers.get("x-sim-fault")
        try:
            return parse_fault(named) if named else self._service.scenario.next_for(prompt)
        except UnknownFault as error:
            raise Problem(400, str(error), param="x-sim-fault") from None

    async def retrieve(self, request: Request) -> Response:
        job = self._job(request)
        self._service.darkroom.wake(job)
        if job.trouble.name == "poll_5xx" and self._strikes(job, "poll"):
            raise server_error("The server had an error while processing your request.")
        job, now = self._service.settle(job)
        headers = {"openai-poll-after-ms": str(self._service.settings.poll_after_ms)}
        return JSONResponse(as_video(job, now), headers=headers)

    async def list(self, request: Request) -> Response:
        order = request.query_params.get("order", "desc")
        limit = request.query_params.get("limit", "20")
        if order not in ("asc", "desc"):
            raise Problem(400, f"Invalid value: '{order}'. Supported values are: 'asc', 'desc'.", param="order")
        if not limit.isdigit() or int(limit) > 100:
            raise Problem(400, "limit must be a whole number from 0 to 100.", param="limit")
        after = request.query_params.get("after")
        behind = self._service.find(after) if after else None
        jobs = self._service.page(order == "asc", behind, int(limit) + 1)
        shown = jobs[: int(limit)]
        data = [as_video(*self._service.settle(job)) for job in shown]
        return JSONResponse(
            {
                "object": "list",
                "data": data,
                "first_id": data[0]["id"] if data else None,
                "last_id": data[-1]["id"] if data else None,
                "has_more": len(jobs) > len(shown),
            }
        )

    async def delete(self, request: Request) -> Response:
        job, now = self._service.settle(self._job(request))
        if now.status not in ("completed", "failed"):
            raise Problem(400, "Only a completed or failed video can be deleted.", param="video_id")
        self._service.book.delete(job.id)
        await asyncio.to_thread(self._service.darkroom.forget, job)
        return JSONResponse({"id": job.id, "deleted": True, "object": "video.deleted"})

    async def content(self, request: Request) -> Response:
        job = self._job(request)
        self._service.darkroom.wake(job)
        job, now = self._service.settle(job)
        await self._check_ready(job, now)
        variant = request.query_params.get("variant", "video")
        if variant not in ("video", "thumbnail"):
            raise Problem(
                400, f"Invalid value: '{variant}'. Supported values are: 'video', 'thumbnail'.", param="variant"
            )
        if variant == "thumbnail":
            return FileResponse(await _thumbnail(self._service.darkroom.clip(job)), media_type="image/webp")
        if job.trouble.name == "content_504" and self._strikes(job, "content"):
            raise server_error("Gateway time-out.", 504)
        if job.trouble.name == "truncate":
            return await _cut_short(self._service.darkroom.clip(job))
        return FileResponse(self._service.darkroom.clip(job), media_type="video/mp4")

    async def _check_ready(self, job: Job, now: Standing) -> None:
        if now.status == "failed":
            raise Problem(404, "This video failed and has no content.", param="video_id")
        if now.status != "completed" or now.expires_at is None:
            raise Problem(404, _NOT_READY, param="video_id")
        if self._service.clock() >= now.expires_at:
            await asyncio.to_thread(self._service.darkroom.forget, job)
            raise Problem(404, "This video has expired and can no longer be downloaded.", code="video_expired")
        await self._service.darkroom.finish(job)
        if not self._service.darkroom.clip(job).exists():
            raise Problem(404, _NOT_READY, param="video_id")

    def _job(self, request: Request) -> Job:
        return self._service.find(request.path_params["video_id"])

    def _strikes(self, job: Job, what: str) -> bool:
        """Whether a fault that happens so many times happens once more."""
        return self._service.book.strike(job.id, what) <= job.trouble.times


async def _thumbnail(clip: Path) -> Path:
    """The clip's picture after a third of a second, as WebP."""
    out = clip.with_suffix(".webp")
    if out.exists():
        return out
    argv = [
        ffmpeg_exe(),
        "-v",
        "error",
        "-ss",
        "0.3",
        "-i",
        str(clip),
        "-frames:v",
        "1",
        "-c:v",
        "png",
        "-f",
        "image2pipe",
        "-",
    ]
    done = await run_process(argv, timeout=30)
    if done.returncode != 0 or not done.stdout:
        raise server_error(f"The thumbnail could not be made: {done.last_words}")

    def save() -> None:
        partial = out.with_suffix(".partial")
        with Image.open(io.BytesIO(done.stdout)) as picture:
            picture.convert("RGB").save(partial, "WEBP", quality=82)
        partial.replace(out)

    await asyncio.to_thread(save)
    return out


async def _cut_short(clip: Path) -> Response:
    """The first half of a clip under a Content-Length that promises all of it."""
    data = await anyio.Path(clip).read_bytes()

    async def half() -> AsyncIterator[bytes]:
        yield data[: len(data) // 2]

    return StreamingResponse(half(), media_type="video/mp4", headers={"content-length": str(len(data))})
