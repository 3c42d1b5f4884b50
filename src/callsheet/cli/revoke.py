"""`callsheet cameo revoke`: a person takes back permission, and everything with them gets a named fate."""

from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, Exit, console
from callsheet.cli.stop import Note, check_note
from callsheet.cli.workspace import attend, lead, look, say_next
from callsheet.domain.error import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from callsheet.domain.revocation import AffectedRun, Deletion, RevocationReport
    from callsheet.jobs.revocation import Desk
    from callsheet.session import Callsheet
    from callsheet.storage.database import Transaction


def revoke(
    cameo: Annotated[str, typer.Argument(help="The person's id.", show_default=False)],
    release: Annotated[
        str, typer.Option("--release", metavar="ID", help="This release alone; all, if not named.")
    ] = "",
    note: Note = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """End a person's permission now, or one release of it: from this moment on nothing is bought with them.

    Queued renders end, running ones are stopped at the provider, takes are locked, cuts stop at their next step,
    publications are taken down, and each run asks about the film without the person. It cannot be taken back: a new
    release is a new signature. Saying it again finishes what was cut short.
    """
    del as_json
    check_note(note)
    question = look(lambda tx: _question(tx, cameo, release), "")
    if not question:
        raise NotFound("There is no workspace here yet; begin with: callsheet run FOLDER")
    if console().is_terminal and not yes and not typer.confirm(question):
        raise typer.Exit
    report = attend(lambda callsheet: _revoke(callsheet, cameo, release, note))
    if any(one.status in ("running", "waiting") and not one.is_covered for one in report.runs):
        report = lead(lambda callsheet: _go_on(callsheet, report))
    _show(report)
    console().document(report.model_dump(mode="json"))
    if any(one.state == "failed" for one in report.publications):  # it is still out: the command did not do it all
        raise typer.Exit(int(Exit.PROVIDER))


async def _revoke(callsheet: "Callsheet", cameo: str, release: str, note: str) -> "RevocationReport":
    from callsheet.domain.identity import CameoId, ReleaseId
    from callsheet.jobs.revocation import revoke as end

    async with callsheet.studio.lines.on_the_line():
        return await end(_desk(callsheet), CameoId(cameo), ReleaseId(release) if release else None, note)


async def _go_on(callsheet: "Callsheet", report: "RevocationReport") -> "RevocationReport":
    from callsheet.jobs.revocation import go_on

    return await go_on(_desk(callsheet), report)


def _desk(callsheet: "Callsheet") -> "Desk":
    from callsheet.jobs.revocation import Desk

    studio = callsheet.studio
    return Desk(studio.database, studio.lines, studio.jobs, studio.crew.publisher)


def _question(tx: "Transaction", cameo: str, release: str) -> str:
    """What would end, asked as a question. Raises NotFound for somebody nobody knows."""
    from callsheet.domain.purchase import OPEN
    from callsheet.storage import cameo as people
    from callsheet.storage import job as jobs
    from callsheet.storage import purchase as journal

    found = people.cameos(tx, (cameo,))
    if not found:
        raise NotFound(f"No person {cameo} is known in this workspace; `callsheet cameo list` names everybody.")
    named = {tag for tags in jobs.tagged(tx, f"cameo:{cameo}").values() for tag in tags}
    open_ = sum(1 for one in journal.every(tx) if f"take:{one.key}" in named and one.state in OPEN)
    what = f"Release {release}" if release else f"All {len(found[0].releases)} releases"
    return f"{what} of {found[0].name} end now, for good. Takes held or under way: {open_}. Go on?"


def _show(report: "RevocationReport") -> None:
    from callsheet.domain.stop import Fate

    say = console()
    ended = ", ".join(report.releases)
    if report.was_said_before:
        say.say(f"{report.cameo}: this was revoked before. What was still left to do is done now.", style="yellow")
    else:
        say.say(f"{report.cameo}: {ended} ended at {report.at:%Y-%m-%d %H:%M:%S %Z}. Nothing is bought after that.")
    for fate in Fate:
        if found := report.having(fate):
            say.say(f"{len(found)} {'take' if len(found) == 1 else 'takes'}: {fate}")
            for one in found if fate is not Fate.OVER else ():
                say.say(
                    f"  {one.run} {one.shot}: {one.job or one.purchase[:12]}, {one.seconds} s, {one.money or 'free'}"
                )
    if not report.takes:
        say.say("No take shows the person in a run that may not show them.")
    if report.last_cancel_ms is not None:
        say.say(f"The provider answered about the last running render {report.last_cancel_ms} ms after the word.")
    _show_deletions(report.deletions)
    for cut in report.cuts:
        say.say(f"Cut {cut.variant} for {cut.placement} of {cut.run} stops: {cut.cut[:12]}")
    for out in report.publications:
        said = {"down": "taken down", "failed": "STILL OUT", "up": "stays up", "sending": "perhaps on its way"}
        state = said[out.state]
        say.say(f"{out.name} at {out.adapter}, {out.placement}: {state}{': ' if out.why else ''}{out.why}")
    _show_runs(report.runs)


def _show_deletions(deletions: "Sequence[Deletion]") -> None:
    """What providers hold: counted where there are many alike, named where a person may want to ask for it."""
    from collections import Counter

    counted = Counter((one.provider, one.what, one.state, one.why) for one in deletions)
    words = {"deleted": "deleted at", "not_deletable": "not deletable at", "kept": "kept at"}
    for (provider, what, state, why), count in sorted(counted.items()):
        named = f"{count} {what}s" if count > 1 else what
        console().say(f"{named.capitalize()} {words[state]} {provider}{': ' if why else ''}{why}")


def _show_runs(affected: "Sequence[AffectedRun]") -> None:
    for one in affected:
        begun = f", begun in place of {one.alternate_of}" if one.alternate_of else ""
        asks = f"; it asks at {one.gate}" if one.gate and not one.is_covered else ""
        note = f"; {one.note}" if one.note else ""
        console().say(f"{one.run} is {one.status}{begun}{asks}{note}")
    waiting = [one.run for one in affected if one.gate and not one.is_covered]
    if waiting:
        say_next(*(f"callsheet show {run}" for run in waiting))
