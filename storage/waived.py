"""Which findings legal lets pass right now. Only reading: who may grant and end a waiver is in `storage.waiver`.

A waiver is void on any change: it holds only while the ledger's chain of legal's words is whole, the waiver's bytes
have the hash that was written there, the workspace's key signed exactly these bytes, and nobody has ended it.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from callsheet.domain.claim import Waiver
from callsheet.domain.ledger import WORKSPACE, Entry, LedgerBroken, verify
from callsheet.domain.record import canonical_json
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import name_of
from callsheet.storage.signing import is_signed, known_key
from callsheet.storage.table import LEDGER, WAIVERS

PURPOSE = "waiver"
_NOBODY = "a person whose name was erased"


@dataclass(frozen=True)
class Standing:
    """A waiver and why it does not hold; `fault` is empty while nothing speaks against it but its own term."""

    waiver: Waiver
    fault: str

    def word(self, day: date) -> str:
        """How it stands on that day, in a few words."""
        if self.fault:
            return self.fault
        if self.waiver.ends is not None and self.waiver.ends <= day:
            return f"over since {self.waiver.ends}"
        if self.waiver.starts is not None and self.waiver.starts > day:
            return f"starts on {self.waiver.starts}"
        return "in force"


def chain_of(campaign: str) -> str:
    """The ledger's chain of legal's words about a campaign."""
    return f"legal.{campaign}"


def statement(campaign: str, waiver: Waiver) -> bytes:
    """The bytes that the workspace signs: the waiver, word for word, and the campaign it is for."""
    return canonical_json([campaign, waiver.model_dump(mode="json")]).encode()


def in_force(tx: Transaction, campaign: str) -> tuple[Waiver, ...]:
    """The waivers that nothing speaks against; their markets and terms are for the gate to weigh."""
    return tuple(one.waiver for one in standings(tx, campaign) if not one.fault)


def standings(tx: Transaction, campaign: str) -> tuple[Standing, ...]:
    """Every waiver ever granted for a campaign, in the order of granting, and how it stands."""
    rows = tx.execute(select(WAIVERS.c.body).where(WAIVERS.c.workspace == tx.workspace, WAIVERS.c.campaign == campaign))
    kept = [Waiver.model_validate_json(row.body) for row in rows]
    if not kept:
        return ()
    entries = _chain(tx, campaign)
    broken = _is_broken(entries)
    key = known_key(tx)
    found = [
        Standing(_with_name(tx, one), "void: the ledger was changed" if broken else _fault(entries, key, campaign, one))
        for one in sorted(kept, key=lambda each: (each.at, each.id))
    ]
    return tuple(found)


def _fault(entries: tuple[Entry, ...], key: str | None, campaign: str, waiver: Waiver) -> str:
    about = [one for one in entries if one.body.get("waiver") == waiver.id]
    granted = [one for one in about if one.kind == "WaiverGranted"]
    if any(one.kind == "WaiverEnded" for one in about):
        return "ended"
    if not granted or granted[-1].body["record"] != waiver.digest:
        return "void: it was changed after it was granted"
    if not key or not is_signed(key, statement(campaign, waiver), str(granted[-1].body["signature"]), PURPOSE):
        return "void: its signature is not this workspace's"
    return ""


def _is_broken(entries: tuple[Entry, ...]) -> bool:
    try:
        verify(entries)
    except LedgerBroken:
        return True
    return False


def _chain(tx: Transaction, campaign: str) -> tuple[Entry, ...]:
    rows = tx.execute(
        select(LEDGER.c.entry)
        .where(LEDGER.c.workspace == tx.workspace, LEDGER.c.run == WORKSPACE, LEDGER.c.chain == chain_of(campaign))
        .order_by(LEDGER.c.position)
    )
    return tuple(Entry.model_validate_json(row.entry) for row in rows)


def _with_name(tx: Transaction, waiver: Waiver) -> Waiver:
    """With the name behind the keyed hash: names are kept in one place only, where they can be erased."""
    name = name_of(tx, waiver.by.name) or _NOBODY
    return waiver.model_copy(update={"by": waiver.by.model_copy(update={"name": name})})
