"""An open gate with everything a person must see to decide: the documents behind the hashes of the workspace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from callsheet.cli.naming import Question
from callsheet.domain.error import NotFound

if TYPE_CHECKING:
    from callsheet.domain.campaign import Campaign
    from callsheet.domain.cut import Deliverable
    from callsheet.domain.identity import Digest
    from callsheet.domain.quote import Quote
    from callsheet.domain.run import Run
    from callsheet.domain.storyboard import Storyboard
    from callsheet.standing import Costs, OpenGate
    from callsheet.storage.database import Transaction


@dataclass(frozen=True)
class GateView:
    """One open gate. `is_only` says that no other gate of the workspace is open, so it needs no name."""

    asked: "OpenGate"
    run: "Run"
    campaign: "Campaign"
    storyboard: "Storyboard"
    quote: "Quote | None"
    files: "tuple[Deliverable, ...]"
    is_only: bool


@dataclass(frozen=True)
class Stand:
    """Where a run stands: its record, its open gate if it waits, its finished files and its costs.

    `against` is what stands against using a finished file now, by its hash: somebody in it took permission back.
    """

    run: "Run"
    view: GateView | None
    files: "tuple[Deliverable, ...]"
    costs: "Costs"
    against: "Mapping[Digest, tuple[str, ...]]" = field(default_factory=dict)

    def objections(self) -> tuple[str, ...]:
        """Which finished file may not be used and why, one sentence each."""
        return tuple(f"{one.name}.mp4 {why}" for one in self.files for why in self.against.get(one.file, ()))


def questions(tx: "Transaction") -> tuple[Question, ...]:
    """Every open gate of the workspace, by name."""
    from callsheet.standing import open_gate
    from callsheet.storage import run as runs

    found = (open_gate(tx, run.id) for run in runs.unfinished(tx))
    return tuple(Question(gate=one.gate.id, kind=one.gate.kind, run=one.gate.run) for one in found if one)


def run_names(tx: "Transaction") -> tuple[str, ...]:
    """Every run, oldest first."""
    from callsheet.storage import run as runs

    return tuple(run.id for run in runs.every(tx))


def stand_of(tx: "Transaction", name: str) -> Stand:
    """Where a run stands now."""
    from callsheet.domain.identity import RunId
    from callsheet.standing import costs_of, finished
    from callsheet.storage import run as runs
    from callsheet.studio.permission import objections

    run = runs.find(tx, RunId(name))
    files = finished(tx, run.id)
    against = objections(tx, run.id) if files else {}
    return Stand(run=run, view=view_of(tx, run), files=files, costs=costs_of(tx, run.id), against=against)


def view_of(tx: "Transaction", run: "Run") -> GateView | None:
    """The open gate of a run as it would be decided now."""
    from callsheet.domain.campaign import Campaign
    from callsheet.domain.quote import Quote
    from callsheet.domain.storyboard import Storyboard
    from callsheet.standing import finished, open_gate
    from callsheet.storage import document

    asked = open_gate(tx, run.id) if run.status in ("running", "waiting") else None
    if asked is None:
        return None
    shown = {one.file for one in asked.showing.files}
    return GateView(
        asked=asked,
        run=run,
        campaign=document.fetch(tx, Campaign, run.bundle),
        storyboard=document.fetch(tx, Storyboard, asked.showing.storyboard),
        quote=document.fetch(tx, Quote, asked.showing.quote) if asked.showing.quote else None,
        files=tuple(one for one in finished(tx, run.id) if one.file in shown),
        is_only=len(questions(tx)) == 1,
    )


def gate_view(tx: "Transaction", name: str) -> GateView:
    """The open gate of the run of that name. Raises NotFound when it has none any more."""
    found = stand_of(tx, name).view
    if found is None:
        raise NotFound(f"{name} has no open gate any more; `callsheet status` says where it stands")
    return found
