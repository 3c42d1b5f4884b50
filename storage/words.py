"""What a model wrote for a run, by the hash of its task: it was paid for, so nobody asks for it again.

The money for an exchange is reserved before it and settled after it, in the purses of the campaign and of the day.
What a stop left held is written off as paid, and the ledger says so: nobody can know whether that model answered.
"""

from datetime import UTC

from sqlalchemy import delete, select

from callsheet.domain.budget import Admitted, BookEntry, OverBudget, admit, limits
from callsheet.domain.campaign import Campaign, Cap
from callsheet.domain.identity import Digest, PurchaseKey, PurseId, RunId
from callsheet.domain.money import Money, nothing
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
    """Money held for one exchange: under which name, how much, and in which purses."""

    key: PurchaseKey
    money: Money
    purses: tuple[PurseId, ...]


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
    """Hold money for one exchange, under the caps of the campaign and of the day. What a stop left held is written off.

    A run writes one thing at a time, so whatever of it is still held was left by somebody who will not come back.
    """
    write_off(tx, run)
    campaign = _campaign(tx, run)
    charge = Charge(run=run, campaign=campaign.name, account=account, day=tx.now.astimezone(UTC).date())
    number = sum(1 for one in entries(tx, run) if one.kind == WordsWritten.kind())
    key = PurchaseKey(f"{_prefix(run)}{task[:24]}-{number}")
    purses = book.open_purses(tx, _purses(charge), money.currency)
    under = limits(charge, campaign.caps, day_cap, lambda purse: purses[purse].balance)
    verdict = admit(Bill(seconds=0, money=money), under)
    if not isinstance(verdict, Admitted):
        return verdict
    book.enter(tx, purses, BookEntry(purchase=key, verb="reserve", seconds=0, money=money))
    return Held(key=key, money=money, purses=tuple(purses))


def write_off(tx: Transaction, run: RunId) -> None:
    """Count as paid what is still held for this run's words, and say so in the ledger, with no attempt and no token."""
    for held in _still_held(tx, run):
        by = next((one.body["by"] for one in reversed(entries(tx, run)) if one.kind == WordsWritten.kind()), "a model")
        lost = WordsWritten(
            prompt="", by=by, attempts=0, input_tokens=0, output_tokens=0, is_usable=False, money=held.money
        )
        write_down(tx, run, lost, held)


def write_down(tx: Transaction, run: RunId, said: WordsWritten, held: Held | None) -> None:
    """Say in the ledger what was written and paid, and settle it: the rest of what was held is given back.

    Whoever comes back after it was written off has paid already, and is not counted again.
    """
    if held is None:
        record(tx, run, said)
    elif all(one.key != held.key for one in _still_held(tx, run)):
        record(tx, run, said.model_copy(update={"money": nothing(held.money.currency)}))
    else:
        record(tx, run, said)
        purses = book.open_purses(tx, held.purses, held.money.currency)
        entry = BookEntry(purchase=held.key, verb="commit", seconds=0, money=said.money or held.money)
        book.enter(tx, purses, entry, hold=Bill(seconds=0, money=held.money))


def of_run(tx: Transaction, run: RunId) -> Words | None:
    """What the words of a run came to; none where no model was asked."""
    return told_of(one.body for one in entries(tx, run) if one.kind == WordsWritten.kind())


def _campaign(tx: Transaction, run: RunId) -> Campaign:
    return document.fetch(tx, Campaign, runs.find(tx, run).bundle)


def _purses(charge: Charge) -> tuple[PurseId, ...]:
    """Words are no seconds: what people approved at a gate is for takes, so the run's own purse stays out of it."""
    return tuple(purse for purse in charge.purses if purse != charge.of_run)


def _prefix(run: RunId) -> str:
    """How the names of everything that is held for a run's words begin."""
    return f"words-{digest_of(run)[:16]}-"


def _still_held(tx: Transaction, run: RunId) -> tuple[Held, ...]:
    """What was reserved for this run's words and never settled, with the purses it was reserved in."""
    purse = Charge(run=run, campaign=_campaign(tx, run).name).of_campaign
    named = (POSTINGS.c.workspace == tx.workspace, POSTINGS.c.purchase.startswith(_prefix(run), autoescape=True))
    settled = select(POSTINGS.c.purchase).where(*named, POSTINGS.c.purse == purse, POSTINGS.c.verb != "reserve")
    query = select(POSTINGS).where(*named, POSTINGS.c.purse == purse, POSTINGS.c.purchase.not_in(settled))
    found = []
    for row in tx.execute(query.order_by(POSTINGS.c.position)).mappings().all():
        entered = select(POSTINGS.c.purse).where(*named, POSTINGS.c.purchase == row["purchase"])
        purses = sorted(PurseId(one.purse) for one in tx.execute(entered))
        money = Money(amount=row["amount"], currency=row["currency"])
        found.append(Held(key=PurchaseKey(row["purchase"]), money=money, purses=tuple(purses)))
    return tuple(found)
