"""The sandbox's other doors: what is spoken there is another wire's, the jobs, faults and bill are the same."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from contracts.test_video_api import seen_to_its_end
from contracts.video_stand import LATENCY, SECRET, STANDS, Till, open_sandbox
from unit.sandbox.sight import product_picture

from callsheet.domain.trouble import Trouble
from callsheet.tools.video.port import FetchFailed, RenderRequest

Make = Callable[[Path, tuple[str, ...]], Till]
DOORS = [stand for stand in STANDS if stand.name in ("gemini", "fal")]
each_door = pytest.mark.parametrize("make", [stand.make for stand in DOORS], ids=[stand.name for stand in DOORS])


@each_door
async def test_done_without_a_video_is_a_refusal_of_the_picture(make: Make, tmp_path: Path) -> None:
    till = make(tmp_path, ("done_no_video",))
    job = await till.api.create(till.request, "k")
    ended = await seen_to_its_end(till, job.id)
    assert (ended.status, ended.trouble) == ("failed", Trouble.CONTENT_POLICY)
    with pytest.raises(FetchFailed):
        await till.api.download(job.id, tmp_path / "take.mp4")


@each_door
async def test_a_reference_picture_comes_through_whole(make: Make, tmp_path: Path) -> None:
    till = make(tmp_path, ())
    width, height = (int(side) for side in till.request.size.split("x"))
    picture = product_picture((width, height))
    request = RenderRequest("it turns", 4, till.request.size, till.request.model, picture)
    await till.api.create(request, "k")
    kept = (tmp_path / "provider" / "references").iterdir()
    assert picture in [file.read_bytes() for file in kept]


async def test_all_doors_lead_to_one_bill(tmp_path: Path) -> None:
    model = "alibaba/wan-3.0/text-to-video"
    sandbox, clock = open_sandbox(tmp_path, (), model=model)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox")
    words = {"prompt": "a shoe", "seconds": "4", "size": "720x1280", "model": model}
    first = await http.post("/v1/videos", json=words, headers={"authorization": f"Bearer {SECRET}"})
    said = {"prompt": "a shoe", "duration": 4, "resolution": "720p", "aspect_ratio": "9:16"}
    second = await http.post(f"/fal/{model}", json=said, headers={"authorization": f"Key {SECRET}"})
    third = await http.post("/v1beta/interactions", json=spoken(model), headers={"x-goog-api-key": SECRET})
    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 200)
    clock.advance(LATENCY)
    rows = sandbox.ledger()
    assert [row["id"] for row in rows] == [first.json()["id"], second.json()["request_id"], third.json()["id"]]
    assert {(row["seconds"], row["size"], row["prompt_digest"]) for row in rows} == {
        (4, "720x1280", rows[0]["prompt_digest"])
    }
    await sandbox.darkroom.close()


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"x-goog-api-key": "wrong"}])
async def test_no_door_opens_without_its_key(headers: dict[str, str], tmp_path: Path) -> None:
    model = "alibaba/wan-3.0/text-to-video"
    sandbox, _ = open_sandbox(tmp_path, (), model=model)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox", headers=headers)
    said = {"prompt": "a shoe", "duration": 4, "resolution": "720p", "aspect_ratio": "9:16"}
    assert (await http.post(f"/fal/{model}", json=said)).status_code == 401
    assert (await http.post("/v1beta/interactions", json=spoken(model))).status_code == 401
    assert (await http.get("/v1beta/models")).status_code == 401
    assert sandbox.ledger() == []


async def test_fals_door_does_not_stop_what_has_begun(tmp_path: Path) -> None:
    (fal,) = [stand for stand in DOORS if stand.name == "fal"]
    till = fal.make(tmp_path, ())
    job = await till.api.create(till.request, "k")
    till.pass_time(LATENCY / 2)
    assert await till.api.cancel(job.id) is False
    assert (await seen_to_its_end(till, job.id)).status == "succeeded"
    assert till.bill() == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"background": False}, "background"),
        ({"input": "a shoe"}, "input parts"),
        ({"model": "gemini-of-old"}, "no model"),
        ({"response_format": {"type": "video", "resolution": "8k", "aspect_ratio": "9:16", "duration": "4s"}}, "size"),
        ({"response_format": {"type": "video", "resolution": "720p", "aspect_ratio": "x", "duration": "4s"}}, "shape"),
        ({"response_format": {"type": "video", "resolution": "720p", "aspect_ratio": "9:16", "duration": 4}}, "sold"),
        ({"input": [{"type": "text", "text": "a"}, {"type": "image", "data": "%%"}]}, "base64"),
    ],
)
async def test_a_wrong_interaction_is_refused_and_costs_nothing(
    change: dict[str, object], says: str, tmp_path: Path
) -> None:
    sandbox, _ = open_sandbox(tmp_path, (), model="m")
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox")
    answer = await http.post("/v1beta/interactions", json=spoken("m") | change, headers={"x-goog-api-key": SECRET})
    assert 400 <= answer.status_code < 500
    assert says in answer.json()["error"]["message"]
    assert sandbox.ledger() == []


def spoken(model: str) -> dict[str, object]:
    wanted = {"type": "video", "aspect_ratio": "9:16", "resolution": "720p", "duration": "4s", "delivery": "uri"}
    parts = [{"type": "text", "text": "a shoe"}]
    return {"model": model, "input": parts, "response_format": wanted, "background": True, "store": True}
