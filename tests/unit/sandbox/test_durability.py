"""What the sandbox remembers: accepted jobs and bills survive a restart, whatever was going on."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from unit.sandbox.conftest import Counter, Open

from callsheet.tools.sandbox import VirtualClock, darkroom
from callsheet.tools.sandbox.camera import ShotOrder


async def test_a_restart_keeps_jobs_and_bills_and_draws_what_was_begun(open_counter: Open) -> None:
    first = open_counter()
    done = (await first.create("done")).json()["id"]
    await first.finished(done)
    begun = (await first.create("begun")).json()["id"]
    await first.sandbox.darkroom.close()

    second = open_counter()
    assert [(row["id"], row["billed"]) for row in await second.ledger()] == [(done, True), (begun, False)]
    await second.finished(begun)
    assert [row["billed"] for row in await second.ledger()] == [True, True]
    third = (await second.create("new")).json()["id"]
    assert third not in (done, begun)


async def test_a_lost_clip_is_drawn_again_with_the_same_bytes_and_not_billed_again(open_counter: Open) -> None:
    first = open_counter()
    job_id = (await first.create()).json()["id"]
    video = await first.finished(job_id)
    clip = first.sandbox.darkroom.clip(first.sandbox.find(job_id))
    bytes_before, bill = clip.read_bytes(), await first.ledger()
    clip.unlink()

    second = open_counter()
    second.clock.advance(100)
    answer = await second.http.get(f"/v1/videos/{job_id}/content")
    assert answer.content == bytes_before
    assert await second.retrieve(job_id) == video
    assert await second.ledger() == bill


def test_a_job_whose_event_loop_is_gone_is_begun_again(open_counter: Open) -> None:
    counter = open_counter()

    async def create() -> str:
        return str((await counter.create()).json()["id"])

    job_id = asyncio.run(create())
    assert asyncio.run(counter.finished(job_id))["status"] == "completed"


async def test_a_clip_that_cannot_be_drawn_fails_once_and_is_not_begun_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    async def film(order: ShotOrder, *_: object) -> None:
        begun.append(order.prompt)
        raise ValueError("no such corner")

    monkeypatch.setattr(darkroom, "film", film)
    job_id = (await counter.create("a shot nobody can draw")).json()["id"]
    video = await counter.finished(job_id)
    assert (video["status"], video["error"]["message"]) == ("failed", "the camera stopped: ValueError: no such corner")
    await counter.retrieve(job_id)
    assert begun == ["a shot nobody can draw"]


async def test_an_order_is_written_whole_or_not_at_all(open_counter: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = open_counter(bill_on_accept=True)
    first = (await counter.create()).json()["id"]

    def breaks(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(counter.sandbox.book, "bill", breaks)
    with pytest.raises(OSError, match="disk is full"):
        await counter.create()
    monkeypatch.undo()
    assert [(row["id"], row["billed"]) for row in await counter.ledger()] == [(first, True)]


async def test_a_book_of_an_earlier_version_is_read_on(open_counter: Open, tmp_path: Path) -> None:
    first = open_counter()
    job_id = (await first.create()).json()["id"]
    await first.finished(job_id)
    first.sandbox.book.close()
    with closing(sqlite3.connect(tmp_path / "sandbox.db")) as db:
        for column in ("starts_at", "ends_at", "cancelled_at"):
            db.execute(f"alter table job drop column {column}")
    second = open_counter()
    assert (await second.retrieve(job_id))["status"] == "completed"
    assert [row["billed"] for row in await second.ledger()] == [True]
    assert (await second.create()).status_code == 200


async def test_the_clock_moves_by_request(counter: Counter) -> None:
    before = (await counter.http.get("/_sim/clock")).json()
    after = (await counter.http.put("/_sim/clock", json={"advance": 90})).json()
    assert (before["virtual"], after["now"] - before["now"]) == (True, 90)
    assert isinstance(counter.sandbox.clock, VirtualClock)
    assert (await counter.http.put("/_sim/clock", json={"advance": -1})).status_code == 400


async def test_at_most_two_clips_are_drawn_at_once(counter: Counter) -> None:
    ids = [(await counter.create(f"shot {i}")).json()["id"] for i in range(5)]
    most = 0
    while {(await counter.retrieve(job_id))["status"] for job_id in ids} != {"completed"}:
        most = max(most, len(counter.sandbox.darkroom.at_work))
        await asyncio.sleep(0.01)
    assert 1 <= most <= 2
