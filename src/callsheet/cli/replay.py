"""Commands that record a campaign with everything it hears from outside, and play it again with no network."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from callsheet.cli.console import AsJson, Exit, console
from callsheet.cli.workspace import near, read_settings
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from callsheet.domain.run import Run
    from callsheet.replay.approver import Reply
    from callsheet.replay.play import Replayed
    from callsheet.replay.record import Wanted
    from callsheet.standing import OpenGate

RECORDINGS = "recordings"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(record)
    app.command()(replay)


def record(
    campaign: Annotated[Path, typer.Argument(help="The campaign folder.", show_default=False)],
    to: Annotated[
        Path | None, typer.Option(help="The folder of the recording; in the workspace if not said.", show_default=False)
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Answer every gate by written policy, as the ledger says.")
    ] = False,
    decisions: Annotated[
        Path | None, typer.Option(help="YAML file with the answer to each gate, in order.", show_default=False)
    ] = None,
    faults: Annotated[
        list[str] | None,
        typer.Option("--fault", help="A fault the sandbox plays, such as 429:1; again for more.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a campaign and keep all it hears: every exchange with models and video servers, every answer, the clock."""
    del as_json
    from callsheet.replay.record import record as make

    place = to or read_settings().home / RECORDINGS / campaign.resolve().name
    done = _in_loop(make(_wanted(campaign, place, yes, decisions, faults or [])))
    say = console()
    say.say(f"Recorded to {near(place)}, and replayed once: the same run.", style="bold")
    _show(done)
    say.document(_document(done))


def replay(
    recording: Annotated[
        str, typer.Argument(help="The folder of a recording, or a run that one in the workspace holds.")
    ],
    renew: Annotated[
        bool, typer.Option("--renew", help="Expect from now on what comes of it today, if the same is asked for.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Play a recording: the real graph on what was heard then, with no network and no spend. Differences end it."""
    del as_json
    from callsheet.replay.play import replay as play
    from callsheet.replay.renew import renew as renewed

    done = _in_loop((renewed if renew else play)(_found(recording)))
    _show(done)
    console().document(_document(done))
    if not done.is_same:
        for problem in done.problems:
            console().warn(problem)
        raise typer.Exit(int(Exit.REFUSED))
    console().say("The same run: ledger, timelines and essences are those that were recorded.", style="bold")


def _wanted(campaign: Path, to: Path, yes: bool, decisions: Path | None, faults: list[str]) -> "Wanted":
    from callsheet.replay.approver import Dictation, read_script
    from callsheet.replay.record import Wanted

    if yes and decisions:
        raise WrongUse("--yes answers every gate by policy, and --decisions by a script: take one of them")
    settings = read_settings()
    if decisions is not None:
        told = Dictation(read_script(decisions))
        return Wanted(campaign, to, told.ask, told.further, faults=faults, settings=settings)
    if not yes and not sys.stdin.isatty():
        raise WrongUse("Nobody sits here to answer gates: say --yes, or name a script with --decisions FILE")
    return Wanted(
        campaign,
        to,
        _ask,
        (lambda _: "") if yes else _further,
        policy="approve-all" if yes else "people",
        faults=faults,
        settings=settings,
    )


def _ask(open_: "OpenGate") -> "Reply":
    """Ask whoever sits at the terminal."""
    from callsheet.cli.decide import account_name
    from callsheet.domain.principal import Principal
    from callsheet.graphs.question import ALLOWED
    from callsheet.replay.approver import Reply

    say = console()
    say.say(f"{open_.gate.kind}: {open_.question}", style="bold cyan")
    for notice in open_.showing.notices:
        say.say(f"note: {notice}")
    allowed = ALLOWED[open_.gate.kind]
    answer = typer.prompt(f"The answer ({', '.join(allowed)})")
    while answer not in allowed:
        answer = typer.prompt(f"One of {', '.join(allowed)}")
    edits = dict(_change(one) for one in _words("Changes such as shot.2.seconds=4")) if answer == "edit" else {}
    note = typer.prompt("A note", default="", show_default=False)
    return Reply(answer, Principal(name=account_name()), note, edits)


def _further(run: "Run") -> Literal["", "again", "resume"]:
    say = console()
    say.say(f"{run.id} is {run.status}{f': {run.reason}' if run.reason else ''}")
    if run.status in ("failed", "paused", "expired") and typer.confirm("Resume it?"):
        return "resume"
    return "again" if typer.confirm("Record one more run of the same campaign?") else ""


def _words(question: str) -> list[str]:
    return str(typer.prompt(question, default="", show_default=False)).split()


def _change(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise WrongUse(f"{text} changes nothing; write KEY=VALUE, such as shot.2.seconds=4")
    return key, value


def _found(word: str) -> Path:
    """The recording that is meant: a folder, or the one in the workspace that has the run. Raises NotFound."""
    from callsheet.replay.recording import OUTCOME, RECORDING, load_outcome

    if (Path(word) / RECORDING).is_file():
        return Path(word)
    kept = read_settings().home / RECORDINGS
    if (kept / Path(word).name / RECORDING).is_file():
        return kept / Path(word).name
    for outcome in sorted(kept.glob(f"*/{OUTCOME}")):
        if any(one.run == word for one in load_outcome(outcome.parent).runs):
            return outcome.parent
    raise NotFound(f"{word} is no recording, and none in {near(kept)} has such a run: callsheet record CAMPAIGN")


def _in_loop(work: "Coroutine[Any, Any, Replayed]") -> "Replayed":
    log = logging.getLogger("callsheet")
    went_up, log.propagate = log.propagate, False
    log.addHandler(silent := logging.NullHandler())  # what went wrong is told once, as a difference
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(int(Exit.INTERRUPTED)) from None
    finally:
        log.removeHandler(silent)
        log.propagate = went_up


def _show(done: "Replayed") -> None:
    say = console()
    for one in done.runs:
        say.say(f"{one.run}: {one.status}, {len(one.files)} files, head {one.head}", whole=True)
    each = done.exchange_seconds * 1000 / max(done.exchanges, 1)
    say.say(f"{done.exchanges} exchanges, {each:.1f} ms each; {done.seconds:.1f} s in all")


def _document(done: "Replayed") -> dict[str, Any]:
    return {
        "recording": str(done.folder),
        "same": done.is_same,
        "problems": list(done.problems),
        "runs": [one.model_dump(mode="json") for one in done.runs],
        "exchanges": done.exchanges,
        "exchange_ms": round(done.exchange_seconds * 1000, 1),
        "seconds": round(done.seconds, 2),
    }
