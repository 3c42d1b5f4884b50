"""Gates hold: nobody's word, an old word and no word at all move nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from callsheet import Callsheet, Settings, build_campaign_graph
from callsheet.domain.error import Refused
from callsheet.domain.identity import CameoId, GateId, ReleaseId
from callsheet.storage import cameo as people
from callsheet.storage import gate as gates
from callsheet.storage.ledger import entries
from callsheet.tools.intake import write_example


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("reply", ["approve", {"type": "accept"}, {"decisions": [{"type": "approve"}]}])
async def test_a_reply_that_nobody_authenticated_is_a_proposal_and_buys_nothing(
    pocket: Path, settings: Settings, reply: Any
) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        graph = build_campaign_graph(callsheet.studio.crew).compile(checkpointer=InMemorySaver())
        thread: Any = {"configurable": {"thread_id": run.id}}
        asked = await graph.ainvoke({"run": run.id, "campaign": (await run.status()).bundle}, thread, version="v2")
        question = asked.interrupts[0]
        again = await graph.ainvoke(Command(resume={question.id: reply}), thread, version="v2")
        gate = GateId(question.value["gate"])
        assert again.interrupts[0].value["gate"] == gate, "the same gate is asked about again"
        proposals = await callsheet.studio.database.read(lambda tx: gates.decisions(tx, gate, "proposal"))
        assert [one.answer for one in proposals] == ["approve"]
        assert (await run.costs()).seconds_held == 0

        await run.decide("approve", by="Dana")
        done = await graph.ainvoke(Command(resume={again.interrupts[0].id: {"gate": gate}}), thread, version="v2")
        assert done.interrupts[0].value["gate"].startswith("release")


async def test_an_unanswered_gate_expires_buys_nothing_and_is_asked_again(pocket: Path, settings: Settings) -> None:
    clock = Clock()
    hourly = settings.model_copy(update={"gate_hours": 1})
    async with Callsheet.open(hourly, clock=clock) as callsheet:
        run = await callsheet.start(pocket)
        assert (await run.go_on()).status == "waiting"
        first = await run.gate()
        clock.now += timedelta(hours=2)
        assert (await run.go_on()).status == "expired"
        assert (await run.costs()).seconds_purchased == 0
        clock.now += timedelta(minutes=1)
        assert (await run.go_on()).status == "waiting"
        second = await run.gate()
        assert first is not None and second is not None
        assert second.gate.id != first.gate.id
        await run.decide("approve", by="Dana")
        assert (await run.go_on()).status == "waiting"
        assert (await run.costs()).seconds_purchased == 8


async def test_a_release_that_ends_before_the_shoot_keeps_the_person_out_of_it(
    tmp_path: Path, settings: Settings
) -> None:
    """The greenlight was given; then the person took the permission back: the film without them is asked about."""
    folder = tmp_path / "runner"
    write_example(folder, "runner")
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(folder)
        await run.go_on()
        gate = await run.gate()
        assert gate is not None and any("under release" in notice for notice in gate.showing.notices)
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        roles = next(entry.body["roles"] for entry in ledger if entry.kind == "CallSheetDrawn")
        cast = {role[0] for role in roles}
        cameo, release = CameoId(roles[0][1]), ReleaseId(roles[0][2])
        await run.decide("approve", by="Dana")
        await callsheet.studio.database.write(lambda tx: people.revoke(tx, cameo, release, "asked by the athlete"))
        status = await run.go_on()
        assert status.status == "waiting"
        again = await run.gate()
        assert again is not None and again.gate.kind == "greenlight"
        assert any("consent ended" in notice for notice in again.showing.notices)
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        intended = {entry.body["purchase"] for entry in ledger if entry.kind == "PurchaseIntended"}
        reserved = {entry.body["purchase"]: entry.body["shot"] for entry in ledger if entry.kind == "SecondsReserved"}
        assert not cast & {reserved[purchase] for purchase in intended}, "no render with the person was asked for"
        assert (await run.costs()).seconds_held == 0


async def test_an_edit_that_breaks_a_claim_is_refused_while_it_can_be_corrected(
    pocket: Path, settings: Settings
) -> None:
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        with pytest.raises(Refused, match="50%"):
            await run.decide("edit", by="Dana", edits={"shot.1.caption": "Now 50% lighter than before"})
        gate = await run.gate()
        assert gate is not None and gate.gate.kind == "greenlight"


async def test_at_dailies_a_person_chooses_among_the_takes(pocket: Path, settings: Settings) -> None:
    brief = pocket / "campaign.yaml"
    brief.write_text(brief.read_text(encoding="utf-8") + "takes: 2\ndailies: true\n", encoding="utf-8")
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        await run.go_on()
        await run.decide("approve", by="Dana")
        await run.go_on()
        dailies = await run.gate()
        assert dailies is not None and dailies.gate.kind == "dailies"
        assert [(one.shot, one.number) for one in dailies.showing.takes] == [
            ("shot.1", 1), ("shot.1", 2), ("shot.2", 1), ("shot.2", 2),
        ]  # fmt: skip
        passed_over = next(one for one in dailies.showing.takes if one.shot == "shot.1" and not one.circled)
        await run.decide("edit", by="Dana", edits={"shot.1.take": str(passed_over.number)})
        assert (await run.go_on()).status == "waiting"
        ledger = await callsheet.studio.database.read(lambda tx: entries(tx, run.id))
        circled = dict(next(entry.body["takes"] for entry in ledger if entry.kind == "TakesCircled"))
        assert circled["shot.1"] == passed_over.take
        assert (await run.costs()).seconds_purchased == 16


@pytest.mark.parametrize(
    ("key", "words", "why"),
    [
        ("end_card.legal", "Clinically proven to cure back pain", "claims: health"),
        ("end_card.url", "best-shoe-ever.example", "claims: superlative"),
        ("shot.1.caption", "\U00013080 today", "the typeface cannot draw '\U00013080'"),
        ("shot.1.caption", "Made with recycled yarn", "quote it as a callout"),
        ("shot.1.subject", "mara kline, laughing", "describes mara"),
        ("shot.1.subject", "a woman with a silver braid in the rain", "describes mara"),
    ],
)
async def test_words_that_may_not_run_are_refused_before_anything_is_paid(
    pocket: Path, settings: Settings, key: str, words: str, why: str
) -> None:
    brief = pocket / "campaign.yaml"
    text = brief.read_text(encoding="utf-8")
    text = text.replace("    substantiation: Yarn", "    disclosure: Upper only.\n    substantiation: Yarn")
    person = "cameos:\n  - { id: mara, name: Mara Kline, description: a woman with a silver braid, releases: [] }\n"
    brief.write_text(text + person, encoding="utf-8")
    async with Callsheet.open(settings) as callsheet:
        run = await callsheet.start(pocket)
        assert (await run.go_on()).status == "waiting"
        with pytest.raises(Refused, match=why):
            await run.decide("edit", by="Dana", edits={key: words})
        assert (await run.costs()).seconds_purchased == 0
