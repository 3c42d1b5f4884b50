"""Whole runs on bad days: what is refused is reworded, what is in doubt waits for a person, nothing is paid twice."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from flows.conftest import ServedSandbox, serving

from callsheet import Callsheet, Settings
from callsheet.domain.error import WrongUse

CANNOT_LIST = """name: sandbox
model: previz-1
as_of: 2026-11-22
source: a server of the same dialect that shows no list
seconds: [4, 8, 12]
max_seconds: 12
tiers:
  - {name: pocket, sizes: [160x284], per_second: "0.10"}
reference: first_frame
previz: true
lists_jobs: false
"""


def play(sandbox: ServedSandbox, *faults: str) -> None:
    """These faults strike the next creates, in this order."""
    httpx.put(sandbox.url.removesuffix("/v1") + "/_sim/scenario", json={"faults": list(faults)}).raise_for_status()


def served(settings: Settings, sandbox: ServedSandbox) -> Settings:
    return settings.model_copy(update={"video_url": sandbox.url})


def billed(sandbox: ServedSandbox) -> int:
    return sum(1 for job in sandbox.bill() if job["billed"])


@pytest.mark.loopback
async def test_a_refused_shot_is_worded_anew_and_paid_for_once(
    pocket: Path, settings: Settings, tmp_path: Path
) -> None:
    with serving(tmp_path / "provider") as sandbox:
        play(sandbox, "moderation_blocked")
        async with Callsheet.open(served(settings, sandbox)) as callsheet:
            run = await callsheet.start(pocket)
            await run.go_on()
            await run.decide("approve", by="Dana")
            assert (await run.go_on()).status == "waiting"
            gate = await run.gate()
            assert gate is not None and gate.gate.kind == "greenlight", "the changed plan is asked about again"
            assert any("worded anew" in notice for notice in gate.showing.notices)
            assert gate.gate.allowance is not None and gate.gate.allowance.seconds == 8, "one shot, and its repeat"
            await run.decide("approve", by="Dana")
            await run.go_on()
            asked = await run.gate()
            assert asked is not None and asked.gate.kind == "release"
            costs = await run.costs()
            assert (costs.seconds_purchased, costs.seconds_held) == (8, 0)
        assert billed(sandbox) == 2


@pytest.mark.loopback
async def test_a_shot_that_is_refused_again_and_again_ends_with_the_reason(
    pocket: Path, settings: Settings, tmp_path: Path
) -> None:
    with serving(tmp_path / "provider") as sandbox:
        play(sandbox, *["sentinel_block"] * 12)
        async with Callsheet.open(served(settings, sandbox)) as callsheet:
            run = await callsheet.start(pocket, approve_all=True)
            ended = await run.go_on()
            assert ended.status == "failed"
            assert "2 of 2 takes are missing" in ended.reason
            assert "change the brief" in ended.reason
            assert (await run.costs()).seconds_held == 0
        assert sandbox.bill() == [], "a refused request sells nothing"


async def lost_run(callsheet: Callsheet, pocket: Path, **policy: Any) -> Any:
    run = await callsheet.start(pocket, **policy)
    if not policy:
        await run.go_on()
        await run.decide("approve", by="Dana")
    assert (await run.go_on()).status == "waiting"
    gate = await run.gate()
    assert gate is not None and gate.gate.kind == "purchase"
    assert [one.shot for one in gate.showing.purchases] == ["shot.1"] or len(gate.showing.purchases) == 1
    return run, gate


@pytest.fixture
def unlisted(settings: Settings) -> Settings:
    """A workspace whose provider cannot list what it made."""
    (settings.home / "providers").mkdir(parents=True)
    (settings.home / "providers" / "sandbox.yaml").write_text(CANNOT_LIST, encoding="utf-8")
    return settings


@pytest.mark.loopback
async def test_a_purchase_in_doubt_waits_for_a_person_even_under_a_policy_and_is_adopted_by_name(
    pocket: Path, unlisted: Settings, tmp_path: Path
) -> None:
    with serving(tmp_path / "provider") as sandbox:
        play(sandbox, "500_after")
        async with Callsheet.open(served(unlisted, sandbox)) as callsheet:
            run, gate = await lost_run(callsheet, pocket, approve_all=True)
            key = f"{gate.showing.purchases[0].shot}.{gate.showing.purchases[0].take}.job"
            with pytest.raises(WrongUse, match="names no purchase in doubt"):
                await run.decide("edit", by="Dana", edits={"shot.9.1.job": "video_1"})
            with pytest.raises(WrongUse, match="knows no render video_none"):
                await run.decide("edit", by="Dana", edits={key: "video_none"})
            made = next(job["id"] for job in sandbox.bill() if not is_taken(job, gate))
            await run.decide("edit", by="Dana", edits={key: made})
            assert (await run.go_on()).status == "finished"
            assert (await run.costs()).seconds_held == 0
        assert billed(sandbox) == len(sandbox.bill())


def is_taken(job: dict[str, Any], gate: Any) -> bool:
    """Whether a render of the bill surely belongs to another shot than the one in doubt."""
    return not str(job["idempotency_key"] or "").startswith(gate.showing.purchases[0].purchase)


@pytest.mark.loopback
async def test_a_purchase_that_a_person_did_not_find_is_bought_again_within_what_was_approved(
    pocket: Path, unlisted: Settings, tmp_path: Path
) -> None:
    with serving(tmp_path / "provider") as sandbox:
        play(sandbox, "500_after")
        async with Callsheet.open(served(unlisted, sandbox)) as callsheet:
            run, gate = await lost_run(callsheet, pocket)
            assert gate.gate.allowance is None
            await run.decide("approve", by="Dana")
            await run.go_on()
            asked = await run.gate()
            assert asked is not None and asked.gate.kind == "release"
            costs = await run.costs()
            assert (costs.seconds_purchased, costs.seconds_held) == (8, 0)


@pytest.mark.loopback
async def test_a_run_that_is_given_up_over_a_purchase_in_doubt_counts_it_as_paid(
    pocket: Path, unlisted: Settings, tmp_path: Path
) -> None:
    with serving(tmp_path / "provider") as sandbox:
        play(sandbox, "500_after")
        async with Callsheet.open(served(unlisted, sandbox)) as callsheet:
            run, _ = await lost_run(callsheet, pocket)
            await run.decide("reject", by="Dana", note="enough for today")
            assert (await run.go_on()).status == "rejected"
            costs = await run.costs()
            assert (costs.seconds_purchased, costs.seconds_held) == (8, 0)
