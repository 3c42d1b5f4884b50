"""Appends to the ledger and reads it back. Nothing here changes or deletes an entry."""

import hashlib
import hmac
import json
from secrets import token_hex

from sqlalchemy import func, select

from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import Entry, Event, seal, verify
from callsheet.storage.database import Transaction
from callsheet.storage.table import LEDGER, PEOPLE, SECRETS
from callsheet.storage.upsert import insert_once

RUN_CHAIN = "run"


def record(tx: Transaction, run: RunId, event: Event, chain: str = RUN_CHAIN) -> Entry:
    """Write an event to a chain of a run, in the transaction that makes it true."""
    last = _last(tx, run, chain)
    entry = seal(run, chain, event, tx.now, last)
    latest = tx.execute(
        select(func.max(LEDGER.c.written)).where(LEDGER.c.workspace == tx.workspace, LEDGER.c.run == run)
    ).scalar_one()
    tx.execute(
        LEDGER.insert(),
        {
            "workspace": tx.workspace,
            "run": run,
            "chain": chain,
            "position": entry.index,
            "written": 0 if latest is None else latest + 1,
            "entry": entry.model_dump_json(),
        },
    )
    return entry


def entries(tx: Transaction, run: RunId) -> tuple[Entry, ...]:
    """Every entry of a run in the order of writing."""
    rows = tx.execute(
        select(LEDGER.c.entry).where(LEDGER.c.workspace == tx.workspace, LEDGER.c.run == run).order_by(LEDGER.c.written)
    )
    return tuple(Entry.model_validate_json(row.entry) for row in rows)


def head_of(tx: Transaction, run: RunId) -> Digest:
    """Check the run's chains and return its head. Raises LedgerBroken."""
    return verify(entries(tx, run))


def pseudonym(tx: Transaction, name: str) -> str:
    """A keyed hash that stands for a person in the ledger. The name is kept where it can be erased."""
    key = _secret(tx, "pseudonym")
    mark = hmac.new(key.encode(), name.encode(), hashlib.sha256).hexdigest()[:24]
    insert_once(tx, PEOPLE, {"workspace": tx.workspace, "pseudonym": mark, "name": name})
    return mark


def name_of(tx: Transaction, mark: str) -> str | None:
    """The name behind a pseudonym, unless it was erased."""
    found = tx.execute(
        select(PEOPLE.c.name).where(PEOPLE.c.workspace == tx.workspace, PEOPLE.c.pseudonym == mark)
    ).first()
    return None if found is None else str(found.name)


def export(tx: Transaction, run: RunId) -> str:
    """The run's ledger as JSON lines."""
    return "".join(json.dumps(entry.model_dump(mode="json"), sort_keys=True) + "\n" for entry in entries(tx, run))


def has_chain(tx: Transaction, run: RunId, chain: str) -> bool:
    """Whether anything was ever written to that chain of the run."""
    return _last(tx, run, chain) is not None


def _last(tx: Transaction, run: RunId, chain: str) -> Entry | None:
    row = tx.execute(
        select(LEDGER.c.entry)
        .where(LEDGER.c.workspace == tx.workspace, LEDGER.c.run == run, LEDGER.c.chain == chain)
        .order_by(LEDGER.c.position.desc())
        .limit(1)
    ).first()
    return None if row is None else Entry.model_validate_json(row.entry)


def _secret(tx: Transaction, name: str) -> str:
    insert_once(tx, SECRETS, {"workspace": tx.workspace, "name": name, "value": token_hex(32)})
    return str(
        tx.execute(
            select(SECRETS.c.value).where(SECRETS.c.workspace == tx.workspace, SECRETS.c.name == name)
        ).scalar_one()
    )
