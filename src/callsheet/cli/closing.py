"""The end of the demo: what to open, what was reshot, what it cost, and what it would cost elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.cli.console import Console
from callsheet.cli.outcome import costs_document, place, show_costs, show_files, stand_document
from callsheet.cli.workspace import near

if TYPE_CHECKING:
    from callsheet.cli.view import Stand
    from callsheet.domain.campaign import Campaign
    from callsheet.domain.ledger import Entry


@dataclass(frozen=True)
class Played:
    """How the demo went."""

    stand: "Stand"
    campaign: "Campaign"
    entries: "tuple[Entry, ...]"
    report: Path


def show_closing(console: Console, played: Played, seconds: float) -> None:
    """Print it."""
    stand = played.stand
    if stand.run.status != "finished":
        console.warn(f"The demo stopped: {stand.run.reason or stand.run.status}")
        return
    console.say()
    show_files(console, stand)
    for line in reshoot_story(played.entries):
        console.say(line)
    show_costs(console, stand.costs)
    prices = ", ".join(f"{one['cost']} at {one['per_second']} a second" for one in elsewhere(played))
    console.say(f"The same {stand.costs.seconds_purchased} s elsewhere: {prices}.")
    console.say("Every frame of the shots is marked previz; viewers were simulated, and say so wherever they show.")
    console.say(f"Done in {seconds:.0f} s: no network, {stand.costs.spent} spent.", style="bold green")
    console.say("Open:", style="bold")
    tallest = max(stand.files, key=lambda one: one.height / one.width)
    console.say(f"  {near(place(stand, tallest.name))}", whole=True)
    console.say(f"  {near(played.report)}", whole=True)


def demo_document(played: Played, seconds: float) -> dict[str, Any]:
    """The demo as JSON."""
    return {
        **stand_document(played.stand),
        "costs": costs_document(played.stand.costs),
        "elsewhere": elsewhere(played),
        "report": str(played.report),
        "wall_seconds": round(seconds, 1),
    }


def elsewhere(played: Played) -> list[dict[str, str]]:
    """What the seconds that were bought cost at the prices a quote compares with."""
    from callsheet.domain.quote import arithmetic

    points = arithmetic(played.stand.costs.seconds_purchased, played.campaign.provider.compare_with)
    return [{"per_second": str(point.per_second), "cost": str(point.master)} for point in points]


def reshoot_story(entries: "Sequence[Entry]") -> list[str]:
    """What was shot again after people, or the simulation of them, had seen the films: from the ledger alone."""
    asked = next(
        (
            n
            for n, one in enumerate(entries)
            if one.kind == "AnalystDecided" and one.body["kind_of_decision"] == "reshoot"
        ),
        None,
    )
    if asked is None:
        return []
    after = entries[asked + 1 :]
    bought = [f"{one.body['shot']} ({one.body['seconds']} s)" for one in after if one.kind == "TakeStored"]
    approved = any(one.kind == "GateDecided" and one.body["answer"] == "approve" for one in after)
    shipped = sum(1 for one in after if one.kind == "Published")
    replaced = sum(1 for one in after if one.kind == "TakenDown")
    if not (approved and bought and shipped):
        return ["The analyst asked for a reshoot, and it was not finished."]
    return [
        f"Reshot: {', '.join(bought)}, approved, bought and cut in; {shipped} files shipped, {replaced} taken down."
    ]
