"""Faults on request: what each does to the caller, and to the bill."""

import httpx
import pytest
from unit.sandbox.conftest import Counter, Open
from unit.sandbox.sight import frames_of, look

from callsheet.tools.sandbox.fault import KINDS, UnknownFault, parse_fault


async def test_faults_are_played_in_order_and_then_it_is_quiet(counter: Counter) -> None:
    await counter.play("none", "500_before", {"fault": "429:30", "prompt": "beach"})
    answers = [await counter.create(prompt) for prompt in ("a", "a", "a", "a beach", "a beach")]
    assert [answer.status_code for answer in answers] == [200, 500, 200, 429, 200]
    assert answers[3].headers["retry-after"] == "30"
    assert answers[3].json()["error"]["code"] == "rate_limit_exceeded"
    assert len(await counter.ledger()) == 3


@pytest.mark.parametrize(
    ("fault", "seen"),
    [("500_after", None), ("drop_after", httpx.RemoteProtocolError), ("hang_after", httpx.ReadTimeout)],
)
async def test_a_lost_answer_still_leaves_a_job_that_is_drawn_and_billed(
    counter: Counter, fault: str, seen: type[Exception] | None
) -> None:
    await counter.play(fault)
    if seen is None:
        assert (await counter.create("lost")).status_code == 500
    else:
        with pytest.raises(seen):
            await counter.create("lost")
        assert counter.sandbox.requests["POST", "/v1/videos", 0] == 1
    listed = (await counter.http.get("/v1/videos")).json()["data"]
    assert [video["prompt"] for video in listed] == ["lost"]
    await counter.finished(listed[0]["id"])
    assert [(row["usd"], row["billed"]) for row in await counter.ledger()] == [("0.10", True)]


async def test_a_blocked_job_fails_and_costs_nothing(open_counter: Open) -> None:
    counter = open_counter(latency=5)
    await counter.play("moderation_blocked")
    job_id = (await counter.create()).json()["id"]
    assert (await counter.retrieve(job_id))["status"] == "queued"
    counter.clock.advance(5)
    video = await counter.retrieve(job_id)
    assert (video["status"], video["error"]["code"]) == ("failed", "moderation_blocked")
    assert (await counter.http.get(f"/v1/videos/{job_id}/content")).status_code == 404
    assert [row["billed"] for row in await counter.ledger()] == [False]


async def test_a_stuck_job_never_ends_and_is_never_billed(counter: Counter) -> None:
    await counter.play("stuck:99")
    job_id = (await counter.create()).json()["id"]
    counter.clock.advance(10_000)
    video = await counter.retrieve(job_id)
    assert (video["status"], video["progress"]) == ("in_progress", 99)
    assert [row["billed"] for row in await counter.ledger()] == [False]


async def test_polls_and_downloads_fail_as_often_as_asked(counter: Counter) -> None:
    await counter.play("poll_5xx:2", "content_504:1")
    polled, fetched = [(await counter.create()).json()["id"] for _ in range(2)]
    codes = [(await counter.http.get(f"/v1/videos/{polled}")).status_code for _ in range(3)]
    assert codes == [500, 500, 200]
    await counter.finished(fetched)
    codes = [(await counter.http.get(f"/v1/videos/{fetched}/content")).status_code for _ in range(2)]
    assert codes == [504, 200]


async def test_a_truncated_download_is_shorter_than_it_says(counter: Counter) -> None:
    await counter.play("truncate")
    job_id = (await counter.create()).json()["id"]
    await counter.finished(job_id)
    answer = await counter.http.get(f"/v1/videos/{job_id}/content")
    assert len(answer.content) == int(answer.headers["content-length"]) // 2


async def test_a_black_clip_plays_but_is_black(counter: Counter) -> None:
    job_id = await _spoiled(counter, "black")
    clip = counter.sandbox.darkroom.clip(counter.sandbox.find(job_id))
    assert look(clip).frames == 30
    assert max(frames_of(clip, 160, 284)) < 8


async def test_a_clip_can_come_without_sound(counter: Counter) -> None:
    job_id = await _spoiled(counter, "no_audio")
    seen = look(counter.sandbox.darkroom.clip(counter.sandbox.find(job_id)))
    assert (seen.frames, seen.samples) == (30, 0)


async def test_a_clamped_job_is_shorter_and_cheaper_than_asked(counter: Counter) -> None:
    await counter.play("clamped")
    video = (await counter.create(seconds="2")).json()
    assert video["seconds"] == "1"
    assert [row["usd"] for row in await counter.ledger()] == ["0.10"]


async def test_one_request_can_name_its_own_fault(counter: Counter) -> None:
    counter.http.headers["x-sim-fault"] = "500_before"
    assert (await counter.create()).status_code == 500
    counter.http.headers["x-sim-fault"] = "gremlins"
    assert "there is no fault 'gremlins'" in (await counter.create()).json()["error"]["message"]


def test_every_fault_can_be_read_and_written() -> None:
    for name in KINDS:
        assert parse_fault(str(parse_fault(name))) == parse_fault(name)
    with pytest.raises(UnknownFault, match="whole number"):
        parse_fault("429:soon")


async def _spoiled(counter: Counter, fault: str) -> str:
    await counter.play(fault)
    job_id = (await counter.create("wide shot, a beach at noon")).json()["id"]
    await counter.finished(str(job_id))
    return str(job_id)
