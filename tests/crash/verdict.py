"""Who is right in the end: the provider's own bill, held against the journal, the media store and what was cut."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crash.shoot import RUN, Shot

from callsheet.domain.identity import PurchaseKey
from callsheet.domain.purchase import OPEN, PurchaseState
from callsheet.storage import purchase as journal
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import head_of
from callsheet.storage.media import MediaStore

Bill = Sequence[Mapping[str, Any]]
Purchases = Mapping[PurchaseKey, journal.Purchase]
_COSTS_NOTHING = ("failed", "cancelled")


@dataclass(frozen=True)
class Verdict:
    """What is wrong after a story, by kind; each entry is a sentence. All empty: as it should be."""

    bought_twice: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    repeats: int = field(default=0, compare=False)
    """Takes that were paid for, arrived useless, and were bought once more under a number of their own."""
    waiting: int = field(default=0, compare=False)
    """Takes that the provider still works on: nobody bought them again."""

    @property
    def faults(self) -> tuple[str, ...]:
        return (*self.bought_twice, *self.lost, *self.open, *self.other)


def judge(tx: Transaction, media: MediaStore, bill: Bill, shot: Shot, is_complete: bool = True) -> Verdict:
    """Judge a story that has ended. `bill` is every job the provider ever accepted for it."""
    purchases = {one.key: one for one in journal.of_run(tx, RUN)}
    costing = [row for row in bill if row["status"] not in _COSTS_NOTHING]
    twice, lost = _owned_by_nobody(purchases, costing)
    under_way = {row["id"] for row in costing if not row["billed"]}
    open_ = [one for one in purchases.values() if one.state in OPEN]
    return Verdict(
        bought_twice=twice,
        lost=(*lost, *_not_cut(tx, media, purchases, shot)),
        open=(
            *(f"{_name(one)} is still {one.state}" for one in open_ if one.job not in under_way),
            *_held(tx, open_),
        ),
        other=(*_books(tx, purchases, costing), *(_incomplete(shot) if is_complete else ())),
        repeats=sum(one.state is PurchaseState.REJECTED for one in purchases.values()),
        waiting=len(open_),
    )


def key_of(row: Mapping[str, Any]) -> PurchaseKey:
    """Whose purchase a row of the bill was meant for, by the idempotency key it was asked for with."""
    return PurchaseKey(str(row["idempotency_key"]).rpartition("-")[0])


def _owned_by_nobody(purchases: Purchases, costing: Bill) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Renders on the bill that no take has: bought in place of another that it has, or simply lost.

    Two takes of a shot ask in the same words, so either may have taken over what was sold to the other.
    """
    owned = {one.job for one in purchases.values() if one.job}
    twice, lost = [], []
    for row in costing:
        if row["id"] not in owned:
            meant = purchases.get(key_of(row))
            said = f"{row['id'][:14]}, sold to {_name(meant) if meant else 'nobody'}, belongs to no take"
            (twice if meant is not None and meant.job else lost).append(said)
    return tuple(twice), tuple(lost)


def _not_cut(tx: Transaction, media: MediaStore, purchases: Purchases, shot: Shot) -> Iterable[str]:
    cut = {take.purchase for take in shot.takes}
    for one in purchases.values():
        if one.state is not PurchaseState.SETTLED:
            continue
        stored = takes.find(tx, one.key)
        if stored is None or one.key not in cut or not media.path(stored.media.digest).exists():
            yield f"{_name(one)} was paid for and is not in the cut"


def _held(tx: Transaction, open_: Sequence[journal.Purchase]) -> Iterable[str]:
    book, held = journal.book_of(tx, RUN), sum(one.seconds for one in open_)
    if book.held_seconds != held:
        yield f"the book holds {book.held_seconds} s, the open purchases {held} s"


def _books(tx: Transaction, purchases: Purchases, costing: Bill) -> Iterable[str]:
    head_of(tx, RUN)  # raises when a chain of the ledger is broken
    sold = {row["id"] for row in costing}
    for one in purchases.values():
        if one.state is PurchaseState.SETTLED and one.job not in sold:
            yield f"{_name(one)} is settled, and the provider never sold {one.job[:14]}"


def _incomplete(shot: Shot) -> Iterable[str]:
    return tuple(f"never came: {type(one).__name__}: {one}" for one in shot.missing)


def _name(one: journal.Purchase) -> str:
    return f"{one.order.shot} take {one.order.take}"
