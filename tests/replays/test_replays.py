"""Each recording that is shipped replays to the byte, with no network; whatever is not as it was is found at once."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from replays.conftest import HERE, SAME_MACHINE, STORIES, answered

from callsheet.replay.evidence import read_entries
from callsheet.replay.exchange import Exchange, read_exchanges
from callsheet.replay.play import replay
from callsheet.replay.recording import LEDGER, load_outcome, load_recording
from callsheet.storage.export import prove_export

Tamper = Callable[[str, Callable[[list[Exchange]], object]], Path]
KEYS = {
    "a key": rb"\bsk-[A-Za-z0-9-]{12,}|\bAKIA[0-9A-Z]{12,}|\bAIza[\w-]{20,}|\bkey-[0-9a-f]{16,}",
    "a bearer": rb"(?i)\bbearer\s+(?!scrubbed)\S",
    "a header with a key or an account": rb"(?i)authorization|x-api-key|set-cookie|openai-organization|x-goog-api",
    "a key in an address or a body": rb"(?i)\bapi[_-]?key[\"']?\s*[=:]\s*[\"']?(?!scrubbed)\w",
    "a token or a secret": rb"(?i)(?:(?:access|refresh|id|auth)[_-]?token|client[_-]?secret|secret[_-]?key|password)"
    rb"\\?[\"']?\s*[=:]\s*\\?[\"']?(?!scrubbed)\w",
    "a token of a known form": rb"\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-\w{8,}|hf_[A-Za-z0-9]{20,}|"
    rb"eyJ[\w-]{10,}\.eyJ)",
    "the signature of an address": rb"(?i)[?&](?:sig|signature|token|x-amz-[a-z-]+|x-goog-[a-z-]+)=(?!scrubbed)",
    "an address of this machine": rb"127\.0\.0\.1|localhost",
    "a private key": rb"-----BEGIN [A-Z ]*PRIVATE KEY",
}


@SAME_MACHINE
@pytest.mark.parametrize("story", STORIES)
async def test_a_recording_replays_to_the_byte(story: str) -> None:
    found = await replay(HERE / story)
    assert not found.problems, "\n".join(found.problems)
    expected = load_outcome(HERE / story)
    assert found.runs == expected.runs
    assert found.exchanges == expected.exchanges
    with (HERE / story / LEDGER).open("rb") as lines:
        proved = {one.run: one.head for one in prove_export(lines).runs}
    assert {name: proved[name] for name in found.heads} == dict(found.heads)


def test_the_stories_are_those_that_are_promised() -> None:
    assert {"house", "faults", "chat"} <= set(STORIES)
    told = load_recording(HERE / "faults")
    assert told.faults == ("429:1", "drop_after", "500_before", "poll_5xx:1", "500_after")
    assert [one.status for one in load_outcome(HERE / "faults").runs] == ["rejected", "finished"]
    exchanges = read_exchanges(HERE / "faults")
    assert all(load_recording(HERE / story).made_with["machine"] == "Linux x86_64" for story in STORIES)
    assert {429, 500} <= {one.status for one in exchanges}
    assert any(one.silence for one in exchanges), "an answer was lost"
    ledger = read_entries((HERE / "faults" / LEDGER).read_bytes().splitlines(keepends=True))
    kinds = [entry.body["kind_of_gate"] for entry in ledger if entry.kind == "GateOpened"]
    assert kinds == ["greenlight", "greenlight", "greenlight", "release", "topup", "release"], "edited, and shot again"


def test_the_chat_run_was_planned_by_a_model_and_by_nobody_else() -> None:
    told = read_entries((HERE / "chat" / LEDGER).read_bytes().splitlines(keepends=True))
    model = load_recording(HERE / "chat").settings["chat_model"]
    drafted = [entry.body for entry in told if entry.kind == "StoryboardDrafted"]
    assert [(one["by"], one["prompt"].partition("@")[0]) for one in drafted] == [(model, "director/outline")]
    asked = [one for one in read_exchanges(HERE / "chat") if one.uri.startswith("http://chat.invalid/")]
    written = [entry.body for entry in told if entry.kind == "WordsWritten"]
    assert len(asked) == sum(one["attempts"] for one in written) > len(written), "some of it was asked for again"
    assert not [entry for entry in told if entry.kind == "GateOpened" and entry.body["kind_of_gate"] == "writer"]


async def test_one_tampered_answer_fails_at_the_event_that_came_of_it(tampered: Tamper) -> None:
    def shorten(exchanges: list[Exchange]) -> None:
        number = _last_look(exchanges, "[shot.2]")
        exchanges[number] = answered(exchanges[number], b'"seconds":"4"', b'"seconds":"3"')

    folder = tampered("house", shorten)
    found = await replay(folder)
    departure = found.departure
    assert departure is not None
    exchanges = read_exchanges(folder)
    assert departure.chain == _chain_of(exchanges, "[shot.2]")
    assert departure.kind == "TakeStored"
    ((name, then, now),) = departure.fields
    assert (name, then.split(":")[0], now.split(":")[0]) == ("the event", "TakeStored", "PurchaseMoved")
    assert "the provider made 3 s, ordered were 4 s" in now
    assert departure.exchange is not None and exchanges[departure.exchange - 1].path.endswith("/content")
    assert not found.is_same and str(departure) == found.problems[0]


async def test_other_bytes_of_a_clip_are_another_take(tampered: Tamper) -> None:
    def swap(exchanges: list[Exchange]) -> None:
        first, second = (_index(exchanges, lambda one, p=p: _is_fetch(one, _chain_of(exchanges, p))) for p in _SHOTS)
        exchanges[first] = replace(exchanges[first], answer=exchanges[second].answer)

    found = await replay(tampered("house", swap))
    assert found.departure is not None and found.departure.kind == "TakeStored"
    assert found.departure.fields[0][0] == "media"
    assert any("a scan of shot.1" in one and "is not in the recording" in one for one in found.problems)
    assert any("the signature of" in one for one in found.problems), "what was signed then fits no other film"


@SAME_MACHINE
async def test_an_exchange_that_nobody_asks_for_fails(tampered: Tamper) -> None:
    def add(exchanges: list[Exchange]) -> None:
        exchanges.append(replace(exchanges[0], uri="http://video.invalid/v1/models?again=1"))

    found = await replay(tampered("house", add))
    last = load_outcome(HERE / "house").exchanges + 1
    assert found.problems == (f"exchange {last} was recorded and never asked for: GET /v1/models -> 200",)


async def test_an_exchange_that_is_missing_fails_and_is_named(tampered: Tamper) -> None:
    def drop(exchanges: list[Exchange]) -> None:
        del exchanges[_index(exchanges, lambda one: _is_fetch(one, _chain_of(exchanges, "[shot.1]")))]

    found = await replay(tampered("house", drop))
    assert any("/content was asked for and is not in the recording" in one for one in found.problems)
    assert found.departure is not None and found.departure.chain == _chain_of(
        read_exchanges(HERE / "house"), "[shot.1]"
    )


@SAME_MACHINE
async def test_takes_that_finish_in_another_order_are_the_same_run() -> None:
    exchanges = read_exchanges(HERE / "house")
    ledger = read_entries((HERE / "house" / LEDGER).read_bytes().splitlines(keepends=True))
    was = [entry.chain for entry in ledger if entry.kind == "TakeStored"]
    first = next(one for one in exchanges if one.take == was[0] and one.method == "GET" and "/videos/" in one.path)
    held = first.path.split("/")[3]

    async def hold(job: str, _seconds: float) -> None:
        await asyncio.sleep(1.5 if job == held else 0)

    found = await replay(HERE / "house", hold=hold)
    now = [entry.chain for entry in found.entries if entry.kind == "TakeStored"]
    assert now == was[::-1], "the take that came first was held back"
    assert found.is_same, "\n".join(found.problems)


def test_no_key_and_no_address_of_anybody_is_in_any_recording() -> None:
    looked = 0
    for path in sorted(one for story in STORIES for one in (HERE / story).rglob("*") if one.is_file()):
        data = path.read_bytes()
        looked += 1
        for what, pattern in KEYS.items():
            assert not (seen := re.search(pattern, data)), f"{path.relative_to(HERE)} holds {what}: {seen}"
    assert looked > 10


@pytest.mark.parametrize(
    "planted",
    [
        b"Authorization: Bearer abc",
        b"api_key: 'x1'",
        b"https://cdn.example/a.mp4?X-Amz-Signature=ab",
        b"sk-proj-0123456789ab",
        b"set-cookie: a=b",
        b'{"access_token": "abc"}',
        rb"{\"client_secret\": \"abc\"}",
        b"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0",
        b"http://127.0.0.1:8000/v1",
    ],
)
def test_the_search_for_keys_finds_one(planted: bytes) -> None:
    assert any(re.search(pattern, planted) for pattern in KEYS.values())


_SHOTS = ("[shot.1]", "[shot.2]")


def _index(exchanges: list[Exchange], wanted: Callable[[Exchange], bool]) -> int:
    return next(number for number, one in enumerate(exchanges) if wanted(one))


def _chain_of(exchanges: list[Exchange] | tuple[Exchange, ...], prompt: str) -> str:
    return next(one.take for one in exchanges if one.method == "POST" and prompt.encode() in one.question)


def _is_fetch(one: Exchange, chain: str) -> bool:
    return one.take == chain and one.path.endswith("/content")


def _last_look(exchanges: list[Exchange], prompt: str) -> int:
    chain = _chain_of(exchanges, prompt)
    return max(n for n, one in enumerate(exchanges) if one.take == chain and b'"completed"' in one.answer)
