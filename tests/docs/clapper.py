"""The provider of the page on adapters: three calls of its own, and the sandbox behind them with faults and bill."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from callsheet.tools.sandbox import Sandbox
from callsheet.tools.sandbox.answer import ACCEPTED
from callsheet.tools.sandbox.content import content_of
from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.order import Order
from callsheet.tools.sandbox.problem import Problem
from callsheet.tools.sandbox.standing import Standing
from callsheet.tools.sandbox.videos import Videos

STATES = {
    "queued": "waiting",
    "in_progress": "shooting",
    "completed": "wrapped",
    "failed": "spoiled",
    "cancelled": "struck",
}


def serve_clapper(sandbox: Sandbox) -> None:
    """Open Clapper's door to a sandbox."""
    videos = Videos(sandbox)

    def check(request: Request) -> None:
        if request.headers.get("x-clapper-key") != sandbox.settings.api_key:
            raise Problem(401, "That is not the key.")

    def shown(job: Job, now: Standing) -> Response:
        word = STATES[now.status] if now.has_ended else now.word or STATES[now.status]
        body: dict[str, Any] = {"job": job.id, "state": word}
        if now.error is not None:
            code = {"moderation_blocked": "too_rude"}.get(now.error["code"], now.error["code"])
            body["error"] = {"code": code, "message": "Clapper would rather not."}
        return JSONResponse(body)

    async def create(request: Request) -> Response:
        check(request)
        said = json.loads(await request.body())
        order = Order(said["text"], said["model"], said["seconds"], said["frame"], None)
        fault = sandbox.fault_for(None, order.prompt)
        return shown(await sandbox.accept(order, fault, request.headers["idempotency-key"]), ACCEPTED)

    async def look(request: Request) -> Response:
        check(request)
        job = sandbox.find(request.path_params["job"])
        videos.play_look(job)
        return shown(*await sandbox.look(job))

    async def file(request: Request) -> Response:
        check(request)
        return await content_of(sandbox, sandbox.find(request.path_params["job"]), request)

    sandbox.app.router.routes.extend(
        [Route("/jobs", create, methods=["POST"]), Route("/jobs/{job}", look), Route("/jobs/{job}/file", file)]
    )
