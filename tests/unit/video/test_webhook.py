"""A provider's webhook: what is believed, what is not, and how it wakes whoever waits."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from callsheet.domain.error import WrongUse
from callsheet.tools.video.webhook import (
    Doorbell,
    WebhookEvent,
    WebhookOutOfTime,
    WebhookRefused,
    WebhookUnreadable,
    WebhookUnsigned,
    verify,
    webhook_route,
)

KEY = b"a key shared with the provider"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
NOW = 1_790_000_000
BODY = json.dumps({"id": "evt_1", "type": "video.completed", "data": {"id": "video_1"}}).encode()


def signature(body: bytes = BODY, name: str = "wh_1", at: str = str(NOW), key: bytes = KEY) -> str:
    digest = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(**changes: str) -> dict[str, str]:
    plain = {"Webhook-Id": "wh_1", "webhook-timestamp": str(NOW), "webhook-signature": signature()}
    return plain | {name.replace("_", "-"): value for name, value in changes.items()}


async def for_ever(_: float) -> None:
    await asyncio.Event().wait()


async def at_once(_: float) -> None:
    return


def test_a_signed_message_is_believed() -> None:
    assert verify(headers(), BODY, SECRET, NOW) == WebhookEvent("wh_1", "video.completed", "video_1")
    assert verify(headers(), BODY, SECRET, NOW + 300).job == "video_1"


def test_any_of_several_signatures_will_do() -> None:
    several = f"v1,AAAA v2,{signature()[3:]} v1,!! {signature()}"
    assert verify(headers(webhook_signature=several), BODY, SECRET, NOW).job == "video_1"


@pytest.mark.parametrize(
    ("given", "body", "now", "refused"),
    [
        (headers(webhook_signature=signature(key=b"another")), BODY, NOW, WebhookUnsigned),
        (headers(webhook_signature=signature()[3:]), BODY, NOW, WebhookUnsigned),
        (headers(webhook_signature=""), BODY, NOW, WebhookUnsigned),
        (headers(webhook_signature="v1,\u00e4"), BODY, NOW, WebhookUnsigned),
        (headers(), BODY + b" ", NOW, WebhookUnsigned),
        (headers(Webhook_Id="wh_2") | {"Webhook-Id": "wh_2"}, BODY, NOW, WebhookUnsigned),
        (headers(webhook_timestamp=str(NOW + 1)), BODY, NOW, WebhookUnsigned),
        (headers(), BODY, NOW + 301, WebhookOutOfTime),
        (headers(), BODY, NOW - 301, WebhookOutOfTime),
        (headers(webhook_timestamp="soon"), BODY, NOW, WebhookUnreadable),
        ({}, BODY, NOW, WebhookUnreadable),
        (headers(webhook_signature=signature(b"[]")), b"[]", NOW, WebhookUnreadable),
        (headers(webhook_signature=signature(b"no")), b"no", NOW, WebhookUnreadable),
    ],
)
def test_anything_else_is_refused(given: dict[str, str], body: bytes, now: int, refused: type[WebhookRefused]) -> None:
    with pytest.raises(refused):
        verify(given, body, SECRET, now)


def test_a_secret_that_is_none_says_what_one_is() -> None:
    for secret in ("", "whsec_", "whsec_not base64"):
        with pytest.raises(WrongUse, match="whsec_ followed by base64"):
            verify(headers(), BODY, secret, NOW)


def test_a_message_about_something_else_names_no_job() -> None:
    body = json.dumps({"type": "batch.completed", "data": {"id": "batch_1"}}).encode()
    assert verify(headers(webhook_signature=signature(body)), body, SECRET, NOW).job == ""


async def test_the_bell_wakes_whoever_waits_for_that_job_and_nobody_else() -> None:
    bell = Doorbell()
    mine = asyncio.create_task(bell.wait("video_1", 60, for_ever))
    other = asyncio.create_task(bell.wait("video_2", 60, for_ever))
    await asyncio.sleep(0)
    assert bell.ring(WebhookEvent("wh_1", "video.completed", "video_1"))
    assert await mine is True
    assert not other.done()
    other.cancel()
    await asyncio.gather(other, return_exceptions=True)
    assert bell._waiting == {}


async def test_a_bell_that_rang_before_the_wait_is_heard_once() -> None:
    bell = Doorbell()
    bell.ring(WebhookEvent("wh_1", "video.completed", "video_1"))
    assert await bell.wait("video_1", 60, for_ever) is True
    assert await bell.wait("video_1", 60, at_once) is False


async def test_a_repeated_message_rings_once_and_memory_is_bounded() -> None:
    bell = Doorbell(remembers=3)
    assert [bell.ring(WebhookEvent("wh_1", "video.completed", "video_1")) for _ in range(2)] == [True, False]
    for number in range(100):
        bell.ring(WebhookEvent(f"wh_{number}", "video.completed", f"video_{number}"))
    assert (len(bell._heard), len(bell._rung)) == (3, 3)


async def test_a_sleep_that_breaks_is_not_hidden() -> None:
    async def broken(_: float) -> None:
        raise RuntimeError("the clock fell off the wall")

    with pytest.raises(RuntimeError, match="fell off"):
        await Doorbell().wait("video_1", 1, broken)


async def test_the_bell_reaches_another_event_loop() -> None:
    bell, begun = Doorbell(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def waits() -> bool:
        waiting = asyncio.create_task(bell.wait("video_1", 60, for_ever))
        await asyncio.sleep(0)
        loop.call_soon_threadsafe(begun.set)
        return await waiting

    elsewhere = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(waits())))
    await begun.wait()
    bell.ring(WebhookEvent("wh_1", "video.completed", "video_1"))
    assert await elsewhere is True


@pytest.mark.parametrize(
    ("given", "body", "status"),
    [
        (headers(), BODY, 204),
        (headers(webhook_signature="v1,AAAA"), BODY, 401),
        ({}, BODY, 400),
        (headers(), b" " * 70_000, 413),
    ],
)
async def test_the_route_answers_and_says_no_more(given: dict[str, str], body: bytes, status: int) -> None:
    bell = Doorbell()
    app = Starlette(routes=[webhook_route(bell, SECRET, lambda: float(NOW))])
    transport: Any = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://host") as client:
        answer = await client.post("/webhooks/video", content=body, headers=given)
    assert (answer.status_code, answer.content) == (status, b"")
    assert await bell.wait("video_1", 1, at_once) is (status == 204)
