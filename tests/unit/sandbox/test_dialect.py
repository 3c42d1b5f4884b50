"""The `/v1/videos` dialect, in process."""

import base64

import pytest
from PIL import Image
from unit.sandbox.conftest import TINY, Counter, Open
from unit.sandbox.sight import look, product_picture


async def test_a_job_goes_from_create_to_a_clip_of_the_asked_size_and_length(counter: Counter) -> None:
    created = await counter.create("[shot.1] wide shot, pan left, a runner on a beach", seconds="2")
    video = created.json()
    assert created.status_code == 200
    assert created.headers["x-request-id"].startswith("req_")
    assert video["id"].startswith("video_")
    assert (video["status"], video["seconds"], video["size"], video["error"]) == ("queued", "2", TINY, None)

    done = await counter.finished(video["id"])
    assert (done["progress"], done["expires_at"] - done["completed_at"]) == (100, 3600)
    content = await counter.http.get(f"/v1/videos/{video['id']}/content")
    assert content.headers["content-type"] == "video/mp4"
    assert int(content.headers["content-length"]) == len(content.content)
    seen = look(counter.sandbox.darkroom.clip(counter.sandbox.find(video["id"])))
    assert (seen.width, seen.height, seen.frames, seen.pixel_format) == (160, 284, 60, "yuv420p")
    assert (seen.samples, seen.rate, seen.is_stereo) == (2 * 48_000, 48_000, True)


async def test_a_poll_says_when_to_come_back_and_content_is_404_until_the_job_is_done(open_counter: Open) -> None:
    counter = open_counter(latency=60, poll_after_ms=1234)
    job_id = (await counter.create()).json()["id"]
    poll = await counter.http.get(f"/v1/videos/{job_id}")
    assert poll.headers["openai-poll-after-ms"] == "1234"
    early = await counter.http.get(f"/v1/videos/{job_id}/content")
    assert early.status_code == 404
    assert early.json()["error"]["message"].startswith("Video is not ready yet")
    counter.clock.advance(30)
    assert (await counter.retrieve(job_id))["status"] == "in_progress"
    counter.clock.advance(30)
    assert (await counter.finished(job_id))["completed_at"] == int(counter.clock())


@pytest.mark.parametrize(
    ("fields", "param", "says"),
    [
        ({"prompt": " "}, "prompt", "1 to 32000"),
        ({"seconds": 1}, "seconds", "expected a string"),
        ({"seconds": "3"}, "seconds", "Supported values are: '1', '2'"),
        ({"size": "100x100"}, "size", "Supported values are"),
        ({"model": "sora-2"}, "model", "Use previz-1"),
        ({"input_reference": {}}, "input_reference", "exactly one of"),
        ({"input_reference": {"image_url": "https://x.example/a.png"}}, "input_reference", "data URL"),
        ({"input_reference": {"image_url": "data:image/png;base64,AAAA"}}, "input_reference", "JPEG, PNG or WebP"),
    ],
)
async def test_a_wrong_request_is_refused_with_the_field_and_what_is_allowed(
    counter: Counter, fields: dict[str, object], param: str, says: str
) -> None:
    answer = await counter.create(**fields)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["param"]) == (400, "invalid_request_error", param)
    assert says in error["message"]
    assert await counter.ledger() == []


async def test_a_reference_of_another_size_is_refused_in_the_services_own_words(counter: Counter) -> None:
    url = "data:image/png;base64," + base64.b64encode(product_picture((160, 160))).decode()
    answer = await counter.create(input_reference={"image_url": url})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "Inpaint image must match the requested width and height"


async def test_multipart_and_json_with_the_same_reference_make_the_same_clip(counter: Counter) -> None:
    fields = {"prompt": "close-up, slow push-in, the shoe in a studio", "seconds": "1", "size": TINY}
    picture = product_picture()
    parts = {"input_reference": ("shoe.png", picture, "image/png")}
    by_form = (await counter.http.post("/v1/videos", data=fields, files=parts)).json()["id"]
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    by_json = (await counter.create(fields["prompt"], input_reference={"image_url": url})).json()["id"]
    clips = []
    for job_id in (by_form, by_json):
        await counter.finished(job_id)
        clips.append((await counter.http.get(f"/v1/videos/{job_id}/content")).content)
    assert clips[0] == clips[1]


async def test_the_list_pages_in_both_directions(counter: Counter) -> None:
    ids = [(await counter.create(f"shot {i}")).json()["id"] for i in range(3)]
    newest = (await counter.http.get("/v1/videos", params={"limit": 2})).json()
    assert [video["id"] for video in newest["data"]] == [ids[2], ids[1]]
    assert (newest["first_id"], newest["last_id"], newest["has_more"]) == (ids[2], ids[1], True)
    rest = (await counter.http.get("/v1/videos", params={"limit": 2, "after": ids[1]})).json()
    assert ([video["id"] for video in rest["data"]], rest["has_more"]) == ([ids[0]], False)
    oldest = (await counter.http.get("/v1/videos", params={"order": "asc"})).json()
    assert [video["id"] for video in oldest["data"]] == ids
    assert (await counter.http.get("/v1/videos", params={"limit": "101"})).status_code == 400


async def test_only_an_ended_job_can_be_deleted_and_the_bill_keeps_it(open_counter: Open) -> None:
    counter = open_counter(latency=10)
    job_id = (await counter.create()).json()["id"]
    assert (await counter.http.delete(f"/v1/videos/{job_id}")).status_code == 400
    counter.clock.advance(10)
    await counter.finished(job_id)
    gone = await counter.http.delete(f"/v1/videos/{job_id}")
    assert gone.json() == {"id": job_id, "deleted": True, "object": "video.deleted"}
    assert (await counter.http.get(f"/v1/videos/{job_id}")).status_code == 404
    assert [row["billed"] for row in await counter.ledger()] == [True]


async def test_a_clip_expires_after_its_retention(counter: Counter) -> None:
    job_id = (await counter.create()).json()["id"]
    await counter.finished(job_id)
    counter.clock.advance(3601)
    answer = await counter.http.get(f"/v1/videos/{job_id}/content")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "video_expired")


async def test_a_thumbnail_is_a_webp_of_the_clip(counter: Counter, tmp_path: object) -> None:
    job_id = (await counter.create()).json()["id"]
    await counter.finished(job_id)
    answer = await counter.http.get(f"/v1/videos/{job_id}/content", params={"variant": "thumbnail"})
    assert answer.headers["content-type"] == "image/webp"
    thumbnail = counter.sandbox.darkroom.clip(counter.sandbox.find(job_id)).with_suffix(".webp")
    with Image.open(thumbnail) as picture:
        assert (picture.format, picture.size) == ("WEBP", (160, 284))


async def test_a_key_is_asked_for_when_one_is_set(open_counter: Open) -> None:
    counter = open_counter(api_key="open sesame")
    refused = await counter.create()
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_api_key")
    assert "x-request-id" in refused.headers
    counter.http.headers["authorization"] = "Bearer open sesame"
    assert (await counter.create()).status_code == 200
    assert [model["id"] for model in (await counter.http.get("/v1/models")).json()["data"]] == ["previz-1"]


async def test_an_idempotency_key_is_ignored_unless_the_sandbox_honours_it(open_counter: Open) -> None:
    headers = {"Idempotency-Key": "take-1"}
    body = {"prompt": "a", "size": TINY, "seconds": "1"}
    for honours, jobs in ((False, 2), (True, 2)):
        counter = open_counter(honours_idempotency_key=honours)
        answers = [(await counter.http.post("/v1/videos", json=body, headers=headers)).json() for _ in range(2)]
        assert (answers[0]["id"] == answers[1]["id"]) is honours
        assert len(await counter.ledger()) == jobs
    other = await counter.http.post("/v1/videos", json=body | {"prompt": "b"}, headers=headers)
    assert other.status_code == 422
    assert {row["idempotency_key"] for row in await counter.ledger()} == {"take-1"}


async def test_requests_are_counted_by_method_path_and_status(counter: Counter) -> None:
    job_id = (await counter.create()).json()["id"]
    await counter.create(seconds="3")
    await counter.retrieve(job_id)
    await counter.retrieve(job_id)
    rows = (await counter.http.get("/_sim/requests")).json()["requests"]
    counted = {(row["method"], row["path"], row["status"]): row["count"] for row in rows}
    assert counted[("POST", "/v1/videos", 200)] == 1
    assert counted[("POST", "/v1/videos", 400)] == 1
    assert counted[("GET", "/v1/videos/{video_id}", 200)] == 2
