"""Takes that exist. One purchase gives one take, and every take is kept."""

from sqlalchemy import select

from callsheet.domain.identity import PurchaseKey
from callsheet.domain.take import Take
from callsheet.storage.database import Transaction
from callsheet.storage.table import TAKES
from callsheet.storage.upsert import insert_once


def keep(tx: Transaction, take: Take) -> None:
    """Keep a take. Keeping it again changes nothing."""
    row = {"workspace": tx.workspace, "purchase": take.purchase, "id": take.id, "body": take.model_dump_json()}
    insert_once(tx, TAKES, row)


def find(tx: Transaction, purchase: PurchaseKey) -> Take | None:
    """The take a purchase gave, if it has arrived."""
    row = tx.execute(
        select(TAKES.c.body).where(TAKES.c.workspace == tx.workspace, TAKES.c.purchase == purchase)
    ).first()
    return None if row is None else Take.model_validate_json(row.body)
