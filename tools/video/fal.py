"""Models hosted by fal over its documented queue: submit, status, result, cancel.

The queue takes every endpoint, but each endpoint spells a request its own way: what we can say to which one is data
here (`SPELLINGS`), and an endpoint that is not listed is refused before anything is sent.

A request that is COMPLETED may have failed: its status may carry an error, and its result may be the model's own
refusal. So a completed request is looked at twice, and only one whose result names a video has succeeded.

Unconfirmed, and so handled with care: what the status of a cancelled request says, and whether a request that had
begun really stops (it counts as stopped only when the queue says so, or no longer knows it).
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from callsheet.domain.provider import Provider
from callsheet.domain.purchase import JobStatus, read_status
from callsheet.domain.trouble import Trouble
from callsheet.tools.video.adapter import Adapter
from callsheet.tools.video.address import Resolve, look_up
from callsheet.tools.video.answer import Answer, without_secrets
from callsheet.tools.video.framing import framing_of
from callsheet.tools.video.pace import Pace
from callsheet.tools.video.port import (
    AnswerLost,
    CannotTell,
    FetchFailed,
    ProviderBusy,
    RenderGone,
    RenderJob,
    RenderRefused,
    RenderRequest,
)
from callsheet.tools.video.wire import GONE, ClientFactory, Wire, path_part


@dataclass(frozen=True)
class Spelling:
    """How one endpoint wants a request said. `image` is the endpoint and the field for a first frame, if it has one."""

    resolutions: Mapping[int, str]
    shapes: tuple[str, ...]
    seconds: Callable[[int], int | str] = int
    image: tuple[str, str] | None = None


SPELLINGS: Mapping[str, Spelling] = {
    # fal's own page of the model; 480p is left out because no page says how many pixels it has
    "alibaba/wan-3.0/text-to-video": Spelling(
        resolutions={720: "720p", 1080: "1080p"},
        shapes=("16:9", "4:3", "1:1", "3:4", "9:16"),
        image=("alibaba/wan-3.0/image-to-video", "start_image_url"),
    ),
}
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NO_SUCH_REQUEST = "00000000-0000-0000-0000-000000000000"
_STATUS: Mapping[str, JobStatus] = {"in_queue": "queued"}
_CANCELLED = ("client_cancelled", "client_disconnected")
_REFUSALS = frozenset({400, 413, 415, 422})
_FILTERED = "no_media_generated"
_TROUBLES = {
    "content_policy_violation": Trouble.CONTENT_POLICY,
    _FILTERED: Trouble.CONTENT_POLICY,
    "generation_timeout": Trouble.RETRYABLE,
    "downstream_service_error": Trouble.RETRYABLE,
    "downstream_service_unavailable": Trouble.RETRYABLE,
    "internal_server_error": Trouble.RETRYABLE,
    "bad_request": Trouble.FIX_REQUEST,
}
"""fal's own codes, from its pages on model errors and request errors, where the words in them do not say it."""


class FalApi(Adapter):
    """A provider behind fal's queue. The client's base address is the queue's.

    A render is named `owner/app/request`: the queue needs all three to find it again. The key is shown to the queue
    alone: results lie on other servers, and are fetched from there without it.
    """

    def __init__(
        self,
        provider: Provider,
        client: ClientFactory,
        secret: str,
        clock: Callable[[], float],
        pace: Pace,
        resolve: Resolve = look_up,
    ) -> None:
        self._provider, self._secret, self._clock = provider, secret, clock
        headers = {"Authorization": f"Key {secret}"} if secret else {}
        self._wire = Wire(client, headers, secret, clock, pace, troubles=_TROUBLES, resolve=resolve)

    async def create(self, request: RenderRequest, idempotency_key: str) -> RenderJob:
        """Ask for a render, once. What the wire cannot say is refused before anything is sent."""
        endpoint, order = _order(request)
        answer = await self._wire.buy(endpoint, idempotency_key, json=order)
        named = _said(answer).get("request_id")
        if not isinstance(named, str) or not named:
            raise AnswerLost("fal accepted the shot, but its answer cannot be read")
        owner, app = endpoint.split("/")[:2]
        return RenderJob(id=f"{owner}/{app}/{named}", status="queued", retry_after=answer.retry_after(self._clock()))

    async def retrieve(self, job: str) -> RenderJob | None:
        """Look at a render; one that is completed is looked at twice, because it may have failed all the same."""
        place = _place(job)
        answer = await self._wire.get(f"{place}/status")
        if answer.status in GONE and not answer.is_page:
            return None
        said = _said(answer)
        word = said.get("status")
        if not 200 <= answer.status < 300 or not isinstance(word, str):
            raise self._wire.failed_look(job, answer)
        status = _STATUS.get(word.lower()) or read_status(word)
        seen = RenderJob(id=job, status=status, retry_after=answer.retry_after(self._clock()))
        if said.get("error") or said.get("error_type"):
            return self._failed(seen, *answer.error)
        return await self._ended(seen, place) if status == "succeeded" else seen

    async def find(self, request: RenderRequest, since: int) -> tuple[RenderJob, ...]:  # noqa: ARG002 - the port gives them
        """Always raises CannotTell: the queue lists no requests."""
        raise CannotTell("fal has no list of its requests: look at the requests page of the account")

    async def download(self, job: str, to: Path) -> None:
        """Fetch the video from wherever fal says it lies, without the key unless that is the queue itself."""
        try:
            answer = await self._wire.get(_place(job))
        except ProviderBusy as error:
            raise FetchFailed(str(error)) from error
        if answer.status in GONE and not answer.is_page:
            raise RenderGone(f"fal no longer has the result of the request ({answer.status})")
        address = _video(answer)
        if not address:
            raise FetchFailed(f"fal names no video for the render ({answer.status}): {self._wire.words(answer)}")
        await self._wire.fetch(address, to)

    async def cancel(self, job: str) -> bool:
        """Ask the queue to drop a request. One that has begun is told to stop, which is no promise that it does."""
        answer = await self._wire.stop("PUT", f"{_place(job)}/cancel")
        word = _said(answer).get("status") if answer is not None and answer.status < 300 else None
        if word != "CANCELLATION_REQUESTED":
            return word == "OK"
        try:
            seen = await self.retrieve(job)
        except ProviderBusy:
            return False
        return seen is None or seen.status == "cancelled"

    async def models(self) -> tuple[str, ...]:
        """The catalog's own model, if the key opens the queue: a look at a request that cannot exist costs nothing."""
        endpoint = self._provider.model
        place = _place("/".join([*endpoint.split("/")[:2], _NO_SUCH_REQUEST]))
        answer = await self._wire.get(f"{place}/status")
        if answer.status not in {*GONE, 200} or answer.is_page:
            raise ProviderBusy(f"fal's queue could not be asked ({answer.status}): {self._wire.words(answer)}")
        return (endpoint,)

    async def _ended(self, seen: RenderJob, place: str) -> RenderJob:
        """How a completed request ended. A result that cannot be read says nothing about it: it is looked at again."""
        answer = await self._wire.get(place)
        if answer.status == 200:
            return seen if _video(answer) else self._failed(seen, _FILTERED, "fal completed it without a video")
        if answer.status in GONE and not answer.is_page:
            return replace(seen, status="expired", reason="fal no longer has the result of the request")
        if answer.status in _REFUSALS or isinstance(_said(answer).get("detail"), list):
            return self._failed(seen, *answer.error, status=answer.status)
        raise self._wire.failed_look(seen.id, answer)

    def _failed(self, seen: RenderJob, code: str, said: str, status: int | None = None) -> RenderJob:
        reason = without_secrets(said or code, self._secret)
        if code in _CANCELLED:
            return replace(seen, status="cancelled", reason=reason)
        return replace(seen, status="failed", reason=reason, trouble=self._wire.trouble(status, code, said))


def _order(request: RenderRequest) -> tuple[str, dict[str, Any]]:
    """The endpoint to ask, and the request as it wants it said. Refuses what it cannot say."""
    spelling = SPELLINGS.get(request.model)
    if spelling is None:
        known = ", ".join(SPELLINGS)
        raise RenderRefused(f"how {request.model} wants a request said is not known here; known are: {known}")
    framing = framing_of(request.size)
    resolution = spelling.resolutions.get(framing.short_side)
    if resolution is None or framing.aspect_ratio not in spelling.shapes:
        raise RenderRefused(f"{request.model} cannot be asked for {request.size}: choose a size the provider sells")
    order = {
        "prompt": request.prompt,
        "duration": spelling.seconds(request.seconds),
        "resolution": resolution,
        "aspect_ratio": framing.aspect_ratio,
    }
    if request.reference is None:
        return request.model, order
    if spelling.image is None:
        raise RenderRefused(f"{request.model} takes no reference picture: choose a provider that does, or leave it out")
    endpoint, field = spelling.image
    del order["aspect_ratio"]  # the picture has the shape
    return endpoint, {**order, field: "data:image/png;base64," + base64.b64encode(request.reference).decode()}


def _place(job: str) -> str:
    """Where the queue keeps a render. Its name came from outside: no part of it can lead to another address."""
    owner, _, rest = job.partition("/")
    app, _, request = rest.partition("/")
    parts = (part if _PLAIN.fullmatch(part) else path_part(part) or "-" for part in (owner, app, request))
    owner, app, request = parts
    return f"{owner}/{app}/requests/{request}"


def _said(answer: Answer) -> Mapping[str, Any]:
    return answer.body if isinstance(answer.body, dict) else {}


def _video(answer: Answer) -> str:
    """The address of the video in a result: `video` is an object, or the first of a list."""
    video = _said(answer).get("video") or _said(answer).get("videos")
    video = video[0] if isinstance(video, list) and video else video
    address = video.get("url") if isinstance(video, dict) else None
    return address if answer.status == 200 and isinstance(address, str) else ""
