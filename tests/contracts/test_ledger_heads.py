"""Signed heads, exports and proofs are the same in a SQLite file and in Postgres."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from contracts.buyer import noon
from contracts.test_storage_dialects import greenlit
from sqlalchemy import delete, select, text

from callsheet.domain.event import RunStarted
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import WORKSPACE, LedgerBroken
from callsheet.storage.database import Database
from callsheet.storage.export import export, prove_export, prove_workspace, sign_heads
from callsheet.storage.head import newest
from callsheet.storage.ledger import entries, record
from callsheet.storage.table import HEADS

RUN = RunId("spring-1")


def test_a_workspace_signs_and_its_export_proves_itself(database: Database) -> None:
    database.write_now(greenlit)
    database.write_now(sign_heads)
    lines = b"".join(database.read_now(lambda tx: list(export(tx))))
    assert prove_export(io.BytesIO(lines)).runs == database.read_now(prove_workspace).runs
    assert lines == b"".join(database.read_now(lambda tx: list(export(tx))))
    with pytest.raises(LedgerBroken, match="line 2: "):
        prove_export(io.BytesIO(lines.replace(b'"seed":0', b'"seed":1')))


def test_a_workspace_without_heads_is_brought_up_to_date_and_goes_on(url: str) -> None:
    """As a workspace of an earlier version comes: entries, and no table of heads."""
    before = Database(url, "w", noon)
    before.write_now(greenlit)
    before.write_now(lambda tx: tx.execute(text("drop table ledger_heads")))
    before.close()
    after = Database(url, "w", noon)
    assert after.read_now(prove_workspace).heads == 0
    assert after.write_now(sign_heads)
    proof = after.read_now(prove_workspace)
    assert (proof.notices, {one.run for one in proof.runs}) == ((), {RUN, WORKSPACE})
    after.close()


def test_many_who_sign_at_once_make_one_chain_of_heads(url: str) -> None:
    opened = [Database(url, "w", noon) for _ in range(4)]
    opened[0].write_now(greenlit)

    def write(number: int) -> None:
        event = RunStarted(bundle=Digest("a" * 64), campaign="c", provider="p", model="m", policy="people", seed=number)
        for database in opened:
            run = RunId(f"r{number}")
            database.write_now(lambda tx, run=run: (record(tx, run, event), sign_heads(tx, run)))  # type: ignore[misc]  # mypy cannot type a lambda's default

    with ThreadPoolExecutor(4) as people:
        list(people.map(write, range(4)))
    database = opened[0]
    proof = database.read_now(lambda tx: (prove_workspace(tx), newest(tx), tx.execute(select(HEADS.c.number)).all()))
    assert proof[1] is not None
    assert proof[1].number + 1 == len(proof[2])
    assert all(one.unsigned == 0 for one in proof[0].runs)
    assert len(database.read_now(lambda tx: entries(tx, WORKSPACE))) == 1
    for one in opened:
        one.close()


def test_workspaces_of_one_database_do_not_see_each_others_heads(url: str) -> None:
    one, other = Database(url, "w1", noon), Database(url, "w2", noon)
    one.write_now(greenlit)
    assert other.read_now(newest) is None
    other.write_now(greenlit)
    heads = [database.read_now(newest) for database in (one, other)]
    assert None not in heads
    assert len({head.key for head in heads if head}) == 2
    one.write_now(lambda tx: tx.execute(delete(HEADS).where(HEADS.c.workspace == "w1", HEADS.c.number == 0)))
    with pytest.raises(LedgerBroken):
        one.read_now(prove_workspace)
    assert other.read_now(prove_workspace).heads == 2
    for database in (one, other):
        database.close()
