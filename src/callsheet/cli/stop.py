"""Commands that stop: `pause` holds buying back until it is lifted, `cancel` calls things off for good."""

from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, Exit, console
from callsheet.cli.workspace import attend, look, open_database, say_next
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable

    from callsheet.domain.stop import CallOff
    from callsheet.session import Callsheet
    from callsheet.storage.database import Transaction

LONGEST_NOTE = 500
SHORTEST_KEY = 8
Campaign = Annotated[str, typer.Option("--campaign", metavar="NAME", help="Every run of this campaign.")]
Note = Annotated[str, typer.Option("--note", metavar="WHY", help="Why, in a sentence.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(pause)
    app.command()(cancel)


def pause(
    run: Annotated[str, typer.Argument(help="The run to hold back.", show_default=False)] = "",
    campaign: Campaign = "",
    everything: Annotated[bool, typer.Option("--all", help="Everything in the workspace.")] = False,
    lift: Annotated[bool, typer.Option("--lift", help="Let it go on instead.")] = False,
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Buy nothing new until the pause is lifted. What is under way is watched and fetched.

    `callsheet resume RUN` lifts the pause of that run and goes on with it.
    """
    del as_json
    from callsheet.storage import stop as stops

    check_note(note)
    tag = _look(lambda tx: _pause_tag(tx, run, campaign, everything, lift))
    say = console()
    with open_database() as database:
        if lift:
            was_paused = database.write_now(lambda tx: stops.end_pause(tx, tag))
            say.say(f"{_what(tag)} may buy again." if was_paused else f"{_what(tag)} was not paused.")
            say.document({"tag": tag, "paused": False, "was_paused": was_paused})
            return
        runs = database.write_now(lambda tx: stops.pause(tx, tag, note))
    say.say(f"{_what(tag)} is paused. What is under way is fetched; nothing new is bought.", style="yellow")
    kind, _, name = tag.partition(":")
    say_next(f"callsheet resume {name}" if kind == "run" else _lift("pause", tag))
    say.document({"tag": tag, "paused": True, "runs": list(runs)})


def cancel(
    run: Annotated[str, typer.Option("--run", metavar="RUN", help="A run, which comes to its end by it.")] = "",
    take: Annotated[str, typer.Option("--take", metavar="ID", help="One take, by its id or its purchase key.")] = "",
    cameo: Annotated[str, typer.Option("--cameo", metavar="ID", help="Every take with this person.")] = "",
    campaign: Campaign = "",
    lift: Annotated[bool, typer.Option("--lift", help="Take the word back for what comes later.")] = False,
    note: Note = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Call off a run, a take, a person's takes or a campaign: nothing more is bought for it, from this moment on.

    What is queued ends at once, renders under way are stopped at the provider where it lets them be stopped, and
    what has to be paid all the same is locked away. Saying it again finishes a call-off that was cut short. With
    --lift a campaign or a person may be shot again in new runs; what was called off stays so.
    """
    del as_json
    check_note(note)
    words = {"run": run, "take": take, "cameo": cameo, "campaign": campaign}
    tag = _look(lambda tx: _cancel_tag(tx, {kind: word for kind, word in words.items() if word}))
    if lift:
        _take_back(tag)
        return
    if console().is_terminal and not yes and not typer.confirm(_look(lambda tx: _question(tx, tag))):
        raise typer.Exit
    report = attend(lambda callsheet: _call_off(callsheet, tag, note))
    _show(report)
    console().document(report.model_dump(mode="json"))
    if any(one.state == "failed" for one in report.publications):  # it may be out: the command did not do it all
        raise typer.Exit(int(Exit.PROVIDER))


async def _call_off(callsheet: "Callsheet", tag: str, note: str) -> "CallOff":
    from callsheet.jobs.calloff import call_off

    studio = callsheet.studio
    await studio.database.read(lambda tx: _check_server(tx, tag, studio.crew.server))
    async with studio.lines.on_the_line():
        return await call_off(studio.database, studio.lines, studio.jobs, studio.crew.publisher, tag, note)


def _check_server(tx: "Transaction", tag: str, server: str) -> None:
    """Another video server would know nothing of these renders, and they would look lost."""
    from callsheet.domain.purchase import OPEN
    from callsheet.domain.run import AT_END
    from callsheet.storage import job as jobs
    from callsheet.storage import purchase as journal
    from callsheet.storage import run as runs

    names = {one for tags in jobs.tagged(tx, tag).values() for one in tags}
    for run in runs.every(tx):
        is_open = run.status not in AT_END or any(one.state in OPEN for one in journal.of_run(tx, run.id))
        if f"run:{run.id}" in names and run.server != server and is_open:
            raise WrongUse(
                f"{run.id} buys from another video server than the settings name now. Set CALLSHEET_VIDEO_URL as it "
                "was when the run began, and call it off again"
            )


def _take_back(tag: str) -> None:
    from callsheet.storage import stop as stops

    if tag.startswith(("run:", "take:")):
        raise WrongUse("A run or a take that was called off stays so; begin a new run: callsheet run FOLDER")
    with open_database() as database:
        was_said = database.write_now(lambda tx: stops.lift(tx, tag, "cancel"))
    console().say(f"{_what(tag)} may be shot again." if was_said else f"{_what(tag)} was not called off.")
    console().document({"tag": tag, "lifted": was_said})


def _show(report: "CallOff") -> None:
    from callsheet.domain.stop import Fate

    say = console()
    say.say(f"{_what(report.tag)} was called off.", style="yellow")
    for fate in Fate:
        found = report.having(fate)
        if not found:
            continue
        say.say(f"{len(found)} {'take' if len(found) == 1 else 'takes'}: {fate}")
        for one in found if fate in (Fate.RUNS_ON, Fate.UNCLEAR) else ():
            say.say(f"  {one.run} {one.shot}: {one.job or one.purchase}, {one.seconds} s, {one.money}")
    if not report.takes:
        say.say("No take is concerned.")
    for out in report.publications:
        state = {"down": "taken down", "sending": "perhaps on its way"}.get(out.state, "STILL OUT")
        say.say(f"{out.name} at {out.adapter}, {out.placement}: {state}{': ' if out.why else ''}{out.why}")
    if report.having(Fate.RUNS_ON) or report.having(Fate.UNCLEAR):
        say.say("These are seen to their end by whichever window works in this workspace next.")


def _question(tx: "Transaction", tag: str) -> str:
    """What would be called off, asked as a question."""
    from callsheet.domain.identity import PurchaseKey
    from callsheet.domain.purchase import OPEN
    from callsheet.storage import job as jobs
    from callsheet.storage import purchase as journal

    keys = {one.removeprefix("take:") for tags in jobs.tagged(tx, tag).values() for one in tags if "take:" in one[:5]}
    found = [journal.find(tx, PurchaseKey(key)) for key in keys]
    queued = sum(1 for one in found if one is None)
    under_way = sum(1 for one in found if one is not None and one.state in OPEN)
    return f"Call off {tag.replace(':', ' ')} for good? Takes queued: {queued}, held or under way: {under_way}."


def _pause_tag(tx: "Transaction", run: str, campaign: str, everything: bool, is_lifted: bool) -> str:
    from callsheet.cli.naming import run_named
    from callsheet.cli.view import run_names
    from callsheet.domain.stop import EVERYTHING
    from callsheet.storage import run as runs
    from callsheet.storage import stop as stops

    if sum(map(bool, (run, campaign, everything))) > 1:
        raise WrongUse("Name one thing to pause: a run, --campaign NAME, or --all")
    if everything:
        return EVERYTHING
    if campaign:
        return f"campaign:{_known_campaign(tx, campaign)}"
    if run:
        return f"run:{run_named(run, run_names(tx))}"
    if is_lifted:
        tags = [one.tag for one in stops.every(tx) if one.kind == "pause"]
        options = [f"  {_lift('pause', tag)}" for tag in tags]
    else:
        tags = [f"run:{one.id}" for one in runs.unfinished(tx)]
        options = [f"  callsheet pause {tag.removeprefix('run:')}" for tag in tags]
    if len(tags) == 1:
        return tags[0]
    raise WrongUse("\n".join(["Which? Name a run, --campaign NAME, or --all:", *options]))


def _cancel_tag(tx: "Transaction", words: dict[str, str]) -> str:
    from callsheet.cli.naming import run_named
    from callsheet.cli.view import run_names

    if len(words) != 1:
        raise WrongUse("Name one thing to call off: --run RUN, --take ID, --cameo ID, or --campaign NAME")
    ((kind, word),) = words.items()
    match kind:
        case "run":
            name = run_named(word, run_names(tx))
        case "take":
            name = _known_take(tx, word)
        case "cameo":
            name = _known_cameo(tx, word)
        case _:
            name = _known_campaign(tx, word)
    return f"{kind}:{name}"


def _known_campaign(tx: "Transaction", word: str) -> str:
    from callsheet.storage import run as runs

    known = sorted({run.campaign for run in runs.every(tx)})
    if word not in known:
        raise NotFound(f"No run here is of a campaign {word}; there are: {', '.join(known) or 'none yet'}.")
    return word


def _known_cameo(tx: "Transaction", word: str) -> str:
    from callsheet.domain.identity import CameoId
    from callsheet.storage import cameo as people

    if not people.cameos(tx, (CameoId(word),)):
        raise NotFound(f"No person {word} is known in this workspace; name the id from cameos.yaml.")
    return word


def _known_take(tx: "Transaction", word: str) -> str:
    """The key of the take that was meant: by its id, by its key, or by the beginning of its key."""
    from callsheet.storage import job as jobs

    beginning = word.rpartition("-")[2] if ".take" in word else word
    found = jobs.keys(tx, beginning) if len(beginning) >= SHORTEST_KEY else ()
    if len(found) != 1:
        why = "could be several takes; type more of it" if found else "is no take that was ever asked for here"
        raise NotFound(f"{word} {why}. A take is named by its id, or by {SHORTEST_KEY} letters of its purchase key.")
    return found[0]


def _look(work: "Callable[[Transaction], str]") -> str:
    found = look(work, "")
    if not found:
        raise NotFound("There is no workspace here yet; begin with: callsheet run FOLDER")
    return found


def _what(tag: str) -> str:
    kind, _, name = tag.partition(":")
    return f"{kind.capitalize()} {name}" if name else "Everything"


def _lift(command: str, tag: str) -> str:
    kind, _, name = tag.partition(":")
    named = {"run": name, "all": "--all"}.get(kind, f"--{kind} {name}")
    return f"callsheet {command} --lift {named}"


def check_note(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise WrongUse(f"--note takes at most {LONGEST_NOTE} characters; this has {len(note)}")
