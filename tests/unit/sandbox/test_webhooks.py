"""The sandbox's webhooks: rung once for each job that ends, and every way in which they go wrong."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from callsheet.tools.sandbox import Sandbox, SandboxSettings, VirtualClock
from callsheet.tools.video.webhook import WebhookOutOfTime, WebhookUnsigned, verify

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBob3VzZQ=="
SHOT = {"prompt": "a beach", "seconds": "1", "size": "160x284"}


@dataclass
class Host:
    """Who is rung: it keeps every message, and answers as it is told."""

    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        async def receive(request: Request) -> Response:
            self.heard.append((dict(request.headers), await request.body()))
            return Response(status_code=self.answers.pop(0) if self.answers else 204)

        app = Starlette(routes=[Route("/hook", receive, methods=["POST"])])
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=app))


@dataclass
class Rung:
    """A sandbox that rings a host, on a clock that stands at the present."""

    sandbox: Sandbox
    clock: VirtualClock
    host: Host
    http: httpx.AsyncClient

    async def sell(self, fault: str = "none") -> str:
        headers = {"x-sim-fault": fault}
        return str((await self.http.post("/v1/videos", json=SHOT, headers=headers)).json()["id"])

    async def pass_time(self, seconds: float) -> None:
        (await self.http.put("/_sim/clock", json={"advance": seconds})).raise_for_status()


@pytest_asyncio.fixture
async def rung(tmp_path: Any) -> AsyncIterator[Rung]:
    settings = SandboxSettings(
        tmp_path,
        stock=True,
        latency=10,
        sold_seconds=(1,),
        webhook_url="http://127.0.0.1:9/hook",
        webhook_secret=SECRET,
    )
    host, clock = Host(), VirtualClock(start=float(int(time.time())))
    sandbox = Sandbox(settings, clock, ringing=host.client)
    async with AsyncExitStack() as stack:
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox")
        await stack.enter_async_context(http)
        yield Rung(sandbox, clock, host, http)
    sandbox.book.close()


async def test_the_bell_rings_once_when_a_job_ends_and_not_before(rung: Rung) -> None:
    done, failed = await rung.sell(), await rung.sell("moderation_blocked")
    await rung.pass_time(9)
    assert rung.host.heard == []
    await rung.pass_time(1)
    await rung.pass_time(100)
    events = [verify(headers, body, SECRET, rung.clock()) for headers, body in rung.host.heard]
    assert [(event.type, event.job) for event in events] == [("video.completed", done), ("video.failed", failed)]
    assert len({event.id for event in events}) == 2


async def test_the_bell_rings_again_ever_more_seldom_until_it_is_heard(rung: Rung) -> None:
    rung.host.answers = [500, 500, 204]
    await rung.sell()
    rings = []
    await rung.pass_time(10)
    for _ in range(8):
        rings.append(len(rung.host.heard))
        await rung.pass_time(1)
    assert rings == [1, 2, 2, 3, 3, 3, 3, 3]
    assert len({headers["webhook-id"] for headers, _ in rung.host.heard}) == 1


async def test_a_doubled_message_has_one_id_and_a_dropped_one_never_comes(rung: Rung) -> None:
    await rung.sell("webhook_dup")
    await rung.sell("webhook_drop")
    await rung.pass_time(10)
    await rung.pass_time(100)
    assert len(rung.host.heard) == 2
    assert rung.host.heard[0] == rung.host.heard[1]


@pytest.mark.parametrize(
    ("fault", "refused"), [("webhook_bad_sig", WebhookUnsigned), ("webhook_old", WebhookOutOfTime)]
)
async def test_a_wrong_message_is_wrong_in_the_way_it_says(rung: Rung, fault: str, refused: type[Exception]) -> None:
    await rung.sell(fault)
    await rung.pass_time(10)
    ((headers, body),) = rung.host.heard
    with pytest.raises(refused):
        verify(headers, body, SECRET, rung.clock())


async def test_nobody_at_home_is_no_reason_to_stop(rung: Rung, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody is there")

    def client() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(refuses))

    monkeypatch.setattr(rung.sandbox.bell, "_client", client)
    await rung.sell()
    await rung.pass_time(10)
    monkeypatch.undo()
    await rung.pass_time(1)
    assert len(rung.host.heard) == 1
