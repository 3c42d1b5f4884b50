"""`callsheet takes` says of every take whether it exists and may be used again, and if not, exactly why."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from unit.cli.conftest import NOW, Open, workspace

from callsheet.cli.adoption import plan_of_run, reference_of
from callsheet.cli.app import build
from callsheet.cli.workspace import media_store
from callsheet.domain.budget import Allowance
from callsheet.domain.cameo import Cameo, Release, Use
from callsheet.domain.cut import Media
from callsheet.domain.event import CallSheetDrawn, CutAssembled, PurchaseIntended, TakesCircled
from callsheet.domain.gate import Decision, Gate
from callsheet.domain.identity import (
    CameoId,
    Digest,
    GateId,
    PlacementId,
    ReleaseId,
    RunId,
    ShotId,
    TakeId,
    VariantId,
)
from callsheet.domain.money import Money, nothing
from callsheet.domain.principal import Principal
from callsheet.domain.purchase import Order, Step
from callsheet.domain.record import digest_of
from callsheet.domain.run import Run
from callsheet.domain.showing import Showing
from callsheet.domain.storyboard import CallSheet, Storyboard
from callsheet.domain.take import Take
from callsheet.graphs.shoot import orders_at
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import gate as gates
from callsheet.storage import purchase as journal
from callsheet.storage import stop as stops
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.tools.intake import read_campaign


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(build(), [str(word) for word in words])


def told(*words: str | Path) -> dict[str, Any]:
    result = call("takes", *words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def draw(run: Run) -> tuple[Order, ...]:
    """Cast the run's storyboard, approve it, and say what it asks for."""
    for path in read_campaign(Path(run.folder), NOW.date()).files.values():
        media_store().keep(path)

    def write(tx: Transaction) -> None:
        gate = gates.gates_of(tx, run.id)[0]
        board = document.fetch(tx, Storyboard, document.fetch(tx, Showing, gate.shown).storyboard)
        kept = document.keep(tx, CallSheet(storyboard=board.digest, shots=board.shots))
        record(tx, run.id, CallSheetDrawn(call_sheet=kept, storyboard=board.digest))
        allowance = Allowance(seconds=100, money=Money(amount=nothing().amount))
        asked = Gate(
            id=GateId(f"more.{run.id}"),
            run=run.id,
            kind="greenlight",
            round=0,
            shown=gate.shown,
            allowance=allowance,
            opened_at=NOW,
        )
        gates.open_gate(tx, asked)
        by = Principal(name="Dana")
        gates.decide(tx, Decision(gate=asked.id, answer="approve", by=by, shown=gate.shown, note="", edits={}, at=NOW))

    def plan(tx: Transaction) -> tuple[Order, ...]:
        drawn = plan_of_run(tx, run)
        return orders_at(tx, "default", drawn.campaign, drawn.sheet, reference_of(drawn))

    database = workspace()
    database.write_now(write)
    found = database.read_now(plan)
    database.close()
    return found


def buy(run: Run, order: Order, *steps: Step, reason: str = "") -> None:
    """Take a purchase through these steps; one that is stored gets its take."""

    def write(tx: Transaction) -> None:
        journal.reserve(tx, run.id, order, nothing())
        event = PurchaseIntended(
            purchase=order.key,
            attempt=1,
            prompt=digest_of(order.prompt),
            references=(),
            size=order.size,
            provider=order.provider,
            model=order.model,
        )
        journal.intend(tx, event)
        for step in steps:
            journal.move(tx, order.key, step, job=f"job-{order.shot}-{order.take}", reason=reason)
        if steps[-1] == "store":
            takes.keep(tx, take_of(order))

    database = workspace()
    database.write_now(write)
    database.close()


def take_of(order: Order) -> Take:
    media = Media(
        digest=media_store().keep_bytes(order.key.encode()),
        media_type="video/mp4",
        width=160,
        height=284,
        frames=96,
        rate=24,
    )
    return Take(
        id=TakeId(f"{order.shot}.take{order.take}"),
        shot=ShotId(order.shot),
        number=order.take,
        purchase=order.key,
        provider=order.provider,
        model=order.model,
        job="job",
        prompt=digest_of(order.prompt),
        media=media,
        seconds=order.seconds,
        price=nothing(),
        previz=True,
        stored_at=NOW,
    )


def test_without_a_workspace_a_folder_misses_everything_and_nothing_is_made(here: Path) -> None:
    assert "No take was ever asked for" in call("takes", "--all").stdout
    assert (call("takes").exit_code, call("takes", "nowhere").exit_code) == (6, 6)
    assert call("takes", "x", "--all").exit_code == 2
    assert call("new", "x", "--pocket").exit_code == 0
    shown = call("takes", "x")
    assert "x asks for 2 takes: 0 hits, 2 misses" in shown.stdout
    assert shown.stdout.count("never asked for") == 2
    assert [one.name for one in here.iterdir()] == ["x"]


def test_a_run_that_has_cast_nothing_yet_says_so(open_run: Open) -> None:
    open_run("spring")
    refused = call("takes", "spring-1")
    assert (refused.exit_code, "no call sheet yet" in refused.stderr) == (6, True)


def test_a_hit_shows_where_it_is_and_a_miss_what_is_in_the_way(open_run: Open) -> None:
    run = open_run("spring")
    here, there = draw(run)
    buy(run, here, "accept", "complete", "store")
    buy(run, there, "accept")
    shown = call("takes").stdout
    assert "spring-1 asks for 2 takes: 1 hit, 1 miss" in shown
    assert "it is still rendering at the provider; job job-shot.2-1; bought by spring-1" in shown
    document = told("spring-1")
    assert (document["hits"], document["misses"]) == (1, 1)
    hit, miss = document["takes"]
    assert Path(hit["file"]).read_bytes() == here.key.encode()
    assert hit["file"][-60:] in shown.replace("\n", "")
    assert (hit["verdict"]["kind"], hit["bill"]["seconds"], hit["job"]) == ("hit", 4, "job-shot.1-1")
    assert (miss["verdict"]["cause"], miss["state"], miss["bill"], miss["file"]) == ("no_take", "submitted", None, None)


def test_a_folder_finds_the_takes_of_a_run_and_names_what_differs(open_run: Open, here: Path) -> None:
    run = open_run("spring")
    for order in draw(run):
        buy(run, order, "accept", "complete", "store")
    assert told("spring")["hits"] == 2
    brief = here / "spring" / "campaign.yaml"
    brief.write_text(brief.read_text() + "takes: 2\n")
    shown = call("takes", "spring").stdout
    assert "spring asks for 4 takes: 2 hits, 2 misses" in shown
    assert "unlike shot.1 take 1 of spring-1: take: 1 is now 2" in " ".join(shown.split())


def test_a_take_paid_for_in_vain_is_shown_before_the_one_asked_for_in_its_place(open_run: Open) -> None:
    run = open_run("spring")
    first, second = draw(run)
    buy(run, second, "accept", "complete", "store")
    buy(run, first, "accept", "complete", "reject", reason="the picture is black")
    document = told()
    assert (document["hits"], document["misses"]) == (1, 1)
    rows = document["takes"]
    assert [(one["shot"], one["take"], one["is_passed_over"]) for one in rows] == [
        ("shot.1", 1, True),
        ("shot.1", 2, False),
        ("shot.2", 1, False),
    ]
    assert rows[0]["bill"]["seconds"] == 4
    said = "shot.1 take 1 of spring-1: it was paid for and cannot be used: the picture is black"
    assert rows[1]["verdict"]["reasons"] == [said]


def test_what_was_circled_and_cut_is_named_as_of_the_last_word(open_run: Open) -> None:
    run = open_run("spring")
    first, second = draw(run)
    for order in (first, second):
        buy(run, order, "accept", "complete", "store")
    one, other = take_of(first), take_of(second)

    def write(tx: Transaction) -> None:
        record(tx, run.id, TakesCircled(takes=((one.shot, one.id), (other.shot, other.id))))
        for cut in ((one.id, other.id), (one.id,)):
            event = CutAssembled(
                cut=Digest("c" * 64),
                storyboard=Digest("d" * 64),
                variant=VariantId("a"),
                placement=PlacementId("pocket"),
                takes=cut,
            )
            record(tx, run.id, event)

    database = workspace()
    database.write_now(write)
    database.close()
    rows = told()["takes"]
    assert [row["circled_in"] for row in rows] == [["spring-1"], ["spring-1"]]
    assert [row["cuts"] for row in rows] == [[{"run": "spring-1", "cut": "a, pocket"}], []], (
        "the latest cut left it out"
    )
    assert "circled in spring-1; in 1 cut of spring-1" in " ".join(call("takes").stdout.split())


def test_all_lists_every_take_of_every_run(open_run: Open) -> None:
    run = open_run("spring")
    first, second = draw(run)
    buy(run, first, "accept", "complete", "store")
    buy(run, second, "lose", reason="no answer")
    shown = call("takes", "--all").stdout
    assert "2 takes of 1 run" in shown
    assert [one["state"] for one in json.loads(call("takes", "--all", "--json").stdout)] == ["settled", "ambiguous"]


def test_the_workspace_is_asked_at_that_moment(open_run: Open) -> None:
    """Release, word to stop and licence are read in the transaction that would use the take."""
    run = open_run("spring")
    first, _ = draw(run)
    buy(run, first, "accept", "complete", "store")
    signed = Release(id=ReleaseId("r1"), starts=NOW - timedelta(days=1), ends=NOW + timedelta(days=1))
    mara = Cameo(id=CameoId("mara"), name="Mara", releases=(signed,))
    take = take_of(first).model_copy(update={"cameo": mara.id})
    use = Use(media=("pocket",), territories=("US",))
    database = workspace()

    def judged(cameo: CameoId | None = mara.id) -> str:
        verdict = database.read_now(lambda tx: takes.judged(tx, take, cameo, use))
        return verdict.kind if verdict.kind == "hit" else verdict.cause

    assert judged() == "release", "nobody of that id is known yet"
    database.write_now(lambda tx: people.seed(tx, (mara,)))
    assert judged() == "hit"
    assert judged(None) == "cast"
    database.write_now(lambda tx: people.revoke(tx, mara.id, signed.id, "she asked us to"))
    assert judged() == "release"
    database.write_now(lambda tx: stops.say(tx, f"take:{first.key}", "cancel"))
    assert judged() == "called_off"
    terms = database.read_now(lambda tx: takes.terms_of(tx, run.id))
    assert terms is not None and terms.name == "sandbox"
    assert database.read_now(lambda tx: takes.terms_of(tx, RunId("unknown"))) is None
    database.close()


@pytest.mark.parametrize("wide", [60, 80])
def test_on_a_terminal_only_a_path_is_longer_than_a_line(
    open_run: Open, monkeypatch: pytest.MonkeyPatch, wide: int
) -> None:
    from callsheet.cli.console import Console

    run = open_run("spring")
    first, second = draw(run)
    buy(run, first, "accept", "complete", "store")
    buy(run, second, "accept", "fail", reason="the provider broke down while it was drawing " * 4)
    monkeypatch.setattr(Console, "width", property(lambda self: wide))
    long = [line for line in call("takes").stdout.splitlines() if len(line) > wide]
    assert all(line.strip().startswith(".callsheet") for line in long)
