"""The manners of each kind of server: what it takes, what it answers, and what deleting does."""

import base64
import uuid
from typing import Any

import httpx
import pytest
from unit.sandbox.conftest import TINY, Counter, Open

from callsheet.domain.error import WrongUse
from callsheet.tools.sandbox import SandboxSettings
from callsheet.tools.sandbox.profile import PROFILES

EVERY = sorted(PROFILES)


async def ordered(counter: Counter, fault: str = "", **fields: str) -> httpx.Response:
    """A create as a form, which every profile takes."""
    parts = {"prompt": "wide shot, a beach", "seconds": "1", "size": TINY} | fields
    headers = {"x-sim-fault": fault} if fault else {}
    files: Any = [(name, (None, value)) for name, value in parts.items()]
    return await counter.http.post("/v1/videos", files=files, headers=headers)


@pytest.mark.parametrize("profile", EVERY)
async def test_every_profile_sells_a_clip_from_create_to_download(open_counter: Open, profile: str) -> None:
    counter = open_counter(profile=profile, stock=True)
    created = await ordered(counter)
    assert created.status_code == (202 if profile == "gateway" else 200)
    assert created.json()["status"] == ("pending" if profile == "gateway" else "queued")
    job_id = created.json()["id"]
    done = await counter.retrieve(job_id)
    assert (done["status"], done["progress"], done["size"]) == ("completed", 100, TINY)
    assert done["seconds"] == (1 if profile == "sglang" else "1")
    content = await counter.http.get(f"/v1/videos/{job_id}/content")
    assert content.content[4:8] == b"ftyp"
    assert [row["billed"] for row in await counter.ledger()] == [True]


async def test_ids_look_as_each_server_writes_them(open_counter: Open) -> None:
    ids = {}
    for profile in EVERY:
        ids[profile] = (await ordered(open_counter(profile=profile, stock=True))).json()["id"]
    assert str(uuid.UUID(ids["sglang"])) == ids["sglang"]
    assert ids["vllm-omni"].startswith("video_gen_")
    assert base64.b64decode(ids["gateway"].removeprefix("video_")).startswith(b"gateway:")
    assert len(set(ids.values())) == len(EVERY)


async def test_vllm_takes_forms_only_and_counts_its_errors(open_counter: Open) -> None:
    counter = open_counter(profile="vllm-omni", stock=True)
    refused = await counter.create()
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, 422)
    wrong = (await ordered(counter, model="wan")).json()["error"]
    assert (wrong["code"], wrong["type"]) == (400, "model_not_found")


async def test_sglang_takes_numbers_and_any_length_and_size(open_counter: Open) -> None:
    counter = open_counter(profile="sglang", stock=True)
    video = (await counter.create(seconds=3, size="128x96")).json()
    assert (video["seconds"], video["size"]) == (3, "128x96")
    for field, value in (("seconds", 0), ("seconds", 61), ("seconds", "two"), ("size", "99999x2"), ("size", "129x96")):
        answer = await counter.create(**{field: value})
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, field)


async def test_a_gateway_may_not_list(open_counter: Open) -> None:
    counter = open_counter(profile="gateway", lists=False)
    assert (await counter.http.get("/v1/videos")).status_code == 405
    assert (await open_counter(profile="gateway").http.get("/v1/videos")).json()["data"] == []


async def test_a_gateway_says_what_it_billed_and_speaks_its_own_words(open_counter: Open) -> None:
    counter = open_counter(profile="gateway", stock=True, latency=100)
    job_id = (await ordered(counter)).json()["id"]
    counter.clock.advance(50)
    assert (await counter.retrieve(job_id))["status"] == "processing"
    counter.clock.advance(50)
    assert (await counter.retrieve(job_id))["usage"] == {"cost": 0.1}


@pytest.mark.parametrize(
    ("profile", "look", "code", "content"),
    [
        ("openai", 200, "moderation_blocked", 404),
        ("azure", 200, "moderation_blocked", 404),
        ("vllm-omni", 400, 400, 422),
        ("sglang", 200, None, 404),
        ("gateway", 200, "moderation_blocked", 404),
    ],
)
async def test_a_failed_job_is_shown_as_each_server_shows_it(
    open_counter: Open, profile: str, look: int, code: object, content: int
) -> None:
    counter = open_counter(profile=profile)
    job_id = (await ordered(counter, "moderation_blocked")).json()["id"]
    answer = await counter.http.get(f"/v1/videos/{job_id}")
    assert answer.status_code == look
    body = answer.json()
    assert (body["id"], body["status"], body["error"].get("code")) == (job_id, "failed", code)
    assert "moderation system" in body["error"]["message"]
    assert (await counter.http.get(f"/v1/videos/{job_id}/content")).status_code == content


@pytest.mark.parametrize("profile", ["openai", "azure"])
async def test_a_running_job_cannot_be_deleted_at_the_reference(open_counter: Open, profile: str) -> None:
    counter = open_counter(profile=profile, latency=100, stock=True)
    job_id = (await ordered(counter)).json()["id"]
    assert (await counter.http.delete(f"/v1/videos/{job_id}")).status_code == 400
    assert (await counter.retrieve(job_id))["status"] == "queued"


async def test_vllm_stops_a_running_job_and_it_costs_nothing(open_counter: Open) -> None:
    counter = open_counter(profile="vllm-omni", latency=100, stock=True)
    job_id = (await ordered(counter)).json()["id"]
    counter.clock.advance(50)
    assert (await counter.http.delete(f"/v1/videos/{job_id}")).json()["deleted"] is True
    counter.clock.advance(100)
    assert (await counter.http.get(f"/v1/videos/{job_id}")).status_code == 404
    assert [(row["status"], row["billed"]) for row in await counter.ledger()] == [("cancelled", False)]


async def test_sglang_says_deleted_and_bills_the_job_all_the_same(open_counter: Open) -> None:
    counter = open_counter(profile="sglang", latency=100, stock=True)
    job_id = (await ordered(counter)).json()["id"]
    counter.clock.advance(50)
    assert (await counter.http.delete(f"/v1/videos/{job_id}")).json()["status"] == "deleted"
    assert (await counter.http.get(f"/v1/videos/{job_id}")).status_code == 404
    assert [row["billed"] for row in await counter.ledger()] == [False]
    counter.clock.advance(50)
    assert [(row["status"], row["billed"], row["deleted"]) for row in await counter.ledger()] == [
        ("completed", True, True)
    ]


async def test_a_gateway_cancels_what_is_queued_and_refuses_what_runs(open_counter: Open) -> None:
    counter = open_counter(profile="gateway", latency=100, stock=True)
    queued, running = [(await ordered(counter)).json()["id"] for _ in range(2)]
    cancelled = await counter.http.delete(f"/v1/videos/{queued}")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    counter.clock.advance(50)
    refused = await counter.http.delete(f"/v1/videos/{running}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "cancel_failed")
    counter.clock.advance(50)
    assert (await counter.retrieve(queued))["status"] == "cancelled"
    assert [row["billed"] for row in await counter.ledger()] == [False, True]


@pytest.mark.parametrize(("profile", "kept"), [("openai", 3600), ("azure", 86_400 - 100), ("gateway", 86_400)])
async def test_clips_are_kept_as_long_as_each_server_keeps_them(open_counter: Open, profile: str, kept: int) -> None:
    counter = open_counter(profile=profile, latency=100, stock=True)
    job_id = (await ordered(counter)).json()["id"]
    counter.clock.advance(100)
    done = await counter.retrieve(job_id)
    assert done["expires_at"] - done["completed_at"] == kept
    counter.clock.advance(kept - 1)
    assert (await counter.http.get(f"/v1/videos/{job_id}/content")).status_code == 200
    counter.clock.advance(1)
    assert (await counter.http.get(f"/v1/videos/{job_id}/content")).json()["error"]["code"] == "video_expired"


async def test_a_server_of_ones_own_keeps_clips_for_good(open_counter: Open) -> None:
    counter = open_counter(profile="vllm-omni", stock=True)
    job_id = (await ordered(counter)).json()["id"]
    assert (await counter.retrieve(job_id))["expires_at"] is None
    counter.clock.advance(10**8)
    assert (await counter.http.get(f"/v1/videos/{job_id}/content")).status_code == 200


async def test_stock_is_drawn_once_for_each_shape_and_shared(open_counter: Open, tmp_path: Any) -> None:
    counter = open_counter(stock=True, stock_folder=tmp_path / "shared")
    for seconds in ("1", "1", "2"):
        await counter.create(seconds=seconds)
    assert len(list((tmp_path / "shared").glob("*.mp4"))) == 2
    drawn = {file: file.stat().st_mtime_ns for file in (tmp_path / "shared").glob("*.mp4")}
    again = open_counter(stock=True, stock_folder=tmp_path / "shared", profile="azure")
    await again.create()
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "shared").glob("*.mp4")} == drawn


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"profile": "sora"}, "Take one of openai"),
        ({"pace": "fast"}, "Take latency or seeded"),
        ({"max_in_flight": 0}, "at least one"),
        ({"webhook_url": "http://example.com/", "webhook_secret": "whsec_AAAA"}, "this machine only"),
        ({"webhook_url": "http://127.0.0.1:1/"}, "needs a secret"),
    ],
)
def test_settings_that_make_no_sense_say_what_would(tmp_path: Any, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongUse, match=says):
        SandboxSettings(tmp_path, **wrong)
