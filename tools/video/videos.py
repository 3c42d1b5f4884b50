"""The `/v1/videos` dialect over httpx: OpenAI's wire format, as vLLM-Omni, SGLang and gateways serve it.

A create is sent once, with an idempotency key, and never repeated here: the dialect promises no idempotency.
"""

import asyncio
import time
import weakref
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from callsheet.domain.purchase import read_status
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

ClientFactory = Callable[[], httpx.AsyncClient]
_CREATE_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
_POLL_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_FETCH_TIMEOUT = httpx.Timeout(120.0, connect=5.0)
_PAGE = 100
_MOST_PAGES = 10
_SURELY_REFUSED = frozenset({400, 401, 402, 403, 404, 405, 410, 413, 415, 422})
"""Answers that say nothing was bought. Any other failure may have been sent after the purchase, by us or by a proxy."""
_GONE = frozenset({404, 410})
_MOST_BYTES = 2_000_000_000


class VideosApi:
    """A provider that speaks `/v1/videos`. `client` makes one httpx client for each event loop that asks."""

    def __init__(self, client: ClientFactory, secret: str = "", clock: Callable[[], float] = time.time) -> None:
        self._make = client
        self._secret = secret
        self._clock = clock
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = (
            weakref.WeakKeyDictionary()
        )

    async def create(self, request: RenderRequest, idempotency_key: str) -> RenderJob:
        """Ask for a render, once."""
        fields = {
            "model": request.model,
            "prompt": request.prompt,
            "seconds": str(request.seconds),
            "size": request.size,
        }
        parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields.items()]
        if request.reference is not None:
            parts.append(("input_reference", ("reference.png", request.reference, "image/png")))
        try:
            answer = await self._client().post(
                "videos", files=parts, headers={"Idempotency-Key": idempotency_key}, timeout=_CREATE_TIMEOUT
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ProviderBusy(f"the video provider was not reached ({str(error) or type(error).__name__})") from error
        except httpx.TransportError as error:
            raise AnswerLost(f"the connection broke while buying ({type(error).__name__})") from error
        if answer.status_code == 429:
            raise ProviderBusy(f"the video provider is busy: {self._message(answer)}", _retry_after(answer))
        if answer.status_code in _SURELY_REFUSED:
            raise RenderRefused(f"the video provider refused the shot ({answer.status_code}): {self._message(answer)}")
        if answer.status_code >= 300:
            raise AnswerLost(f"the video provider failed while buying ({answer.status_code}): {self._message(answer)}")
        job = _read(answer)
        if job is None:
            raise AnswerLost("the video provider accepted the shot, but its answer cannot be read")
        return job

    async def retrieve(self, job: str) -> RenderJob | None:
        """Look at a render. A failed look is not a failed render."""
        answer = await self._get(_path(job))
        seen = _read(answer)
        if seen is not None and seen.id == job:
            return seen  # some servers answer a failed job with an error status and the job as the body
        if answer.status_code in (404, 410):
            return None
        raise ProviderBusy(f"looking at render {job} failed ({answer.status_code})", _retry_after(answer))

    async def find(self, request: RenderRequest, since: int) -> tuple[RenderJob, ...]:
        """Look through the provider's list for renders that this request may have made."""
        found: list[RenderJob] = []
        after: str | None = None
        for _ in range(_MOST_PAGES):
            query = {"limit": str(_PAGE), "order": "desc"} | ({"after": after} if after else {})
            answer = await self._get("videos", query)
            if answer.status_code != 200:
                raise ProviderBusy(
                    f"the list of renders could not be read ({answer.status_code})", _retry_after(answer)
                )
            page = answer.json()
            since = since if found or after else since + self._ahead(answer)
            jobs = [job for item in page.get("data", []) if (job := _job(item, answer))]
            found += [job for job in jobs if (job.created_at or since) >= since and job.may_be(request)]
            if not page.get("has_more") or not jobs or 0 < jobs[-1].created_at < since:
                return tuple(found)
            after = jobs[-1].id
        raise CannotTell(
            f"the provider's list is longer than {_PAGE * _MOST_PAGES} renders and was not read to its end"
        )

    async def download(self, job: str, to: Path) -> None:
        """Stream the render to a file and check that all of it came and that it is an MP4."""
        try:
            async with self._client().stream("GET", f"{_path(job)}/content", timeout=_FETCH_TIMEOUT) as answer:
                if answer.status_code in _GONE:
                    raise RenderGone(f"the provider no longer has the finished render ({answer.status_code})")
                if answer.status_code != 200:
                    raise FetchFailed(f"render {job} could not be fetched ({answer.status_code})")
                promised = answer.headers.get("content-length")
                written = await _write(answer, to)
        except httpx.TransportError as error:
            raise FetchFailed(f"fetching render {job} broke off ({type(error).__name__})") from error
        if (
            promised is not None
            and promised.isdigit()
            and "content-encoding" not in answer.headers
            and written != int(promised)
        ):
            raise FetchFailed(f"render {job} has {promised} bytes, {written} came")
        with to.open("rb") as file:
            if file.read(12)[4:8] != b"ftyp":
                raise FetchFailed(f"what came for render {job} is not an MP4 file")

    async def cancel(self, job: str) -> bool:
        """Ask the provider to stop and drop a render."""
        try:
            answer = await self._client().delete(_path(job), timeout=_POLL_TIMEOUT)
        except httpx.TransportError:
            return False  # what cannot be cancelled is adopted or quarantined when it arrives
        return answer.status_code < 300

    async def models(self) -> tuple[str, ...]:
        """The models the provider offers."""
        answer = await self._get("models")
        if answer.status_code != 200:
            raise ProviderBusy(f"the list of models could not be read ({answer.status_code}): {self._message(answer)}")
        return tuple(str(item["id"]) for item in answer.json().get("data", []))

    async def _get(self, path: str, query: dict[str, str] | None = None) -> httpx.Response:
        try:
            return await self._client().get(path, params=query, timeout=_POLL_TIMEOUT)
        except httpx.TransportError as error:
            raise ProviderBusy(f"the video provider was not reached ({type(error).__name__})") from error

    def _ahead(self, answer: httpx.Response) -> int:
        """By how many seconds the provider's clock is ahead of ours, as far as its answer says."""
        try:
            theirs = parsedate_to_datetime(answer.headers["date"]).timestamp()
        except (KeyError, ValueError):
            return 0
        return round(theirs - self._clock())

    def _message(self, answer: httpx.Response) -> str:
        """What the provider said, without our key: some servers repeat it."""
        try:
            error = answer.json().get("error", {})
            said = str(error.get("message", error) if isinstance(error, dict) else error)[:300]
        except (ValueError, AttributeError):
            said = answer.text[:120]
        return said.replace(self._secret, "***") if self._secret else said

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = self._make()
        return self._clients[loop]


async def _write(answer: httpx.Response, to: Path) -> int:
    written = 0
    with to.open("wb") as file:
        async for chunk in answer.aiter_bytes():
            written += len(chunk)
            if written > _MOST_BYTES:
                raise FetchFailed(f"the render is larger than {_MOST_BYTES} bytes")
            file.write(chunk)
    return written


def _path(job: str) -> str:
    """A provider chooses the names of its renders: they are data here, and cannot lead to another address."""
    return f"videos/{quote(job, safe='').replace('.', '%2E')}"


def _read(answer: httpx.Response) -> RenderJob | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return _job(body, answer)


def _job(body: Any, answer: httpx.Response) -> RenderJob | None:
    if not isinstance(body, dict) or not isinstance(body.get("id"), str) or "status" not in body:
        return None
    error = body.get("error")
    reason = str(error.get("message") or error.get("code") or "") if isinstance(error, dict) else str(error or "")
    progress = body.get("progress")
    return RenderJob(
        id=body["id"],
        status=read_status(str(body["status"])),
        prompt=body.get("prompt"),
        seconds=str(body["seconds"]) if body.get("seconds") is not None else None,
        size=body.get("size"),
        created_at=_moment(body.get("created_at")),
        progress=int(progress) if isinstance(progress, int | float) else 0,
        reason=reason,
        retry_after=_poll_after(answer),
    )


def _moment(value: Any) -> int:
    """A moment in Unix seconds, from a number or an ISO date; 0 when it is not said in a way we read."""
    if isinstance(value, int | float):
        return int(value)
    try:
        return int(datetime.fromisoformat(str(value)).timestamp())
    except ValueError:
        return 0


def _retry_after(answer: httpx.Response) -> float | None:
    value = answer.headers.get("retry-after", "")
    return float(value) if value.isdigit() else None


def _poll_after(answer: httpx.Response) -> float | None:
    value = answer.headers.get("openai-poll-after-ms", "")
    return int(value) / 1000 if value.isdigit() else _retry_after(answer)
