"""Whoever writes into the database itself: what is noticed there, and what only a head kept elsewhere shows."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from figures import Tell
from sqlalchemy import Table, delete, select, update
from unit.studio.fixture import RUN, play

from callsheet.domain.ledger import WORKSPACE, Entry, LedgerBroken, entry_hash
from callsheet.domain.signature import SignedHead
from callsheet.storage.database import Database, Transaction
from callsheet.storage.export import export, prove_export, prove_workspace, sign_heads
from callsheet.storage.head import newest
from callsheet.storage.table import HEADS, LEDGER


class TakenBack(Exception):
    """What was tried is undone again."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    found = play(tmp_path_factory.mktemp("tampered")).database
    found.write_now(sign_heads)
    return found


def verdict_after(database: Database, tamper: Callable[[Transaction], object], *expected: str) -> str:
    """What the proof says once the rows were tampered with; nothing when it is satisfied. The rows are put back."""
    said = [""]

    def attempt(tx: Transaction) -> None:
        tamper(tx)
        try:
            prove_workspace(tx, "", expected)
        except LedgerBroken as broken:
            said[0] = str(broken)
        raise TakenBack

    with pytest.raises(TakenBack):
        database.write_now(attempt)
    return said[0]


def rows_of(database: Database, table: Table) -> list[Any]:
    return list(database.read_now(lambda tx: tx.execute(select(table)).all()))


def only(table: Table, row: Any) -> list[Any]:
    return [column == row._mapping[column.name] for column in table.primary_key.columns]


def spoiled(text: str) -> Iterator[str]:
    """The JSON text with every value in it changed, one at a time."""
    plain = json.loads(text)
    for key in plain:
        for other in ("x", 7, None, {"x": 1}):
            if plain[key] != other:
                yield json.dumps(plain | {key: other})
        if key != "version":  # an entry that does not say its version is of the first, which these are
            yield json.dumps({name: value for name, value in plain.items() if name != key})


def test_every_row_that_is_gone_is_noticed(database: Database, tell: Tell) -> None:
    tried = 0
    for table in (LEDGER, HEADS):
        rows = rows_of(database, table)
        kept = rows[:-1] if table is HEADS else rows  # the newest head alone: the entries are then merely unsigned
        for row in kept:
            tried += 1
            assert verdict_after(
                database, lambda tx, table=table, row=row: tx.execute(delete(table).where(*only(table, row)))
            )  # type: ignore[misc]  # mypy cannot type a lambda's default
    tell(f"ledger in the database: rows deleted {tried}, noticed {tried}")


def test_every_value_that_is_changed_in_a_row_is_noticed(database: Database, tell: Tell) -> None:
    tried = 0
    for table, column in ((LEDGER, "entry"), (HEADS, "body")):
        for row in rows_of(database, table)[::3]:
            for other in spoiled(row._mapping[column]):
                tried += 1
                change = update(table).where(*only(table, row)).values({column: other})
                assert verdict_after(database, lambda tx, change=change: tx.execute(change)), other[:300]  # type: ignore[misc]  # mypy cannot type a lambda's default
    tell(f"ledger in the database: values changed {tried}, noticed {tried}")


def test_a_chain_written_anew_from_the_changed_entry_on_is_noticed(database: Database) -> None:
    """Whoever knows how hashes are made can mend them all; the signed head was of the others."""

    def rewrite(tx: Transaction) -> None:
        ours = (LEDGER.c.run == RUN, LEDGER.c.chain == "run")
        rows = tx.execute(select(LEDGER).where(*ours).order_by(LEDGER.c.position)).all()
        last: Entry | None = None
        for row in rows:
            entry = Entry.model_validate_json(row.entry)
            body = entry.body | {"seed": 99} if entry.index == 0 else entry.body
            previous = last.hash if last else entry.previous
            mended = entry.model_copy(update={"body": body, "previous": previous})
            last = mended.model_copy(update={"hash": entry_hash(mended)})
            tx.execute(
                update(LEDGER).where(*ours, LEDGER.c.position == row.position).values(entry=last.model_dump_json())
            )

    assert "it is of other entries than are there" in verdict_after(database, rewrite)


def test_a_number_that_json_does_not_have_is_noticed(database: Database) -> None:
    row = next(one for one in rows_of(database, LEDGER) if '"release":null' in one.entry)
    change = update(LEDGER).where(*only(LEDGER, row)).values(entry=row.entry.replace('"release":null', '"release":NaN'))
    assert "cannot be read any more" in verdict_after(database, lambda tx: tx.execute(change))


def test_a_whole_chain_that_is_gone_is_noticed(database: Database) -> None:
    chains = {row.chain for row in rows_of(database, LEDGER) if row.run == RUN}
    assert len(chains) == 4
    for chain in chains:
        assert verdict_after(
            database, lambda tx, chain=chain: tx.execute(delete(LEDGER).where(LEDGER.c.chain == chain))
        )  # type: ignore[misc]  # mypy cannot type a lambda's default


def test_a_run_whose_ledger_is_gone_is_named(database: Database) -> None:
    def drop(tx: Transaction) -> None:
        for table in (LEDGER, HEADS):
            tx.execute(delete(table).where(table.c.run == RUN))

    assert verdict_after(database, drop) == "spring-1: the run is there and its ledger is gone"


def cut(tx: Transaction) -> None:
    """Cut off the end of the ledger and, with it, every head that knew of it: only a head kept elsewhere tells."""
    last = SignedHead.model_validate_json(
        tx.execute(select(HEADS.c.body).where(HEADS.c.run == RUN).order_by(HEADS.c.number.desc()).offset(1))
        .first()
        .body
    )
    tx.execute(delete(HEADS).where(HEADS.c.number > last.number))
    tx.execute(delete(LEDGER).where(LEDGER.c.run == RUN, LEDGER.c.written >= last.entries))


def test_an_end_cut_off_together_with_its_heads_shows_against_a_head_kept_elsewhere(database: Database) -> None:
    kept = database.read_now(newest)
    assert kept is not None
    assert verdict_after(database, cut) == ""
    assert f"the signed head {kept.digest} is not in this ledger" in verdict_after(database, cut, kept.digest)
    assert verdict_after(database, lambda _: None, kept.digest) == ""


def test_a_ledger_signed_anew_by_somebody_else_is_noticed(database: Database, tmp_path: Path) -> None:
    """Without the key one can copy the rows and sign them with a key of one's own, and no more."""
    forged = Database(f"sqlite:///{tmp_path / 'w.db'}", "test", lambda: database.read_now(lambda tx: tx.now))
    rows = [row._asdict() for row in rows_of(database, LEDGER) if row.run != WORKSPACE]
    forged.write_now(lambda tx: tx.execute(LEDGER.insert(), rows))
    forged.write_now(sign_heads)
    lines = forged.read_now(lambda tx: list(export(tx)))
    (tmp_path / "forged.jsonl").write_bytes(b"".join(lines))
    own = database.read_now(prove_workspace).signer
    with (tmp_path / "forged.jsonl").open("rb") as file:
        assert prove_export(file).signer != own
    with (
        (tmp_path / "forged.jsonl").open("rb") as file,
        pytest.raises(LedgerBroken, match="the trailer is signed with"),
    ):
        prove_export(file, pinned=str(own))
    forged_rows = [row._asdict() for row in rows_of(forged, HEADS)]
    forged_keys = [row._asdict() for row in rows_of(forged, LEDGER) if row.run == WORKSPACE]

    def put_in_place(tx: Transaction) -> None:
        tx.execute(delete(HEADS))
        tx.execute(delete(LEDGER).where(LEDGER.c.run == WORKSPACE))
        tx.execute(LEDGER.insert(), forged_keys)
        tx.execute(HEADS.insert(), forged_rows)

    assert "the newest head is signed with the key" in verdict_after(database, put_in_place)
    forged.close()
