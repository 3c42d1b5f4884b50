"""fal's queue: what is asked, what the answers mean, and where the key goes."""

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest
from unit.video.script import CLIP, NOW, SECRET, Script, provider, public

from callsheet.domain.trouble import Trouble
from callsheet.tools.video.catalog import providers
from callsheet.tools.video.fal import FalApi
from callsheet.tools.video.pace import UNPACED
from callsheet.tools.video.port import (
    AnswerLost,
    CannotTell,
    FetchFailed,
    ProviderBusy,
    RenderGone,
    RenderRefused,
    RenderRequest,
)

MODEL = "alibaba/wan-3.0/text-to-video"
HOME = "https://queue.example/"
JOB = "alibaba/wan-3.0/r1"
PLACE = "/alibaba/wan-3.0/requests/r1"
CREATE, STATUS, RESULT = f"POST /{MODEL}", f"GET {PLACE}/status", f"GET {PLACE}"
CANCEL = f"PUT {PLACE}/cancel"
SHOT = RenderRequest("a shoe on a table", 5, "720x1280", MODEL)
AWAY = "https://media.example/clip.mp4"


def told(code: int = 200, **body: Any) -> httpx.Response:
    return httpx.Response(code, json=body)


def typed(status: int, kind: str, message: str = "no") -> httpx.Response:
    return told(status, detail=[{"loc": ["body", "prompt"], "msg": message, "type": kind}])


def opened(script: Script) -> FalApi:
    return FalApi(provider("fal", MODEL), lambda: script.client(HOME), SECRET, lambda: NOW, UNPACED, public)


async def test_a_render_is_asked_for_as_its_endpoint_wants_it_said() -> None:
    script = Script({CREATE: [told(request_id="r1", status="IN_QUEUE", status_url="https://elsewhere.example/r1")]})
    job = await opened(script).create(SHOT, "k1")
    assert (job.id, job.status) == (JOB, "queued")
    said = {"prompt": "a shoe on a table", "duration": 5, "resolution": "720p", "aspect_ratio": "9:16"}
    assert script.body() == said
    assert script.asked[0].headers["authorization"] == f"Key {SECRET}"
    assert script.asked[0].headers["idempotency-key"] == "k1"


async def test_a_first_frame_goes_to_the_endpoint_for_pictures() -> None:
    script = Script({"POST /alibaba/wan-3.0/image-to-video": [told(request_id="r1")]})
    job = await opened(script).create(RenderRequest("it walks", 5, "720x1280", MODEL, b"png"), "k1")
    assert script.body()["start_image_url"] == "data:image/png;base64," + base64.b64encode(b"png").decode()
    assert "aspect_ratio" not in script.body(), "the picture has the shape"
    assert job.id == JOB, "the queue finds it by owner and app, whatever the endpoint"


@pytest.mark.parametrize(
    ("model", "size"),
    [("fal-ai/unheard-of", "720x1280"), ("../../admin", "720x1280"), (MODEL, "480x854"), (MODEL, "720x900")],
)
async def test_what_the_wire_cannot_say_is_refused_before_anything_is_sent(model: str, size: str) -> None:
    script = Script({})
    with pytest.raises(RenderRefused) as caught:
        await opened(script).create(RenderRequest("a shoe", 5, size, model), "k1")
    assert (caught.value.trouble, script.asked) == (Trouble.FIX_REQUEST, [])


SOLD = [
    (sold.model, size) for sold in providers() if sold.dialect == "fal" for tier in sold.tiers for size in tier.sizes
]


@pytest.mark.parametrize(("model", "size"), SOLD)
async def test_all_that_is_sold_can_be_said(model: str, size: str) -> None:
    script = Script({f"POST /{model}": [told(request_id="r1")]})
    await opened(script).create(RenderRequest("a shoe", 5, size, model), "k1")
    width, height = (int(side) for side in size.split("x"))
    across, down = (int(part) for part in script.body()["aspect_ratio"].split(":"))
    assert width * down == height * across
    assert script.body()["resolution"] == f"{min(width, height)}p"


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (typed(422, "content_policy_violation", "it was flagged by a checker"), Trouble.CONTENT_POLICY),
        (typed(422, "value_error"), Trouble.FIX_REQUEST),
        (told(403, detail="User is locked. Reason: Exhausted balance."), Trouble.QUOTA),
        (told(401, detail="Cannot access application"), Trouble.FIX_REQUEST),
        (told(404, detail="Application wan-3.0 not found"), Trouble.PROVIDER_GONE),
    ],
)
async def test_a_refusal_says_who_can_do_something_about_it(answer: httpx.Response, trouble: Trouble) -> None:
    with pytest.raises(RenderRefused) as caught:
        await opened(Script({CREATE: [answer]})).create(SHOT, "k1")
    assert caught.value.trouble is trouble


@pytest.mark.parametrize("answer", [told(queue_position=1), httpx.Response(504), httpx.ReadError("cut")])
async def test_an_answer_that_may_follow_a_purchase_is_lost_and_nothing_is_sent_again(answer: Any) -> None:
    script = Script({CREATE: [answer]})
    with pytest.raises(AnswerLost):
        await opened(script).create(SHOT, "k1")
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        (told(202, status="IN_QUEUE", queue_position=4), "queued"),
        (told(202, status="IN_PROGRESS"), "running"),
        (told(202, status="A_WORD_OF_TOMORROW"), "running"),
        (told(status="COMPLETED", error="Request cancelled", error_type="client_cancelled"), "cancelled"),
    ],
)
async def test_the_words_of_the_queue(status: httpx.Response, ours: str) -> None:
    script = Script({STATUS: [status]})
    seen = await opened(script).retrieve(JOB)
    assert seen is not None
    assert (seen.id, seen.status, seen.trouble) == (JOB, ours, None)
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("status", "result", "ours", "trouble"),
    [
        ({}, told(video={"url": AWAY}), "succeeded", None),
        ({}, told(videos=[{"url": AWAY}]), "succeeded", None),
        ({}, told(video=None), "failed", Trouble.CONTENT_POLICY),
        ({}, told(video={"url": 3}), "failed", Trouble.CONTENT_POLICY),
        ({}, typed(422, "content_policy_violation"), "failed", Trouble.CONTENT_POLICY),
        ({}, typed(422, "image_too_small"), "failed", Trouble.FIX_REQUEST),
        ({}, typed(502, "downstream_service_error"), "failed", Trouble.RETRYABLE),
        ({}, told(404, detail="Request not found"), "expired", None),
        ({"error": "timed out", "error_type": "request_timeout"}, told(), "failed", Trouble.RETRYABLE),
        ({"error": "the runner broke", "error_type": "runner_disconnected"}, told(), "failed", Trouble.RETRYABLE),
        ({"error": "no", "error_type": "bad_request"}, told(), "failed", Trouble.FIX_REQUEST),
    ],
)
async def test_completed_is_only_a_success_when_the_result_names_a_video(
    status: dict[str, Any], result: httpx.Response, ours: str, trouble: Any
) -> None:
    script = Script({STATUS: [told(status="COMPLETED", **status)], RESULT: [result]})
    seen = await opened(script).retrieve(JOB)
    assert seen is not None
    assert (seen.status, seen.trouble) == (ours, trouble)


@pytest.mark.parametrize("result", [httpx.Response(504, text="<html>"), told(500, detail="no"), httpx.ReadError("x")])
async def test_a_result_that_cannot_be_read_yet_is_no_failed_render(result: Any) -> None:
    script = Script({STATUS: [told(status="COMPLETED")], RESULT: [result, told(video={"url": AWAY})]})
    api = opened(script)
    with pytest.raises(ProviderBusy):
        await api.retrieve(JOB)
    seen = await api.retrieve(JOB)
    assert seen is not None
    assert seen.status == "succeeded"


async def test_a_look_that_fails_is_not_a_render_that_failed() -> None:
    api = opened(Script({STATUS: [httpx.Response(503), told(404, detail="Request not found")]}))
    with pytest.raises(ProviderBusy):
        await api.retrieve(JOB)
    assert await api.retrieve(JOB) is None


async def test_a_clip_is_fetched_without_the_key(tmp_path: Path) -> None:
    script = Script({RESULT: [told(video={"url": AWAY})], f"GET {AWAY}": [httpx.Response(200, content=CLIP)]})
    await opened(script).download(JOB, tmp_path / "take.mp4")
    assert (tmp_path / "take.mp4").read_bytes() == CLIP
    assert script.hosts_that_saw_the_key() == {"queue.example"}


@pytest.mark.parametrize(
    ("result", "error"),
    [
        (told(404, detail="gone"), RenderGone),
        (httpx.Response(504), FetchFailed),
        (told(video=None), FetchFailed),
        (told(video={"url": "http://169.254.169.254/latest/meta-data"}), FetchFailed),
        (told(video={"url": "https://user:word@media.example/clip.mp4"}), FetchFailed),
    ],
)
async def test_what_cannot_be_fetched_is_said_and_no_address_inside_is_asked(
    result: httpx.Response, error: type[FetchFailed], tmp_path: Path
) -> None:
    script = Script({RESULT: [result]})
    with pytest.raises(FetchFailed) as caught:
        await opened(script).download(JOB, tmp_path / "take.mp4")
    assert type(caught.value) is error
    assert {request.url.host for request in script.asked} == {"queue.example"}


@pytest.mark.parametrize(
    ("answer", "status", "stopped"),
    [
        (told(status="OK"), told(), True),
        (told(202, status="CANCELLATION_REQUESTED"), told(202, status="IN_PROGRESS"), False),
        (told(202, status="CANCELLATION_REQUESTED"), told(404), True),
        (
            told(202, status="CANCELLATION_REQUESTED"),
            told(status="COMPLETED", error="Request cancelled", error_type="client_cancelled"),
            True,
        ),
        (told(202, status="CANCELLATION_REQUESTED"), httpx.Response(500), False),
        (told(400, status="ALREADY_COMPLETED"), told(), False),
        (told(status="IN_PROGRESS"), told(), False),
        (told(404, status="NOT_FOUND"), told(), False),
        (httpx.ReadTimeout("too slow"), told(), False),
    ],
)
async def test_cancel_says_yes_only_when_the_queue_dropped_it(answer: Any, status: Any, stopped: bool) -> None:
    assert await opened(Script({CANCEL: [answer], STATUS: [status]})).cancel(JOB) is stopped


@pytest.mark.parametrize("name", ["", "//evil.example/x", "a/b", "a/b/../../c", "a/b/c?d=e#f", ".././x"])
async def test_a_hostile_name_stays_one_place_in_the_queue(name: str) -> None:
    script = Script({})
    assert await opened(script).retrieve(name) is None
    (asked,) = script.asked
    parts = asked.url.raw_path.split(b"/")
    assert (asked.url.host, len(parts), parts[3], parts[5]) == ("queue.example", 6, b"requests", b"status")


async def test_the_key_is_tried_for_free() -> None:
    nobody = "GET /alibaba/wan-3.0/requests/00000000-0000-0000-0000-000000000000/status"
    assert await opened(Script({nobody: [told(404, detail="Request not found")]})).models() == (MODEL,)
    with pytest.raises(ProviderBusy, match="did not accept the key") as caught:
        await opened(Script({nobody: [told(401, detail=f"{SECRET} is wrong")]})).models()
    assert SECRET not in str(caught.value)


async def test_fal_lists_nothing() -> None:
    script = Script({})
    with pytest.raises(CannotTell):
        await opened(script).find(SHOT, 0)
    assert script.asked == []
