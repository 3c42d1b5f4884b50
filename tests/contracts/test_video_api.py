"""The promises of the video port, tried on every adapter: what may have been bought is never taken for less."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest
from contracts.video_stand import LATENCY, SECRET, STANDS, Stand, Till

from callsheet.domain.error import ProviderTrouble
from callsheet.domain.trouble import Trouble
from callsheet.tools.video.port import (
    AnswerLost,
    CannotTell,
    FetchFailed,
    ProviderBusy,
    RenderGone,
    RenderJob,
    RenderRefused,
)

LONG = LATENCY + 1
REFUSALS = {
    "sentinel_block": Trouble.CONTENT_POLICY,
    "429_quota": Trouble.QUOTA,
    "gone:404": Trouble.PROVIDER_GONE,
    "gone:410": Trouble.PROVIDER_GONE,
}
FAILURES = {
    "moderation_blocked": Trouble.CONTENT_POLICY,
    "failed_as_http:500": Trouble.RETRYABLE,
    "failed_as_http:400": Trouble.RETRYABLE,
}


every_stand = pytest.mark.parametrize("stand", STANDS, ids=str)


def on(*faults: str) -> pytest.MarkDecorator:
    """Each of these faults, on every stand that can play it."""
    pairs = [(stand, fault) for fault in faults for stand in STANDS if fault.partition(":")[0] in stand.plays]
    return pytest.mark.parametrize(("stand", "fault"), pairs, ids=lambda one: str(one))


async def bought(till: Till) -> RenderJob:
    return await till.api.create(till.request, "key-1")


async def seen_to_its_end(till: Till, job: str) -> RenderJob:
    """Look until it has ended; the camera of the sandbox needs real time."""
    till.pass_time(LONG)
    for _ in range(600):
        seen = await till.api.retrieve(job)
        assert seen is not None
        if seen.status not in ("queued", "running"):
            return seen
        await asyncio.sleep(0.02)
    raise AssertionError(f"the render never ended: {seen}")


@every_stand
async def test_a_render_is_bought_seen_found_and_fetched(stand: Stand, tmp_path: Path) -> None:
    till = stand.make(tmp_path, ())
    job = await bought(till)
    assert job.status in ("queued", "running")
    ended = await seen_to_its_end(till, job.id)
    assert (ended.id, ended.status) == (job.id, "succeeded")
    assert ended.may_be(till.request)
    assert ended.trouble is None
    assert ended.cost == (Decimal("0.4") if stand.tells_cost else None)
    await till.api.download(job.id, tmp_path / "take.mp4")
    assert (tmp_path / "take.mp4").read_bytes()[4:8] == b"ftyp"
    if stand.lists:
        found = await till.api.find(till.request, since=0)
        assert [one.id for one in found] == [job.id]
        assert found[0].is_surely(till.request)
    assert till.bill() == 1


@every_stand
async def test_a_render_that_ended_is_deleted_where_that_can_be_and_one_under_way_never_is(
    stand: Stand, tmp_path: Path
) -> None:
    till = stand.make(tmp_path, ())
    under_way = await bought(till)
    assert await till.api.forget_render(under_way.id) is False
    ended = await seen_to_its_end(till, under_way.id)
    assert ended.status == "succeeded", "it was left alone while it ran"
    is_gone = await till.api.forget_render(ended.id)
    if is_gone and str(stand) != "fake":
        assert await till.api.retrieve(ended.id) is None
    assert await till.api.forget_render(ended.id) is is_gone, "what is gone already is gone"
    assert till.bill() == 1, "deleting gives no money back"


@every_stand
async def test_an_id_of_a_person_that_nobody_gave_is_not_said_to_be_deleted(stand: Stand, tmp_path: Path) -> None:
    till = stand.make(tmp_path, ())
    await till.api.turn()
    assert await till.api.forget_character("char_unknown") is False


@every_stand
async def test_the_models_are_named_for_free(stand: Stand, tmp_path: Path) -> None:
    till = stand.make(tmp_path, ())
    assert till.request.model in await till.api.models()
    assert till.bill() == 0


@every_stand
async def test_a_render_nobody_sold_is_not_known(stand: Stand, tmp_path: Path) -> None:
    till = stand.make(tmp_path, ())
    job = await bought(till)
    assert await till.api.retrieve(f"{job.id[:-1]}{'1' if job.id[-1] != '1' else '2'}") is None


@every_stand
async def test_only_renders_of_the_same_request_and_time_are_found(stand: Stand, tmp_path: Path) -> None:
    till = stand.make(tmp_path, ())
    if not stand.lists:
        with pytest.raises(CannotTell):
            await till.api.find(till.request, since=0)
        return
    old = await bought(till)
    till.pass_time(3600)
    new = await till.api.create(till.request, "key-2")
    other = till.request.__class__(**{**till.request.__dict__, "prompt": "a blue shoe"})
    await till.api.create(other, "key-3")
    now = new.created_at
    assert [job.id for job in await till.api.find(till.request, now - 60)] == [new.id]
    assert [job.id for job in await till.api.find(till.request, 0)] == [new.id, old.id]


@on("429:7")
async def test_a_busy_provider_has_sold_nothing_and_says_when_to_ask_again(
    stand: Stand, fault: str, tmp_path: Path
) -> None:
    till = stand.make(tmp_path, (fault,))
    with pytest.raises(ProviderBusy) as told:
        await bought(till)
    assert told.value.retry_after is not None
    assert 0 < told.value.retry_after <= 7
    till.pass_time(LONG)
    assert till.bill() == 0


@on(*REFUSALS)
async def test_a_refusal_says_what_kind_it_is(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    with pytest.raises(RenderRefused) as told:
        await bought(till)
    assert told.value.trouble is REFUSALS[fault]
    till.pass_time(LONG)
    assert till.bill() == 0


@on("500_after", "drop_after", "hang_after")
async def test_a_lost_answer_is_no_refusal_and_the_render_is_found(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    with pytest.raises(AnswerLost):
        await bought(till)
    if stand.lists:
        assert len(await till.api.find(till.request, since=0)) == 1
    else:
        with pytest.raises(CannotTell):
            await till.api.find(till.request, since=0)


@on("500_before")
async def test_what_was_never_taken_is_not_found(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    with pytest.raises(AnswerLost):
        await bought(till)
    if stand.lists:
        assert await till.api.find(till.request, since=0) == ()
    till.pass_time(LONG)
    assert till.bill() == 0


@on(*FAILURES)
async def test_a_failed_render_says_why_however_it_is_wrapped(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    job = await bought(till)
    ended = await seen_to_its_end(till, job.id)
    assert (ended.status, ended.trouble) == ("failed", FAILURES[fault])
    assert ended.reason
    assert till.bill() == 0


@on("unknown_status:simmering")
async def test_a_word_nobody_knows_is_a_render_under_way(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    job = await bought(till)
    till.pass_time(LATENCY / 2)
    seen = await till.api.retrieve(job.id)
    assert seen is not None
    assert seen.status == "running"
    assert (await seen_to_its_end(till, job.id)).status == "succeeded"


@on("unknown_status:cancelled", "unknown_status:canceled")
async def test_a_render_that_ended_without_a_clip_has_ended(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    job = await bought(till)
    assert (await seen_to_its_end(till, job.id)).status == "cancelled"


@on("poll_5xx:1")
async def test_a_failed_look_is_no_failed_render(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    job = await bought(till)
    with pytest.raises(ProviderBusy):
        await till.api.retrieve(job.id)
    assert (await seen_to_its_end(till, job.id)).status == "succeeded"


@on("poll_404_once")
async def test_a_render_that_is_not_seen_at_first_is_seen_later(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    job = await bought(till)
    assert await till.api.retrieve(job.id) is None
    assert await till.api.retrieve(job.id) is not None


@every_stand
async def test_a_render_that_can_be_stopped_is_not_paid_for(stand: Stand, tmp_path: Path) -> None:
    till = stand.make(tmp_path, ())
    job = await bought(till)
    assert await till.api.cancel(job.id) is stand.stops
    if stand.stops:
        till.pass_time(LONG)
        assert till.bill() == 0
        seen = await till.api.retrieve(job.id)
        assert seen is None or seen.status == "cancelled"
    else:
        assert (await seen_to_its_end(till, job.id)).status == "succeeded"
        assert till.bill() == 1


@every_stand
async def test_a_render_that_is_there_and_paid_for_is_never_thrown_away(stand: Stand, tmp_path: Path) -> None:
    till = stand.make(tmp_path, ())
    job = await bought(till)
    await seen_to_its_end(till, job.id)
    assert await till.api.cancel(job.id) is False
    await till.api.download(job.id, tmp_path / "take.mp4")


@every_stand
async def test_what_is_unknown_cannot_be_stopped_and_that_is_no_error(stand: Stand, tmp_path: Path) -> None:
    till = stand.make(tmp_path, ())
    job = await bought(till)
    assert await till.api.cancel(job.id[:-1]) is False


@on("content_504:1", "truncate:1", "truncate_nolength:1", "json_as_mp4:1", "done_no_video:empty")
async def test_a_broken_download_is_no_lost_render(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    job = await bought(till)
    await seen_to_its_end(till, job.id)
    with pytest.raises(FetchFailed) as told:
        await till.api.download(job.id, tmp_path / "take.mp4")
    assert not isinstance(told.value, RenderGone)
    if fault.endswith(":1"):
        await till.api.download(job.id, tmp_path / "take.mp4")


@on("expired", "done_no_video:404")
async def test_a_render_that_will_never_be_there_is_gone(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    job = await bought(till)
    await seen_to_its_end(till, job.id)
    with pytest.raises(RenderGone):
        await till.api.download(job.id, tmp_path / "take.mp4")


@on("stuck:99")
async def test_a_render_that_is_not_ready_is_not_gone(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    job = await bought(till)
    with pytest.raises(FetchFailed) as told:
        await till.api.download(job.id, tmp_path / "take.mp4")
    assert not isinstance(told.value, RenderGone)


@on("500_after", "drop_after", "429:1", "429_quota", "sentinel_block", "gone:410")
async def test_no_message_holds_the_key(stand: Stand, fault: str, tmp_path: Path) -> None:
    till = stand.make(tmp_path, (fault,))
    with pytest.raises(ProviderTrouble) as told:
        await bought(till)
    assert SECRET not in "".join(map(str, (told.value, told.value.__cause__, told.value.__context__)))
