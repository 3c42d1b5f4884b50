"""A chat model may direct: what it writes passes the same rules, and what it costs is in the ledger."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from contracts.chat_server import Server, serving

from callsheet import Callsheet, Settings
from callsheet.agents.house.planner import draft_storyboard
from callsheet.domain.storyboard import Storyboard
from callsheet.storage.ledger import entries
from callsheet.tools.intake import read_campaign

pytestmark = pytest.mark.loopback
FREE = {"chat_price_in": Decimal(0), "chat_price_out": Decimal(0)}
LIE = "The best shoe in the world, 50% lighter than any other"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


async def test_a_model_directs_and_cannot_claim_what_nobody_approved(
    pocket: Path, settings: Settings, server: Server
) -> None:
    draft = draft_storyboard(read_campaign(pocket, date(2026, 11, 22)).campaign, date(2026, 11, 22), frozenset(), "")
    first = draft.variants[0]
    lying = first.model_copy(update={"panels": tuple(p.model_copy(update={"caption": LIE}) for p in first.panels)})
    server.answers = [
        {"content": draft.model_copy(update={"variants": (lying,)}).model_dump_json()},
        {"content": draft.model_dump_json()},
    ]
    asked = {"chat_url": server.url, "chat_model": "model-x", "chat_whole": True, "chat_review": "off", **FREE}
    async with Callsheet.open(settings.model_copy(update=asked)) as callsheet:
        run = await callsheet.start(pocket)
        status = await run.go_on()
        assert status.status == "waiting", status.reason
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        drafted = next(entry.body for entry in ledger if entry.kind == "StoryboardDrafted")
        assert (drafted["by"], drafted["input_tokens"], drafted["output_tokens"]) == ("model-x", 22, 14)
        storyboard = await callsheet.studio.crew.archive.load(Storyboard, drafted["storyboard"])
        assert LIE not in storyboard.model_dump_json()
    assert len(server.asked) == 2
    assert "50%" in str(server.asked[1]["messages"]), "the model is told exactly what was wrong"
