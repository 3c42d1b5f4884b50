"""Appends to the ledger and reads it back. Nothing here changes or deletes an entry.

What ends a stage signs the run's head in the same transaction.
"""

import hashlib
import hmac
from collections.abc import Iterator
from secrets import token_hex

from pydantic import ValidationError
from sqlalchemy import func, select

from callsheet.domain.erasure import without_names
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import WORKSPACE, Entry, Event, LedgerBroken, seal, verify
from callsheet.domain.record import first_problem
from callsheet.domain.signature import KeyMade, SignedHead, fingerprint
from callsheet.storage.database import Transaction
from callsheet.storage.head import write_head
from callsheet.storage.known import everybody
from callsheet.storage.signing import signing_key
from callsheet.storage.table import LEDGER, PEOPLE, SECRETS
from callsheet.storage.upsert import insert_once

RUN_CHAIN = "run"
KEY_CHAIN = "signing"
_AT_ONCE = 500


def record(tx: Transaction, run: RunId, event: Event, chain: str = RUN_CHAIN) -> Entry:
    """Write an event to a chain of a run, in the transaction that makes it true; its free texts name nobody known."""
    last = _last(tx, run, chain)
    entry = seal(run, chain, without_names(event, lambda: everybody(tx)), tx.now, last)
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
    if event.ends_stage:
        sign_head(tx, run)
    return entry


def sign_head(tx: Transaction, run: RunId) -> SignedHead | None:
    """Sign how far the run's ledger has come; nothing when that is signed already. A new key is announced first.

    Raises SigningKeyUnusable.
    """
    _announce(tx, signing_key(tx))
    return write_head(tx, run)


def _announce(tx: Transaction, key: str) -> None:
    last = _last(tx, WORKSPACE, KEY_CHAIN)
    if last is None or last.body["public"] != key:
        replaces = "" if last is None else str(last.body["key"])
        record(tx, WORKSPACE, KeyMade(key=fingerprint(key), public=key, replaces=replaces), KEY_CHAIN)


def entries(tx: Transaction, run: RunId) -> tuple[Entry, ...]:
    """Every entry of a run in the order of writing."""
    return tuple(stream(tx, run))


def stream(tx: Transaction, run: RunId) -> Iterator[Entry]:
    """Every entry of a run in the order of writing, a few hundred in memory at once. Raises LedgerBroken."""
    rows = tx.execute(
        select(LEDGER.c.entry)
        .where(LEDGER.c.workspace == tx.workspace, LEDGER.c.run == run)
        .order_by(LEDGER.c.written)
        .execution_options(yield_per=_AT_ONCE)
    )
    return (_entry(run, row.entry) for row in rows)


def of_chain(tx: Transaction, run: RunId, chain: str) -> tuple[Entry, ...]:
    """Every entry of one chain of a run, oldest first."""
    rows = tx.execute(
        select(LEDGER.c.entry)
        .where(LEDGER.c.workspace == tx.workspace, LEDGER.c.run == run, LEDGER.c.chain == chain)
        .order_by(LEDGER.c.position)
    )
    return tuple(_entry(run, row.entry) for row in rows)


def written_runs(tx: Transaction) -> tuple[RunId, ...]:
    """Every run that has entries, by name; what belongs to no run is under `workspace`."""
    rows = tx.execute(select(LEDGER.c.run).where(LEDGER.c.workspace == tx.workspace).distinct().order_by(LEDGER.c.run))
    return tuple(RunId(row.run) for row in rows)


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
    return None if row is None else _entry(run, row.entry)


def _entry(run: RunId, text: str) -> Entry:
    try:
        return Entry.model_validate_json(text)
    except ValidationError as invalid:
        raise LedgerBroken(
            f"{run}: an entry cannot be read any more: {text[:80]!r} ({first_problem(invalid)})"
        ) from None


def _secret(tx: Transaction, name: str) -> str:
    insert_once(tx, SECRETS, {"workspace": tx.workspace, "name": name, "value": token_hex(32)})
    return str(
        tx.execute(
            select(SECRETS.c.value).where(SECRETS.c.workspace == tx.workspace, SECRETS.c.name == name)
        ).scalar_one()
    )
