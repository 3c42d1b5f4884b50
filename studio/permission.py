"""Whom a finished file shows that may not be shown any more: every place that offers finished files says it."""

from collections.abc import Mapping

from callsheet.domain.cameo import Cameo, Covered, Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.identity import Digest, PlacementId, PurchaseKey, ReleaseId, RunId
from callsheet.domain.ledger import current_body
from callsheet.domain.take import Take
from callsheet.storage import cameo as people
from callsheet.storage import document
from callsheet.storage import run as runs
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import entries

DO_NOT_USE = "do not use"
_ARRIVED = ("TakeStored", "TakeAdopted")
_UNREAD = Uncovered(reasons=("its frozen campaign cannot be read, so no release can be said to cover it",))


def objections(tx: Transaction, run: RunId) -> Mapping[Digest, tuple[str, ...]]:
    """What stands against a run's finished files now, by the hash of the file; one that may be used is not in it.

    The rule is the one by which publications are taken down: another release that covers the place is enough.
    """
    bodies = [(one.kind, current_body(one)) for one in entries(tx, run)]
    keys = {PurchaseKey(body["purchase"]) for kind, body in bodies if kind in _ARRIVED}
    cast = {take.id: take for key in keys if (take := takes.find(tx, key)) is not None and take.cameo}
    cuts = {body["cut"]: body for kind, body in bodies if kind == "CutAssembled"}
    found: dict[Digest, tuple[str, ...]] = {}
    for body in (body for kind, body in bodies if kind == "DeliverableFinished" and body["cut"] in cuts):
        cut = cuts[body["cut"]]
        seen = [cast[one] for one in cut["takes"] if one in cast]
        said = (_against(tx, run, take, PlacementId(cut["placement"])) for take in seen)
        if against := tuple(dict.fromkeys(filter(None, said))):
            found[Digest(body["file"])] = against
    return found


def _against(tx: Transaction, run: RunId, take: Take, placement: PlacementId) -> str:
    """Why the person in a take may not be shown in a placement now, in words; empty when they may."""
    person = next(iter(people.cameos(tx, (str(take.cameo),))), None)
    if person is None:
        return f"shows {take.cameo}, whose record was erased: {DO_NOT_USE}"
    campaign = document.readable(tx, Campaign, runs.find(tx, run).bundle)
    verdict = check_release(person, use_of(campaign, (placement,)), tx.now) if campaign else _UNREAD
    if isinstance(verdict, Covered):
        return ""
    return f"shows {person.id}, {_why(tx, person, take.release, verdict)}: {DO_NOT_USE}"


def _why(tx: Transaction, person: Cameo, named: ReleaseId | None, verdict: Uncovered) -> str:
    release = next((one for one in person.releases if one.id == named), None)
    if release is not None and release.revoked_at is not None and release.revoked_at <= tx.now:
        return f"whose release {release.id} was revoked on {release.revoked_at:%Y-%m-%d}"
    if release is not None and release.ends <= tx.now:
        return f"whose release {release.id} ended on {release.ends:%Y-%m-%d}"
    return f"whom no release covers there ({'; '.join(verdict.reasons)})"
