"""What goes over HTTP is recorded as it was heard, scrubbed, and played again without a server."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from contracts.buyer import PRICE, RUN, order
from contracts.chat_server import serving

from callsheet.jobs.order import TakeOrder
from callsheet.replay.asker import on_behalf
from callsheet.replay.error import NotAsRecorded
from callsheet.replay.exchange import read_exchanges, write_exchanges
from callsheet.replay.scrub import Scrub
from callsheet.replay.tape import Tape, playing_from, recording_to
from callsheet.replay.wall import no_network
from callsheet.testing import ProvingGround

pytestmark = pytest.mark.loopback
SHOT = {"prompt": "wide shot, a beach", "seconds": "4", "size": "160x284"}
KEY = "vk-live-4711"
Make = Callable[..., ProvingGround]


@contextmanager
def recorded(tape: Tape, url: str) -> Iterator[None]:
    with recording_to(tape, Scrub((KEY,), {url.split("/")[2]: "video.invalid"})):
        yield


def played(tape: Tape, folder: Path) -> Tape:
    """The tape as it comes back from its file."""
    folder.mkdir(exist_ok=True)
    write_exchanges(folder, tape.exchanges)
    return Tape(list(read_exchanges(folder)))


def contents(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_a_render_is_bought_and_fetched_again_without_a_server(callsheet_sandbox: Make, tmp_path: Path) -> None:
    async def shoot(url: str) -> tuple[list[str], bytes]:
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {KEY}"}) as client:
            job = (await client.post("/videos", json=SHOT)).json()["id"]
            seen = [(await client.get(f"/videos/{job}")).json()["status"] for _ in range(3)]
            for _ in range(400):
                seen.append((await client.get(f"/videos/{job}")).json()["status"])
                if seen[-1] == "completed":
                    break
                await asyncio.sleep(0.05)
            return seen, (await client.get(f"/videos/{job}/content")).content

    tape, ground = Tape(), callsheet_sandbox(api_key=KEY)
    with ground.serve() as url, recorded(tape, url):
        then = await shoot(url)
    again = played(tape, tmp_path)
    with no_network(), playing_from(again, Scrub()):
        assert await shoot("http://video.invalid/v1") == then
    assert not again.unplayed and not again.unexpected
    whole = contents(tmp_path)
    assert KEY.encode() not in whole and b"127.0.0.1" not in whole and b"authorization" not in whole.lower()
    assert then[1] in whole, "the clip is kept"


async def test_an_answer_that_never_came_is_silence_again(callsheet_sandbox: Make, tmp_path: Path) -> None:
    tape, ground = Tape(), callsheet_sandbox(scenario=["drop_after", "hang_after"], hang_seconds=3)

    async def buy(url: str) -> None:
        async with httpx.AsyncClient(base_url=url) as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await client.post("/videos", json=SHOT)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.4):
                    await client.post("/videos", json={**SHOT, "seconds": "8"})

    with ground.serve() as url, recorded(tape, url):
        await buy(url)
    assert [one.silence for one in tape.exchanges] == ["RemoteProtocolError", "TimeoutError"]
    with no_network(), playing_from(played(tape, tmp_path), Scrub()):
        await buy("http://video.invalid/v1")


async def test_what_is_asked_for_beyond_the_recording_is_named(callsheet_sandbox: Make, tmp_path: Path) -> None:
    tape, ground = Tape(), callsheet_sandbox()
    with ground.serve() as url, recorded(tape, url):
        async with httpx.AsyncClient(base_url=url) as client:
            await client.post("/videos", json=SHOT)
    again = played(tape, tmp_path)
    with no_network(), playing_from(again, Scrub()):
        async with httpx.AsyncClient(base_url="http://video.invalid/v1") as client:
            with pytest.raises(NotAsRecorded, match="other words"):
                await client.post("/videos", json={**SHOT, "prompt": "wide shot, a lake"})
            await client.post("/videos", json=SHOT)
            with pytest.raises(NotAsRecorded, match="recorded 1 times, and each was played"):
                await client.post("/videos", json=SHOT)
            with pytest.raises(NotAsRecorded, match="nothing was ever asked there"):
                await client.get("/elsewhere")
    assert len(again.unexpected) == 3
    assert "a lake" in again.unexpected[0] and "a beach" in again.unexpected[0], "the difference is shown"


async def test_takes_that_ask_the_very_same_thing_each_hear_their_own_answer(
    callsheet_sandbox: Make, tmp_path: Path
) -> None:
    """Two takes look through one list while it grows: whichever asks first in a replay, each sees what it saw then."""
    client: httpx.AsyncClient

    async def look(_payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"jobs": len((await client.get("/videos")).json()["data"])}

    first, second = (TakeOrder(run=RUN, order=order(take), money=PRICE).model_dump(mode="json") for take in (1, 2))
    tape, ground, looked = Tape(), callsheet_sandbox(), on_behalf(look)
    with ground.serve() as url, recorded(tape, url):
        async with httpx.AsyncClient(base_url=url) as client:
            then = [await looked(first)]
            await client.post("/videos", json=SHOT)
            then.append(await looked(second))
    assert then == [{"jobs": 0}, {"jobs": 1}]
    with no_network(), playing_from(played(tape, tmp_path), Scrub()):
        async with httpx.AsyncClient(base_url="http://video.invalid/v1") as client:
            assert [await looked(second), await looked(first)] == then[::-1]


async def test_the_running_code_hears_no_header_that_is_not_recorded(callsheet_sandbox: Make) -> None:
    """A moment that only the recording run knew could not be known again."""
    ground = callsheet_sandbox()
    with ground.serve() as url, recorded(Tape(), url):
        async with httpx.AsyncClient(base_url=url) as client:
            heard = await client.get("/models")
    assert "date" not in heard.headers and heard.headers["content-type"] == "application/json"


async def test_a_chat_model_answers_again_in_its_own_words(tmp_path: Path) -> None:
    from langchain_openai import ChatOpenAI
    from pydantic import BaseModel, SecretStr

    class Plan(BaseModel):
        line: str

    async def ask(url: str, key: str) -> list[Any]:
        import openai

        async with openai.DefaultAsyncHttpxClient() as client:
            chat = ChatOpenAI(model="m", base_url=url, api_key=SecretStr(key), max_retries=0, http_async_client=client)
            structured = chat.with_structured_output(Plan, method="json_schema", include_raw=True)
            said: list[Any] = [(await structured.ainvoke(f"shot {number}"))["parsed"] for number in (1, 2)]
            try:
                await structured.ainvoke("shot 3")
            except openai.APIStatusError as error:
                said.append(error.status_code)
            return said

    tape = Tape()
    with serving() as server, recording_to(tape, Scrub((KEY,), {server.url.split("/")[2]: "chat.invalid"})):
        server.answers = [{"content": json.dumps({"line": one})} for one in ("Run.", f"Not {KEY}.")] + [{"status": 503}]
        then = await ask(server.url, KEY)
    assert [one.status for one in tape.exchanges] == [200, 200, 503]
    again = played(tape, tmp_path)
    with no_network(), playing_from(again, Scrub()):
        now = await ask("http://chat.invalid/v1", "no-key")
    assert now[0] == then[0] and now[2] == then[2] == 503
    assert now[1].line == "Not scrubbed.", "a key in an answer is not kept either"
    assert not again.unplayed
