"""Gemini's interactions: what is asked, what the answers mean, and where the key goes."""

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest
from unit.video.script import CLIP, NOW, SECRET, Script, provider, public

from callsheet.domain.trouble import Trouble
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.gemini import GeminiApi
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

MODEL = "gemini-omni-1.2-flash"
HOME = "https://gemini.example/v1beta/"
CREATE, LOOK = "POST /v1beta/interactions", "GET /v1beta/interactions/i1"
FILE, BYTES = "GET /v1beta/files/f1", "GET /v1beta/files/f1:download?alt=media"
SHOT = RenderRequest("a shoe on a table", 5, "720x1280", MODEL)
SAID = {
    f"{width}x{height}": [(resolution, shape)]
    for resolution, long in {"360p": 640, "720p": 1280, "1080p": 1920, "4k": 3840}.items()
    for width, height, shape in ((long, long * 9 // 16, "16:9"), (long * 9 // 16, long, "9:16"))
}
FILMED = {"type": "video", "mime_type": "video/mp4", "uri": f"{HOME}files/f1:download?alt=media"}


def interaction(status: str, *parts: dict[str, Any], **more: Any) -> httpx.Response:
    steps: list[dict[str, Any]] = [{"type": "user_input", "content": [{"type": "text", "text": "a shoe"}]}]
    steps += [{"type": "model_output", "content": list(parts)}] if parts else []
    return httpx.Response(
        200, json={"id": "i1", "status": status, "created": "2026-11-22T12:00:00Z", "steps": steps} | more
    )


def refusal(status: int, code: str, message: str = "no") -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": message}})


def opened(script: Script, **changes: Any) -> GeminiApi:
    return GeminiApi(
        provider("gemini", MODEL, **changes), lambda: script.client(HOME), SECRET, lambda: NOW, UNPACED, public
    )


async def test_a_render_is_asked_for_in_the_background_and_stored() -> None:
    script = Script({CREATE: [interaction("in_progress")]})
    job = await opened(script).create(SHOT, "k1")
    assert (job.id, job.status, job.created_at) == ("i1", "running", 1_795_348_800)
    assert script.body() == {
        "model": MODEL,
        "input": [{"type": "text", "text": "a shoe on a table"}],
        "response_format": {
            "type": "video",
            "aspect_ratio": "9:16",
            "resolution": "720p",
            "duration": "5s",
            "delivery": "uri",
        },
        "generation_config": {"video_config": {"task": "text_to_video"}},
        "background": True,
        "store": True,
    }
    headers = script.asked[0].headers
    assert (headers["x-goog-api-key"], headers["idempotency-key"], headers.get("authorization")) == (SECRET, "k1", None)


@pytest.mark.parametrize(("support", "task"), [("first_frame", "image_to_video"), ("subject", "reference_to_video")])
async def test_a_reference_goes_ahead_of_the_words(support: Any, task: str) -> None:
    script = Script({CREATE: [interaction("in_progress")]})
    await opened(script, reference=support).create(RenderRequest("it walks", 5, "1280x720", MODEL, b"png"), "k1")
    picture, words = script.body()["input"]
    assert picture == {"type": "image", "mime_type": "image/png", "data": base64.b64encode(b"png").decode()}
    assert (words["text"], script.body()["generation_config"]["video_config"]["task"]) == ("it walks", task)


@pytest.mark.parametrize("size", ["720x720", "480x854", "720x900", "1024x1792"])
async def test_a_size_the_wire_cannot_say_is_refused_before_anything_is_sent(size: str) -> None:
    script = Script({})
    with pytest.raises(RenderRefused, match=size) as caught:
        await opened(script).create(RenderRequest("a shoe", 5, size, MODEL), "k1")
    assert (caught.value.trouble, script.asked) == (Trouble.FIX_REQUEST, [])


async def test_a_reference_that_the_provider_does_not_take_is_refused_before_anything_is_sent() -> None:
    script = Script({})
    with pytest.raises(RenderRefused, match="no reference"):
        await opened(script, reference="none").create(RenderRequest("a", 5, "720x1280", MODEL, b"png"), "k1")
    assert script.asked == []


@pytest.mark.parametrize("size", [size for tier in load_provider("gemini-omni").tiers for size in tier.sizes])
async def test_all_sizes_on_sale_can_be_said(size: str) -> None:
    script = Script({CREATE: [interaction("in_progress")]})
    await opened(script).create(RenderRequest("a shoe", 5, size, MODEL), "k1")
    wanted = script.body()["response_format"]
    assert (wanted["resolution"], wanted["aspect_ratio"]) in SAID[size]


async def test_a_server_that_renders_while_we_wait_is_understood(tmp_path: Path) -> None:
    script = Script(
        {
            CREATE: [interaction("completed", FILMED)],
            LOOK: [interaction("completed")],
            FILE: [httpx.Response(200, json={"state": "ACTIVE"})],
            BYTES: [httpx.Response(200, content=CLIP)],
        }
    )
    api = opened(script)
    assert (await api.create(SHOT, "k1")).status == "succeeded"
    seen = await api.retrieve("i1")
    assert seen is not None
    assert seen.status == "succeeded", "an interaction that is read again may no longer name its file"
    await api.download("i1", tmp_path / "take.mp4")
    assert (tmp_path / "take.mp4").read_bytes() == CLIP


async def test_a_clip_inside_the_answer_is_written_from_there(tmp_path: Path) -> None:
    inside = {"type": "video", "data": base64.b64encode(CLIP).decode()}
    api = opened(Script({LOOK: [interaction("completed", inside)]}))
    await api.download("i1", tmp_path / "take.mp4")
    assert (tmp_path / "take.mp4").read_bytes() == CLIP


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (refusal(400, "content_blocked"), Trouble.CONTENT_POLICY),
        (refusal(400, "invalid_request", "background is not supported for this model"), Trouble.FIX_REQUEST),
        (refusal(400, "failed_precondition", "billing is off"), Trouble.QUOTA),
        (refusal(401, "authentication"), Trouble.FIX_REQUEST),
        (refusal(402, "payment_required"), Trouble.QUOTA),
        (refusal(404, "model_not_found"), Trouble.PROVIDER_GONE),
        (refusal(429, "quota_exceeded"), Trouble.QUOTA),
    ],
)
async def test_a_refusal_says_who_can_do_something_about_it(answer: httpx.Response, trouble: Trouble) -> None:
    with pytest.raises(RenderRefused) as caught:
        await opened(Script({CREATE: [answer]})).create(SHOT, "k1")
    assert caught.value.trouble is trouble


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"status": "in_progress"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(500, json={"error": {"code": "internal", "message": "no"}}),
        httpx.ReadTimeout("too slow"),
    ],
)
async def test_an_answer_that_may_follow_a_purchase_is_lost_and_nothing_is_sent_again(answer: Any) -> None:
    script = Script({CREATE: [answer]})
    with pytest.raises(AnswerLost):
        await opened(script).create(SHOT, "k1")
    assert len(script.asked) == 1


async def test_a_busy_gemini_says_when_to_come_back() -> None:
    busy = httpx.Response(429, headers={"retry-after": "9"}, json={"error": {"code": "rate_limit_exceeded"}})
    with pytest.raises(ProviderBusy) as caught:
        await opened(Script({CREATE: [busy]})).create(SHOT, "k1")
    assert caught.value.retry_after == 9.0


@pytest.mark.parametrize(
    ("answer", "status", "trouble"),
    [
        (interaction("in_progress"), "running", None),
        (interaction("a_word_of_tomorrow"), "running", None),
        (interaction("cancelled"), "cancelled", None),
        (interaction("completed", FILMED), "succeeded", None),
        (interaction("failed", error={"code": "content_blocked", "message": "no"}), "failed", Trouble.CONTENT_POLICY),
        (interaction("failed", error={"code": "internal", "message": "oops"}), "failed", Trouble.RETRYABLE),
        (interaction("completed", {"type": "text", "text": "I cannot do that"}), "failed", Trouble.CONTENT_POLICY),
        (interaction("completed"), "expired", None),
        (interaction("incomplete"), "expired", None),
    ],
)
async def test_done_without_a_video_is_never_a_success(answer: httpx.Response, status: str, trouble: Any) -> None:
    seen = await opened(Script({LOOK: [answer]})).retrieve("i1")
    assert seen is not None
    assert (seen.status, seen.trouble) == (status, trouble)


async def test_an_error_in_a_step_of_the_model_is_the_reason() -> None:
    failed = {"type": "model_output", "error": {"code": "content_blocked", "message": "a person was recognised"}}
    answer = httpx.Response(200, json={"id": "i1", "status": "completed", "steps": [failed]})
    seen = await opened(Script({LOOK: [answer]})).retrieve("i1")
    assert seen is not None
    assert (seen.status, seen.trouble, seen.reason) == ("failed", Trouble.CONTENT_POLICY, "a person was recognised")


async def test_what_the_user_sent_is_not_taken_for_what_the_model_made() -> None:
    steps = [{"type": "model_output", "content": [FILMED]}, {"type": "user_input", "content": [FILMED]}]
    answer = httpx.Response(200, json={"id": "i1", "status": "completed", "steps": steps})
    seen = await opened(Script({LOOK: [answer]})).retrieve("i1")
    assert seen is not None
    assert seen.status == "expired"


async def test_a_look_that_fails_is_not_a_render_that_failed() -> None:
    api = opened(Script({LOOK: [httpx.Response(503), httpx.ConnectError("gone"), interaction("in_progress", id="i2")]}))
    for _ in range(3):
        with pytest.raises(ProviderBusy):
            await api.retrieve("i1")
    assert await api.retrieve("unheard-of") is None


@pytest.mark.parametrize(
    ("file", "error"),
    [
        (httpx.Response(200, json={"state": "PROCESSING"}), FetchFailed),
        (httpx.Response(403, json={"error": {"code": "permission_denied", "message": "no"}}), FetchFailed),
        (httpx.Response(500), FetchFailed),
        (httpx.Response(200, json={"state": "FAILED"}), RenderGone),
        (httpx.Response(404, json={"error": {"code": "not_found", "message": "no"}}), RenderGone),
    ],
)
async def test_a_file_that_is_not_ready_is_fetched_later_and_one_that_is_gone_never(
    file: httpx.Response, error: type[FetchFailed], tmp_path: Path
) -> None:
    api = opened(Script({LOOK: [interaction("completed", FILMED)], FILE: [file]}))
    with pytest.raises(FetchFailed) as caught:
        await api.download("i1", tmp_path / "take.mp4")
    assert type(caught.value) is error


async def test_the_key_does_not_follow_a_redirect_to_another_server(tmp_path: Path) -> None:
    away = "https://storage.example/clip?signed=1"
    script = Script(
        {
            LOOK: [interaction("completed", FILMED)],
            FILE: [httpx.Response(200, json={"state": "ACTIVE"})],
            BYTES: [httpx.Response(302, headers={"location": away})],
            f"GET {away}": [httpx.Response(200, content=CLIP)],
        }
    )
    await opened(script).download("i1", tmp_path / "take.mp4")
    assert (tmp_path / "take.mp4").read_bytes() == CLIP
    assert script.hosts_that_saw_the_key() == {"gemini.example"}


async def test_a_clip_on_another_server_is_fetched_without_the_key(tmp_path: Path) -> None:
    away = "https://storage.example/clip.mp4"
    script = Script(
        {
            LOOK: [interaction("completed", {"type": "video", "uri": away})],
            f"GET {away}": [httpx.Response(200, content=CLIP)],
        }
    )
    await opened(script).download("i1", tmp_path / "take.mp4")
    assert script.hosts_that_saw_the_key() == {"gemini.example"}


@pytest.mark.parametrize("uri", ["http://away.example/a", "file:///etc/passwd", "gs://bucket/a", "https://10.0.0.1/a"])
async def test_an_address_inside_the_house_is_not_asked(uri: str, tmp_path: Path) -> None:
    script = Script({LOOK: [interaction("completed", {"type": "video", "uri": uri})]})
    with pytest.raises(FetchFailed):
        await opened(script).download("i1", tmp_path / "take.mp4")
    assert {request.url.host for request in script.asked} == {"gemini.example"}


@pytest.mark.parametrize(
    ("answer", "stopped"),
    [
        (interaction("cancelled"), True),
        (interaction("in_progress"), False),
        (interaction("cancelled", id="i2"), False),
        (refusal(400, "failed_precondition"), False),
        (httpx.ReadTimeout("too slow"), False),
    ],
)
async def test_cancel_says_yes_only_when_gemini_does(answer: Any, stopped: bool) -> None:
    assert await opened(Script({"POST /v1beta/interactions/i1/cancel": [answer]})).cancel("i1") is stopped


async def test_gemini_lists_nothing() -> None:
    script = Script({})
    with pytest.raises(CannotTell):
        await opened(script).find(SHOT, 0)
    assert script.asked == []


async def test_the_models_are_named_without_their_folder() -> None:
    listed = {"models": [{"name": "models/gemini-omni-1.2-flash"}, {"name": "models/other"}, {"name": 3}]}
    api = opened(Script({"GET /v1beta/models?pageSize=1000": [httpx.Response(200, json=listed)]}))
    assert await api.models() == ("gemini-omni-1.2-flash", "other")


async def test_the_key_is_in_no_message() -> None:
    told = refusal(400, "invalid_request", f"the key {SECRET} may not do this")
    with pytest.raises(RenderRefused) as caught:
        await opened(Script({CREATE: [told]})).create(SHOT, "k1")
    assert SECRET not in str(caught.value)
    failed = interaction("failed", error={"code": "internal", "message": f"your key {SECRET} broke"})
    seen = await opened(Script({LOOK: [failed]})).retrieve("i1")
    assert seen is not None
    assert SECRET not in seen.reason
