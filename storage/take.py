"""Takes that exist. One purchase gives one take; every take is kept, and used again while it may be."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from callsheet.domain.cameo import Cameo, Use
from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound
from callsheet.domain.identity import CameoId, PurchaseKey, RunId, TakeId
from callsheet.domain.ledger import Entry, current_body
from callsheet.domain.provider import Provider
from callsheet.domain.reuse import Asked, Hit, Miss, Standing, judge
from callsheet.domain.take import Take
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import RUN_CHAIN
from callsheet.storage.table import LEDGER, TAKES
from callsheet.storage.upsert import insert_once


@dataclass(frozen=True)
class Place:
    """Where a take was chosen or shown: a run that circled it, or one of a run's cuts, named `variant, placement`."""

    run: RunId
    cut: str = ""


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


def judged(
    tx: Transaction,
    take: Take,
    cameo: CameoId | None,
    use: Use | None,
    tags: tuple[str, ...] = (),
    person: Cameo | None = None,
) -> Hit | Miss:
    """Whether a take may be used now for a shot that casts `cameo`. `tags` are those of the order that wants it.

    `person` is who that will be once a campaign is brought in; if not said, it is whom the workspace knows by that id.
    """
    purchase = journal.current(tx, take.purchase)
    if person is None and cameo is not None:
        person = next(iter(people.cameos(tx, (cameo,))), None)
    mine = (f"take:{take.purchase}", *((f"cameo:{cameo}",) if cameo else ()))
    standing = Standing(
        asked=asked(purchase),
        person=person,
        terms=terms_of(tx, purchase.run),
        stop=stops.find(tx, {*tags, *mine}),
    )
    return judge(take, cameo, use, standing, tx.now)


def asked(purchase: journal.Purchase) -> Asked:
    """What was asked for, as the rules of reuse read it."""
    return Asked(order=purchase.order, run=purchase.run, state=purchase.state, reason=purchase.reason)


def terms_of(tx: Transaction, run: RunId) -> Provider | None:
    """The provider as it sold when that run began: prices and licence are frozen with the campaign."""
    try:
        return document.fetch(tx, Campaign, runs.find(tx, run).bundle).provider
    except NotFound:
        return None


def places(tx: Transaction) -> Mapping[TakeId, tuple[Place, ...]]:
    """Which runs circled each take, and in which of their cuts it is, as of the last word about each."""
    rows = tx.execute(
        select(LEDGER.c.run, LEDGER.c.entry)
        .where(LEDGER.c.workspace == tx.workspace, LEDGER.c.chain == RUN_CHAIN)
        .order_by(LEDGER.c.run, LEDGER.c.position)
    )
    last: dict[Place, list[str]] = {}
    for row in rows:
        entry = Entry.model_validate_json(row.entry)
        body = current_body(entry)
        if entry.kind == "TakesCircled":
            last[Place(RunId(row.run))] = [take for _, take in body["takes"]]
        elif entry.kind == "CutAssembled":
            last[Place(RunId(row.run), f"{body['variant']}, {body['placement']}")] = body["takes"]
    found: dict[TakeId, list[Place]] = {}
    for place, takes in last.items():
        for take in dict.fromkeys(takes):
            found.setdefault(TakeId(take), []).append(place)
    return {take: tuple(where) for take, where in found.items()}
