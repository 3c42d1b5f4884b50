"""Each further fault: what the caller sees of it, and what the bill says afterwards."""

import asyncio
import threading
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from unit.sandbox.conftest import Counter, Open
from unit.sandbox.sight import frames_of, look

from callsheet.tools.sandbox.fault import KINDS


@pytest.fixture
def counter(open_counter: Open) -> Counter:
    """A sandbox with stock clips: faults are about everything but the picture."""
    return open_counter(stock=True, latency=100)


async def troubled(counter: Counter, fault: str, **fields: Any) -> str:
    """A job with a fault, accepted."""
    await counter.play(fault)
    created = await counter.create(**fields)
    assert created.status_code == 200, created.text
    assert created.json()["status"] == "queued"
    return str(created.json()["id"])


async def content(counter: Counter, job_id: str) -> httpx.Response:
    return await counter.http.get(f"/v1/videos/{job_id}/content")


async def billed(counter: Counter) -> list[bool]:
    return [row["billed"] for row in await counter.ledger()]


@pytest.mark.parametrize(
    ("fault", "status", "code", "headers"),
    [
        ("429:300", 429, "rate_limit_exceeded", {"retry-after": "300"}),
        ("429_quota", 429, "insufficient_quota", {"x-should-retry": "false"}),
        ("500_before", 500, None, {}),
        ("503_before", 503, None, {}),
        ("sentinel_block", 400, "sentinel_block", {}),
        ("gone", 404, "model_not_found", {}),
        ("gone:410", 410, "model_not_found", {}),
    ],
)
async def test_a_refused_create_leaves_nothing_on_the_bill(
    counter: Counter, fault: str, status: int, code: str | None, headers: Mapping[str, str]
) -> None:
    await counter.play(fault)
    answer = await counter.create()
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert headers.items() <= dict(answer.headers).items()
    assert await counter.ledger() == []
    assert (await counter.create()).status_code == 200


async def test_a_block_half_way_fails_there_and_not_before(counter: Counter) -> None:
    job_id = await troubled(counter, "moderation_blocked:50")
    counter.clock.advance(49)
    assert (await counter.retrieve(job_id))["status"] == "in_progress"
    counter.clock.advance(2)
    video = await counter.retrieve(job_id)
    assert (video["status"], video["progress"], video["completed_at"]) == ("failed", 50, None)
    assert await billed(counter) == [False]


async def test_a_flaky_block_lets_the_same_prompt_pass_the_next_time(counter: Counter) -> None:
    await counter.play({"fault": "moderation_flaky", "times": 9})
    ids = [(await counter.create(prompt)).json()["id"] for prompt in ("a", "a", "b")]
    counter.clock.advance(100)
    assert [(await counter.retrieve(job_id))["status"] for job_id in ids] == ["failed", "completed", "failed"]


async def test_failed_jobs_are_billed_where_the_house_says_so(open_counter: Open) -> None:
    counter = open_counter(bill_failed=True, latency=10)
    await troubled(counter, "moderation_blocked")
    assert await billed(counter) == [False]
    counter.clock.advance(10)
    (row,) = await counter.ledger()
    assert (row["billed"], row["billed_usd"], row["billed_at"]) == (True, "0.10", counter.clock())


async def test_a_house_may_bill_at_the_door(open_counter: Open) -> None:
    counter = open_counter(bill_on_accept=True, latency=10)
    await troubled(counter, "stuck")
    (row,) = await counter.ledger()
    assert (row["billed"], row["billed_at"], row["status"]) == (True, counter.clock(), "queued")


@pytest.mark.parametrize(("fault", "status"), [("stuck_queued", "queued"), ("stuck:40", "in_progress")])
async def test_a_stuck_job_stays_where_it_is(counter: Counter, fault: str, status: str) -> None:
    job_id = await troubled(counter, fault)
    counter.clock.advance(10**6)
    video = await counter.retrieve(job_id)
    assert (video["status"], video["progress"]) == (status, 40 if status == "in_progress" else 0)
    assert await billed(counter) == [False]


async def test_a_late_job_completes_so_many_seconds_late(counter: Counter) -> None:
    job_id = await troubled(counter, "late_completion:30")
    counter.clock.advance(129)
    assert (await counter.retrieve(job_id))["status"] == "in_progress"
    counter.clock.advance(1)
    assert (await counter.retrieve(job_id))["status"] == "completed"
    assert await billed(counter) == [True]


@pytest.mark.parametrize(
    ("word", "running", "ended", "bill"),
    [
        ("processing", "processing", "completed", True),
        ("finalising", "finalising", "completed", True),
        ("cancelled", "in_progress", "cancelled", False),
        ("expired", "in_progress", "expired", True),
    ],
)
async def test_odd_words_are_said_and_the_bill_is_plain(
    counter: Counter, word: str, running: str, ended: str, bill: bool
) -> None:
    job_id = await troubled(counter, f"unknown_status:{word}")
    counter.clock.advance(50)
    assert (await counter.retrieve(job_id))["status"] == running
    counter.clock.advance(50)
    assert (await counter.retrieve(job_id))["status"] == ended
    assert await billed(counter) == [bill]
    assert (await content(counter, job_id)).status_code == (200 if ended == "completed" else 404)


async def test_a_failure_can_come_as_an_http_error_with_the_job_as_body(counter: Counter) -> None:
    job_id = await troubled(counter, "failed_as_http:502")
    counter.clock.advance(100)
    answer = await counter.http.get(f"/v1/videos/{job_id}")
    assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (502, job_id, "failed")
    assert await billed(counter) == [False]


async def test_a_restart_forgets_the_job_everywhere_but_on_the_bill(counter: Counter) -> None:
    job_id = await troubled(counter, "restart")
    other = (await counter.create("another")).json()["id"]
    counter.clock.advance(49)
    assert (await counter.retrieve(job_id))["status"] == "in_progress"
    counter.clock.advance(2)
    assert [video["id"] for video in (await counter.http.get("/v1/videos", params={"limit": "1"})).json()["data"]] == [
        other
    ]
    assert (await counter.http.get(f"/v1/videos/{job_id}")).status_code == 404
    assert (await content(counter, job_id)).status_code == 404
    assert [row["id"] for row in await counter.ledger() if row["billed"]] == [job_id]


async def test_a_look_can_be_answered_with_nothing_at_all_or_404_once(counter: Counter) -> None:
    hung = await troubled(counter, "poll_hang:2")
    for _ in range(2):
        with pytest.raises(httpx.ReadTimeout):
            await counter.retrieve(hung)
    assert (await counter.retrieve(hung))["status"] == "queued"
    lost = await troubled(counter, "poll_404_once")
    codes = [(await counter.http.get(f"/v1/videos/{lost}")).status_code for _ in range(3)]
    assert codes == [404, 200, 200]


@pytest.mark.parametrize(
    ("fault", "status", "size"), [("done_no_video", 404, None), ("done_no_video:empty", 200, 0), ("expired", 404, None)]
)
async def test_a_completed_job_may_have_no_clip_and_is_billed(
    counter: Counter, fault: str, status: int, size: int | None
) -> None:
    job_id = await troubled(counter, fault)
    counter.clock.advance(100)
    assert (await counter.retrieve(job_id))["status"] == "completed"
    answer = await content(counter, job_id)
    assert answer.status_code == status
    assert size is None or len(answer.content) == size
    assert await billed(counter) == [True]


async def test_half_a_clip_can_look_whole_and_json_like_a_clip(counter: Counter) -> None:
    halved = await troubled(counter, "truncate_nolength:1")
    counter.clock.advance(100)
    first, second = await content(counter, halved), await content(counter, halved)
    assert "content-length" not in first.headers
    assert len(first.content) == len(second.content) // 2
    posing = await troubled(counter, "json_as_mp4")
    counter.clock.advance(100)
    answer = await content(counter, posing)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert "error" in answer.json()


async def test_a_clamped_size_is_smaller_and_said(counter: Counter) -> None:
    job_id = await troubled(counter, "clamped:size")
    assert (await counter.retrieve(job_id))["size"] == "80x142"


async def test_a_clip_on_its_side_and_a_frozen_one_play_and_are_wrong(counter: Counter) -> None:
    turned, frozen = await troubled(counter, "wrong_aspect"), await troubled(counter, "frozen")
    clips = [counter.sandbox.darkroom.clip(counter.sandbox.find(job_id)) for job_id in (turned, frozen)]
    assert [(look(clip).width, look(clip).height, look(clip).frames) for clip in clips] == [
        (284, 160, 30),
        (160, 284, 30),
    ]
    still = frames_of(clips[1], 160, 284)
    plain = await troubled(counter, "none")
    moving = frames_of(counter.sandbox.darkroom.clip(counter.sandbox.find(plain)), 160, 284)
    assert _movement(still) < 2 < _movement(moving)


def _movement(frames: bytes) -> float:
    """How much the last frame differs from the first, on average, in levels of a colour."""
    size = 160 * 284 * 3
    return sum(abs(a - b) for a, b in zip(frames[:size], frames[-size:], strict=True)) / size


@pytest.mark.parametrize("by_header", [True, False])
async def test_idempotency_can_be_switched_on_and_lasts_a_day(counter: Counter, by_header: bool) -> None:
    if by_header:
        counter.http.headers["x-sim-fault"] = "idem:honor"
    else:
        await counter.play("idem:honor", "500_after")
    counter.http.headers["idempotency-key"] = "take-1"
    first = await counter.create()
    again = await counter.create()
    assert (first.status_code, again.status_code) == (200 if by_header else 500, 200)
    assert len(await counter.ledger()) == 1
    assert (await counter.create("other")).status_code == 422
    counter.clock.advance(86_401)
    await counter.create()
    assert len(await counter.ledger()) == 2


async def test_a_key_whose_first_request_is_being_taken_is_answered_with_409(counter: Counter) -> None:
    await counter.play("idem:honor")
    counter.http.headers["idempotency-key"] = "take-1"
    taken, go_on = threading.Event(), threading.Event()
    till, name = counter.sandbox._till, counter.sandbox._till._ids

    def slowly(number: int) -> str:
        taken.set()
        assert go_on.wait(20)
        return name(number)

    till._ids = slowly
    first = asyncio.create_task(counter.create())
    await asyncio.to_thread(taken.wait, 20)
    second = await counter.create()
    go_on.set()
    assert (second.status_code, second.json()["error"]["code"]) == (409, "request_in_progress")
    assert (await first).status_code == 200
    assert len(await counter.ledger()) == 1


def test_every_kind_says_what_it_does_and_what_it_catches() -> None:
    assert all(kind.says and kind.catches for kind in KINDS.values())
    asked = {"429", "429_quota", "500_before", "503_before", "500_after", "hang_after", "drop_after", "idem"}
    asked |= {"sentinel_block", "moderation_blocked", "moderation_flaky", "stuck_queued", "stuck", "late_completion"}
    asked |= {"poll_5xx", "poll_hang", "poll_404_once", "failed_as_http", "unknown_status", "done_no_video"}
    asked |= {"content_504", "truncate", "truncate_nolength", "json_as_mp4", "expired", "clamped", "no_audio", "black"}
    asked |= {"wrong_aspect", "frozen", "webhook_dup", "webhook_drop", "webhook_bad_sig", "webhook_old", "restart"}
    assert set(KINDS) == asked | {"gone", "none"}
