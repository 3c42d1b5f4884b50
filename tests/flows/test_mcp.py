"""`callsheet mcp` as its clients meet it: a process of its own, driven by the official SDK to the greenlight and on."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from flows.pocket_run import mcp_server
from mcp import Client, MCPError
from mcp.types import TextResourceContents

from callsheet import Callsheet, Settings
from callsheet.storage.ledger import entries


async def told(client: Client, name: str, **arguments: Any) -> dict[str, Any]:
    done = await client.call_tool(name, arguments)
    assert not done.is_error, done.content
    answer: dict[str, Any] = done.structured_content
    return answer


async def decide(settings: Settings, run: str, shown: str) -> None:
    """A person's yes, given beside the server in our own table."""
    async with Callsheet.open(settings, works=False) as callsheet:
        await (await callsheet.run(run)).decide("approve", by="ana", shown=shown)


async def bought(settings: Settings, run: str) -> list[str]:
    async with Callsheet.open(settings, works=False) as callsheet:
        found = await callsheet.run(run)
        written = await callsheet.studio.database.read(lambda tx: entries(tx, found.id))
    return [one.body["purchase"] for one in written if one.kind == "PurchaseIntended"]


async def test_a_client_drives_a_campaign_and_only_a_person_answers(
    tmp_path: Path, pocket: Path, settings: Settings
) -> None:
    async with Client(mcp_server(tmp_path, settings)) as client:
        begun = await told(client, "start_campaign", folder=pocket.name, wait=120)
        run, gate = begun["run"], begun["gate"]
        assert (gate["kind"], gate["seconds"]) == ("greenlight", 16)
        assert (await told(client, "quote_seconds", run=run))["seconds_bought"] == 8
        assert (await told(client, "check_line", run=run, line="Made with recycled yarn"))["passes"]
        assert not (await told(client, "check_line", run=run, line="The best shoe in the world"))["passes"]

        asked = await told(client, "shoot", run=run, wait=120)
        assert (asked["state"], asked["gate"]) == ("gate open", gate)
        assert (asked["takes"], asked["bought_now"]) == ([], 0)
        assert await bought(settings, run) == []

        await decide(settings, run, gate["shown"])
        shot = await told(client, "shoot", run=run, wait=120)
        assert shot["bought_now"] == 2
        assert shot["gate"]["kind"] == "release"
        paid = await bought(settings, run)
        assert len(paid) == len(set(paid)) == 2
        again = await told(client, "shoot", run=run, wait=120)
        assert (again["bought_now"], again["takes"]) == (0, shot["takes"])
        assert await bought(settings, run) == paid

        await decide(settings, run, shot["gate"]["shown"])
        await told(client, "shoot", run=run, wait=120)
        read = await told(client, "read_telemetry", run=run)
        (reading,) = read["readings"]
        clicks = reading["clicks"]
        assert reading["simulated"]
        assert float(clicks["low"]) < float(clicks["share"]) < float(clicks["high"])
        assert clicks["of"] == reading["viewers"][0]
        first, second = reading["losses"]
        assert (first["shot"], second["shot"]) == ("shot.1", "shot.2")
        seen = reading["viewers"]  # two shots of two seconds, then the end card; the first second is not counted
        assert (first["lost"]["hits"], first["lost"]["of"]) == (seen[1] - seen[2], seen[1])
        assert (second["lost"]["hits"], second["lost"]["of"]) == (seen[2] - seen[4], seen[2] + seen[3])


async def test_a_run_can_be_read_and_names_nobody(tmp_path: Path, pocket: Path, settings: Settings) -> None:
    async with Client(mcp_server(tmp_path, settings)) as client:
        begun = await told(client, "start_campaign", folder=pocket.name, wait=120)
        await decide(settings, begun["run"], begun["gate"]["shown"])
        listed = [one.uri for one in (await client.list_resources()).resources]
        assert listed == [f"callsheet://runs/pocket-1/{what}" for what in ("storyboard", "quote", "report")]
        read = {uri.rsplit("/", 1)[1]: (await client.read_resource(uri)).contents[0] for uri in listed}
        text = {what: one.text for what, one in read.items() if isinstance(one, TextResourceContents)}
        assert "shot.2" in text["storyboard"]
        assert "8 bought" in text["quote"]
        assert "approve" in text["report"]
        assert "ana" not in text["report"].split()
        for uri in ("callsheet://runs/other-1/report", "callsheet://runs/../report", "file:///etc/passwd"):
            with pytest.raises(MCPError):
                await client.read_resource(uri)
        with pytest.raises(MCPError, match="there is no tool"):
            await client.call_tool("decide", {"run": "pocket-1", "answer": "approve"})


async def test_a_campaign_outside_the_opened_folder_is_refused(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "inside").mkdir()
    async with Client(mcp_server(tmp_path / "inside", settings)) as client:
        for folder in ("..", "../pocket", "/", str(tmp_path), "~", "inside/../../.."):
            done = await client.call_tool("start_campaign", {"folder": folder})
            assert done.is_error, folder
        assert (await told(client, "run_status"))["found"] == 0


def test_nothing_but_the_protocol_reaches_standard_output(tmp_path: Path, pocket: Path, settings: Settings) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    asked = {"name": "start_campaign", "arguments": {"folder": pocket.name, "wait": 60}}
    lines.append({"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": asked})
    process = subprocess.Popen(
        [sys.executable, "-m", "callsheet", "mcp"],
        cwd=tmp_path,
        env={**os.environ, "CALLSHEET_HOME": str(settings.home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    for line in lines:
        process.stdin.write(json.dumps(line) + "\n")
    process.stdin.flush()
    said = [json.loads(process.stdout.readline()) for _ in range(3)]
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert rest == ""
    assert [one["id"] for one in said] == [1, 2, 3]
    assert all(one["jsonrpc"] == "2.0" for one in said)
    assert said[2]["result"]["structuredContent"]["gate"]["kind"] == "greenlight"


@pytest.mark.loopback
async def test_over_http_clients_of_this_machine_are_served_and_web_pages_are_not(
    tmp_path: Path, pocket: Path, settings: Settings
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "callsheet", "mcp", "--http", "0", "--root", str(pocket.parent),
        cwd=tmp_path,
        env={**os.environ, "CALLSHEET_HOME": str(settings.home)},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = (await asyncio.wait_for(process.stderr.readline(), 60)).decode()
        url = line.rsplit(" ", 1)[1].strip()
        assert url.startswith("http://127.0.0.1:")
        async with Client(url) as client:
            begun = await told(client, "start_campaign", folder=str(pocket), wait=60)
            assert begun["gate"]["kind"] == "greenlight"
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        async with httpx.AsyncClient(timeout=20) as web:
            accepts = {"Accept": "application/json, text/event-stream"}
            served = (await web.post(url, json=body, headers=accepts)).status_code
            assert served not in (403, 421)
            for header in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
                assert (await web.post(url, json=body, headers={**accepts, **header})).status_code in (403, 421)
    finally:
        process.terminate()
        await process.wait()
