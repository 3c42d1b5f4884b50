"""The transaction of a revocation: the word, its events, who is still covered, and which questions are taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from callsheet.domain.cameo import Cameo, Covered, Uncovered, check_release
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.error import NotFound
from callsheet.domain.identity import CameoId, GateId, PlacementId, ReleaseId, RunId, VariantId
from callsheet.domain.ledger import WORKSPACE
from callsheet.domain.permission import ConsentRevoked
from callsheet.domain.revocation import AffectedCut, AffectedRun
from callsheet.domain.run import AT_END, Run
from callsheet.storage import cameo as people
from callsheet.storage import casting, document, publication
from callsheet.storage import gate as gates
from callsheet.storage import run as runs
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import record


@dataclass(frozen=True)
class Word:
    """What was said, and whom it concerns. `at` is the moment of the transaction."""

    cameo: CameoId
    releases: tuple[ReleaseId, ...]
    at: datetime
    was_said_before: bool
    runs: tuple[AffectedRun, ...]

    @property
    def uncovered(self) -> tuple[AffectedRun, ...]:
        """The runs that may not show the person any more."""
        return tuple(one for one in self.runs if not one.is_covered)


def say(tx: Transaction, cameo: CameoId, release: ReleaseId | None, reason: str, touched: Collection[RunId]) -> Word:
    """End the release, or all of them, from this transaction on. `touched` are runs that ever ordered the person."""
    before = _person(tx, cameo)
    asked = _asked(tx, before, release)
    ended = tuple(one for one in asked if people.revoke(tx, cameo, one, reason))
    event = ConsentRevoked(cameo=cameo, releases=ended)
    if ended:
        record(tx, WORKSPACE, event, f"cameo.{cameo}")
    person, concerned = _person(tx, cameo), []
    for run in runs.every(tx):
        if not _may_concern(tx, run, touched):
            continue
        campaign = _campaign(tx, run)
        if campaign is not None and cameo not in {one.id for one in campaign.cameos}:
            continue
        found = _standing(tx, run, campaign, person)
        if ended and (run.status not in AT_END or _is_out(tx, run)):
            record(tx, run.id, event)
        concerned.append(found)
    return Word(cameo=cameo, releases=ended, at=tx.now, was_said_before=not ended, runs=tuple(concerned))


def cuts_of(tx: Transaction, word: Word) -> tuple[AffectedCut, ...]:
    """Every cut with the person in the runs that may not show them any more."""
    return tuple(
        AffectedCut(cut=cut, run=one.run, variant=VariantId(variant), placement=PlacementId(placement))
        for one in word.uncovered
        for cut, (variant, placement) in casting.cuts_with(tx, one.run, word.cameo).items()
    )


def _person(tx: Transaction, cameo: CameoId) -> Cameo:
    found = people.cameos(tx, (cameo,))
    if not found:
        raise NotFound(f"no person {cameo} is known in this workspace; `callsheet cameo list` names everybody")
    return found[0]


def _asked(tx: Transaction, person: Cameo, release: ReleaseId | None) -> tuple[ReleaseId, ...]:
    known = people.releases_ever(tx, person.id)
    if release is not None and release not in known:
        raise NotFound(f"{person.id} signed no release {release}; there are: {', '.join(known) or 'none'}")
    return known if release is None else (release,)


def _may_concern(tx: Transaction, run: Run, touched: Collection[RunId]) -> bool:
    return run.id in touched or run.status not in AT_END or _is_out(tx, run)


def _is_out(tx: Transaction, run: Run) -> bool:
    return any(one.state != "down" for one in publication.of_run(tx, run.id))


def _campaign(tx: Transaction, run: Run) -> Campaign | None:
    """The run's frozen campaign; nothing where it cannot be read any more."""
    return document.readable(tx, Campaign, run.bundle)


def _standing(tx: Transaction, run: Run, campaign: Campaign | None, person: Cameo) -> AffectedRun:
    """Whether another release covers the run's use. If none does, its open question about the person is taken back."""
    unread = Uncovered(reasons=("its frozen campaign cannot be read, so no release can be said to cover it",))
    verdict = check_release(person, use_of(campaign), tx.now) if campaign else unread
    if isinstance(verdict, Covered):
        note = f"goes on with {person.id} under release {verdict.release}"
        return AffectedRun(run=run.id, status=run.status, release=verdict.release, note=note)
    withdrawn = _withdraw(tx, run, person.id) if run.status not in AT_END else None
    return AffectedRun(run=run.id, status=run.status, reasons=verdict.reasons, withdrawn=withdrawn)


def _withdraw(tx: Transaction, run: Run, cameo: CameoId) -> GateId | None:
    """Take the open question back, if it is about a plan with the person. A purchase in doubt stays a question."""
    if cameo not in casting.cast_of(tx, run.id):
        return None
    because = f"{cameo} may not be shown any more"
    asked = [gate for gate in gates.gates_of(tx, run.id) if gate.kind not in ("purchase", "writer")]
    return next((gate.id for gate in asked if gates.withdraw(tx, gate.id, because)), None)
