"""Signed heads, written and read. How a head comes about is said in `callsheet.domain.signature`."""

from collections.abc import Iterator

from pydantic import ValidationError
from sqlalchemy import select

from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import GENESIS, Entry, LedgerBroken, head
from callsheet.domain.record import first_problem
from callsheet.domain.signature import HEAD, SignedHead, Tip, fingerprint
from callsheet.storage.database import Transaction
from callsheet.storage.signing import sign, signing_key
from callsheet.storage.table import HEADS, LEDGER

_AT_ONCE = 500


def write_head(tx: Transaction, run: RunId) -> SignedHead | None:
    """Sign how far a run's ledger has come, if anything was written since it was signed last.

    The chains as they were are taken from the signed heads and not from the entries below them, so whoever changed an
    old entry never gets a signature for it.
    """
    before = tuple(of_run(tx, run))
    last = before[-1] if before else None
    grown = _grown(tx, run, last.entries if last else 0)
    if not grown:
        return None
    tips = {tip.chain: tip.hash for one in before for tip in one.tips}
    tips |= {entry.chain: entry.hash for entry in grown}
    ends = {entry.chain: Tip(chain=entry.chain, length=entry.index + 1, hash=entry.hash) for entry in grown}
    ahead = newest(tx)
    unsigned = SignedHead(
        run=run,
        number=0 if ahead is None else ahead.number + 1,
        previous=GENESIS if ahead is None else ahead.digest,
        turn=0 if last is None else last.turn + 1,
        before=GENESIS if last is None else last.digest,
        entries=(last.entries if last else 0) + len(grown),
        tips=tuple(ends[name] for name in sorted(ends)),
        head=head(tips),
        at=tx.now,
        key=Digest(fingerprint(signing_key(tx))),
    )
    made = unsigned.model_copy(update={"signature": sign(tx, unsigned.statement(), HEAD)})
    row = {"workspace": tx.workspace, "number": made.number, "run": run, "body": made.model_dump_json()}
    tx.execute(HEADS.insert(), row)
    return made


def of_run(tx: Transaction, run: RunId) -> Iterator[SignedHead]:
    """A run's signed heads, oldest first. Raises LedgerBroken for one that cannot be read."""
    rows = tx.execute(
        select(HEADS.c.body)
        .where(HEADS.c.workspace == tx.workspace, HEADS.c.run == run)
        .order_by(HEADS.c.number)
        .execution_options(yield_per=_AT_ONCE)
    )
    return (_read(row.body) for row in rows)


def newest(tx: Transaction) -> SignedHead | None:
    """The head of the workspace that was signed last."""
    query = select(HEADS.c.body).where(HEADS.c.workspace == tx.workspace).order_by(HEADS.c.number.desc()).limit(1)
    row = tx.execute(query).first()
    return None if row is None else _read(row.body)


def signed_runs(tx: Transaction) -> tuple[RunId, ...]:
    """Every run that has a signed head."""
    rows = tx.execute(select(HEADS.c.run).where(HEADS.c.workspace == tx.workspace).distinct().order_by(HEADS.c.run))
    return tuple(RunId(row.run) for row in rows)


def _read(text: str) -> SignedHead:
    try:
        return SignedHead.model_validate_json(text)
    except ValidationError as invalid:
        raise LedgerBroken(f"a signed head cannot be read any more: {text[:80]!r} ({first_problem(invalid)})") from None


def _grown(tx: Transaction, run: RunId, known: int) -> tuple[Entry, ...]:
    """The entries after the first so many, in the order of writing."""
    rows = tx.execute(
        select(LEDGER.c.entry)
        .where(LEDGER.c.workspace == tx.workspace, LEDGER.c.run == run, LEDGER.c.written >= known)
        .order_by(LEDGER.c.written)
    )
    return tuple(Entry.model_validate_json(row.entry) for row in rows)
