"""Over a real connection: a chat model directs shot by shot, and the schema of each call leaves it no wrong choice."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from contracts.chat_server import Server, serving

from callsheet.agents.director import Director
from callsheet.tools.intake import read_campaign
from callsheet.tools.writer import ChatWriter, Written

pytestmark = pytest.mark.loopback
DAY = date(2026, 11, 22)
SHOT = {
    "subject": "a woman in a green coat", "action": "ties her laces", "setting": "a bridge", "sound": "water",
    "framing": "wide shot", "movement": "pan left", "light": "dawn light", "product": "shown", "cameo": "none",
}  # fmt: skip
OUTLINE = {
    "title": "Before work", "idea": "A walk gets longer.", "hero": "a woman in a green coat", "place": "a bridge",
    "shots": ["She stops on the bridge.", "She walks on."],
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def schema_of(asked: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = asked["response_format"]["json_schema"]["schema"]
    return found


async def test_a_wrong_shot_is_repaired_alone_and_unknown_ids_are_not_on_offer(pocket: Path, server: Server) -> None:
    campaign = read_campaign(pocket, DAY).campaign
    claim = campaign.claims[0].id
    panels = {
        "captions": ["Again so early?", ""], "call_to_action": "Come along", "opens_with": 1,
        "callouts": [{"shot": 2, "show": claim}],
    }  # fmt: skip
    answers = [OUTLINE, {**SHOT, "subject": "a schoolboy"}, SHOT, {**SHOT, "framing": "close-up"}, panels]
    server.answers = [{"content": json.dumps(one)} for one in answers]
    heard: list[Written[Any]] = []
    director = Director(ChatWriter(server.url, "key", "model-x"), lambda: DAY, heard.append)
    board = await director.plan(campaign)

    assert [one.attempts for one in heard] == [1, 2, 1, 1]
    assert [shot.subject for shot in board.shots] == ["a woman in a green coat"] * 2
    assert len(server.asked) == 5
    repair = str(server.asked[2]["messages"])
    assert "draft.child" in repair
    assert "schoolboy" in repair
    assert "schoolboy" not in str([server.asked[at]["messages"] for at in (3, 4)])
    assert "wide shot" not in schema_of(server.asked[3])["properties"]["framing"]["enum"]
    offered = schema_of(server.asked[4])["$defs"]["CalloutLine"]["properties"]["show"]["enum"]
    assert sorted(offered) == sorted(["f1", "f2", claim])
    assert [panel.callout.claim if panel.callout else None for panel in board.variants[0].panels] == [None, claim]


async def test_every_call_of_a_plan_begins_with_the_same_words(pocket: Path, server: Server) -> None:
    """Local servers read a prompt at walking pace and keep what was read: what stays the same comes first."""
    campaign = read_campaign(pocket, DAY).campaign
    panels = {"captions": ["", ""], "call_to_action": "Go", "opens_with": 1, "callouts": [{"shot": 2, "show": "f1"}]}
    answers = [OUTLINE, SHOT, {**SHOT, "framing": "close-up"}, panels]
    server.answers = [{"content": json.dumps(one)} for one in answers]
    await Director(ChatWriter(server.url, "key", "model-x"), lambda: DAY).plan(campaign)
    shots = [one["messages"] for one in server.asked[1:3]]
    assert shots[0][0] == shots[1][0] == server.asked[0]["messages"][0] == server.asked[3]["messages"][0]
    first, second = (str(one[1]["content"]) for one in shots)
    shared = next(at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other)
    assert shared > 0.8 * len(first)
