"""What the workspace knows of a finished file, by the hash of its bytes: which it is, where it was approved and ran."""

from dataclasses import dataclass
from typing import Any

from callsheet.domain.identity import Digest, GateId
from callsheet.domain.ledger import current_body
from callsheet.domain.showing import Showing
from callsheet.storage import document, publication
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries
from callsheet.studio.permission import objections


@dataclass(frozen=True)
class KnownFile:
    """One deliverable of one run. `approved` are the gates whose yes covers exactly these bytes;
    `against` is why it may not be used any more: who in it took permission back."""

    run: str
    name: str
    is_essence: bool
    credentials: str
    approved: tuple[str, ...]
    published: tuple[str, ...]
    against: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """In words."""
        what = "the film of it before signing" if self.is_essence else "its exact bytes"
        said = [f"{self.name} of {self.run}: {what}"]
        said += [f"approved at {gate}" for gate in self.approved] or ["approved by nobody"]
        return [*said, *(f"published as {one}" for one in self.published), *self.against]


def find_file(tx: Transaction, digest: Digest) -> tuple[KnownFile, ...]:
    """Every deliverable, of any run, that has or had these bytes."""
    found: dict[tuple[str, str], KnownFile] = {}
    for run in runs.every(tx):
        made = [current_body(one) for one in entries(tx, run.id) if one.kind == "DeliverableFinished"]
        for body in (body for body in made if digest in (body["file"], body["essence"])):
            found[run.id, body["name"]] = _known(tx, run.id, body, digest)
    return tuple(found.values())


def _known(tx: Transaction, run: Any, body: dict[str, Any], digest: Digest) -> KnownFile:
    said = [
        gate.id
        for gate in gates.gates_of(tx, run)
        if gate.kind == "release" and _covers(tx, gate.id, gate.shown, digest)
    ]
    out = [f"{one.id} ({one.standing})" for one in publication.of_run(tx, run) if one.file == digest]
    against = objections(tx, run).get(body["file"], ())
    return KnownFile(run, body["name"], body["file"] != digest, body["credentials"], tuple(said), tuple(out), against)


def _covers(tx: Transaction, gate: GateId, shown: Digest, digest: Digest) -> bool:
    if gates.verdict_at(tx, gate).answer != "approve":
        return False
    return digest in {file.file for file in document.fetch(tx, Showing, shown).files}
