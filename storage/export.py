"""Writes the ledger out and proves it: a workspace or one run as JSON lines, a file of such lines, or the database."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from callsheet.domain.error import NotFound, WrongUse
from callsheet.domain.export import (
    LONGEST_LINE,
    TRAILER,
    ExportReader,
    Header,
    Tally,
    Trailer,
    keys_made,
    unsigned_notices,
    write_line,
)
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import WORKSPACE, Entry, LedgerBroken
from callsheet.domain.signature import SignedHead, fingerprint
from callsheet.domain.witness import HeadChain, Proof, RunProof, Witness
from callsheet.storage import head, ledger
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.signing import is_signed, known_key, sign


def sign_heads(tx: Transaction, run: RunId | None = None) -> tuple[SignedHead, ...]:
    """Sign what is not signed yet, of one run or of all. Raises SigningKeyUnusable."""
    wanted = (run,) if run else (*ledger.written_runs(tx), WORKSPACE)
    made = [ledger.sign_head(tx, one) for one in dict.fromkeys(wanted)]
    return tuple(one for one in made if one is not None)


def export(tx: Transaction, run: RunId | None = None) -> Iterator[bytes]:
    """The lines of an export, of one run or of the whole workspace. `sign_heads` comes before, in a transaction that
    writes. Raises NotFound for a run without entries, WrongUse when nothing is signed yet, SigningKeyUnusable.
    """
    every = ledger.written_runs(tx)
    if run is not None and run not in every:
        raise NotFound(f"the ledger has no run {run}; it has: {', '.join(every) or 'none yet'}")
    chosen = every if run is None else (run,)
    keys, tally, proofs = _keys(tx), Tally(), list[RunProof]()
    own = known_key(tx)
    if own is None or (key := fingerprint(own)) not in keys:
        raise WrongUse("the ledger is not signed with this workspace's key yet; sign it: callsheet ledger head")
    mark = sha256(sign(tx, tx.workspace.encode(), "workspace").encode()).hexdigest()[:24]
    yield tally.add(write_line(Header(workspace=mark, is_whole=run is None, runs=chosen, keys=keys)))
    for one in chosen:
        witness = Witness(one, keys, is_signed)
        for line in _witnessed(tx, witness):
            yield tally.add(write_line(line))
        proofs.append(witness.proof())
    end = Trailer(lines=tally.lines, sha256=tally.sha256, runs=tuple(proofs), at=tx.now, key=key)
    yield write_line(end.model_copy(update={"signature": sign(tx, end.statement(), TRAILER)}))


def as_written(tx: Transaction, run: RunId) -> Iterator[Entry | SignedHead]:
    """A run's entries and signed heads, each head after the last entry it covers."""
    heads = iter(tuple(head.of_run(tx, run)))
    waiting = next(heads, None)
    for count, entry in enumerate(ledger.stream(tx, run), start=1):
        yield entry
        while waiting is not None and waiting.entries <= count:
            yield waiting
            waiting = next(heads, None)
    if waiting is not None:
        yield waiting
    yield from heads


def prove_export(file: BinaryIO, pinned: str = "", expected: tuple[str, ...] = ()) -> Proof:
    """Check an export with nothing at hand but itself. Raises LedgerBroken naming the first bad line, NoExport for
    something else.

    `pinned` is the fingerprint of the key that must have signed it; `expected` are heads noted down elsewhere.
    """
    reader = ExportReader(is_signed, pinned, expected)
    while line := file.readline(LONGEST_LINE + 1):
        reader.read(line)
    return reader.finish()


def prove_run(tx: Transaction, run: RunId) -> Witness:
    """Check one run's ledger where it lies, entries and signed heads, and give back the witness that saw it all.

    Raises LedgerBroken naming the first bad entry or head.
    """
    witness = Witness(run, _keys(tx), is_signed)
    for _ in _witnessed(tx, witness):
        pass
    return witness


def prove_workspace(tx: Transaction, pinned: str = "", expected: tuple[str, ...] = ()) -> Proof:
    """Check the ledger where it lies. Raises LedgerBroken naming the first bad entry or head, SigningKeyUnusable."""
    keys, chain, proofs = _keys(tx), HeadChain(expected), list[RunProof]()
    every = dict.fromkeys((*ledger.written_runs(tx), *head.signed_runs(tx), *(one.id for one in runs.every(tx))))
    for run in every:
        witness = Witness(run, keys, is_signed)
        for line in _witnessed(tx, witness):
            if isinstance(line, SignedHead):
                chain.meet(line)
        if not witness.entries:
            raise LedgerBroken(f"{run}: the run is there and its ledger is gone")
        proofs.append(witness.proof())
    chain.check(is_whole=True)
    signer, notices = _signer(tx, pinned), unsigned_notices(proofs)
    if signer is not None and known_key(tx) is None:
        notices += (f"the private key of {signer} is not here; the next signature will be by a new one",)
    return Proof(runs=tuple(proofs), keys=tuple(sorted(keys)), signer=signer, notices=notices)


def _witnessed(tx: Transaction, witness: Witness) -> Iterator[Entry | SignedHead]:
    """The lines of a run, each seen by the witness before it is given on."""
    try:
        for line in as_written(tx, witness.run):
            match line:
                case Entry():
                    witness.read(line)
                case SignedHead():
                    witness.sign_off(line)
            yield line
    except (ValueError, TypeError) as error:  # such as a number with a point, which no entry of ours holds
        raise LedgerBroken(
            f"{witness.run}: what follows entry {witness.entries} in the order of writing cannot be read any more "
            f"({str(error).splitlines()[0]})"
        ) from None


def _keys(tx: Transaction) -> dict[Digest, str]:
    """Every key the workspace ever signed with, as the ledger says."""
    return {name: key for entry in ledger.stream(tx, WORKSPACE) for name, key in keys_made(entry).items()}


def _signer(tx: Transaction, pinned: str) -> Digest | None:
    """The key of the newest head, which must be the workspace's own: somebody else's would be a ledger written anew."""
    newest, own = head.newest(tx), known_key(tx)
    if newest is None:
        if pinned:
            raise LedgerBroken(f"nothing is signed yet, so nothing is signed with {pinned}")
        return None
    if own is not None and fingerprint(own) != newest.key:
        raise LedgerBroken(
            f"the newest head is signed with the key {newest.key}, and the key of this workspace is "
            f"{fingerprint(own)}; if you replaced the key yourself, sign with it: callsheet ledger head"
        )
    if pinned and newest.key != pinned:
        raise LedgerBroken(f"the newest head is signed with the key {newest.key}, not with {pinned}")
    return newest.key
