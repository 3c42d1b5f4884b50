"""A client of `callsheet mcp` that asks many times at once, and one that leaves while the crew is at work."""

import asyncio
import json
from pathlib import Path
from typing import Any

from flows.pocket_run import mcp_server
from mcp import Client

from callsheet import Callsheet, Settings
from callsheet.domain.ledger import Entry
from callsheet.storage.ledger import entries


async def told(client: Client, name: str, **arguments: Any) -> dict[str, Any]:
    done = await client.call_tool(name, arguments)
    assert not done.is_error, done.content
    (block,) = done.content
    assert block.type == "text"
    answer: dict[str, Any] = json.loads(block.text)
    return answer


async def ledger(callsheet: Callsheet, run: str) -> tuple[Entry, ...]:
    found = await callsheet.run(run)
    return await callsheet.studio.database.read(lambda tx: entries(tx, found.id))


async def test_many_asking_at_once_and_one_leaving_in_the_middle_buy_each_take_once(
    tmp_path: Path, pocket: Path, settings: Settings
) -> None:
    async with Callsheet.open(settings, works=False) as beside:
        async with Client(mcp_server(tmp_path, settings)) as client:
            run = (await told(client, "start_campaign", folder=pocket.name, wait=120))["run"]
            await (await beside.run(run)).decide("approve", by="ana")
            asking = [asyncio.create_task(told(client, "shoot", run=run, wait=120)) for _ in range(4)]
            while not [one for one in await ledger(beside, run) if one.kind == "PurchaseIntended"]:
                status = await told(client, "run_status", run=run)  # answered while the others wait
                assert status["found"] == 1
                assert not [one for one in asking if one.done()]
                await asyncio.sleep(0.02)
            for one in asking:
                one.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        async with Client(mcp_server(tmp_path, settings)) as client:
            shot = await told(client, "shoot", run=run, wait=120)
            assert shot["gate"]["kind"] == "release"
            assert [one["state"] for one in shot["takes"]] == ["settled", "settled"]
        paid = [one.body["purchase"] for one in await ledger(beside, run) if one.kind == "PurchaseIntended"]
        assert len(paid) == len(set(paid)) == 2
