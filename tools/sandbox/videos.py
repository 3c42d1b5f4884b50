"""The `/v1/videos` dialect: create, retrieve, list and delete, as its clients expect them."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from callsheet.tools.sandbox.answer import ACCEPTED, as_video, look_status
from callsheet.tools.sandbox.content import content_of
from callsheet.tools.sandbox.fault import CREATE, Fault, Stage
from callsheet.tools.sandbox.job import Job
from callsheet.tools.sandbox.order import read_order
from callsheet.tools.sandbox.problem import Problem, Severed, lost_answer, refusal, server_error
from callsheet.tools.sandbox.profile import Cancel
from callsheet.tools.sandbox.service import Service
from callsheet.tools.sandbox.standing import Standing

Handler = Callable[[Request], Awaitable[Response]]


class Videos:
    """The handlers of the dialect."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._manners = service.settings.manners

    def played(self, path: str, handler: Handler) -> Handler:
        """A handler of `path` on which the scenario's faults are played."""

        async def answered(request: Request) -> Response:
            fault = self._fault_for(request, path=path)
            if fault.stage is Stage.BEFORE:
                raise refusal(fault)
            answer = await handler(request)
            if fault.stage is Stage.AFTER:
                raise lost_answer(fault)
            return answer

        return answered

    async def models(self, _: Request) -> Response:
        """What is on sale."""
        data = [
            {"id": name, "object": "model", "created": 0, "owned_by": "callsheet-sandbox"}
            for name in self._service.settings.models
        ]
        return JSONResponse({"object": "list", "data": data})

    async def create(self, request: Request) -> Response:
        """Accept an order. The answer says `queued`, whatever becomes of the job."""
        order = await read_order(request, self._service.settings)
        fault = self._fault_for(request, order.prompt)
        job = await self._service.accept(order, fault, request.headers.get("idempotency-key", ""))
        return JSONResponse(as_video(job, ACCEPTED, self._manners), status_code=self._manners.created)

    def _fault_for(self, request: Request, prompt: str = "", path: str = CREATE) -> Fault:
        return self._service.fault_for(request.headers.get("x-sim-fault"), prompt, path)

    async def retrieve(self, request: Request) -> Response:
        """Where a job stands."""
        job = self._job(request)
        self.play_look(job)
        job, now = await self._service.look(job)
        headers = {"openai-poll-after-ms": str(self._service.settings.poll_after_ms)}
        status = look_status(job, now, self._manners)
        return JSONResponse(as_video(job, now, self._manners), status_code=status, headers=headers)

    def play_look(self, job: Job) -> None:
        """Let go wrong with a look what the job's fault says. Raises Problem or Severed."""
        trouble = job.trouble
        if trouble.stage is not Stage.LOOK:
            return
        count = self._service.book.strike(job.id, "look")
        if trouble.name == "poll_404_once" and count == 1:
            raise Problem(404, f"Video with id '{job.id}' not found.", param="video_id", code="not_found")
        if trouble.name == "poll_5xx" and trouble.strikes(count):
            raise server_error()
        if trouble.name == "poll_hang" and trouble.strikes(count):
            raise Severed(hangs=True)

    async def list(self, request: Request) -> Response:
        """A page of jobs, the newest first unless asked otherwise."""
        if not self._service.settings.lists:
            raise Problem(405, "Method Not Allowed: this service does not list videos.")
        order = request.query_params.get("order", "desc")
        limit = request.query_params.get("limit", "20")
        if order not in ("asc", "desc"):
            raise Problem(400, f"Invalid value: '{order}'. Supported values are: 'asc', 'desc'.", param="order")
        if not (limit.isascii() and limit.isdigit()) or int(limit) > 100:
            raise Problem(400, "limit must be a whole number from 0 to 100.", param="limit")
        after = request.query_params.get("after")
        behind = self._service.find(after) if after else None
        jobs = self._service.page(order == "asc", behind, int(limit) + 1)
        shown = jobs[: int(limit)]
        data = [as_video(*(await self._service.look(job)), self._manners) for job in shown]
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
        """Delete what has ended; what has not is treated as the profile says."""
        job, now = await self._service.look(self._job(request))
        with self._service.book.at_once():
            if not now.has_ended and (left := self._cancelled(job, now)) is not None:
                return left
            self._service.book.delete(job.id)
        await asyncio.to_thread(self._service.darkroom.forget, job)
        return self._gone(job, now)

    def _cancelled(self, job: Job, now: Standing) -> Response | None:
        """The answer for a job that has not ended, or None where it is simply dropped."""
        match self._manners.cancel:
            case Cancel.REFUSED:
                raise Problem(400, "Only a completed or failed video can be deleted.", param="video_id")
            case Cancel.WHILE_QUEUED if now.status != "queued":
                raise Problem(400, "The video is being rendered and cannot be cancelled.", code="cancel_failed")
            case Cancel.WHILE_QUEUED:
                self._service.cancel(job)
                return JSONResponse(as_video(*self._service.settle(self._service.find(job.id)), self._manners))
            case Cancel.DETACHES:
                self._service.book.delete(job.id)
                return self._gone(job, now)
            case Cancel.STOPS:
                self._service.cancel(job)
                return None

    def _gone(self, job: Job, now: Standing) -> Response:
        if self._manners.cancel is Cancel.DETACHES:
            return JSONResponse(as_video(job, now, self._manners) | {"status": "deleted"})
        return JSONResponse({"id": job.id, "deleted": True, "object": "video.deleted"})

    async def capture(self, request: Request) -> Response:
        """Give a person an id. The sandbox keeps the id alone: neither name nor picture."""
        await request.body()
        return JSONResponse({"id": self._service.book.new_character(), "object": "character"})

    async def forget(self, request: Request) -> Response:
        """Delete the id of a person. No other service of the dialect was seen to offer this."""
        character = request.path_params["character_id"]
        if not self._service.book.delete_character(character):
            raise Problem(404, f"Character with id '{character}' not found.", param="character_id", code="not_found")
        return JSONResponse({"id": character, "deleted": True, "object": "character.deleted"})

    async def content(self, request: Request) -> Response:
        """The clip of a completed job."""
        return await content_of(self._service, self._job(request), request)

    def _job(self, request: Request) -> Job:
        return self._service.find(request.path_params["video_id"])
