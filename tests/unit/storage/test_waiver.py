"""A waiver is a person's, narrow, signed, and void on any change."""

import ast
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from callsheet.domain.claim import Waiver, WaiverRefused
from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.ledger import WORKSPACE, Entry
from callsheet.domain.principal import Principal
from callsheet.storage.database import Database, Transaction
from callsheet.storage.ledger import entries
from callsheet.storage.signing import sign
from callsheet.storage.table import LEDGER, PEOPLE, WAIVERS
from callsheet.storage.waived import in_force, standings
from callsheet.storage.waiver import end_waiver, waive
from callsheet.tools.rules.shipped import shipped_rules

ROOT = Path(__file__).resolve().parents[3]
ADA = Principal(name="Ada Legal")
POLICY = Principal(name="written policy: approve-all", authenticated="policy", roles=("*",))
TERMS: dict[str, Any] = {
    "rules": shipped_rules(),
    "rule": "claims: superlative",
    "text": "The best shoe",
    "markets": ("US",),
    "ends": date(2027, 1, 1),
    "reason": "Agreed with the agency of record",
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'w.db'}", "w", lambda: datetime(2026, 11, 22, tzinfo=UTC))
    yield opened
    opened.close()


def grant(database: Database, by: Principal = ADA, **other: Any) -> Waiver:
    return database.write_now(lambda tx: waive(tx, "shoe", by, **{**TERMS, **other}))


def holds(database: Database) -> tuple[Waiver, ...]:
    return database.read_now(lambda tx: in_force(tx, "shoe"))


def chain(database: Database) -> list[Entry]:
    found = database.read_now(lambda tx: entries(tx, WORKSPACE))
    return [one for one in found if one.chain == "legal.shoe"]


def fault(database: Database) -> str:
    (one,) = database.read_now(lambda tx: standings(tx, "shoe"))
    return one.fault


def test_a_waiver_holds_for_its_campaign_and_names_who_granted_it(database: Database) -> None:
    granted = grant(database)
    assert holds(database) == (granted,)
    assert granted.by == ADA
    assert database.read_now(lambda tx: in_force(tx, "soap")) == ()


def test_the_ledger_has_a_signature_and_no_name(database: Database) -> None:
    granted = grant(database)
    (told,) = chain(database)
    assert (told.kind, told.chain, told.body["waiver"]) == ("WaiverGranted", "legal.shoe", granted.id)
    assert len(told.body["signature"]) == 128
    kept = database.read_now(lambda tx: tx.execute(WAIVERS.select()).first())
    assert "Ada" not in told.model_dump_json() + str(kept)


def test_an_erased_name_ends_no_waiver(database: Database) -> None:
    grant(database)
    database.write_now(lambda tx: tx.execute(PEOPLE.delete()))
    (found,) = holds(database)
    assert found.by.name == "a person whose name was erased"


def test_the_same_waiver_said_twice_is_one(database: Database) -> None:
    assert grant(database) == grant(database)
    assert len(holds(database)) == 1
    assert len(chain(database)) == 1


def test_a_written_policy_waives_and_ends_nothing(database: Database) -> None:
    with pytest.raises(WaiverRefused, match="only a person may"):
        grant(database, POLICY)
    granted = grant(database)
    with pytest.raises(WaiverRefused, match="only a person may"):
        database.write_now(lambda tx: end_waiver(tx, "shoe", granted.id, POLICY))
    assert holds(database) == (granted,)


@pytest.mark.parametrize(
    ("wide", "said"),
    [
        ({"markets": ("*",)}, "one by one"),
        ({"markets": ()}, "one by one"),
        ({"ends": date(2026, 11, 22)}, "would never hold"),
        ({"starts": date(2027, 2, 1)}, "would never hold"),
    ],
)
def test_a_waiver_without_market_or_term_is_refused(database: Database, wide: dict[str, Any], said: str) -> None:
    with pytest.raises(WaiverRefused, match=said):
        grant(database, **wide)
    assert holds(database) == ()


@pytest.mark.parametrize("rule", ["claims: superlativ", "superlative", "instruction", "price", "release", ""])
def test_a_rule_that_cannot_be_waived_is_refused_whoever_asks(database: Database, rule: str) -> None:
    with pytest.raises(WrongUse, match="No waiver can be about the rule"):
        grant(database, rule=rule)
    assert holds(database) == ()
    assert grant(database, rule="reviewer: tone").rule == "reviewer: tone"


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", "The best shoe!"), ("rule", "claims: *"), ("ends", "2037-01-01"), ("reason", "Because")],
)
def test_a_waiver_whose_row_was_changed_is_void(database: Database, field: str, value: str) -> None:
    grant(database)
    database.write_now(lambda tx: _rewrite(tx, field, value))
    assert holds(database) == ()
    assert fault(database) == "void: it was changed after it was granted"


def test_a_waiver_whose_row_and_ledger_were_changed_is_void(database: Database) -> None:
    grant(database)
    database.write_now(lambda tx: _rewrite(tx, "text", "The best shoe!"))

    def forge(tx: Transaction) -> None:
        row = tx.execute(WAIVERS.select()).first()
        (entry,) = (one for one in entries(tx, WORKSPACE) if one.chain == "legal.shoe")
        changed = {**entry.body, "record": Waiver.model_validate_json(row.body).digest}
        forged = entry.model_copy(update={"body": changed})
        tx.execute(update(LEDGER).where(LEDGER.c.chain == "legal.shoe").values(entry=forged.model_dump_json()))

    database.write_now(forge)
    assert holds(database) == ()
    assert fault(database) == "void: the ledger was changed"


def test_a_signature_of_other_bytes_is_no_waiver(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callsheet.storage.waiver.sign", lambda tx, payload, purpose: sign(tx, payload + b" ", purpose))
    grant(database)
    assert fault(database) == "void: its signature is not this workspace's"


def test_an_ended_waiver_never_holds_again(database: Database) -> None:
    granted = grant(database)
    for _ in range(2):
        database.write_now(lambda tx: end_waiver(tx, "shoe", granted.id, ADA))
    assert holds(database) == ()
    assert fault(database) == "ended"
    assert [one.kind for one in chain(database)] == ["WaiverGranted", "WaiverEnded"]
    with pytest.raises(NotFound, match="no waiver w-other in shoe"):
        database.write_now(lambda tx: end_waiver(tx, "shoe", "w-other", ADA))


def test_no_graph_agent_job_or_tool_can_reach_what_grants_a_waiver() -> None:
    """And none of them writes legal's records in a person's name."""
    found = [
        f"{path.relative_to(ROOT)} reaches {name}"
        for room in ("agents", "graphs", "jobs", "prompts", "tools")
        for path in (ROOT / room).rglob("*.py")
        for name in _forbidden(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_reaching_for_it_would_be_seen() -> None:
    assert _forbidden("from callsheet.storage.waiver import waive") == ["callsheet.storage.waiver"]
    assert _forbidden("from callsheet.storage import waiver") == ["callsheet.storage.waiver"]
    assert _forbidden("from callsheet.storage import legal\nlegal.revise(tx, 'c', one, by)") == ["legal.revise"]
    assert _forbidden("import importlib\nimportlib.import_module('callsheet.storage.waiver')") != []
    assert _forbidden("from callsheet.storage import legal\nlegal.book(tx, campaign)") == []


def _forbidden(text: str) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.ImportFrom(module=str(module)):
                names = [module, *(f"{module}.{one.name}" for one in node.names)]
                found += [one for one in names if one in ("callsheet.storage.waiver", "callsheet.storage.legal.revise")]
            case ast.Import():
                found += [one.name for one in node.names if one.name == "callsheet.storage.waiver"]
            case ast.Attribute(value=ast.Name(id="legal"), attr="revise"):
                found.append("legal.revise")
            case ast.Constant(value="callsheet.storage.waiver"):
                found.append("callsheet.storage.waiver")
    return found


def _rewrite(tx: Transaction, field: str, value: str) -> None:
    row = tx.execute(WAIVERS.select()).first()
    tx.execute(update(WAIVERS).values(body=json.dumps({**json.loads(row.body), field: value})))
