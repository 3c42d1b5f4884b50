"""A buyer that a process of its own can import: who reserves a take, and what it orders."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from callsheet.domain.budget import Admitted
from callsheet.domain.identity import RunId
from callsheet.domain.money import Money
from callsheet.domain.purchase import Order
from callsheet.storage import purchase as journal
from callsheet.storage.database import Database

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = RunId("spring-1")
PRICE = Money(amount=Decimal("0.40"))


def noon() -> datetime:
    return NOON


def order(take: int, **changes: Any) -> Order:
    wanted = {"workspace": "w", "provider": "p", "account": "a", "model": "m", "prompt": "a shoe", "seconds": 4}
    return Order.model_validate({**wanted, "size": "720x1280", "shot": "s1", "take": take, **changes})


def reserve_in_a_process(url: str, take: int) -> bool:
    opened = Database(url, "w", noon)
    try:
        return isinstance(opened.write_now(lambda tx: journal.reserve(tx, RUN, order(take), PRICE)), Admitted)
    finally:
        opened.close()


# --- transactions ---
