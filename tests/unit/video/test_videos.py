"""What the `/v1/videos` adapter makes of odd answers: nothing raises that should not, nothing is bought by mistake."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.error import ProviderTrouble, WrongUse
from callsheet.domain.provider import Profile
from callsheet.domain.trouble import Trouble
from callsheet.tools.video.catalog import load_provider
from callsheet.tools.video.pace import UNPACED
from callsheet.tools.video.port import AnswerLost, CannotTell, ProviderBusy, RenderRefused, RenderRequest
from callsheet.tools.video.videos import VideosApi
from callsheet.tools.video.wire import Deadlines

SECRET = "sk-very-secret-17"
NOW = 1_790_000_000
REQUEST = RenderRequest(prompt="a shoe", seconds=4, size="720x1280", model="m")
SAME = {"object": "video", "status": "queued", "prompt": "a shoe", "seconds": "4", "size": "720x1280"}
Handler = Callable[[httpx.Request], httpx.Response]


def api_over(answer: Handler | httpx.Response, profile: Profile = "openai", secret: str = SECRET) -> VideosApi:
    handler = (lambda _: fresh(answer)) if isinstance(answer, httpx.Response) else answer
    provider = load_provider("sandbox").model_copy(update={"profile": profile})
    return VideosApi(
        provider,
        lambda: httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="https://provider.example/v1/"),
        secret,
        lambda: NOW,
        UNPACED,
        Deadlines(buy=0.2, look=0.2, fetch=0.2),
    )


def fresh(answer: httpx.Response) -> httpx.Response:
    """The same answer once more."""
    return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))


def error(status: int, message: str = "no", headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
    return httpx.Response(status, json={"error": {"message": message, **fields}}, headers=headers)


def page(*jobs: dict[str, Any], has_more: bool = False) -> httpx.Response:
    return httpx.Response(200, json={"object": "list", "data": list(jobs), "has_more": has_more})


@pytest.mark.parametrize(
    ("profile", "kind", "seconds"),
    [
        ("openai", "multipart/form-data", None),
        ("vllm-omni", "multipart/form-data", None),
        ("sglang", "application/json", 4),
        ("gateway", "application/json", "4"),
    ],
)
@pytest.mark.parametrize("reference", [None, b"\x89PNG"])
async def test_each_server_is_asked_in_the_form_it_reads(
    profile: Profile, kind: str, seconds: object, reference: bytes | None
) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(202, json={"id": "v1", **SAME})

    request = RenderRequest(prompt="a shoe", seconds=4, size="720x1280", model="m", reference=reference)
    job = await api_over(answer, profile).create(request, "key-1")
    assert job.id == "v1"
    sent = asked[0]
    assert (sent.headers["idempotency-key"], sent.headers["authorization"]) == ("key-1", f"Bearer {SECRET}")
    if kind == "application/json" and reference is None:
        assert sent.headers["content-type"] == kind
        assert json.loads(sent.content) == {"model": "m", "prompt": "a shoe", "size": "720x1280", "seconds": seconds}
    else:
        assert sent.headers["content-type"].startswith("multipart/form-data")
        assert b'name="seconds"\r\n\r\n4\r\n' in sent.content
        assert (b'name="input_reference"; filename="reference.png"' in sent.content) is (reference is not None)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500", "retry-after": "30"}, 1.5),
        ({"retry-after": "999999999"}, 3600),
        ({"retry-after": "-5"}, 0.05),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e999"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": format_datetime(datetime.fromtimestamp(NOW + 90, UTC), usegmt=True)}, 90),
        (
            {
                "date": format_datetime(datetime.fromtimestamp(NOW + 3600, UTC), usegmt=True),
                "retry-after": format_datetime(datetime.fromtimestamp(NOW + 3660, UTC), usegmt=True),
            },
            60,
        ),
        ({}, None),
    ],
)
async def test_a_wait_is_read_in_every_form_and_bounded(headers: dict[str, str], wait: float | None) -> None:
    api = api_over(error(429, "Rate limit reached", headers, code="rate_limit_exceeded"))
    with pytest.raises(ProviderBusy) as told:
        await api.create(REQUEST, "k")
    assert told.value.retry_after == wait


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_is_not_accepted_is_a_sentence_about_the_key(status: int) -> None:
    with pytest.raises(RenderRefused, match=r"did not accept the key.*CALLSHEET_VIDEO_KEY") as told:
        await api_over(error(status)).create(REQUEST, "k")
    assert told.value.trouble is Trouble.FIX_REQUEST


@pytest.mark.parametrize(
    "answer",
    [
        error(409, "in progress", code="request_in_progress"),
        error(422, "This Idempotency-Key was used with a different request."),
        error(408),
        error(500),
        error(503, headers={"retry-after": "5"}),
        httpx.Response(303, headers={"location": "/v1/videos/v1"}),
        httpx.Response(200, text="<html>welcome</html>"),
        httpx.Response(200, json={"status": "queued"}),
        httpx.Response(200, json={"id": "", "status": "queued"}),
        httpx.Response(200, json={"id": "v" * 5000, "status": "queued"}),
        httpx.Response(200, text="[" * 100_000),
    ],
    ids=lambda answer: f"{answer.status_code}",
)
async def test_an_answer_that_may_follow_a_purchase_is_no_refusal(answer: httpx.Response) -> None:
    with pytest.raises(AnswerLost):
        await api_over(answer).create(REQUEST, "k")


async def test_an_answer_that_cannot_be_unpacked_is_a_lost_one() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip"))

    with pytest.raises(AnswerLost):
        await api_over(answer).create(REQUEST, "k")


@pytest.mark.parametrize("status", [301, 307, 308])
async def test_a_purchase_is_not_carried_to_another_address(status: int) -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(status, headers={"location": "https://elsewhere.example/v1/videos"})

    with pytest.raises(RenderRefused, match="points to another address"):
        await api_over(answer).create(REQUEST, "k")
    assert [url.host for url in asked] == ["provider.example"]


async def hang(_: httpx.Request) -> httpx.Response:
    await asyncio.sleep(30)
    raise AssertionError("nobody waits that long")


async def test_every_call_has_an_end_of_its_own(tmp_path: Path) -> None:
    api = api_over(hang)  # type: ignore[arg-type]  # the transport takes coroutines as well
    with pytest.raises(AnswerLost):
        await api.create(REQUEST, "k")
    with pytest.raises(ProviderBusy):
        await api.retrieve("v1")
    with pytest.raises(ProviderTrouble):
        await api.download("v1", tmp_path / "take.mp4")
    assert await api.cancel("v1") is False


@pytest.mark.parametrize("before", [0, 285], ids=["whole", "cut in the middle of the key"])
async def test_a_key_that_the_server_repeats_is_not_repeated_here(tmp_path: Path, before: int) -> None:
    def echo(request: httpx.Request) -> httpx.Response:
        key = request.headers["authorization"]
        return error(400, f"{'x' * before}{key} https://files.example/a.mp4?sig=5ec4e7&x=1")

    api = api_over(echo)
    calls = (api.create(REQUEST, "k"), api.retrieve("v1"), api.models(), api.find(REQUEST, 0))
    for call in (*calls, api.download("v1", tmp_path / "take.mp4")):
        with pytest.raises(ProviderTrouble) as told:
            await call
        assert "sk-v" not in str(told.value)
        assert "5ec4e7" not in str(told.value)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "tab\t"])
def test_a_key_that_cannot_be_sent_is_refused_before_anything_is(key: str) -> None:
    with pytest.raises(WrongUse, match="copy it again") as told:
        api_over(page(), secret=key)
    assert key not in str(told.value)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"object": "list"}),
        httpx.Response(200, json={"data": {"v1": SAME}}),
        page({"id": "v1", **SAME}, {"prompt": "a shoe"}),
        page(has_more=True),
        error(404),
        error(405),
        error(501),
    ],
    ids=["page", "list", "no data", "map", "unreadable", "more of nothing", "404", "405", "501"],
)
async def test_a_list_that_does_not_say_everything_does_not_say_that_nothing_was_bought(
    answer: httpx.Response,
) -> None:
    with pytest.raises(CannotTell):
        await api_over(answer).find(REQUEST, 0)


async def test_a_list_that_cannot_be_read_now_is_asked_again_later() -> None:
    with pytest.raises(ProviderBusy):
        await api_over(error(500)).find(REQUEST, 0)


@pytest.mark.parametrize("order", ["newest first", "oldest first"])
async def test_a_list_is_read_on_until_everything_of_our_time_was_seen(order: str) -> None:
    jobs = [{"id": f"v{at}", "created_at": NOW + at, **SAME} for at in range(6)]
    if order == "newest first":
        jobs.reverse()
    asked: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("after")
        asked.append(after)
        begin = 0 if after is None else 1 + [job["id"] for job in jobs].index(after)
        return page(*jobs[begin : begin + 2], has_more=begin + 2 < len(jobs))

    found = await api_over(answer).find(REQUEST, NOW + 3)
    assert {job.id for job in found} == {"v3", "v4", "v5"}
    assert len(asked) == (2 if order == "newest first" else 3)


async def test_a_list_without_an_end_is_given_up() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return page({"id": "v1", "created_at": NOW, **SAME}, has_more=True)

    with pytest.raises(CannotTell, match="was not read to its end"):
        await api_over(answer).find(REQUEST, 0)


@pytest.mark.parametrize("profile", ["sglang", "openai"])
async def test_a_render_that_would_run_on_is_not_taken_off_the_list(profile: Profile) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(200, json={"id": "v1", **SAME})

    assert await api_over(answer, profile).cancel("v1") is False
    assert "DELETE" not in asked


@pytest.mark.parametrize(
    ("answer", "is_stopped"),
    [
        (httpx.Response(200, json={"id": "v1", "deleted": True}), True),
        (httpx.Response(200, json={"id": "v1", "status": "cancelled"}), True),
        (httpx.Response(204), True),
        (httpx.Response(200, json={"id": "v1", "status": "in_progress"}), False),
        (httpx.Response(200, json={"ok": True}), False),
        (httpx.Response(200, text="<html>"), False),
        (error(400, code="cancel_failed"), False),
        (error(409, "Cancellation in progress"), False),
        (error(500), False),
    ],
)
async def test_only_a_render_that_the_server_says_it_stopped_is_stopped(
    answer: httpx.Response, is_stopped: bool
) -> None:
    def served(request: httpx.Request) -> httpx.Response:
        return fresh(answer) if request.method == "DELETE" else httpx.Response(200, json={"id": "v1", **SAME})

    assert await api_over(served, "gateway").cancel("v1") is is_stopped


async def test_a_page_of_a_proxy_does_not_make_a_render_unknown() -> None:
    with pytest.raises(ProviderBusy):
        await api_over(httpx.Response(404, text="<html>nginx</html>")).retrieve("v1")
    assert await api_over(error(404)).retrieve("v1") is None


async def test_an_answer_about_another_render_is_no_answer() -> None:
    with pytest.raises(ProviderBusy):
        await api_over(httpx.Response(200, json={"id": "v2", "status": "failed"})).retrieve("v1")


@pytest.mark.parametrize("profile", ["openai", "sglang"])
async def test_a_render_that_was_taken_off_the_list_may_have_been_billed(profile: Profile) -> None:
    seen = await api_over(httpx.Response(200, json={"id": "v1", **SAME, "status": "deleted"}), profile).retrieve("v1")
    assert seen is not None
    assert seen.status == ("expired" if profile == "sglang" else "cancelled")


@pytest.mark.parametrize("word", ["Success", "SUCCEED", " done ", "complete"])
async def test_a_gateway_speaks_in_the_words_of_whoever_renders_behind_it(word: str) -> None:
    seen = await api_over(httpx.Response(200, json={"id": "v1", **SAME, "status": word}), "gateway").retrieve("v1")
    assert seen is not None
    assert seen.status == "succeeded"


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        ('"usage": {"cost": 0.48}', "0.48"),
        ('"cost": "1.20"', "1.20"),
        ('"cost": 0', "0"),
        ('"cost": -1', None),
        ('"cost": 1e999999', None),
        ('"cost": NaN', None),
        ('"cost": "NaN"', None),
        ('"cost": true', None),
        ('"cost": {"credits": 5}', None),
        ('"cost": 99999999999', None),
        ('"usage": {}', None),
    ],
)
async def test_what_was_billed_is_read_exactly_or_not_at_all(said: str, cost: str | None) -> None:
    body = f'{{"id": "v1", "status": "completed", {said}}}'
    seen = await api_over(httpx.Response(200, text=body)).retrieve("v1")
    assert seen is not None
    assert (None if seen.cost is None else str(seen.cost)) == cost


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("status", "prompt", "seconds", "size", "created_at", "progress", "error", "cost", "usage")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, ANYTHING)))
async def test_whatever_a_server_writes_is_a_render_or_no_answer(body: dict[str, Any]) -> None:
    text = json.dumps({"id": "v1", **body})
    try:
        seen = await api_over(httpx.Response(200, text=text)).retrieve("v1")
    except ProviderBusy:
        assert not isinstance(body.get("status"), str)
        return
    assert seen is not None
    assert 0 <= seen.progress <= 100


async def test_a_list_of_models_that_is_none_says_what_came() -> None:
    with pytest.raises(ProviderBusy, match="web page"):
        await api_over(httpx.Response(200, text="<!doctype html>")).models()
    listed = {"data": [{"id": "m"}, {"name": "x"}, "y", {"id": 3}]}
    assert await api_over(httpx.Response(200, json=listed)).models() == ("m",)
