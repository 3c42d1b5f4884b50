"""A trace tells what the ledger of one run alone cannot: where an adopted take was bought, and what holds now."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from unit.studio import lamp
from unit.studio.fixture import RUN, Played, play

from callsheet.domain.event import CallSheetDrawn, RunStarted, TakeAdopted
from callsheet.domain.identity import CameoId, Digest, RunId, ShotId
from callsheet.domain.run import Run
from callsheet.storage import cameo as people
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.studio.production import trace_in

LATER = RunId("summer-1")


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Played]:
    found = play(tmp_path)
    yield found
    found.database.close()


def adopt(tx: Transaction, played: Played) -> None:
    """A later run uses a take that the first one bought."""
    some = Digest("a" * 64)
    run = Run(id=LATER, campaign="summer", bundle=some, folder="summer", out="out", started_at=tx.now)
    runs.start(tx, run, RunStarted(bundle=some, campaign="summer", provider="p", model="m", policy="people", seed=0))
    record(tx, LATER, CallSheetDrawn(call_sheet=some, storyboard=Digest("b" * 64)))
    take = played.takes["shot.2"]
    record(tx, LATER, TakeAdopted(purchase=take.purchase, take=take.id, shot=ShotId("shot.2")))


async def test_an_adopted_take_is_traced_to_the_purchase_in_the_run_that_made_it(played: Played) -> None:
    await played.database.write(lambda tx: adopt(tx, played))
    take = played.takes["shot.2"]
    found = await trace_in(played.database, take.id, LATER)
    purchase = next(step for step in found.upstream if step.kind == "purchase")
    assert f"bought in the run {RUN}" in purchase.details
    assert any(fact.startswith("prompt ") for fact in purchase.details)
    assert "existed already, nothing was bought" in found.thing.details
    assert {"gate", "decision"} & {step.kind for step in found.upstream} == set()
    own = await trace_in(played.database, take.id, RUN)
    assert not any("bought in the run" in str(step) for step in own.upstream)


async def test_a_release_says_how_it_stands_now(played: Played) -> None:
    before = await trace_in(played.database, lamp.RELEASE)
    assert any(fact.startswith("in force, until ") for fact in before.thing.details)
    await played.database.write(lambda tx: people.revoke(tx, CameoId("ines"), lamp.RELEASE, "her word"))
    after = await trace_in(played.database, lamp.RELEASE)
    assert [fact for fact in after.thing.details if fact.startswith("revoked on 2026-11-20")]
    assert not any(fact.startswith("in force") for fact in after.thing.details)


async def test_every_step_says_when(played: Played) -> None:
    lines = (await trace_in(played.database, played.files[1].file)).lines()
    told = [line for line in lines if "─ " in line and "see above" not in line]
    assert len(told) > 10
    assert [line for line in told if not line[-16:].startswith("2026-11-20 ")] == []
