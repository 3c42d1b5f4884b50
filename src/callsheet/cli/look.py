"""Commands that only look: `status`, `pending`, `show`. They open nothing but the database, and change nothing."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import look, near, say_next
from callsheet.domain.error import NotFound

if TYPE_CHECKING:
    from callsheet.cli.view import GateView, Stand
    from callsheet.domain.stop import Stop
    from callsheet.storage.database import Transaction

NOTHING_YET = "No run here yet. Begin with a campaign folder: callsheet new NAME, then callsheet run NAME"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(status)
    app.command()(pending)
    app.command()(show)


def status(as_json: AsJson = False) -> None:
    """List the runs of the workspace: where each stands, what it waits for, what it has spent."""
    del as_json
    from callsheet.cli.outcome import costs_document, next_commands

    say = console()
    none: tuple[Stand, ...] = ()
    stands = look(_every_stand, none)
    nothing: tuple[Stop, ...] = ()
    stopped = look(_every_stop, nothing)
    if stands:
        say.table(
            "Runs", ["run", "state", "waits at", ">bought", ">spent", "began", "folder"], [_row(one) for one in stands]
        )
        for one in stands:
            if one.run.reason:
                say.say(f"{one.run.id}: {one.run.reason}")
            for line in one.objections():
                say.say(f"{one.run.id}: {line}", style="bold red", whole=True)
        for word in stopped:
            if word.kind == "pause" or word.tag.startswith(("campaign:", "cameo:")):
                say.say(str(word), style="yellow")
        for one in stands:
            if one.run.status == "failed" or (one.run.status == "running" and one.view is None):
                say.say(f"To go on, unless another window is at it: {next_commands(one)[0]}", whole=True)
    else:
        say.say(NOTHING_YET)
    say.document(
        [
            {
                **one.run.model_dump(mode="json"),
                "gate": one.view.asked.gate.id if one.view else None,
                "costs": costs_document(one.costs),
                "stopped": [word.model_dump(mode="json") for word in stopped if word.tag in _names(one)],
                "next": next_commands(one),
            }
            for one in stands
        ]
    )


def pending(as_json: AsJson = False) -> None:
    """List every question that waits for a person, over all runs."""
    del as_json
    say = console()
    none: tuple[GateView, ...] = ()
    views = look(_open_views, none)
    for view in views:
        say.say(f"{view.run.id}: {view.asked.question}", style="bold")
        say.say(f"  gate {view.asked.gate.id}, open since {view.asked.gate.opened_at:%Y-%m-%d %H:%M %Z}")
    if views:
        say_next("callsheet show" if len(views) == 1 else f"callsheet show {views[0].run.id}", *_first_answer(views))
    else:
        say.say("Nothing waits for a person.")
    say.document([_brief(view) for view in views])


def show(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RUN] [GATE]", help="Needed only when several gates are open.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the open gate exactly as it would be decided: plan, takes or files, what it may cost, what to know."""
    del as_json
    from callsheet.cli.gate import gate_document, show_gate

    view = look(lambda tx: _find(tx, words or []), None)
    if view is None:
        raise NotFound(NOTHING_YET)
    show_gate(console(), view, in_full=True)
    console().document(gate_document(view))


def _find(tx: "Transaction", words: list[str]) -> "GateView":
    from callsheet.cli.naming import choose, recognise
    from callsheet.cli.view import gate_view, questions, run_names

    open_ = questions(tx)
    return gate_view(tx, choose(recognise(words, run_names(tx), open_), open_).run)


def _every_stand(tx: "Transaction") -> "tuple[Stand, ...]":
    from callsheet.cli.view import run_names, stand_of

    return tuple(stand_of(tx, name) for name in run_names(tx))


def _every_stop(tx: "Transaction") -> "tuple[Stop, ...]":
    from callsheet.storage import stop as stops

    return stops.every(tx)


def _names(stand: "Stand") -> tuple[str, ...]:
    """The tags that a run as a whole may be stopped by."""
    return ("all", f"run:{stand.run.id}", f"campaign:{stand.run.campaign}")


def _open_views(tx: "Transaction") -> "tuple[GateView, ...]":
    from callsheet.cli.view import gate_view, questions

    return tuple(gate_view(tx, one.run) for one in questions(tx))


def _row(stand: "Stand") -> tuple[str, ...]:
    return (
        stand.run.id,
        stand.run.status,
        stand.view.asked.gate.kind if stand.view else "",
        f"{stand.costs.seconds_purchased} s",
        str(stand.costs.spent),
        f"{stand.run.started_at:%Y-%m-%d %H:%M}",
        near(stand.run.folder),
    )


def _first_answer(views: "tuple[GateView, ...]") -> list[str]:
    from callsheet.cli.gate import commands

    return commands(views[0])[:1]


def _brief(view: "GateView") -> dict[str, Any]:
    from callsheet.cli.gate import commands

    gate = view.asked.gate
    return {**gate.model_dump(mode="json"), "question": view.asked.question, "next": commands(view)}
