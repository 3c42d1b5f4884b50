"""The purchase journal: what was ordered, where it stands, what it cost. A step and its event are one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Literal

from sqlalchemy import RowMapping, Update, func, select, update

from callsheet.domain.budget import Admitted, Allowance, Balance, BookEntry, OverBudget, admit, approval, limits
from callsheet.domain.campaign import Cap, Caps
from callsheet.domain.event import PurchaseIntended, PurchaseMoved, SecondsCommitted, SecondsReleased, SecondsReserved
from callsheet.domain.identity import Digest, PurchaseKey, ReleaseId, RunId, ShotId
from callsheet.domain.money import Money
from callsheet.domain.purchase import ENDED_UNBOUGHT, PAID, Bill, Order, PurchaseState, Step, advance, bill_of
from callsheet.domain.purse import Charge, run_purse
from callsheet.domain.trouble import Trouble
from callsheet.storage import book
from callsheet.storage import gate as gates
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record
from callsheet.storage.table import PURCHASES, job_mark

_LONGEST_REASON = 500


@dataclass(frozen=True)
class Purchase:
    """One row of the journal."""

    key: PurchaseKey
    run: RunId
    state: PurchaseState
    attempt: int
    begun: int
    job: str
    reason: str
    intended_at: str
    release: ReleaseId | None
    seconds: int
    money: Money
    order: Order
    charge: Charge
    trouble: Trouble | None
    billed: Bill | None
    kept: Digest | None = None

    @property
    def idempotency_key(self) -> str:
        """What every request for it is sent with, until it failed and is begun anew."""
        return f"{self.key}-{self.begun}"

    @property
    def reserved(self) -> Bill:
        """What is held for it, or was."""
        return Bill(seconds=self.seconds, money=self.money)

    @property
    def bill(self) -> Bill:
        """What it costs when it is paid for: what the provider billed, else what was held."""
        return self.billed or self.reserved


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


def every(tx: Transaction) -> tuple[Purchase, ...]:
    """Every purchase of the workspace, by run and then by shot and take."""
    rows = tx.execute(select(PURCHASES).where(PURCHASES.c.workspace == tx.workspace).order_by(PURCHASES.c.key))
    found = (_read(row) for row in rows.mappings())
    return tuple(sorted(found, key=lambda one: (one.run, one.order.shot, one.order.take, one.key)))


def paid_takes(tx: Transaction, run: RunId) -> int:
    """How many takes a run has paid for, usable or not."""
    paid = PURCHASES.c.state.in_([state.value for state in PAID])
    query = select(func.count()).where(PURCHASES.c.workspace == tx.workspace, PURCHASES.c.run == run, paid)
    return int(tx.execute(query).scalar_one())


def owner_of(tx: Transaction, job: str) -> PurchaseKey | None:
    """The purchase that a provider job belongs to."""
    query = select(PURCHASES.c.key).where(PURCHASES.c.workspace == tx.workspace, PURCHASES.c.job_mark == job_mark(job))
    row = tx.execute(query).first() if job else None
    return None if row is None else PurchaseKey(row.key)


def reserve(
    tx: Transaction,
    run: RunId,
    order: Order,
    money: Money,
    caps: Caps | None = None,
    campaign: str = "",
    tier: str = "",
    day_cap: Cap | None = None,
) -> Admitted | OverBudget:
    """Hold seconds and money for one take and begin its journal, if approvals and every cap still cover it.

    `caps` are the campaign's, `day_cap` is that of all campaigns of the account; the day is that of this transaction.
    A purchase that failed or was cancelled begins anew; one that is under way is left as it is.
    """
    before = find(tx, order.key)
    if before and before.state not in ENDED_UNBOUGHT:
        return Admitted()
    charge = Charge(run=run, campaign=campaign, tier=tier, account=order.account, day=tx.now.astimezone(UTC).date())
    purses = book.open_purses(tx, charge.purses, money.currency)
    allowed = approval(run, allowances_of(tx, run), purses[charge.of_run].balance)
    under = (allowed, *limits(charge, caps, day_cap, lambda purse: purses[purse].balance))
    verdict = admit(Bill(seconds=order.seconds, money=money), under)
    if isinstance(verdict, OverBudget):
        return verdict
    values = _begun(charge, order, money, before.attempt if before else 0)
    if before:
        tx.execute(_row(tx, order.key).values(**values))
    else:
        tx.execute(PURCHASES.insert(), {"workspace": tx.workspace, "key": order.key, **values})
    book.enter(tx, purses, BookEntry(purchase=order.key, verb="reserve", seconds=order.seconds, money=money))
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
        # The search for a lost answer begins at the first request: an earlier one may still come to light.
        "intended_at": purchase.intended_at or tx.now.isoformat(),
        "release": event.release or "",
    }
    tx.execute(_row(tx, purchase.key).values(**values))
    record(tx, purchase.run, event, chain_of(purchase.key))
    return current(tx, purchase.key)


def move(
    tx: Transaction,
    key: PurchaseKey,
    step: Step,
    job: str = "",
    reason: str = "",
    trouble: Trouble | None = None,
    bill: Bill | None = None,
) -> Purchase:
    """Take any other step from where the purchase stands now. One that ends it settles or frees what was held.

    `bill` is what the provider says it charges; without one, what was reserved is what was spent.
    """
    purchase, reason = current(tx, key), _legible(reason)
    state, job = advance(purchase.state, step), job or purchase.job
    values = {"state": state.value, "job": job, "job_mark": job_mark(job), "reason": reason, "trouble": trouble or ""}
    tx.execute(_row(tx, key).values(**values, **_billed(purchase, bill)))
    moved = PurchaseMoved(purchase=key, step=step, state=state.value, job=job, reason=reason, trouble=trouble or "")
    record(tx, purchase.run, moved, chain_of(key))
    after = current(tx, key)
    if state in ENDED_UNBOUGHT or state in PAID:
        _settle(tx, after, reason or step)
    return after


def accept(tx: Transaction, key: PurchaseKey, job: str) -> Purchase:
    """Write down which render the provider began. One that another take owns is not this one's: the answer is lost.

    Two takes of a shot ask in the same words. While one waits for its answer, the other may look for an answer of its
    own that never came, and find this render first.
    """
    if not job or job != _kept(job):
        return move(tx, key, "lose", reason=f"the provider names the render in a way nobody can write down: {job!r}")
    if owner_of(tx, job) not in (None, key):
        return move(tx, key, "lose", reason=f"the render {job[:80]} belongs to another take already")
    return move(tx, key, "accept", job=job)


def keep(tx: Transaction, key: PurchaseKey, kept: Digest) -> Purchase:
    """Write down which bytes were fetched for it. It stands where it stood: whoever goes on need not fetch again."""
    tx.execute(_row(tx, key).values(kept=kept))
    return current(tx, key)


def adopt_job(tx: Transaction, key: PurchaseKey, candidates: Sequence[str]) -> Purchase | None:
    """Take over the oldest of these provider jobs that no purchase owns. None when every one is owned."""
    for job in candidates:
        if owner_of(tx, job) is None:
            return move(tx, key, "find", job=job)
    return None


def current(tx: Transaction, key: PurchaseKey) -> Purchase:
    """The purchase as it stands in this transaction."""
    found = find(tx, key)
    if found is None:
        raise LookupError(f"purchase {key} is not in the journal")
    return found


def book_of(tx: Transaction, run: RunId, currency: str = "USD") -> Balance:
    """What a run holds and has spent; `currency` is that of a run that has done neither."""
    return book.balance_of(tx, run_purse(run), currency)


def allowances_of(tx: Transaction, run: RunId) -> tuple[Allowance, ...]:
    """What people approved for a run, gate by gate."""
    return tuple(
        gate.allowance
        for gate in gates.gates_of(tx, run)
        if gate.allowance and gates.verdict_at(tx, gate.id).answer == "approve"
    )


def _billed(purchase: Purchase, bill: Bill | None) -> dict[str, int | str]:
    if bill is None:
        return {}
    billed = bill_of(purchase.reserved, bill.seconds, bill.money)
    return {"billed_seconds": billed.seconds, "billed_amount": str(billed.money.amount)}


def _settle(tx: Transaction, purchase: Purchase, reason: str) -> None:
    """Close the books of a purchase that has ended: what was bought is spent as it was billed, the rest is free."""
    is_paid, reserved = purchase.state in PAID, purchase.reserved
    cost = purchase.bill if is_paid else reserved
    purses = book.open_purses(tx, purchase.charge.purses, reserved.money.currency)
    verb: Literal["commit", "release"] = "commit" if is_paid else "release"
    entry = BookEntry(purchase=purchase.key, verb=verb, seconds=cost.seconds, money=cost.money)
    book.enter(tx, purses, entry, hold=reserved)
    ended = {"purchase": purchase.key, "seconds": cost.seconds, "money": cost.money}
    event = SecondsCommitted(**ended) if is_paid else SecondsReleased(**ended, reason=reason)
    record(tx, purchase.run, event, chain_of(purchase.key))


def _legible(reason: str) -> str:
    """What a provider said, cut short, without what cannot be written down."""
    return _kept(reason[:_LONGEST_REASON])


def _kept(text: str) -> str:
    """A text without what a database cannot keep."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _begun(charge: Charge, order: Order, money: Money, attempt: int) -> dict[str, str | int | None]:
    """The row of a purchase that begins, or begins anew: nothing of what came before is left in it."""
    return {
        "run": charge.run,
        "campaign": charge.campaign,
        "tier": charge.tier,
        "day": str(charge.day),
        "state": PurchaseState.RESERVED.value,
        "attempt": attempt,
        "begun": attempt,
        "job": "",
        "job_mark": None,
        "reason": "",
        "trouble": "",
        "intended_at": "",
        "release": "",
        "seconds": order.seconds,
        "amount": str(money.amount),
        "currency": money.currency,
        "billed_seconds": None,
        "billed_amount": None,
        "kept": "",
        "order": order.model_dump_json(),
    }


def _read(columns: RowMapping) -> Purchase:
    order = Order.model_validate_json(columns["order"])
    run, currency, billed = RunId(columns["run"]), columns["currency"], columns["billed_seconds"]
    return Purchase(
        key=PurchaseKey(columns["key"]),
        run=run,
        state=PurchaseState(columns["state"]),
        attempt=columns["attempt"],
        begun=columns["attempt"] if columns["begun"] is None else columns["begun"],
        job=columns["job"],
        reason=columns["reason"],
        intended_at=columns["intended_at"],
        release=ReleaseId(columns["release"]) if columns["release"] else None,
        seconds=columns["seconds"],
        money=Money(amount=columns["amount"], currency=currency),
        order=order,
        charge=Charge(
            run=run,
            campaign=columns["campaign"],
            tier=columns["tier"],
            account=order.account,
            day=date.fromisoformat(columns["day"]) if columns["day"] else None,
        ),
        trouble=Trouble(columns["trouble"]) if columns["trouble"] else None,
        billed=None
        if billed is None
        else Bill(seconds=billed, money=Money(amount=columns["billed_amount"], currency=currency)),
        kept=Digest(columns["kept"]) if columns["kept"] else None,
    )


def _row(tx: Transaction, key: PurchaseKey) -> Update:
    return update(PURCHASES).where(PURCHASES.c.workspace == tx.workspace, PURCHASES.c.key == key)
