"""The words that tell who anybody is whom the workspace knows, from all that was ever said of them."""

from functools import lru_cache

from sqlalchemy import select

from callsheet.domain.cameo import Cameo
from callsheet.domain.erasure import Personal, personal
from callsheet.storage.database import Transaction
from callsheet.storage.table import REVISIONS

_Told = tuple[tuple[str, str], ...]


def everybody(tx: Transaction) -> tuple[Personal, ...]:
    """Each person by the words that tell who it is, by id."""
    return _everybody(_told(tx))


def ever_said(tx: Transaction, cameo: str) -> tuple[tuple[Cameo, ...], tuple[Cameo, ...]]:
    """Every revision of one person's record, oldest first, and those of all others."""
    read = [(who, Cameo.model_validate_json(body)) for who, body in _told(tx)]
    return tuple(one for who, one in read if who == cameo), tuple(one for who, one in read if who != cameo)


def _told(tx: Transaction) -> _Told:
    its = REVISIONS.c
    query = select(its.id, its.body).where(its.workspace == tx.workspace, its.kind == "cameo")
    return tuple((str(row.id), str(row.body)) for row in tx.execute(query.order_by(its.id, its.revision)))


@lru_cache(maxsize=4)
def _everybody(told: _Told) -> tuple[Personal, ...]:
    """Worked out once for the same records: every entry of the ledger with a free text asks for it.

    In the ledger nothing is shared: a name that two people have is cut to initials all the same.
    """
    mine: dict[str, list[Cameo]] = {}
    for who, body in told:
        mine.setdefault(who, []).append(Cameo.model_validate_json(body))
    return tuple(personal(one, ()) for one in mine.values())
