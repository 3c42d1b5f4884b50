"""Mistakes of set-up are noticed before they cost anything."""

from datetime import date
from pathlib import Path

import pytest

from callsheet import Callsheet, Settings
from callsheet.domain.error import WrongUse
from callsheet.domain.money import Money, Unpriced
from callsheet.domain.provider import with_model
from callsheet.tools.video.catalog import EVERY_SIZE, load_provider


async def test_a_run_is_not_resumed_on_another_video_server(pocket: Path, settings: Settings) -> None:
    """There its renders would be unknown, and be bought again."""
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        await run.decide("approve", by="Dana")
    elsewhere = settings.model_copy(update={"video_url": "http://127.0.0.1:9/v1"})
    async with Callsheet.open(elsewhere) as callsheet:
        again = await callsheet.run(run.id)
        status = await again.go_on()
        assert status.status == "failed"
        assert "another video server" in status.reason
        assert (await again.costs()).seconds_held == 0
    async with Callsheet.open(settings) as callsheet:
        again = await callsheet.run(run.id)
        assert (await again.go_on()).status == "waiting"
        assert (await again.costs()).seconds_purchased == 8


async def test_a_place_that_cannot_be_written_is_refused_before_anything_is_planned(
    pocket: Path, settings: Settings
) -> None:
    in_the_way = pocket / "taken"
    in_the_way.write_text("a file", encoding="utf-8")
    async with Callsheet.open(settings) as callsheet:
        with pytest.raises(WrongUse, match="choose another --out"):
            await callsheet.start(pocket, out=in_the_way)
        assert await callsheet.runs() == ()


async def test_a_note_alone_changes_no_reshoot_and_no_dailies(pocket: Path, settings: Settings) -> None:
    brief = pocket / "campaign.yaml"
    brief.write_text(brief.read_text(encoding="utf-8") + "dailies: true\n", encoding="utf-8")
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        await run.decide("approve", by="Dana")
        await run.go_on()
        with pytest.raises(WrongUse, match="names what to change"):
            await run.decide("edit", by="Dana", note="shot 1 is terrible")
        gate = await run.gate()
        assert gate is not None and gate.gate.kind == "dailies"


def test_another_model_has_no_price_until_the_campaign_sets_one() -> None:
    day = date(2026, 11, 22)
    paid = load_provider("gateway-veo-fast")
    assert not paid.has_retired(day)
    size = paid.tiers[0].sizes[0]
    assert isinstance(paid.price(size, 4), Money)
    assert isinstance(with_model(paid, "something-dearer").price(size, 4), Unpriced)
    priced = load_provider("gateway-veo-fast", {EVERY_SIZE: paid.tiers[0].per_second or 0})  # type: ignore[dict-item]  # a price is there
    assert isinstance(with_model(priced, "something-dearer").price(size, 4), Money)
