"""Takes a person out of the workspace's database: their records, and their words wherever anything repeats them.

The ledger is left as it is. It holds ids and hashes alone, and documents keep the hash they are known under.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, Text, delete, select, update

from callsheet.domain.cameo import Cameo
from callsheet.domain.campaign import Campaign
from callsheet.domain.cut import Cut, Deliverable
from callsheet.domain.erasure import ERASED, Personal, digests_of, names_them, personal, redacted, redacted_text
from callsheet.domain.error import NotFound, Refused
from callsheet.domain.identity import CameoId, Digest, PurchaseKey
from callsheet.domain.ledger import WORKSPACE
from callsheet.domain.named import same
from callsheet.domain.permission import CameoErased, ConsentRevoked
from callsheet.domain.purchase import OPEN
from callsheet.domain.run import AT_END, UNFINISHED, Run
from callsheet.domain.take import Take
from callsheet.storage import cameo as people
from callsheet.storage import document, known, publication
from callsheet.storage import job as jobs
from callsheet.storage import purchase as journal
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import of_chain, pseudonym, record
from callsheet.storage.table import (
    DOCUMENTS,
    HEADS,
    LEDGER,
    METADATA,
    PEOPLE,
    PURCHASES,
    REVISIONS,
    SECRETS,
    TAKES,
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


def was_erased(tx: Transaction, cameo: CameoId) -> bool:
    """Whether a person was erased, and nothing brought them back since."""
    told = of_chain(tx, WORKSPACE, people.chain_of(cameo))
    return cameo not in people.known(tx) and any(one.kind == CameoErased.kind() for one in told)


def traces(tx: Transaction, cameo: CameoId) -> Traces:
    """Find everything. Raises NotFound for somebody nobody knows."""
    person = next(iter(people.cameos(tx, (cameo,))), None)
    if person is None:
        raise NotFound(f"No person {cameo} is known in this workspace; `callsheet cameo list` says who is.")
    said, of_others = known.ever_said(tx, cameo)
    whole = _whole(person, said)
    cast = takes_of(tx, [cameo])
    shown = appearances_of(tx, cast)
    cuts = {one.cut: document.fetch(tx, Cut, one.cut) for one in shown}
    purchases = _purchases(tx, cameo, {take.purchase for take in cast.values()})
    files = {take.media.digest for take in cast.values()} | digests_of(whole)
    files |= {one.kept for one in purchases if one.kept}
    files |= {digest for one in _deliverables(tx) if one.cut in cuts for digest in _files_of(one)}
    shared = {digest for one in of_others for digest in digests_of(one)}
    shared |= _renders_without(tx, cameo, {one.key for one in purchases})
    return Traces(
        person=whole.model_copy(update={"releases": person.releases}),
        who=personal(said, of_others),
        takes={str(name): take for name, take in cast.items()},
        cuts=tuple(cuts.values()),
        files=frozenset(files - shared),
        runs=tuple(run for run in runs.every(tx) if _names(tx, run, cameo)),
        purchases=purchases,
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
    for out in publication.perhaps_out(tx, found.files):
        raise Refused(
            f"{out.name} shows {cameo} and is perhaps published: `callsheet cameo revoke {cameo}` asks the channel"
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
    removed = _remove_names(tx, who)  # first: afterwards nobody knows what the releases were called
    removed += _remove(tx, REVISIONS, REVISIONS.c.kind == "cameo", REVISIONS.c.id == who.id)
    removed += _remove(tx, USE_APPROVALS, USE_APPROVALS.c.cameo == who.id)
    changed = sum(_forget_words(tx, one) for one in found.purchases)
    changed += sum(_rewrite(tx, table, columns, who) for table, columns in texts().items())
    is_theirs = _is_name(by, who, frozenset())
    event = CameoErased(
        cameo=who.id,
        records=removed,
        documents=changed,
        takes=len(found.takes),
        files=len(found.files),
        by="" if is_theirs else pseudonym(tx, by),
    )
    record(tx, WORKSPACE, event, people.chain_of(who.id))
    return removed, changed


def texts() -> dict[Table, list[Column[Any]]]:
    """Every column of free text or JSON in which somebody may be named: of every table there is, now and later."""
    every = {
        table: [column for column in table.columns if isinstance(column.type, Text)]
        for table in METADATA.sorted_tables
        if table not in _NEVER_CHANGED
    }
    return {table: columns for table, columns in every.items() if columns}


def named_in_ledger(tx: Transaction, who: Personal) -> int:
    """How many entries of the ledger hold the person's words in a free text, where nothing can be changed."""
    rows = tx.execute(select(LEDGER.c.entry).where(LEDGER.c.workspace == tx.workspace))
    return sum(_without(row.entry, who) != row.entry for row in rows)


def _whole(person: Cameo, every: Sequence[Cameo]) -> Cameo:
    """The person with whatever any revision ever said of them: an earlier paper, picture or id at a provider."""
    return person.model_copy(
        update={
            "releases": tuple(release for one in every for release in one.releases),
            "references": tuple(reference for one in every for reference in one.references),
            "characters": tuple(dict.fromkeys(character for one in every for character in one.characters)),
        }
    )


def _renders_without(tx: Transaction, cameo: CameoId, theirs: set[PurchaseKey]) -> set[Digest]:
    """The bytes of every render that does not show them; of what they are in, only if somebody else's is the same."""
    rows = tx.execute(select(TAKES.c.body).where(TAKES.c.workspace == tx.workspace))
    takes = (Take.model_validate_json(row.body) for row in rows)
    found = {one.media.digest for one in takes if one.cameo != cameo}
    return found | {one.kept for one in journal.every(tx) if one.kept and one.key not in theirs}


def _remove_names(tx: Transaction, who: Personal) -> int:
    """Remove what keyed hashes of their name and of their releases' ids stand for."""
    told, of_others = known.ever_said(tx, who.id)
    others = {release.id for one in of_others for release in one.releases}
    signed = frozenset(release.id for one in told for release in one.releases if release.id not in others)
    rows = tx.execute(select(PEOPLE).where(PEOPLE.c.workspace == tx.workspace)).all()
    theirs = [row.pseudonym for row in rows if _is_name(row.name, who, signed)]
    return sum(_remove(tx, PEOPLE, PEOPLE.c.pseudonym == one) for one in theirs)


def _is_name(name: str, who: Personal, releases: frozenset[str]) -> bool:
    wordings = {same(one) for one in (*who.whole, *who.near)}
    return name in releases or same(name) in wordings or names_them(name, who)


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


def _without(text: str, who: Personal, is_theirs: bool = False) -> str:
    """The text without the person; written anew only where something changed, so that other rows keep their bytes."""
    data = _read(text)
    if data is None:
        return redacted_text(text, who, is_theirs)
    after = redacted(data, who, is_theirs)
    return text if after == data else json.dumps(after, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _read(text: str) -> dict[str, Any] | list[Any] | None:
    """The JSON that a text is, if it is any."""
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict | list) else None


def _forget_words(tx: Transaction, purchase: journal.Purchase) -> int:
    """The words of an order with the person in it go whole: a model may have described them in its own."""
    order = purchase.order.model_copy(update={"prompt": ERASED}).model_dump_json()
    mine = PURCHASES.c.workspace == tx.workspace, PURCHASES.c.key == purchase.key
    tx.execute(update(PURCHASES).where(*mine).values(order=order))
    return 1


def _remove(tx: Transaction, table: Table, *which: ColumnElement[bool]) -> int:
    gone = tx.execute(delete(table).where(table.c.workspace == tx.workspace, *which).returning(table.c.workspace))
    return len(gone.all())


def _rewrite(tx: Transaction, table: Table, columns: list[Column[Any]], who: Personal) -> int:
    """Change the texts of every row where there is something to change; documents are marked as redacted by it."""
    keys = list(table.primary_key.columns)
    count = 0
    for row in tx.execute(select(table).where(table.c.workspace == tx.workspace)).mappings().all():
        plain = {name: (_read(said) or said) if isinstance(said, str) else None for name, said in row.items()}
        is_theirs = names_them(plain, who)
        after = {one.name: _without(row[one.name], who, is_theirs) for one in columns if row[one.name]}
        changed = {name: said for name, said in after.items() if said != row[name]}
        if changed:
            mark = {"redacted_at": tx.now.isoformat()} if table is DOCUMENTS else {}
            tx.execute(update(table).where(*(key == row[key.name] for key in keys)).values(**changed, **mark))
            count += len(changed)
    return count
