"""Seconds of a run by phase, from the times in its ledger.

The time before an entry was spent on bringing it about, so it counts for the phase the entry belongs to. The phases
add up to the time from the run's first entry to its last.
"""

from collections.abc import Sequence

from callsheet.domain.ledger import Entry

PHASES = ("plan", "shoot", "post", "release", "analyst")

_OF_KIND = {
    "RunStarted": "plan",
    "StoryboardDrafted": "plan",
    "CallSheetDrawn": "plan",
    "PlanCleared": "plan",
    "PlanReturned": "plan",
    "SecondsReserved": "shoot",
    "PurchaseIntended": "shoot",
    "PurchaseMoved": "shoot",
    "TakeScanned": "shoot",
    "TakeStored": "shoot",
    "TakeAdopted": "shoot",
    "SecondsCommitted": "shoot",
    "SecondsReleased": "shoot",
    "TakesCircled": "post",
    "CutAssembled": "post",
    "CutCleared": "post",
    "CutReturned": "post",
    "DeliverableFinished": "post",
    "ConsentRevoked": "release",
    "Published": "release",
    "TakenDown": "release",
    "TelemetryRead": "analyst",
    "AnalystDecided": "analyst",
    "RunWrapped": "analyst",
}
_OF_GATE = {"greenlight": "plan", "topup": "plan", "dailies": "shoot", "release": "release"}


def seconds_per_phase(entries: Sequence[Entry]) -> dict[str, float]:
    """How long each phase of a run took, all its rounds together. Entries in the order of writing."""
    seconds = dict.fromkeys(PHASES, 0.0)
    gates = {one.body["gate"]: one.body["kind_of_gate"] for one in entries if one.kind == "GateOpened"}
    latest = entries[0].at
    for one in entries:
        phase = _OF_GATE[gates[one.body["gate"]]] if one.kind.startswith("Gate") else _OF_KIND[one.kind]
        seconds[phase] += max(0.0, (one.at - latest).total_seconds())
        latest = max(latest, one.at)
    return seconds
