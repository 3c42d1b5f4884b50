"""Takes a person out of the workspace's database: their records, and their words wherever anything repeats them.

The ledger is left as it is. It holds ids and hashes alone, and documents keep the hash they are known under.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, Text, delete, select, update

from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.erasure import ERASED, Personal, digests_of, personal, redacted, redacted_text
from callsheet.domain.error import NotFound, Refused
from callsheet.domain.identity import CameoId, Digest, PurchaseKey
from callsheet.domain.ledger import WORKSPACE
from callsheet.domain.permission import CameoErased, ConsentRevoked
from callsheet.domain.purchase import OPEN
from callsheet.domain.run import AT_END, UNFINISHED, Run
from callsheet.domain.seen import fold
from callsheet.domain.take import Take
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import job as jobs
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import pseudonym, record
from callsheet.storage.table import (
    DOCUMENTS,
    HEADS,
    LEDGER,
    METADATA,
    PEOPLE,
    PURCHASES,
    REVISIONS,
    SECRETS,
    USE_APPROVALS,
)
from callsheet.storage.usage import appearances_of, takes_of

_NEVER_CHANGED = (LEDGER, HEADS, SECRETS, PEOPLE)
"""The ledger and its heads are proofs, secrets are random, and people are removed row by row."""
_WHY = "erased on request"


@dataclass(frozen=True)
class Traces:
    """Everything the workspace holds of a person: who, their takes and files, and the runs that were about them."""

    person: Cameo
    who: Personal
    takes: dict[str, Take]
    cuts: tuple[Cut, ...]
    files: frozenset[Digest]
    runs: tuple[Run, ...]
    purchases: tuple[journal.Purchase, ...] = field(default=())


def traces(tx: Transaction, cameo: CameoId) -> Traces:
    """Find everything. Raises NotFound for somebody nobody knows."""
    everybody = people.every(tx)
    person = next((one for one in everybody if one.id == cameo), None)
    if person is None:
        raise NotFound(f"No person {cameo} is known in this workspace; `callsheet cameo list` says who is.")
    others = [one for one in everybody if one.id != cameo]
    cast = takes_of(tx, [cameo])
    shown = appearances_of(tx, cast)
    cuts = {one.cut: document.fetch(tx, Cut, one.cut) for one in shown}
    files = {take.media.digest for take in cast.values()} | digests_of(_whole(tx, person))
    files |= {digest for one in _deliverables(tx) if one.cut in cuts for digest in _files_of(one)}
    shared = {digest for one in others for digest in digests_of(one)}
    return Traces(
        person=person,
        who=personal(_whole(tx, person), others),
        takes={str(name): take for name, take in cast.items()},
        cuts=tuple(cuts.values()),
        files=frozenset(files - shared),
        runs=tuple(run for run in runs.every(tx) if _names(tx, run, cameo)),
        purchases=_purchases(tx, cameo, {take.purchase for take in cast.values()}),
    )


def check(tx: Transaction, found: Traces) -> None:
    """Refuse while the person is in use, and say which command ends that. Raises Refused."""
    cameo = found.person.id
    for run in found.runs:
        open_ = any(one.state in OPEN for one in journal.of_run(tx, run.id))
        if run.status in UNFINISHED or open_:
            raise Refused(
                f"{cameo} is in {run.id}, which is {run.status}: end it first with `callsheet cancel --run {run.id}`, "
                "or let it finish"
            )
    for one in appearances_of(tx, takes_of(tx, [cameo])):
        if any(airing.down is None for airing in one.airings):
            raise Refused(
                f"{one.name} shows {cameo} and is published: take it down first with `callsheet cameo revoke {cameo}`"
            )


def close(tx: Transaction, found: Traces) -> None:
    """From now on nothing can be made or used with the person, whatever a file says and wherever this stops."""
    check(tx, found)
    cameo = found.person.id
    ended = tuple(one for one in people.releases_ever(tx, cameo) if people.revoke(tx, cameo, one, _WHY))
    if ended:
        record(tx, WORKSPACE, ConsentRevoked(cameo=cameo, releases=ended), people.chain_of(cameo))
    for take in found.takes.values():
        stops.say(tx, f"take:{take.purchase}", "cancel", _WHY)
    for run in found.runs:
        if run.status not in AT_END:  # it could be resumed, and would go on with a plan that names nobody
            runs.set_status(tx, run.id, "cancelled", _WHY)


def erase(tx: Transaction, found: Traces, by: str) -> tuple[int, int]:
    """Remove the person's rows and redact every other: how many of each. The ledger says that it was done."""
    who = found.who
    removed = _remove(tx, REVISIONS, REVISIONS.c.kind == "cameo", REVISIONS.c.id == who.id)
    removed += _remove(tx, USE_APPROVALS, USE_APPROVALS.c.cameo == who.id)
    named = {fold(one) for one in who.whole}
    for row in tx.execute(select(PEOPLE).where(PEOPLE.c.workspace == tx.workspace)).all():
        if fold(row.name) in named:
            removed += _remove(tx, PEOPLE, PEOPLE.c.pseudonym == row.pseudonym)
    changed = sum(_forget_words(tx, one) for one in found.purchases)
    changed += sum(_rewrite(tx, table, column, who) for table, column in texts())
    event = CameoErased(
        cameo=who.id,
        records=removed,
        documents=changed,
        takes=len(found.takes),
        files=len(found.files),
        by=pseudonym(tx, by) if fold(by) not in named else "",
    )
    record(tx, WORKSPACE, event, people.chain_of(who.id))
    return removed, changed


def texts() -> list[tuple[Table, Column[Any]]]:
    """Every column of free text or JSON in which somebody may be named: of every table there is, now and later."""
    return [
        (table, column)
        for table in METADATA.sorted_tables
        if table not in _NEVER_CHANGED
        for column in table.columns
        if isinstance(column.type, Text)
    ]


def named_in_ledger(tx: Transaction, who: Personal) -> int:
    """How many entries of the ledger hold the person's words in a free text, where nothing can be changed."""
    rows = tx.execute(select(LEDGER.c.entry).where(LEDGER.c.workspace == tx.workspace))
    return sum(_without(row.entry, who) != row.entry for row in rows)


def _whole(tx: Transaction, person: Cameo) -> Cameo:
    """The person with whatever any revision ever said of them: an earlier name, an earlier file."""
    rows = tx.execute(
        select(REVISIONS.c.body).where(
            REVISIONS.c.workspace == tx.workspace, REVISIONS.c.kind == "cameo", REVISIONS.c.id == person.id
        )
    )
    every = [Cameo.model_validate_json(row.body) for row in rows]
    return person.model_copy(
        update={
            "releases": tuple(release for one in every for release in one.releases),
            "references": tuple(reference for one in every for reference in one.references),
            "characters": tuple(character for one in every for character in one.characters),
        }
    )


def _deliverables(tx: Transaction) -> list[Deliverable]:
    rows = tx.execute(
        select(DOCUMENTS.c.body).where(DOCUMENTS.c.workspace == tx.workspace, DOCUMENTS.c.kind == Deliverable.__name__)
    )
    return [Deliverable.model_validate_json(row.body) for row in rows]


def _files_of(one: Deliverable) -> tuple[Digest, ...]:
    return one.essence, one.file, one.captions, one.timeline


def _purchases(tx: Transaction, cameo: CameoId, arrived: set[PurchaseKey]) -> tuple[journal.Purchase, ...]:
    """Everything that was ever asked of a provider with the person in it, whether a take came of it or not."""
    tagged = jobs.tagged(tx, f"cameo:{cameo}").values()
    asked = {PurchaseKey(one.removeprefix("take:")) for tags in tagged for one in tags if one.startswith("take:")}
    found = (journal.find(tx, key) for key in sorted(arrived | asked))
    return tuple(one for one in found if one is not None)


def _names(tx: Transaction, run: Run, cameo: CameoId) -> bool:
    return cameo in {one.id for one in document.fetch(tx, Campaign, run.bundle).cameos}


def _without(text: str, who: Personal) -> str:
    """The text without the person; written anew only where something changed, so that other rows keep their bytes."""
    try:
        data = json.loads(text)
    except ValueError:
        return redacted_text(text, who)
    after = redacted(data, who)
    return text if after == data else json.dumps(after, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _forget_words(tx: Transaction, purchase: journal.Purchase) -> int:
    """The words of an order with the person in it go whole: a model may have described them in its own."""
    order = purchase.order.model_copy(update={"prompt": ERASED}).model_dump_json()
    mine = PURCHASES.c.workspace == tx.workspace, PURCHASES.c.key == purchase.key
    tx.execute(update(PURCHASES).where(*mine).values(order=order))
    return 1


def _remove(tx: Transaction, table: Table, *which: ColumnElement[bool]) -> int:
    gone = tx.execute(delete(table).where(table.c.workspace == tx.workspace, *which).returning(table.c.workspace))
    return len(gone.all())


def _rewrite(tx: Transaction, table: Table, column: Column[Any], who: Personal) -> int:
    """Change a column of every row where there is something to change; documents are marked as redacted by it."""
    keys = list(table.primary_key.columns)
    count = 0
    for row in tx.execute(select(*keys, column.label("text")).where(table.c.workspace == tx.workspace)).all():
        after = _without(row.text, who) if row.text else row.text
        if after == row.text:
            continue
        mark = {"redacted_at": tx.now.isoformat()} if table is DOCUMENTS else {}
        same = [key == value for key, value in zip(keys, row, strict=False)]
        tx.execute(update(table).where(*same).values({column.name: after, **mark}))
        count += 1
    return count
