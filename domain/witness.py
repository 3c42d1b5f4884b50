"""The witness: reads the ledger of a run as it was written, entry by entry and head by head, and believes nothing.

It holds where each chain ends and no more, so a ledger of any length is checked in one pass.
"""

from collections.abc import Iterable, Mapping

from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import GENESIS, Entry, LedgerBroken, entry_hash, head
from callsheet.domain.record import Value
from callsheet.domain.signature import HEAD, Check, SignedHead, Tip


class RunProof(Value):
    """What a run's ledger was found to be. `unsigned` counts entries after the last signed head."""

    run: RunId
    entries: int
    chains: int
    heads: int
    unsigned: int
    head: Digest
    signed: Digest | None = None


class Proof(Value):
    """A ledger that verifies. `signer` is the fingerprint of the key that answers for the whole; none signed, none."""

    runs: tuple[RunProof, ...]
    keys: tuple[Digest, ...]
    signer: Digest | None
    notices: tuple[str, ...] = ()

    @property
    def entries(self) -> int:
        """Entries of all runs together."""
        return sum(one.entries for one in self.runs)

    @property
    def heads(self) -> int:
        """Signed heads of all runs together."""
        return sum(one.heads for one in self.runs)


class HeadChain:
    """The signed heads of a whole workspace, met in any order. Which were written down elsewhere is `expected`."""

    def __init__(self, expected: Iterable[str] = ()) -> None:
        self._expected = set(expected)
        self._met: dict[int, SignedHead] = {}

    def meet(self, signed: SignedHead) -> None:
        """One more head."""
        if signed.number in self._met:
            raise LedgerBroken(f"signed head {signed.number} of the workspace is there twice")
        self._met[signed.number] = signed
        self._expected.discard(signed.digest)

    def check(self, *, is_whole: bool) -> None:
        """Whether each follows the one before it, when all of them should be there, and every expected one came.

        Raises LedgerBroken.
        """
        previous = GENESIS
        for place, number in enumerate(sorted(self._met) if is_whole else ()):
            if number != place or self._met[number].previous != previous:
                raise LedgerBroken(f"signed head {place} of the workspace is missing or was moved")
            previous = self._met[number].digest
        if self._expected:
            raise LedgerBroken(
                f"the signed head {min(self._expected)} is not in this ledger: it was cut off or written anew since "
                f"that head was noted, or it is the ledger of another workspace"
            )


class Witness:
    """What one run's ledger has said so far. Every method that reads raises LedgerBroken at the first thing amiss.

    `keys` are the public keys that may have signed, by fingerprint.
    """

    def __init__(self, run: RunId, keys: Mapping[Digest, str], check: Check) -> None:
        self.run = run
        self.entries = 0
        self.last: SignedHead | None = None
        self._keys = keys
        self._check = check
        self._tips: dict[str, Tip] = {}
        self._grown: set[str] = set()

    @property
    def head(self) -> Digest:
        """The Merkle root over all chains as they are now."""
        return head({name: tip.hash for name, tip in self._tips.items()})

    @property
    def heads(self) -> int:
        """How many signed heads the run has so far."""
        return 0 if self.last is None else self.last.turn + 1

    @property
    def unsigned(self) -> int:
        """How many entries came after the last signed head."""
        return self.entries - (0 if self.last is None else self.last.entries)

    def read(self, entry: Entry) -> None:
        """The next entry."""
        where = f"{self.run}: {entry.chain}"
        tip = self._tips.get(entry.chain)
        index, previous = (0, GENESIS) if tip is None else (tip.length, tip.hash)
        if entry.run != self.run:
            raise LedgerBroken(f"{where}: an entry of the run {entry.run} stands where it does not belong")
        if entry.index != index:
            raise LedgerBroken(f"{where}: entry {index} is missing, doubled or moved; entry {entry.index} stands there")
        if entry.previous != previous:
            raise LedgerBroken(f"{where}: entry {index} does not follow the one before it")
        if entry.hash != entry_hash(entry):
            raise LedgerBroken(f"{where}: entry {index} ({entry.kind}) was changed")
        self._tips[entry.chain] = Tip(chain=entry.chain, length=index + 1, hash=entry.hash)
        self._grown.add(entry.chain)
        self.entries += 1

    def sign_off(self, signed: SignedHead) -> None:
        """A signed head: it must be of exactly what was read so far, and follow the run's head before it."""
        where = f"{self.run}: signed head {signed.turn}"
        if signed.run != self.run:
            raise LedgerBroken(f"{where}: it is of the run {signed.run} and does not belong here")
        if (signed.turn, signed.before) != (self.heads, GENESIS if self.last is None else self.last.digest):
            raise LedgerBroken(f"{where}: it does not follow the signed head before it; one is missing or moved")
        if signed.entries != self.entries:
            raise LedgerBroken(f"{where}: it is of {signed.entries} entries, and {self.entries} are there")
        if signed.tips != self.tips or signed.head != self.head:
            raise LedgerBroken(f"{where}: it is of other entries than are there")
        key = self._keys.get(signed.key)
        if key is None:
            raise LedgerBroken(f"{where}: it is signed with the key {signed.key}, which is not among the ledger's keys")
        if not self._check(key, signed.statement(), signed.signature, HEAD):
            raise LedgerBroken(f"{where}: its signature is not by the key {signed.key}")
        self.last = signed
        self._grown = set()

    @property
    def tips(self) -> tuple[Tip, ...]:
        """Where the chains end that grew since the last signed head, sorted by name."""
        return tuple(self._tips[name] for name in sorted(self._grown))

    def proof(self) -> RunProof:
        """What the run's ledger was found to be."""
        return RunProof(
            run=self.run,
            entries=self.entries,
            chains=len(self._tips),
            heads=self.heads,
            unsigned=self.unsigned,
            head=self.head,
            signed=None if self.last is None else self.last.digest,
        )
