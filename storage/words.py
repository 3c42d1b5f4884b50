"""What a model wrote for a run, by the hash of its task: it was paid for, so nobody asks for it again.

The money for an exchange is reserved before it and settled after it, in the purses of the campaign and of the day.
"""

from datetime import UTC

from sqlalchemy import delete, select

from callsheet.domain.budget import Admitted, BookEntry, OverBudget, admit, limits
from callsheet.domain.campaign import Campaign, Cap
from callsheet.domain.identity import Digest, PurchaseKey, PurseId, RunId
from callsheet.domain.money import Money
from callsheet.domain.purchase import Bill
from callsheet.domain.purse import Charge
from callsheet.domain.record import Record, digest_of
from callsheet.domain.writing import Words, WordsWritten, told_of
from callsheet.storage import book, document
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries, record
from callsheet.storage.table import POSTINGS, WORDS
from callsheet.storage.upsert import insert_once


class KeptWords(Record):
    """An answer that was found fit for use: who wrote it, from which prompt, and the answer as JSON text."""

    task: Digest
    by: str
    prompt: str
    answer: str


class Held(Record):
    """Money held for one exchange: under which name, how much, and who pays."""

    key: PurchaseKey
    money: Money
    charge: Charge


def keep(tx: Transaction, run: RunId, words: KeptWords) -> Digest:
    """Keep an answer in place of any earlier one to the same task. It is a document, so a person can be taken out."""
    tx.execute(delete(WORDS).where(WORDS.c.workspace == tx.workspace, WORDS.c.run == run, WORDS.c.task == words.task))
    kept = document.keep(tx, words)
    insert_once(tx, WORDS, {"workspace": tx.workspace, "run": run, "task": words.task, "document": kept})
    return kept


def recall(tx: Transaction, run: RunId, task: Digest) -> KeptWords | None:
    """The answer of this run to a task; nothing where it was never given, or cannot be read any more."""
    row = tx.execute(
        select(WORDS.c.document).where(WORDS.c.workspace == tx.workspace, WORDS.c.run == run, WORDS.c.task == task)
    ).first()
    return None if row is None else document.readable(tx, KeptWords, Digest(row.document))


def capped(tx: Transaction, run: RunId, day_cap: Cap | None) -> bool:
    """Whether any cap on money bounds what this run may spend, so that a model without a price may not be asked."""
    caps = _campaign(tx, run).caps
    parts = (caps.money, caps.day.money if caps.day else None, day_cap.money if day_cap else None)
    return any(part is not None for part in parts)


def reserve(
    tx: Transaction, run: RunId, task: Digest, money: Money, account: str, day_cap: Cap | None
) -> Held | OverBudget:
    """Hold money for one exchange, under the caps of the campaign and of the day.

    What a crash left held for the same words counts as paid: nobody can say whether that model answered.
    """
    campaign = _campaign(tx, run)
    charge = Charge(run=run, campaign=campaign.name, account=account, day=tx.now.astimezone(UTC).date())
    number = sum(1 for one in entries(tx, run) if one.kind == WordsWritten.kind())
    key = PurchaseKey(f"words-{digest_of([run, task])[:24]}-{number}")
    left = _left_by_a_crash(tx, charge.of_campaign, key)
    if left is not None:
        settle(tx, Held(key=key, money=left.money, charge=charge), left.money)
    purses = book.open_purses(tx, _purses(charge), money.currency)
    under = limits(charge, campaign.caps, day_cap, lambda purse: purses[purse].balance)
    verdict = admit(Bill(seconds=0, money=money), under)
    if not isinstance(verdict, Admitted):
        return verdict
    held = Held(key=key, money=money, charge=charge)
    book.enter(tx, purses, BookEntry(purchase=held.key, verb="reserve", seconds=0, money=money))
    return held


def settle(tx: Transaction, held: Held, paid: Money) -> None:
    """Enter what an exchange cost, and give the rest back."""
    purses = book.open_purses(tx, _purses(held.charge), held.money.currency)
    entry = BookEntry(purchase=held.key, verb="commit", seconds=0, money=paid)
    book.enter(tx, purses, entry, hold=Bill(seconds=0, money=held.money))


def write_down(tx: Transaction, run: RunId, said: WordsWritten, held: Held | None) -> None:
    """Say in the ledger what was written and paid, and settle it."""
    record(tx, run, said)
    if held is not None:
        settle(tx, held, said.money or held.money)


def of_run(tx: Transaction, run: RunId) -> Words | None:
    """What the words of a run came to; none where no model was asked."""
    return told_of(one.body for one in entries(tx, run) if one.kind == WordsWritten.kind())


def _campaign(tx: Transaction, run: RunId) -> Campaign:
    return document.fetch(tx, Campaign, runs.find(tx, run).bundle)


def _purses(charge: Charge) -> tuple[PurseId, ...]:
    """Words are no seconds: what people approved at a gate is for takes, so the run's own purse stays out of it."""
    return tuple(purse for purse in charge.purses if purse != charge.of_run)


def _left_by_a_crash(tx: Transaction, purse: PurseId, key: PurchaseKey) -> Bill | None:
    """What is held under that name already: somebody reserved it and never came back to settle it."""
    query = select(POSTINGS).where(
        POSTINGS.c.workspace == tx.workspace, POSTINGS.c.purse == purse, POSTINGS.c.purchase == key
    )
    last = tx.execute(query.order_by(POSTINGS.c.position.desc()).limit(1)).mappings().first()
    if last is None or last["verb"] != "reserve":
        return None
    return Bill(seconds=last["seconds"], money=Money(amount=last["amount"], currency=last["currency"]))
