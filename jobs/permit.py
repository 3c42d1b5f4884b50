"""May this take be bought, or kept, at this very moment? Asked in the transaction that would do it, every time."""

from collections.abc import Callable
from typing import TypeVar

from callsheet.domain.cameo import Covered, Uncovered, check_release
from callsheet.domain.error import CallsheetError, ReleaseMissing
from callsheet.domain.identity import ReleaseId
from callsheet.domain.purchase import PurchaseState
from callsheet.domain.reuse import Hit
from callsheet.domain.stop import Stop
from callsheet.domain.take import Take
from callsheet.domain.trouble import NEXT_STEP, Trouble
from callsheet.jobs.order import CalledOff, ModelRetired, ShootPaused, TakeOrder
from callsheet.storage import cameo as people
from callsheet.storage import purchase as journal
from callsheet.storage import stop as stops
from callsheet.storage import take as takes
from callsheet.storage.database import Database, Transaction

T = TypeVar("T")
_LIFTED = ("cameo", "campaign")
"""What may be taken up again after it was called off; a run and a take stay called off."""


async def if_permitted(database: Database, wanted: TakeOrder, work: Callable[[Transaction, ReleaseId | None], T]) -> T:
    """Do `work` in the very transaction that finds nothing against it: a revocation comes before it or after it.

    Otherwise nothing is done, what was held is given back, and the error says who or what stands against it.
    Raises ReleaseMissing, CalledOff, ShootPaused or ModelRetired.
    """

    def attempt(tx: Transaction) -> T | CallsheetError:
        verdict = permission(tx, wanted)
        refusal = _stopped(tx, wanted) or _refusal(wanted, verdict)
        if refusal is not None:
            _drop_if_reserved(tx, wanted, str(refusal))
            return refusal
        return work(tx, verdict.release if isinstance(verdict, Covered) else None)

    done = await database.write(attempt)
    if isinstance(done, CallsheetError):
        raise done
    return done


def _stopped(tx: Transaction, wanted: TakeOrder) -> CallsheetError | None:
    """Who or what stops it now, whoever is in it: a word to stop, or a model that is gone."""
    shot = wanted.order.shot
    if stop := stops.find(tx, wanted.tags):
        if stop.kind == "cancel":
            kind, _, name = stop.tag.partition(":")
            lift = f"; to shoot it again: callsheet cancel --lift --{kind} {name}" if kind in _LIFTED else ""
            return CalledOff(f"{shot} was not bought: {stop}{lift}")
        return ShootPaused(f"{shot} is not bought yet: {stop}; `callsheet resume` goes on")
    if wanted.retires is not None and tx.now.date() >= wanted.retires:
        gone = f"{wanted.order.provider} {wanted.order.model} retired on {wanted.retires}"
        return ModelRetired(f"{shot} was not bought: {gone}; {NEXT_STEP[Trouble.PROVIDER_GONE]}")
    return None


def called_off(tx: Transaction, wanted: TakeOrder) -> Stop | None:
    """The word that called this take off, if one did."""
    stop = stops.find(tx, wanted.tags)
    return stop if stop is not None and stop.kind == "cancel" else None


def unwanted(tx: Transaction, wanted: TakeOrder) -> Stop | ReleaseMissing | None:
    """Why nobody would use the take if it came now: it was called off, or nothing permits it any more."""
    return called_off(tx, wanted) or uncovered(tx, wanted)


def uncovered(tx: Transaction, wanted: TakeOrder) -> ReleaseMissing | None:
    """What the workspace's releases say against it at this moment."""
    return _refusal(wanted, permission(tx, wanted))


def _refusal(wanted: TakeOrder, verdict: Covered | Uncovered | None) -> ReleaseMissing | None:
    if isinstance(verdict, Uncovered):
        return ReleaseMissing(f"{wanted.order.shot} may not be bought or used: {'; '.join(verdict.reasons)}")
    return None


def may_use(tx: Transaction, wanted: TakeOrder, take: Take) -> CallsheetError | None:
    """What forbids using a take that exists; nothing when it may go into a cut. A pause does not: nothing is bought."""
    verdict = takes.judged(tx, take, wanted.cameo, wanted.use, wanted.tags)
    if isinstance(verdict, Hit):
        return None
    why = f"{wanted.order.shot} take {wanted.order.take} exists and is not used: {verdict}"
    return CalledOff(why) if verdict.cause == "called_off" else ReleaseMissing(why)


def permission(tx: Transaction, wanted: TakeOrder) -> Covered | Uncovered | None:
    """What the workspace says at this moment about the person in the shot; nothing when nobody is in it."""
    if wanted.cameo is None or wanted.use is None:
        return None
    found = people.cameos(tx, (wanted.cameo,))
    if not found:
        return Uncovered(reasons=(f"no cameo {wanted.cameo} in this workspace",))
    return check_release(found[0], wanted.use, tx.now)


def _drop_if_reserved(tx: Transaction, wanted: TakeOrder, why: str) -> None:
    purchase = journal.find(tx, wanted.order.key)
    if purchase and purchase.state is PurchaseState.RESERVED:
        journal.move(tx, purchase.key, "cancel", reason=why)
