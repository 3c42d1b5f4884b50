"""Signed heads: at moments that matter the workspace signs how far the ledger of a run has come.

A head says how many entries the run has and where each chain ends, so entries cut off at the end, and whole chains that
are gone, are noticed. Signed heads are chained themselves, over the whole workspace and once more for each run.
"""

from collections.abc import Callable
from hashlib import sha256

from pydantic import AwareDatetime

from callsheet.domain.identity import Digest, RunId
from callsheet.domain.ledger import Code, Event
from callsheet.domain.record import Record, Value, canonical_json

LETTERS_OF_A_KEY = 64
LETTERS_OF_A_SIGNATURE = 128
HEAD = "head"
"""The purpose of a head's signature."""

Check = Callable[[str, bytes, str, str], bool]
"""Says whether a public key signed a payload: (key, payload, signature, purpose)."""


class Tip(Value):
    """Where a chain ends: how many entries it has, and the hash of the last."""

    chain: str
    length: int
    hash: Digest


class SignedHead(Record):
    """How far a run's ledger had come at a moment, signed.

    `tips` are the chains that grew since the run's signed head before; `head` is the Merkle root over all chains of the
    run, and `entries` counts all of them. `number` counts the heads of the workspace from 0 and `previous` is the
    digest of the one before; `turn` and `before` say the same among the heads of the run.
    """

    run: RunId
    number: int
    previous: Digest
    turn: int
    before: Digest
    entries: int
    tips: tuple[Tip, ...]
    head: Digest
    at: AwareDatetime
    key: Digest
    signature: str = ""

    def statement(self) -> bytes:
        """The bytes that are signed: everything but the signature."""
        return canonical_json(self.model_dump(mode="json", exclude={"signature"})).encode()


class KeyMade(Event):
    """The workspace got a key to sign with. `replaces` is the fingerprint of the key before it."""

    ends_stage = True

    key: Digest
    public: Code
    replaces: Code = ""


def fingerprint(key: str) -> Digest:
    """The short name of a public key, to compare by eye or by telephone: the SHA-256 of its 32 bytes."""
    return Digest(sha256(bytes.fromhex(key)).hexdigest())


def is_hex(text: str, letters: int) -> bool:
    """Whether the text is that many hex letters in the one spelling that is accepted."""
    return len(text) == letters and all(letter in "0123456789abcdef" for letter in text)
