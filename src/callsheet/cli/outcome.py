"""Says where a run stands when a command ends: waiting, finished with files and costs, ended otherwise, or stuck."""

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from callsheet.cli.console import Console, Exit
from callsheet.cli.gate import commands, gate_document, show_gate
from callsheet.cli.telling import film_seconds
from callsheet.cli.view import Stand
from callsheet.cli.workspace import LOG, near, say_next
from callsheet.domain.run import UNFINISHED

if TYPE_CHECKING:
    from callsheet.domain.run import RunStatus
    from callsheet.standing import Costs

_UNFORESEEN = re.compile(r"^[A-Z]\w+: ")
"""How the driver writes down an error nobody foresaw: its class, then its words. Every other reason is a sentence."""
_NOT_CLEARED = ("it could not be cleared", "nothing was published")
"""How the reasons begin of a run that a law of the house stopped."""
STATUS: "dict[RunStatus, str]" = {
    "running": "is not finished",
    "waiting": "is not finished",
    "finished": "is finished",
    "rejected": "was rejected",
    "expired": "expired",
    "failed": "stopped",
    "paused": "is paused",
    "cancelled": "was called off",
}
"""What each state of a run is called after its name."""


def end_with(console: Console, stand: Stand) -> None:
    """Show where the run stands and end the command with the exit code for it."""
    _show(console, stand)
    console.document(stand_document(stand))
    if (code := exit_for(stand)) is not Exit.OK:
        raise typer.Exit(int(code))


def exit_for(stand: Stand) -> Exit:
    """What the shell is told."""
    match stand.run.status:
        case "finished" | "rejected":
            return Exit.OK
        case "expired" | "cancelled":
            return Exit.REFUSED
        case "failed" if stand.run.reason.startswith(_NOT_CLEARED):
            return Exit.REFUSED
        case "failed":
            return Exit.UNEXPECTED if _UNFORESEEN.match(stand.run.reason) else Exit.PROVIDER
        case _:
            return Exit.WAITING


def stand_document(stand: Stand) -> dict[str, Any]:
    """Where the run stands, as JSON."""
    return {
        "run": stand.run.model_dump(mode="json"),
        "status": stand.run.status,
        "gate": gate_document(stand.view) if stand.view else None,
        "files": [
            {
                **one.model_dump(mode="json"),
                "path": str(place(stand, one.name)),
                "against": list(stand.against.get(one.file, ())),
            }
            for one in stand.files
        ],
        "costs": costs_document(stand.costs),
        "next": next_commands(stand),
    }


def costs_document(costs: "Costs") -> dict[str, Any]:
    """The costs as JSON: seconds as they are, money as text."""
    return {
        "seconds_purchased": costs.seconds_purchased,
        "seconds_held": costs.seconds_held,
        "spent": costs.spent.model_dump(mode="json"),
        "held": costs.held.model_dump(mode="json"),
        "takes": costs.takes,
        "finished_seconds": str(costs.finished_seconds),
        "per_finished_second": costs.per_finished_second.model_dump(mode="json"),
        "words": costs.words.model_dump(mode="json") if costs.words else None,
    }


def next_commands(stand: Stand) -> list[str]:
    """What to type next."""
    match stand.run.status:
        case "finished":
            return [f"callsheet report {stand.run.id}"]
        case "rejected" | "cancelled":
            return [f"callsheet run {shlex.quote(near(stand.run.folder))}"]
        case "expired" | "failed":
            return [f"callsheet resume {stand.run.id}"]
        case _:
            return commands(stand.view) if stand.view else [f"callsheet resume {stand.run.id}"]


def show_files(console: Console, stand: Stand) -> None:
    """The finished files, what each is, and where they lie."""
    if not stand.files:
        return
    rows = [
        (f"{one.name}.mp4", film_seconds(one.frames, one.rate), f"{one.width}x{one.height}", one.loudness)
        for one in stand.files
    ]
    console.table("Finished files", ["file", ">length", "size", ">LUFS"], rows)
    console.say(f"They are in {near(place(stand, stand.files[0].name).parent)}", whole=True)
    show_objections(console, stand)


def show_objections(console: Console, stand: Stand) -> None:
    """Which finished file may not be used, and why."""
    for line in stand.objections():
        console.say(line, style="bold red", whole=True)


def show_costs(console: Console, costs: "Costs") -> None:
    """What was bought and what it came to."""
    takes = "1 take" if costs.takes == 1 else f"{costs.takes} takes"
    held = f", {costs.seconds_held} s and {costs.held} still held" if costs.seconds_held else ""
    console.say(
        f"Costs: {takes}, {costs.seconds_purchased} s bought, {costs.spent} spent{held}; "
        f"{costs.per_finished_second} a finished second."
    )
    if costs.words is not None:
        read, written = costs.words.tokens_in, costs.words.tokens_out
        console.say(f"Words: {costs.words.by}, {read:,} tokens read, {written:,} written, {costs.words.spent}.")


def place(stand: Stand, name: str) -> Path:
    """Where a finished file lies."""
    return Path(stand.run.out) / "deliverables" / f"{name}.mp4"


def _show(console: Console, stand: Stand) -> None:
    run = stand.run
    if stand.view is not None:
        show_objections(console, stand)
        show_gate(console, stand.view)
        return
    if run.status == "failed":
        console.warn(f"{run.id} stopped: {run.reason}")
        console.warn(f"What was bought is kept. When the cause is gone, go on: {next_commands(stand)[0]}")
        if exit_for(stand) is Exit.UNEXPECTED:
            console.warn(f"Where it broke is in {LOG} in the workspace's folder.")
        return
    style = "green" if run.status == "finished" else "yellow"
    reason = f": {run.reason}" if run.reason else ""
    console.say(f"{run.id} {STATUS[run.status]}{reason}", style=style)
    show_files(console, stand)
    show_costs(console, stand.costs)
    if run.is_hosted and run.status in UNFINISHED:
        console.say(f"A LangGraph server advances it: resume thread {run.driver} there (docs/langgraph-server.md).")
    else:
        say_next(*next_commands(stand))
