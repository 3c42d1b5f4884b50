"""The purchase journal: what was ordered, where it stands, what it cost. A step and its event are one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, Update, func, select, update

from callsheet.domain.budget import Admitted, Allowance, Balance, BookEntry, OverBudget, admit, balance
from callsheet.domain.campaign import Caps
from callsheet.domain.event import PurchaseIntended, PurchaseMoved, SecondsCommitted, SecondsReleased, SecondsReserved
from callsheet.domain.identity import PurchaseKey, ReleaseId, RunId, ShotId
from callsheet.domain.money import Money
from callsheet.domain.purchase import ENDED_UNBOUGHT, PAID, Order, PurchaseState, Step, advance
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.table import BOOK, PURCHASES

_LONGEST_REASON = 500


@dataclass(frozen=True)
class Purchase:
    """One row of the journal."""

    key: PurchaseKey
    run: RunId
    state: PurchaseState
    attempt: int
    job: str
    reason: str
    intended_at: str
    release: ReleaseId | None
    seconds: int
    money: Money
    order: Order


def chain_of(key: PurchaseKey) -> str:
    """The ledger chain of one take."""
    return f"take:{key}"


def find(tx: Transaction, key: PurchaseKey) -> Purchase | None:
    """The purchase of that key, if it was ever begun."""
    row = (
        tx.execute(select(PURCHASES).where(PURCHASES.c.workspace == tx.workspace, PURCHASES.c.key == key))
        .mappings()
        .first()
    )
    return None if row is None else _read(row)


def of_run(tx: Transaction, run: RunId) -> tuple[Purchase, ...]:
    """Every purchase a run began."""
    rows = tx.execute(
        select(PURCHASES).where(PURCHASES.c.workspace == tx.workspace, PURCHASES.c.run == run).order_by(PURCHASES.c.key)
    )
    return tuple(_read(row) for row in rows.mappings())


def known_jobs(tx: Transaction) -> frozenset[str]:
    """Every provider job this workspace has a purchase for."""
    rows = tx.execute(select(PURCHASES.c.job).where(PURCHASES.c.workspace == tx.workspace, PURCHASES.c.job != ""))
    return frozenset(str(row.job) for row in rows)


def reserve(tx: Transaction, run: RunId, order: Order, money: Money, caps: Caps | None = None) -> Admitted | OverBudget:
    """Hold seconds and money for one take and begin its journal, if the run's approvals still cover it.

    A purchase that failed or was cancelled begins anew; one that is under way is left as it is.
    """
    before = find(tx, order.key)
    if before and before.state not in ENDED_UNBOUGHT:
        return Admitted()
    verdict = admit(book_of(tx, run, money.currency), order.seconds, money, allowances_of(tx, run), caps)
    if isinstance(verdict, OverBudget):
        return verdict
    values = {
        "run": run,
        "state": PurchaseState.RESERVED.value,
        "attempt": before.attempt if before else 0,
        "job": "",
        "reason": "",
        "intended_at": "",
        "release": "",
        "seconds": order.seconds,
        "amount": str(money.amount),
        "currency": money.currency,
        "order": order.model_dump_json(),
    }
    if before:
        tx.execute(_row(tx, order.key).values(**values))
    else:
        tx.execute(PURCHASES.insert(), {"workspace": tx.workspace, "key": order.key, **values})
    _enter(tx, run, BookEntry(purchase=order.key, verb="reserve", seconds=order.seconds, money=money))
    event = SecondsReserved(
        purchase=order.key, shot=ShotId(order.shot), take=order.take, seconds=order.seconds, money=money
    )
    record(tx, run, event, chain_of(order.key))
    return verdict


def intend(tx: Transaction, event: PurchaseIntended) -> Purchase:
    """Write down that the request is about to be sent."""
    purchase = current(tx, event.purchase)
    state = advance(purchase.state, "intend")
    values = {
        "state": state.value,
        "attempt": event.attempt,
        "intended_at": tx.now.isoformat(),
        "release": event.release or "",
    }
    tx.execute(_row(tx, purchase.key).values(**values))
    record(tx, purchase.run, event, chain_of(purchase.key))
    return current(tx, purchase.key)


def move(tx: Transaction, key: PurchaseKey, step: Step, job: str = "", reason: str = "") -> Purchase:
    """Take any other step from where the purchase stands now. One that ends it settles or frees what was held."""
    purchase, reason = current(tx, key), _legible(reason)
    state = advance(purchase.state, step)
    tx.execute(_row(tx, key).values(state=state.value, job=job or purchase.job, reason=reason))
    moved = PurchaseMoved(purchase=key, step=step, state=state.value, job=job or purchase.job, reason=reason)
    record(tx, purchase.run, moved, chain_of(key))
    seconds, money = purchase.seconds, purchase.money
    if state in ENDED_UNBOUGHT:
        _enter(tx, purchase.run, BookEntry(purchase=key, verb="release", seconds=seconds, money=money))
        freed = SecondsReleased(purchase=key, seconds=seconds, money=money, reason=reason or step)
        record(tx, purchase.run, freed, chain_of(key))
    if state in PAID:
        _enter(tx, purchase.run, BookEntry(purchase=key, verb="commit", seconds=seconds, money=money))
        record(tx, purchase.run, SecondsCommitted(purchase=key, seconds=seconds, money=money), chain_of(key))
    return current(tx, key)


def accept(tx: Transaction, key: PurchaseKey, job: str) -> Purchase:
    """Write down which render the provider began. One that another take owns is not this one's: the answer is lost.

    Two takes of a shot ask in the same words. While one waits for its answer, the other may look for an answer of its
    own that never came, and find this render first.
    """
    if job in known_jobs(tx):
        return move(tx, key, "lose", reason=f"the render {job[:80]} belongs to another take already")
    return move(tx, key, "accept", job=job)


def adopt_job(tx: Transaction, key: PurchaseKey, candidates: Sequence[str]) -> Purchase | None:
    """Take over the oldest of these provider jobs that no purchase owns. None when every one is owned."""
    owned = known_jobs(tx)
    for job in candidates:
        if job not in owned:
            return move(tx, key, "find", job=job)
    return None


def current(tx: Transaction, key: PurchaseKey) -> Purchase:
    """The purchase as it stands in this transaction."""
    found = find(tx, key)
    if found is None:
        raise LookupError(f"purchase {key} is not in the journal")
    return found


def book_of(tx: Transaction, run: RunId, currency: str = "USD") -> Balance:
    """What a run holds and has spent."""
    rows = tx.execute(select(BOOK).where(BOOK.c.workspace == tx.workspace, BOOK.c.run == run).order_by(BOOK.c.position))
    return balance(
        (
            BookEntry(
                purchase=PurchaseKey(row["purchase"]),
                verb=row["verb"],
                seconds=row["seconds"],
                money=Money(amount=row["amount"], currency=row["currency"]),
            )
            for row in rows.mappings()
        ),
        currency,
    )


def allowances_of(tx: Transaction, run: RunId) -> tuple[Allowance, ...]:
    """What people approved for a run, gate by gate."""
    return tuple(
        gate.allowance
        for gate in gates.gates_of(tx, run)
        if gate.allowance and gates.verdict_at(tx, gate.id).answer == "approve"
    )


def _legible(reason: str) -> str:
    """What a provider said, cut short, without what cannot be written down."""
    return reason[:_LONGEST_REASON].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _read(columns: RowMapping) -> Purchase:
    return Purchase(
        key=PurchaseKey(columns["key"]),
        run=RunId(columns["run"]),
        state=PurchaseState(columns["state"]),
        attempt=columns["attempt"],
        job=columns["job"],
        reason=columns["reason"],
        intended_at=columns["intended_at"],
        release=ReleaseId(columns["release"]) if columns["release"] else None,
        seconds=columns["seconds"],
        money=Money(amount=columns["amount"], currency=columns["currency"]),
        order=Order.model_validate_json(columns["order"]),
    )


def _row(tx: Transaction, key: PurchaseKey) -> Update:
    return update(PURCHASES).where(PURCHASES.c.workspace == tx.workspace, PURCHASES.c.key == key)


def _enter(tx: Transaction, run: RunId, entry: BookEntry) -> None:
    position = tx.execute(
        select(func.count()).select_from(BOOK).where(BOOK.c.workspace == tx.workspace, BOOK.c.run == run)
    ).scalar_one()
    tx.execute(
        BOOK.insert(),
        {
            "workspace": tx.workspace,
            "run": run,
            "position": position,
            "purchase": entry.purchase,
            "verb": entry.verb,
            "seconds": entry.seconds,
            "amount": str(entry.money.amount),
            "currency": entry.money.currency,
        },
    )
