"""A provider's webhooks: checked as Standard Webhooks ask, and used for one thing only, to look earlier.

What a webhook says is never taken for the result. It wakes whoever watches the job, and the look decides.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from callsheet.domain.error import Refused, WrongUse

_TOLERANCE: Final = 300.0
_BODY_LIMIT: Final = 64 * 1024
_NAME_LIMIT: Final = 256


class WebhookRefused(Refused):
    """A message at the webhook was not believed. Whoever watches the job keeps looking by itself."""


class WebhookUnsigned(WebhookRefused):
    """None of the message's signatures is by the secret we share with the provider."""


class WebhookOutOfTime(WebhookRefused):
    """The message was signed too long ago, or in the future: it may be a repeat of an old one."""


class WebhookUnreadable(WebhookRefused):
    """The message lacks what every message has, or is none."""


@dataclass(frozen=True)
class WebhookEvent:
    """A message that was believed: `id` is the same in every repeat, `job` is what it is about, if it is a video."""

    id: str
    type: str
    job: str


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> WebhookEvent:
    """Check a message and read it. `secret` is `whsec_` and base64, `now` in Unix seconds.

    Raises WebhookUnsigned, WebhookOutOfTime or WebhookUnreadable; WrongUse when the secret itself is none.
    """
    given = {name.lower(): value for name, value in headers.items()}
    message_id, moment = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or len(message_id) > _NAME_LIMIT or not (moment.isascii() and moment.isdigit()):
        raise WebhookUnreadable("a message at the webhook has no id or no time")
    expected = hmac.new(_key(secret), f"{message_id}.{moment}.".encode() + body, hashlib.sha256).digest()
    signatures = [_decoded(one[3:]) for one in given.get("webhook-signature", "").split() if one.startswith("v1,")]
    if not any(hmac.compare_digest(expected, one) for one in signatures):
        raise WebhookUnsigned("a message at the webhook is not signed with our secret; check that both sides have it")
    if abs(now - int(moment[:15])) > _TOLERANCE:
        raise WebhookOutOfTime(f"a message at the webhook is more than {_TOLERANCE:.0f} s off our clock")
    return _read(message_id, body)


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise WrongUse("The webhook secret is whsec_ followed by base64. Copy it from the provider's page.")
    return key


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _read(message_id: str, body: bytes) -> WebhookEvent:
    try:
        said = json.loads(body)
        kind, data = said["type"], said.get("data")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise WebhookUnreadable("a signed message at the webhook is no event") from None
    job = data.get("id") if isinstance(data, dict) else None
    is_video = isinstance(kind, str) and kind.startswith("video.")
    return WebhookEvent(message_id, str(kind), job[:_NAME_LIMIT] if is_video and isinstance(job, str) else "")


Sleep = Callable[[float], Awaitable[None]]
Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class Doorbell:
    """Wakes whoever waits for a job when a message about it comes. It remembers a bounded number of messages.

    Messages and waits may come from different event loops.
    """

    def __init__(self, remembers: int = 10_000) -> None:
        self._remembers = remembers
        self._lock = threading.Lock()
        self._heard: OrderedDict[str, None] = OrderedDict()
        self._rung: OrderedDict[str, None] = OrderedDict()
        self._waiting: dict[str, list[Waiter]] = {}

    def ring(self, event: WebhookEvent) -> bool:
        """Wake those who wait for the event's job, or the next who will. False for a message that came before."""
        with self._lock:
            if event.id in self._heard:
                return False
            self._remember(self._heard, event.id)
            if not event.job:
                return True
            waiting = self._waiting.pop(event.job, [])
            if not waiting:
                self._remember(self._rung, event.job)
        for loop, future in waiting:
            loop.call_soon_threadsafe(_wake, future)
        return True

    async def wait(self, job: str, seconds: float, sleep: Sleep) -> bool:
        """Wait so many seconds, or less when the bell rings for this job. Whether it rang."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            if job in self._rung:
                del self._rung[job]
                return True
            self._waiting.setdefault(job, []).append((loop, future))
        slept = asyncio.ensure_future(sleep(seconds))
        try:
            await asyncio.wait({slept, future}, return_when=asyncio.FIRST_COMPLETED)
            if slept.done() and not future.done():
                slept.result()
            return future.done()
        finally:
            self._leave(job, future)
            slept.cancel()
            await asyncio.gather(slept, return_exceptions=True)

    def _leave(self, job: str, future: "asyncio.Future[None]") -> None:
        with self._lock:
            left = [one for one in self._waiting.get(job, []) if one[1] is not future]
            if left:
                self._waiting[job] = left
            else:
                self._waiting.pop(job, None)

    def _remember(self, memory: OrderedDict[str, None], name: str) -> None:
        memory[name] = None
        while len(memory) > self._remembers:
            memory.popitem(last=False)


def _wake(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def webhook_route(doorbell: Doorbell, secret: str, clock: Callable[[], float], path: str = "/webhooks/video") -> Route:
    """The route a host mounts for a provider's webhooks. `clock` gives Unix seconds.

    It answers 204 to what it believes, repeats included, and 400, 401 or 413 to the rest, saying nothing more.
    """

    async def receive(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _BODY_LIMIT:
                return Response(status_code=413)
        try:
            doorbell.ring(verify(request.headers, bytes(body), secret, clock()))
        except WebhookUnreadable:
            return Response(status_code=400)
        except WebhookRefused:
            return Response(status_code=401)
        return Response(status_code=204)

    return Route(path, receive, methods=["POST"])
