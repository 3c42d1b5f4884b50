"""The download of a clip, whole or spoilt on purpose, and its thumbnail."""

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
from callsheet.tools.sandbox.fault import Stage
from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.problem import Problem, server_error
from callsheet.tools.sandbox.service import Service
from callsheet.tools.sandbox.standing import Standing


async def content_of(service: Service, job: Job, request: Request) -> Response:
    """The clip of a job, or its thumbnail. Raises Problem while there is none, or none any more."""
    job, now = await service.look(job)
    await _check_ready(service, job, now)
    variant = request.query_params.get("variant", "video") if service.settings.manners.has_variants else "video"
    if variant not in ("video", "thumbnail"):
        message = f"Invalid value: '{variant}'. Supported values are: 'video', 'thumbnail'."
        raise Problem(400, message, param="variant")
    clip = service.darkroom.clip(job)
    if variant == "thumbnail":
        return FileResponse(await _thumbnail(clip), media_type="image/webp")
    spoilt = await _spoilt(service, job, clip) if job.trouble.stage is Stage.FETCH else None
    return spoilt or FileResponse(clip, media_type="video/mp4")


async def _check_ready(service: Service, job: Job, now: Standing) -> None:
    manners = service.settings.manners
    if now.status in ("failed", "cancelled"):
        raise Problem(manners.failed_content, "This video failed and has no content.", param="video_id")
    if now.status != "completed":
        raise Problem(404, manners.not_ready, param="video_id")
    if now.expires_at is not None and service.clock() >= now.expires_at:
        await asyncio.to_thread(service.darkroom.forget, job)
        raise Problem(404, "This video has expired and can no longer be downloaded.", code="video_expired")
    await service.darkroom.finish(job)
    if not service.darkroom.clip(job).exists():
        raise Problem(404, manners.not_ready, param="video_id")


async def _spoilt(service: Service, job: Job, clip: Path) -> Response | None:
    """What comes instead of the clip, as often as the fault says."""
    trouble = job.trouble
    if trouble.name == "done_no_video":
        if trouble.argument == "empty":
            return Response(b"", media_type="video/mp4")
        raise Problem(404, "This video has no content.", param="video_id", code="not_found")
    if not trouble.strikes(service.book.strike(job.id, "content")):
        return None
    match trouble.name:
        case "content_504":
            raise server_error("Gateway time-out.", 504)
        case "truncate" | "truncate_nolength":
            return await _cut_short(clip, tells_length=trouble.name == "truncate")
        case "json_as_mp4":
            error = {"message": "The upstream service has no such video.", "type": "upstream_error", "code": "404"}
            return JSONResponse({"error": error}, media_type="video/mp4")
        case _:
            return None


async def _cut_short(clip: Path, tells_length: bool) -> Response:
    """The first half of a clip, with or without a Content-Length that promises all of it."""
    data = await anyio.Path(clip).read_bytes()

    async def half() -> AsyncIterator[bytes]:
        yield data[: len(data) // 2]

    headers = {"content-length": str(len(data))} if tells_length else {}
    return StreamingResponse(half(), media_type="video/mp4", headers=headers)


async def _thumbnail(clip: Path) -> Path:
    """The clip's picture after a third of a second, as WebP."""
    out = clip.with_suffix(".webp")
    if out.exists():
        return out
    seek = ["-v", "error", "-ss", "0.3", "-i", str(clip)]
    argv = [ffmpeg_exe(), *seek, "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "-"]
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
