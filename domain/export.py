"""A ledger written out: JSON lines that prove themselves, with nothing at hand but the lines.

First a header, then each run's entries and signed heads in the order of writing, last a trailer: it counts everything,
holds the SHA-256 of every byte before it, and is signed. Each line is canonical JSON, so a byte that changes nothing
but the spelling is noticed as well.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import AwareDatetime, ValidationError

from callsheet.domain.count import counted
from callsheet.domain.error import InputInvalid
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import WORKSPACE, Entry, LedgerBroken
from callsheet.domain.record import Record, Value, canonical_json, first_problem
from callsheet.domain.signature import LETTERS_OF_A_KEY, Check, KeyMade, SignedHead, fingerprint, is_hex
from callsheet.domain.witness import HeadChain, Proof, RunProof, Witness

FORMAT = 1
TRAILER = "export"
"""The purpose of a trailer's signature."""
LONGEST_LINE = 1 << 26
"""Bytes. A line that is longer is not one of ours."""


class Header(Value):
    """The first line. `workspace` is a keyed hash of its name; `keys` are the public keys by fingerprint."""

    format: int = FORMAT
    workspace: str
    is_whole: bool
    runs: tuple[RunId, ...]
    keys: dict[Digest, str]


class Trailer(Record):
    """The last line: how much there is, the hash of all of it, and who answers for that."""

    lines: int
    sha256: Digest
    runs: tuple[RunProof, ...]
    at: AwareDatetime
    key: Digest
    signature: str = ""

    def statement(self) -> bytes:
        """The bytes that are signed: everything but the signature."""
        return canonical_json(self.model_dump(mode="json", exclude={"signature"})).encode()


Line = Header | Entry | SignedHead | Trailer
_KINDS: dict[str, type[Header] | type[Entry] | type[SignedHead] | type[Trailer]] = {
    "header": Header,
    "entry": Entry,
    "head": SignedHead,
    "trailer": Trailer,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_MARKS = tuple(f'"{name}":'.encode() for name in (*_KINDS, "is_whole", "previous", "tips", "sha256"))
"""Every line of an export has two of these, so a line that lost one byte still shows what it was."""


class NoExport(InputInvalid):
    """What was given never was an export of a ledger, or nothing is left of it: there is nothing to prove."""


def write_line(line: Line) -> bytes:
    """The bytes of a line."""
    return (canonical_json({_NAMES[type(line)]: line.model_dump(mode="json")}) + "\n").encode()


def read_line(line: bytes) -> Line:
    """What a line says. Raises LedgerBroken unless it is written in exactly the one form there is."""
    if len(line) > LONGEST_LINE:
        raise LedgerBroken(f"it is longer than {LONGEST_LINE} bytes and no line of a ledger")
    if not line.endswith(b"\n"):
        raise LedgerBroken("it breaks off before its end")
    try:
        found = _parsed(json.loads(line.decode("utf-8")))
        if write_line(found) != line:
            raise LedgerBroken("it is not in canonical form: some of its bytes were changed")
    except UnicodeError:
        raise LedgerBroken("it is not UTF-8 text") from None
    except ValidationError as invalid:
        raise LedgerBroken(f"it has not the fields of a line: {first_problem(invalid)}") from None
    except (ValueError, TypeError, RecursionError) as error:
        raise LedgerBroken(f"it is not a line of a ledger ({str(error)[:120]})") from None
    return found


def _parsed(plain: Any) -> Line:
    if not isinstance(plain, dict) or len(plain) != 1 or (name := next(iter(plain))) not in _KINDS:
        raise LedgerBroken(f"it is none of {', '.join(_KINDS)}")
    return _KINDS[name].model_validate(plain[name])


class Tally:
    """Counts and hashes the lines of an export, for the trailer."""

    def __init__(self) -> None:
        self.lines = 0
        self._hash = sha256()

    def add(self, line: bytes) -> bytes:
        """One more line, given back."""
        self.lines += 1
        self._hash.update(line)
        return line

    @property
    def sha256(self) -> Digest:
        """The hash of every byte so far."""
        return Digest(self._hash.hexdigest())


class ExportReader:
    """Checks an export line by line. Every error is a LedgerBroken that names the first bad line, but for a NoExport
    at the first line of something else.

    `pinned` is the fingerprint of the only key whose word is taken; without it the export's own key is believed.
    """

    def __init__(self, check: Check, pinned: str = "", expected: tuple[str, ...] = ()) -> None:
        self._check = check
        self._pinned = pinned
        self._heads = HeadChain(expected)
        self._tally = Tally()
        self._header: Header | None = None
        self._trailer: Trailer | None = None
        self._waiting: list[RunId] = []
        self._witness: Witness | None = None
        self._proofs: list[RunProof] = []
        self._made: dict[Digest, str] = {}

    def read(self, line: bytes) -> None:
        """The next line, with its line feed."""
        if not self._tally.lines and not any(mark in line for mark in _MARKS):
            raise NoExport("does not begin with a line of a ledger")
        try:
            self._take(line)
        except LedgerBroken as broken:
            raise LedgerBroken(f"line {self._tally.lines + 1}: {broken}") from None

    def finish(self) -> Proof:
        """What was proved, after the last line."""
        header, trailer = self._header, self._trailer
        if header is None:
            raise NoExport("is empty: nothing was written to it, or everything in it was cut off")
        if trailer is None:
            raise LedgerBroken(
                f"after line {self._tally.lines}: the signed trailer is missing; the export was cut off at its end"
            )
        self._heads.check(is_whole=header.is_whole)
        if header.is_whole and header.keys != self._made:
            raise LedgerBroken("line 1: the header's keys are not those that the ledger says were made")
        return Proof(
            runs=tuple(self._proofs),
            keys=tuple(sorted(header.keys)),
            signer=trailer.key,
            notices=unsigned_notices(self._proofs),
        )

    def _take(self, line: bytes) -> None:
        found = read_line(line)
        if self._trailer is not None:
            raise LedgerBroken("it stands after the trailer, where nothing may stand")
        match found:
            case Header():
                self._begin(found)
            case Entry():
                self._of(found.run).read(found)
                self._note_key(found)
            case SignedHead():
                self._of(found.run).sign_off(found)
                self._heads.meet(found)
            case Trailer():
                self._end(found)
        if self._trailer is None:
            self._tally.add(line)

    def _begin(self, header: Header) -> None:
        if self._header is not None:
            raise LedgerBroken("it is a second header")
        if header.format != FORMAT:
            raise LedgerBroken(f"it is of format {header.format}, and this version reads format {FORMAT}")
        for name, key in header.keys.items():
            if not is_hex(key, LETTERS_OF_A_KEY) or fingerprint(key) != name:
                raise LedgerBroken(f"the key {name} is not the key it is called")
        self._header, self._waiting = header, list(header.runs)

    def _of(self, run: RunId) -> Witness:
        """The witness of a run; runs come one after the other, as the header lists them."""
        if self._header is None:
            raise LedgerBroken("it stands before the header, so the beginning was cut off")
        if self._witness is None or self._witness.run != run:
            self._close()
            if not self._waiting or self._waiting[0] != run:
                raise LedgerBroken(f"the run {run} does not come here: the header does not say so")
            self._witness = Witness(self._waiting.pop(0), self._header.keys, self._check)
        return self._witness

    def _close(self) -> None:
        if self._witness is not None:
            self._proofs.append(self._witness.proof())
            self._witness = None

    def _note_key(self, entry: Entry) -> None:
        self._made |= keys_made(entry)

    def _end(self, trailer: Trailer) -> None:
        if self._header is None:
            raise LedgerBroken("it is a trailer without a header, so the beginning was cut off")
        self._close()
        if self._waiting or trailer.runs != tuple(self._proofs):
            raise LedgerBroken("the trailer counts other runs, entries or heads than are there")
        if (trailer.lines, trailer.sha256) != (self._tally.lines, self._tally.sha256):
            raise LedgerBroken("the trailer is of other lines than are there")
        key = self._header.keys.get(trailer.key)
        if key is None or not self._check(key, trailer.statement(), trailer.signature, TRAILER):
            raise LedgerBroken(f"the trailer's signature is not by the key {trailer.key}")
        if self._pinned and trailer.key != self._pinned:
            raise LedgerBroken(f"the trailer is signed with the key {trailer.key}, not with {self._pinned}")
        self._trailer = trailer


def keys_made(entry: Entry) -> Mapping[Digest, str]:
    """The public key that an entry announces, by its fingerprint; nothing for any other entry.

    Raises LedgerBroken when the two do not go together.
    """
    if entry.kind != KeyMade.kind() or entry.run != WORKSPACE:
        return {}
    key, name = str(entry.body.get("public")), str(entry.body.get("key"))
    if not is_hex(key, LETTERS_OF_A_KEY) or fingerprint(key) != name:
        raise LedgerBroken(f"the key {name} is not the key it is called")
    return {Digest(name): key}


def unsigned_notices(proofs: list[RunProof]) -> tuple[str, ...]:
    """What is not amiss but not proved either: entries that no signed head covers yet. The end of a stage signs one;
    versions before signed heads ended stages without.
    """
    return tuple(
        f"{one.run}: {counted(one.unsigned, 'entry', 'entries')} after the last signed head"
        if one.heads
        else f"{one.run}: {counted(one.entries, 'entry', 'entries')} and no signed head: none of its stages is over "
        f"yet, or an earlier version wrote it"
        for one in proofs
        if one.unsigned
    )
