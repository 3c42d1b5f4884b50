"""The `/v1/videos` dialect: OpenAI's wire format, as vLLM-Omni, SGLang and gateways serve it.

A create is sent once, with an idempotency key, and never repeated here: the dialect promises no idempotency.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from callsheet.domain.provider import Provider
from callsheet.tools.video.adapter import Adapter
from callsheet.tools.video.answer import Answer
from callsheet.tools.video.job import read_job
from callsheet.tools.video.pace import UNPACED, Pace
from callsheet.tools.video.port import AnswerLost, CannotTell, ProviderBusy, RenderJob, RenderRequest
from callsheet.tools.video.profile import PROFILES
from callsheet.tools.video.wire import GONE, ClientFactory, Deadlines, Wire, path_part

_PAGE = 100
_MOST_PAGES = 10
_NO_LIST = frozenset({404, 405, 410, 501})
_STOPPABLE = ("queued", "running")


class VideosApi(Adapter):
    """A provider that speaks `/v1/videos`. `client` makes one httpx client for each event loop that asks."""

    def __init__(
        self,
        provider: Provider,
        client: ClientFactory,
        secret: str = "",
        clock: Callable[[], float] = time.time,
        pace: Pace = UNPACED,
        deadlines: Deadlines | None = None,
    ) -> None:
        self._provider, self._profile = provider, PROFILES[provider.profile]
        self._secret, self._clock = secret, clock
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self._wire = Wire(client, headers, secret, clock, pace, deadlines=deadlines)

    async def create(self, request: RenderRequest, idempotency_key: str) -> RenderJob:
        """Ask for a render, once."""
        answer = await self._wire.buy("videos", idempotency_key, **self._order(request))
        job = self._read(answer.body, answer)
        if job is None:
            raise AnswerLost("the video provider accepted the shot, but its answer cannot be read")
        return job

    async def retrieve(self, job: str) -> RenderJob | None:
        """Look at a render. A failed look is not a failed render."""
        answer = await self._wire.get(_path(job))
        seen = self._read(answer.body, answer)
        if seen is not None and seen.id == job:
            return seen  # some servers answer a failed job with an error status and the job as the body
        if answer.status in GONE and not answer.is_page:
            return None
        raise self._wire.failed_look(job, answer)

    async def find(self, request: RenderRequest, since: int) -> tuple[RenderJob, ...]:
        """Look through the provider's list for renders that this request may have made."""
        if not self._provider.lists_jobs:
            raise CannotTell(f"{self._provider.name} has no list of its renders")
        seen: list[RenderJob] = []
        query = {"limit": str(_PAGE), "order": "desc"}
        for page in range(_MOST_PAGES):
            answer = await self._wire.get("videos", query)
            jobs, has_more = self._page(answer)
            since = since if page else since + answer.ahead(self._clock())
            seen += jobs
            if not has_more or _is_past(seen, since):
                return tuple(job for job in seen if (job.created_at or since) >= since and job.may_be(request))
            query["after"] = seen[-1].id
        raise CannotTell(
            f"the provider's list is longer than {_PAGE * _MOST_PAGES} renders and was not read to its end"
        )

    async def download(self, job: str, to: Path) -> None:
        """Stream the render to a file and check that all of it came and that it is an MP4."""
        await self._wire.fetch(f"{_path(job)}/content", to, self._profile.gone, self._profile.not_ready)

    async def cancel(self, job: str) -> bool:
        """Ask the provider to stop a render, where asking can stop one and cannot delete one that is paid for."""
        if self._profile.cancel != "delete_stops":
            return False
        try:
            seen = await self.retrieve(job)
        except ProviderBusy:
            return False
        if seen is None or seen.status not in _STOPPABLE:
            return False
        answer = await self._wire.stop("DELETE", _path(job))
        return answer is not None and 200 <= answer.status < 300 and self._says_stopped(answer)

    async def forget_render(self, job: str) -> bool:
        """Delete a render that has ended, where the server deletes such. What is under way is left alone."""
        if not self._profile.deletes_ended:
            return False
        try:
            seen = await self.retrieve(job)
        except ProviderBusy:
            return False
        if seen is None:  # deleted before, or its time there was over
            return True
        if seen.status in _STOPPABLE:
            return False
        return _has_deleted(await self._wire.stop("DELETE", _path(job)))

    async def forget_character(self, character: str) -> bool:
        """Delete a character, where the provider has a call for it. The reference dialect has none."""
        if not self._provider.deletes_characters:
            return False
        return _has_deleted(await self._wire.stop("DELETE", f"characters/{path_part(character)}"))

    async def models(self) -> tuple[str, ...]:
        """The models the provider offers."""
        answer = await self._wire.get("models")
        listed = answer.body.get("data") if isinstance(answer.body, dict) else None
        if answer.status != 200 or not isinstance(listed, list):
            raise ProviderBusy(f"the list of models could not be read ({answer.status}): {self._wire.words(answer)}")
        return tuple(item["id"] for item in listed if isinstance(item, dict) and isinstance(item.get("id"), str))

    def _order(self, request: RenderRequest) -> dict[str, Any]:
        """The request as httpx takes it: JSON where the server reads that, else a form."""
        fields = {"model": request.model, "prompt": request.prompt, "size": request.size}
        if request.negative_prompt:
            fields["negative_prompt"] = request.negative_prompt
        if self._profile.encoding == "json" and request.reference is None:
            seconds = request.seconds if self._profile.seconds == "number" else str(request.seconds)
            return {"json": {**fields, "seconds": seconds}}
        parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields.items()]
        parts.append(("seconds", (None, str(request.seconds))))
        if request.reference is not None:
            parts.append(("input_reference", ("reference.png", request.reference, "image/png")))
        return {"files": parts}

    def _page(self, answer: Answer) -> tuple[list[RenderJob], bool]:
        """The renders of one page of the list, and whether more follow."""
        if answer.status in _NO_LIST:
            raise CannotTell(f"the provider has no list of its renders ({answer.status})")
        if answer.status != 200:
            told = f"the list of renders could not be read ({answer.status}): {self._wire.words(answer)}"
            raise ProviderBusy(told, answer.retry_after(self._clock()))
        listed = answer.body.get("data") if isinstance(answer.body, dict) else None
        jobs = [self._read(item, answer) for item in listed] if isinstance(listed, list) else [None]
        has_more = isinstance(answer.body, dict) and bool(answer.body.get("has_more"))
        if None in jobs or (has_more and not jobs):
            raise CannotTell("the provider's list of renders cannot be read, so one of ours may be in it")
        return [job for job in jobs if job is not None], has_more

    def _read(self, body: Any, answer: Answer) -> RenderJob | None:
        return read_job(body, answer, self._profile, self._clock(), self._secret)

    def _says_stopped(self, answer: Answer) -> bool:
        said = answer.body if isinstance(answer.body, dict) else {}
        if isinstance(word := said.get("status"), str):
            return self._profile.status(word) == "cancelled"
        return said.get("deleted") is True or (answer.status == 204 and not answer.text)


def _has_deleted(answer: Answer | None) -> bool:
    """Whether the server says so. An answer such as 404 may only mean that it has no such call."""
    if answer is None or not 200 <= answer.status < 300:
        return False
    said = answer.body if isinstance(answer.body, dict) else {}
    return said.get("deleted") is True or said.get("status") == "deleted" or (answer.status == 204 and not answer.text)


def _is_past(seen: list[RenderJob], since: int) -> bool:
    """Whether the list has come to renders older than `since`. One that is not newest first is read to its end."""
    moments = [job.created_at for job in seen]
    is_newest_first = len(moments) > 1 and all(moments) and moments == sorted(moments, reverse=True)
    return is_newest_first and moments[-1] < since


def _path(job: str) -> str:
    return f"videos/{path_part(job)}"
