"""The command that asks a decided gate again, in a new run."""

from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.decide import account_name, change_of, check_lengths
from callsheet.cli.workspace import lead, look
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.cli.naming import AnswerWord
    from callsheet.cli.view import Stand
    from callsheet.session import Callsheet, CampaignRun
    from callsheet.storage.database import Transaction


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(fork)


def fork(
    run: Annotated[str, typer.Argument(help="The run whose gate is asked again.", show_default=False)],
    at: Annotated[
        str,
        typer.Option(
            help="The gate: a kind, such as greenlight, or an id; the last greenlight or release if not said."
        ),
    ] = "",
    answer: Annotated[
        str, typer.Option(metavar="approve|edit|reject", help="The answer this time; asked and left open if not said.")
    ] = "",
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help="A change, such as shot.3.seconds=4; with an edit. Repeatable.", show_default=False),
    ] = None,
    note: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    by: Annotated[str, typer.Option(help="Who decides; your account on this machine if not said.")] = "",
    out: Annotated[
        str, typer.Option(help="Where finished files go; out-RUN beside those of the other run if not said.")
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Answer every later gate by written policy; the ledger says so.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask a decided gate again in a new run that shares the way up to it. The other run stays as it is.

    Takes that exist are adopted, so only what the new answer changes is bought.
    """
    del as_json
    from callsheet.cli.outcome import end_with

    word, edits = _answer(answer), dict(change_of(one) for one in changes or ())
    check_lengths(by, note)
    name = look(lambda tx: _named(tx, run), None)
    if name is None:
        raise NotFound("There is no run here yet; begin one: callsheet run FOLDER")

    async def forked(callsheet: "Callsheet") -> "Stand":
        parent = await callsheet.run(name)
        begun = await parent.fork(
            at=at, answer=word, by=by or account_name(), note=note, edits=edits, out=out or None, approve_rest=yes
        )
        return await _lead_on(callsheet, begun, word)

    end_with(console(), lead(forked))


async def _lead_on(callsheet: "Callsheet", begun: "CampaignRun", word: "AnswerWord | None") -> "Stand":
    """Tell what was begun, and go on from its first gate."""
    from callsheet.cli.run import lead_on
    from callsheet.storage.ledger import entries

    fork, asked = (await begun.status()).forked_from, await begun.gate()
    if fork is not None:
        console().say(f"{begun.id} is forked from {fork.run} at {fork.gate}; to hold them side by side:")
        console().say(f"  callsheet compare {fork.run} {begun.id}", whole=True)
    if word is not None and asked is not None:
        console().say(
            f"It shows something now that was not shown then, so your {word} was not given: look, then decide.",
            style="yellow",
        )
    told = await callsheet.studio.database.read(lambda tx: [one.kind for one in entries(tx, begun.id)])
    return await lead_on(callsheet, begun.id, told.index("GateOpened") if "GateOpened" in told else len(told))


def _answer(word: str) -> "AnswerWord | None":
    from callsheet.cli.naming import ANSWERS

    if not word:
        return None
    for known in ANSWERS:
        if word == known:
            return known
    raise WrongUse(f"--answer {word} is no answer; there are: {', '.join(ANSWERS)}")


def _named(tx: "Transaction", word: str) -> str:
    from callsheet.cli.naming import run_named
    from callsheet.storage import run as runs

    return run_named(word, [one.id for one in runs.every(tx)])
