"""The ledger: append-only, hash-chained, typed and versioned events.

Each run and each take has a chain of its own; an entry's hash covers its body and the hash before it. The head of a
run is a Merkle root over its chains sorted by name, so takes that finish in another order give the same head.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, get_args, get_type_hints

from pydantic import AwareDatetime

from callsheet.domain.error import Refused
from callsheet.domain.identity import Digest, RunId
from callsheet.domain.record import Record, canonical_json, digest_of

GENESIS = Digest("0" * 64)
WORKSPACE = RunId("workspace")
"""Where what belongs to no run is written: keys, people's rights, legal's records."""


Code = Annotated[str, "code"]
"""In an event, a word of a closed set, a hash, a mark or the id of a thing: what is no text of anybody's."""


class Event(Record):
    """Something that happened, in the past tense. Subclasses are the schema of the body.

    A field of plain `str` is free text: known people are cut to initials in it before it is written. `Code` and the
    typed ids are written as they are.

    `schema_version` counts the forms its body has had; one that is raised comes with an upgrader. `ends_stage` says
    that a stage is over with it, so the run's head is signed in the same transaction.
    """

    schema_version: ClassVar[int] = 1
    ends_stage: ClassVar[bool] = False

    @classmethod
    def kind(cls) -> str:
        """The event's name in the ledger."""
        return cls.__name__


@cache
def free_text(kind: type[Event]) -> tuple[str, ...]:
    """The fields of an event in which anybody may have written anything."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(name for name in kind.model_fields if _is_free(hints[name]))


def _is_free(hint: Any) -> bool:
    return hint is str or (hint != Code and any(map(_is_free, get_args(hint))))


class Entry(Record):
    """One line of the ledger. `index` counts from 0 within its chain."""

    run: RunId
    chain: str
    index: int
    kind: str
    version: int = 1
    at: AwareDatetime
    body: dict[str, Any]
    previous: Digest
    hash: Digest


class LedgerBroken(Refused):
    """The ledger does not verify: an entry was changed, dropped, added or moved."""


def seal(run: RunId, chain: str, event: Event, at: datetime, last: Entry | None) -> Entry:
    """Make the next entry of a chain."""
    index = 0 if last is None else last.index + 1
    previous = GENESIS if last is None else last.hash
    body = event.model_dump(mode="json")
    unsealed = Entry(
        run=run,
        chain=chain,
        index=index,
        kind=event.kind(),
        version=event.schema_version,
        at=at,
        body=body,
        previous=previous,
        hash=GENESIS,
    )
    return unsealed.model_copy(update={"hash": entry_hash(unsealed)})


def entry_hash(entry: Entry) -> Digest:
    """The hash an entry must have. Raises TypeError for a body that holds a float: none of ours does."""
    return digest_of({**entry.model_dump(mode="json", exclude={"hash", "body"}), "body": entry.body})


def verify(entries: Iterable[Entry]) -> Digest:
    """Check every chain of one run and return the run's head. Raises LedgerBroken naming the first bad entry."""
    chains: dict[str, list[Entry]] = {}
    for entry in entries:
        chains.setdefault(entry.chain, []).append(entry)
    for chain, members in chains.items():
        previous = GENESIS
        for index, entry in enumerate(sorted(members, key=lambda one: one.index)):
            if entry.index != index:
                raise LedgerBroken(f"{chain}: entry {index} is missing or doubled")
            if entry.previous != previous:
                raise LedgerBroken(f"{chain}: entry {index} does not follow the one before it")
            if entry.hash != entry_hash(entry):
                raise LedgerBroken(f"{chain}: entry {index} ({entry.kind}) was changed")
            previous = entry.hash
    return head({chain: max(members, key=lambda one: one.index).hash for chain, members in chains.items()})


def head(tips: Mapping[str, Digest]) -> Digest:
    """The Merkle root over the last hashes of the chains, sorted by chain name. No chains: the genesis hash."""
    level = [_pair(canonical_json([name, tips[name]]).encode(), b"\x00") for name in sorted(tips)]
    if not level:
        return GENESIS
    while len(level) > 1:
        pairs: list[Sequence[bytes]] = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [_pair(b"".join(pair), b"\x01") if len(pair) == 2 else pair[0] for pair in pairs]
    return Digest(level[0].hex())


def _pair(data: bytes, mark: bytes) -> bytes:
    return hashlib.sha256(mark + data).digest()


Upgrader = Callable[[dict[str, Any]], dict[str, Any]]
UPGRADERS: dict[tuple[str, int], Upgrader] = {}
"""How to read an older body: (kind, version) -> function to the next version. The stored entry never changes."""


def current_body(entry: Entry) -> dict[str, Any]:
    """The entry's body in today's schema."""
    body, version = entry.body, entry.version
    while upgrade := UPGRADERS.get((entry.kind, version)):
        body, version = upgrade(body), version + 1
    return body
