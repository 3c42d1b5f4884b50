"""Whatever anybody writes freely into an event, no name of a person the workspace knows gets into the ledger."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import callsheet.domain as room
from callsheet.domain.cameo import Cameo
from callsheet.domain.event import GateDecided, PurchaseMoved
from callsheet.domain.identity import CameoId, Digest, PurchaseKey, RunId
from callsheet.domain.ledger import Event, free_text, verify
from callsheet.storage import cameo as people
from callsheet.storage import ledger
from callsheet.storage.database import Database, Transaction

RUN = RunId("r1")
SAID = "Mara Olsen's agent asked; mara_olsen, Mara and 山田花子さん too; mara-olsen"
KEPT = "M. O.'s agent asked; M. O., M. and 山.さん too; mara-olsen"
FREE = {
    "PlanCleared": ("notes",),
    "PlanReturned": ("findings",),
    "GateDecided": ("edits",),
    "PurchaseMoved": ("reason",),
    "TakeStored": ("not_scanned", "watermark"),
    "SecondsReleased": ("reason",),
    "CutCleared": ("notes",),
    "CutReturned": ("findings",),
    "DeliverableFinished": ("watermark",),
    "CredentialsVerified": ("objections", "notes"),
    "TakenDown": ("reason",),
    "RunWrapped": ("reason",),
    "TakeScanned": ("not_scanned", "stops", "notes"),
}
"""Which fields of which event hold free text: whoever adds an event decides here what of it anybody may write."""


def kinds() -> list[type[Event]]:
    for one in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        importlib.import_module(one.name)
    found = [one for one in Event.__subclasses__() if one.__module__.startswith(room.__name__)]
    return sorted(found, key=lambda one: one.kind())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A workspace that knows two people."""
    found = Database(f"sqlite:///{tmp_path / 'w.db'}", "w", lambda: datetime(2026, 11, 1, tzinfo=UTC))

    def write(tx: Transaction) -> None:
        people.seed(tx, (Cameo(id=CameoId("mara-olsen"), name="Mara Olsen"), Cameo(id=CameoId("h"), name="山田花子")))

    found.write_now(write)
    yield found
    found.close()


def test_every_event_says_what_of_it_is_free_text() -> None:
    assert {one.kind(): free_text(one) for one in kinds() if free_text(one)} == FREE


@pytest.mark.parametrize("kind", [one for one in kinds() if free_text(one)], ids=lambda one: one.kind())
def test_no_free_text_of_any_event_names_anybody(database: Database, kind: type[Event]) -> None:
    hints = get_type_hints(kind)
    said: dict[str, Any] = {one: (SAID, "as it was") if get_args(hints[one]) else SAID for one in free_text(kind)}
    entry = database.write_now(lambda tx: ledger.record(tx, RUN, kind.model_construct(**said)))
    for field, before in said.items():
        assert entry.body[field] == (KEPT if before == SAID else [KEPT, "as it was"])
    assert "Mara" not in entry.model_dump_json() and "花子" not in entry.model_dump_json()
    verify(database.read_now(lambda tx: ledger.entries(tx, RUN)))


def test_what_is_no_free_text_is_written_as_it_is(database: Database) -> None:
    moved = PurchaseMoved(purchase=PurchaseKey("k"), step="fail", state="failed", job="Mara Olsen", reason="Mara Olsen")
    body = database.write_now(lambda tx: ledger.record(tx, RUN, moved)).body
    assert (body["job"], body["reason"]) == ("Mara Olsen", "M. O."), "a job is known under its own name"


def test_an_answer_keeps_its_edits_and_names_nobody(database: Database) -> None:
    edit = GateDecided.model_construct(shown=Digest("0" * 64), edits=("shot.1.prompt=Mara runs", "seconds=4"))
    body = database.write_now(lambda tx: ledger.record(tx, RUN, edit)).body
    assert body["edits"] == ["shot.1.prompt=M. runs", "seconds=4"]


def test_an_entry_that_names_nobody_is_written_word_for_word(database: Database) -> None:
    said = "It will do: the mara is an animal, and Northlight agrees"
    moved = PurchaseMoved(purchase=PurchaseKey("k"), step="fail", state="failed", reason=said)
    assert database.write_now(lambda tx: ledger.record(tx, RUN, moved)).body["reason"] == said


def test_a_name_that_a_person_had_before_is_not_written_either(database: Database) -> None:
    def write(tx: Transaction) -> dict[str, Any]:
        people.revised(tx, Cameo(id=CameoId("mara-olsen"), name="MARA OLSEN", owner="Ada Olsen-Berg"))
        moved = PurchaseMoved(
            purchase=PurchaseKey("k"), step="fail", state="failed", reason="Ada Olsen-Berg: Mara Olsen"
        )
        return ledger.record(tx, RUN, moved).body

    assert database.write_now(write)["reason"] == "A. O. B.: M. O."
