"""Gemini's video generation over HTTP: the Interactions API, as Google documents it for the Omni models.

A render is asked for in the background and stored, so that its id comes back at once and nothing paid hangs on one
connection. A server that draws it while we wait instead is understood too: its answer then holds the finished render.

Unconfirmed, and so handled with care: whether the Omni models take `background` (a refusal of it buys nothing);
whether a stored interaction still names its file when it is read again (users report that it may not: it then counts
as made and gone, never as unbought); which words may follow `in_progress` (an unknown one counts as running).
"""

import base64
import binascii
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from callsheet.domain.provider import Provider
from callsheet.domain.purchase import JobStatus, read_status
from callsheet.domain.trouble import Trouble
from callsheet.tools.video.adapter import Adapter
from callsheet.tools.video.address import Resolve, look_up
from callsheet.tools.video.answer import Answer, read_error, read_moment, without_secrets
from callsheet.tools.video.download import check_clip
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
from callsheet.tools.video.wire import GONE, ClientFactory, Deadlines, Wire, path_part

_RESOLUTIONS = {360: "360p", 720: "720p", 1080: "1080p", 2160: "4k"}
_SHAPES = ("16:9", "9:16")
_TASKS = {"first_frame": "image_to_video", "subject": "reference_to_video"}
_FILE = re.compile(r"/v1\w*/(files/[A-Za-z0-9_-]{1,128})(?=[:?/]|$)")
_REVISION = {"Api-Revision": "2026-05-20"}
"""The shape of the answers we read: what the model made lies in `steps`."""
_FILTERED = "content_blocked"
_TROUBLES = {
    _FILTERED: Trouble.CONTENT_POLICY,
    "payment_required": Trouble.QUOTA,
    "failed_precondition": Trouble.QUOTA,  # documented for accounts whose billing is off
}
_DEADLINES = Deadlines(buy=600.0)
"""Long, because a server that does not render in the background answers when the paid render is done."""
_REMEMBERED = 1000


class GeminiApi(Adapter):
    """A provider that speaks Gemini's interactions. The client's base address ends in `/v1beta/`.

    Nothing can be listed here: a purchase whose answer was lost waits for a person. No answer names money, so a render
    costs what the catalog says.
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
        headers = {**_REVISION, **({"x-goog-api-key": secret} if secret else {})}
        self._wire = Wire(
            client, headers, secret, clock, pace, deadlines=_DEADLINES, troubles=_TROUBLES, resolve=resolve
        )
        self._addresses: OrderedDict[str, str] = OrderedDict()

    async def create(self, request: RenderRequest, idempotency_key: str) -> RenderJob:
        """Ask for a render, once. What the wire cannot say is refused before anything is sent."""
        answer = await self._wire.buy("interactions", idempotency_key, json=_order(request, self._provider))
        job = self._read(answer)
        if job is None:
            raise AnswerLost("Gemini accepted the shot, but its answer cannot be read")
        return job

    async def retrieve(self, job: str) -> RenderJob | None:
        """Look at a render."""
        answer = await self._wire.get(_path(job))
        seen = self._read(answer)
        if seen is not None and seen.id == job:
            return seen
        if answer.status in GONE and not answer.is_page:
            return None
        raise self._wire.failed_look(job, answer)

    async def find(self, request: RenderRequest, since: int) -> tuple[RenderJob, ...]:  # noqa: ARG002 - the port gives them
        """Always raises CannotTell: interactions cannot be listed."""
        raise CannotTell("Gemini has no list of its renders: look at the usage page of the account")

    async def download(self, job: str, to: Path) -> None:
        """Fetch the render's file, once it is ready. What came inside the answer itself is written from there."""
        try:
            if job not in self._addresses:
                answer = await self._wire.get(_path(job))
                if data := self._data(job, answer):
                    _unpack(data, to, self._secret)
                    return
            address = self._addresses[job]
            if file := _FILE.search(address):
                self._check_ready(await self._wire.get(file.group(1)))
                address = f"{file.group(1)}:download?alt=media"
        except ProviderBusy as error:
            raise FetchFailed(str(error)) from error
        await self._wire.fetch(address, to)

    async def cancel(self, job: str) -> bool:
        """Ask for a stop. Only a render in the background that still runs can be stopped, and the answer says so."""
        answer = await self._wire.stop("POST", f"{_path(job)}/cancel")
        seen = self._read(answer) if answer is not None and answer.status < 300 else None
        return seen is not None and seen.id == job and seen.status == "cancelled"

    async def models(self) -> tuple[str, ...]:
        """The models the account may use."""
        answer = await self._wire.get("models", {"pageSize": "1000"})
        listed = answer.body.get("models") if isinstance(answer.body, dict) else None
        if answer.status != 200 or not isinstance(listed, list):
            raise ProviderBusy(f"the list of models could not be read ({answer.status}): {self._wire.words(answer)}")
        names = [item["name"] for item in listed if isinstance(item, dict) and isinstance(item.get("name"), str)]
        return tuple(name.removeprefix("models/") for name in names)

    def _data(self, job: str, answer: Answer) -> str:
        """The clip inside the answer, if it lies there. Raises RenderGone when it lies nowhere any more."""
        if answer.status in GONE and not answer.is_page:
            raise RenderGone(f"Gemini no longer knows the render ({answer.status})")
        seen = self._read(answer)
        if answer.status != 200 or seen is None or seen.id != job or seen.status not in ("succeeded", "expired"):
            raise FetchFailed(f"the render is not there to be fetched ({answer.status}): {self._wire.words(answer)}")
        data = _video(answer.body).get("data")
        if not data and job not in self._addresses:
            raise RenderGone("Gemini no longer says where the finished render lies")
        return "" if job in self._addresses else str(data)

    def _check_ready(self, answer: Answer) -> None:
        """A file is made ready after its render is done. One that is refused may only want another key."""
        state = str(answer.body.get("state", "")) if isinstance(answer.body, dict) else ""
        if (answer.status in GONE and not answer.is_page) or state == "FAILED":
            raise RenderGone(f"Gemini no longer has the file of the render ({answer.status} {state[:20]})")
        if answer.status != 200 or state not in ("ACTIVE", ""):
            told = state[:20] or self._wire.words(answer)
            raise FetchFailed(f"the file of the render is not ready ({answer.status}): {told}")

    def _read(self, answer: Answer) -> RenderJob | None:
        body = answer.body
        if not isinstance(body, dict) or not isinstance(body.get("status"), str):
            return None
        name = body.get("id")
        if not isinstance(name, str) or not name:
            return None
        if address := _video(body).get("uri"):
            self._addresses[name] = str(address)
            if len(self._addresses) > _REMEMBERED:
                self._addresses.popitem(last=False)
        status, code, reason = _outcome(body, name in self._addresses)
        return RenderJob(
            id=name,
            status=status,
            created_at=read_moment(body.get("created")),
            reason=without_secrets(reason or code, self._secret),
            retry_after=answer.retry_after(self._clock()),
            trouble=self._wire.trouble(None, code, reason) if status == "failed" else None,
        )


def _order(request: RenderRequest, provider: Provider) -> dict[str, Any]:
    """The request as the wire says it. Refuses what it cannot say."""
    framing = framing_of(request.size)
    resolution = _RESOLUTIONS.get(framing.short_side)
    if resolution is None or framing.aspect_ratio not in _SHAPES:
        raise RenderRefused(f"Gemini cannot be asked for {request.size}: choose a size that {provider.name} sells")
    parts: list[dict[str, str]] = [{"type": "text", "text": request.prompt}]
    task = "text_to_video"
    if request.reference is not None:
        if provider.reference not in _TASKS:
            raise RenderRefused(f"{provider.name} takes no reference picture: leave it out or choose another provider")
        task = _TASKS[provider.reference]
        picture = base64.b64encode(request.reference).decode()
        parts.insert(0, {"type": "image", "mime_type": "image/png", "data": picture})
    return {
        "model": request.model,
        "input": parts,
        "response_format": {
            "type": "video",
            "aspect_ratio": framing.aspect_ratio,
            "resolution": resolution,
            "duration": f"{request.seconds}s",
            "delivery": "uri",
        },
        "generation_config": {"video_config": {"task": task}},
        "background": True,
        "store": True,
    }


def _outcome(body: Mapping[str, Any], has_address: bool) -> tuple[JobStatus, str, str]:
    """Where a render stands; the code and the words of what went wrong. Done without a video is not done."""
    word = body["status"].lower()
    if word not in ("completed", "incomplete", "failed"):
        return read_status(word), "", ""
    code, said = read_error(body)
    for step in _steps(body):
        code, said = (code, said) if code or said else read_error(step)
    if word == "failed":
        return "failed", code, said
    if has_address or _video(body).get("data"):
        return "succeeded", "", ""
    if code or said:
        return "failed", code, said
    if word == "completed" and _steps(body):
        words = " ".join(str(part.get("text", "")) for part in _made(body)).strip()
        return "failed", _FILTERED, f"Gemini made no video of it. {words}".strip()
    return "expired", "", f"Gemini says that it is {word} and names no video; it may have been billed"


def _steps(body: Any) -> list[Mapping[str, Any]]:
    """What the model did after what we said last."""
    steps = body.get("steps") if isinstance(body, dict) else None
    known = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    said = [number for number, step in enumerate(known) if step.get("type") == "user_input"]
    return [step for step in known[said[-1] + 1 if said else 0 :] if step.get("type") == "model_output"]


def _made(body: Any) -> list[Mapping[str, Any]]:
    """The parts of the model's output."""
    contents = [step.get("content") for step in _steps(body)]
    return [part for parts in contents if isinstance(parts, list) for part in parts if isinstance(part, dict)]


def _video(body: Any) -> Mapping[str, Any]:
    return next((part for part in reversed(_made(body)) if part.get("type") == "video"), {})


def _unpack(data: Any, to: Path, secret: str) -> None:
    try:
        to.write_bytes(base64.b64decode(str(data), validate=True))
    except (binascii.Error, ValueError) as error:
        raise FetchFailed("the render in the answer cannot be read") from error
    check_clip(to, is_whole=False, secret=secret)


def _path(job: str) -> str:
    """A provider chooses the names of its renders: they are data here, and cannot lead to another address."""
    return f"interactions/{path_part(job)}"
