"""Begins a run that shares another's past up to one gate. The other run is read, and never written to.

What the shared past made is written into the new run's own ledger: whoever asks which takes, cuts and files it stands
on, or whom they show, finds them there. Money, decisions and publications stay where they were.
"""

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from callsheet.domain import event as events
from callsheet.domain.campaign import Campaign
from callsheet.domain.casting import use_of
from callsheet.domain.error import WrongUse
from callsheet.domain.event import RunForked, RunStarted, TakeAdopted
from callsheet.domain.gate import Gate
from callsheet.domain.identity import PurchaseKey, RunId, ShotId, TakeId
from callsheet.domain.ledger import Entry, Event, current_body, verify
from callsheet.domain.principal import Principal
from callsheet.domain.reuse import Hit, Miss
from callsheet.domain.run import ApprovalPolicy, Fork, Run
from callsheet.storage import document, purchase
from callsheet.storage import run as runs
from callsheet.storage import stop as stops
from callsheet.storage import take as takes
from callsheet.storage.database import Transaction
from callsheet.storage.ledger import RUN_CHAIN, entries, pseudonym, record


@dataclass(frozen=True)
class Forking:
    """What a new run is begun with: the gate to ask again, the graph's checkpoint before it, and who asks for it.

    `{run}` in `out` stands for the new run's id, which is not known before it is begun. `takes` are those that the gate
    asks about.
    """

    gate: Gate
    checkpoint: str
    out: str
    policy: ApprovalPolicy
    by: Principal
    takes: frozenset[TakeId] = frozenset()


def begin(tx: Transaction, wanted: Forking) -> Run:
    """Begin the run. Raises LedgerBroken when the other run's ledger does not verify. Raises WrongUse when the campaign
    was called off, or a take that the gate asks about may not be used for a reason that the graph does not ask about.

    The frozen campaign is the same document, so nothing is read from the campaign's folder, whatever became of it.
    """
    parent = runs.find(tx, wanted.gate.run)
    past = _past(tx, wanted.gate)
    head = verify(past)
    campaign = document.fetch(tx, Campaign, parent.bundle)
    stops.check_start(tx, campaign.name)
    name = _free_name(tx, campaign.name)
    run = parent.model_copy(
        update={
            "id": name,
            "out": wanted.out.replace("{run}", name),
            "policy": wanted.policy,
            "status": "running",
            "reason": "",
            "started_at": tx.now,
            "alternate_of": None,
            "forked_from": Fork(run=parent.id, gate=wanted.gate.id, checkpoint=wanted.checkpoint, head=head),
            "driver": name,
        }
    )
    runs.start(
        tx,
        run,
        RunStarted(
            bundle=run.bundle,
            campaign=campaign.name,
            provider=campaign.provider.name,
            model=campaign.provider.model,
            policy=run.policy,
            seed=run.seed,
        ),
    )
    forked = RunForked(
        parent=parent.id,
        gate=wanted.gate.id,
        kind_of_gate=wanted.gate.kind,
        parent_head=head,
        parent_entries=len(past),
        by=pseudonym(tx, wanted.by.name),
        authenticated=wanted.by.authenticated,
    )
    record(tx, run.id, forked)
    carrier = _Carrier(tx, run.id, campaign)
    carrier.carry(past)
    carrier.check(wanted)
    return run


def _free_name(tx: Transaction, campaign: str) -> RunId:
    return RunId(f"{campaign}-{1 + sum(1 for run in runs.every(tx) if run.campaign == campaign)}")


def _past(tx: Transaction, gate: Gate) -> tuple[Entry, ...]:
    """What the ledger said before the gate was opened."""
    return tuple(takewhile(lambda one: not _opens(one, gate), entries(tx, gate.run)))


def _opens(entry: Entry, gate: Gate) -> bool:
    return entry.kind == "GateOpened" and entry.body["gate"] == gate.id


class _Carrier:
    """Writes into a run's ledger what another made. Takes that may not be used now stay behind, and their cuts too."""

    def __init__(self, tx: Transaction, run: RunId, campaign: Campaign) -> None:
        self._tx = tx
        self._run = run
        self._use = use_of(campaign)
        self._takes: set[TakeId] = set()
        self._left: dict[TakeId, Miss] = {}
        self._cuts: set[str] = set()
        self._files: set[str] = set()

    def check(self, wanted: Forking) -> None:
        """Whom no release covers now is asked about before anything is shown. Nothing asks about other takes that were
        left behind, so a film with them would be one whose ledger names neither its takes nor who is in it.
        """
        left = {take: self._left.get(take) for take in sorted(wanted.takes - self._takes)}
        said = [
            f"{take}: {why or 'it is not in the workspace any more'}"
            for take, why in left.items()
            if why is None or why.cause != "release"
        ]
        if said:
            raise WrongUse(
                f"{wanted.gate.id} stands on takes that may not be used any more ({'; '.join(said)}); ask the "
                f"greenlight again, which plans without them: callsheet fork {wanted.gate.run} --at greenlight"
            )

    def carry(self, past: tuple[Entry, ...]) -> None:
        for entry in past:
            body = current_body(entry)
            match entry.kind:
                case "TakeStored" | "TakeAdopted":
                    self._take(body)
                case "StoryboardDrafted":  # its words were paid for there
                    self._say(events.StoryboardDrafted, {**body, "input_tokens": 0, "output_tokens": 0})
                case "CallSheetDrawn":
                    self._say(events.CallSheetDrawn, body)
                case "PlanCleared":
                    self._say(events.PlanCleared, body)
                case "TelemetryRead" if self._cuts:
                    self._say(events.TelemetryRead, body)
                case "AnalystDecided" if self._cuts:
                    self._say(events.AnalystDecided, body)
                case _:
                    self._cutting_room(entry.kind, body)

    def _cutting_room(self, kind: str, body: dict[str, Any]) -> None:
        match kind:
            case "TakesCircled":
                kept = [pair for pair in body["takes"] if pair[1] in self._takes]
                if kept:
                    self._say(events.TakesCircled, {"takes": kept})
            case "CutAssembled" if self._takes.issuperset(body["takes"]):
                self._cuts.add(body["cut"])
                self._say(events.CutAssembled, body)
            case "CutCleared":
                if self._cuts.issuperset(body["cuts"]):
                    self._say(events.CutCleared, body)
            case "DeliverableFinished" if body["cut"] in self._cuts:
                self._files.add(body["file"])
                self._say(events.DeliverableFinished, body)
            case "CredentialsVerified" if body["file"] in self._files and not body["publication"]:
                self._say(events.CredentialsVerified, body)

    def _take(self, body: dict[str, Any]) -> None:
        take = takes.find(self._tx, PurchaseKey(body["purchase"]))
        if take is None or take.id in self._takes:
            return
        verdict = takes.judged(self._tx, take, take.cameo, self._use if take.cameo else None)
        if not isinstance(verdict, Hit):
            self._left[take.id] = verdict
            return
        self._takes.add(take.id)
        adopted = TakeAdopted(purchase=take.purchase, take=take.id, shot=ShotId(take.shot))
        record(self._tx, self._run, adopted, purchase.chain_of(take.purchase))

    def _say(self, kind: type[Event], body: dict[str, Any]) -> None:
        record(self._tx, self._run, kind.model_validate(body), RUN_CHAIN)
