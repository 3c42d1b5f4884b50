"""`callsheet cameo erase`: a person asks to be forgotten."""

from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import LOG, attend, look
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.domain.erasure import ErasureReport
    from callsheet.domain.identity import RunId
    from callsheet.session import Callsheet
    from callsheet.storage.database import Transaction

_NOTHING = "Nothing is left to erase."


def erase(
    cameo: Annotated[str, typer.Argument(metavar="CAMEO", help="The person's id.", show_default=False)],
    by: Annotated[str, typer.Option(help="Who says so; your account on this machine if not said.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person's data and media for good; the ledger keeps ids and hashes, and still verifies.

    Refused while an unfinished run uses the person or a publication with them is up. Releases are revoked, takes and
    finished files that show them are removed, stored texts are redacted, and providers are asked to delete what they
    hold. What cannot be erased is named. Said again, it finishes what was cut short. Print the owner's statement
    first: names are gone afterwards.
    """
    del as_json
    from callsheet.cli.decide import account_name

    question = look(lambda tx: _question(tx, cameo), "")
    if not question:
        raise NotFound("There is no workspace here yet; begin with: callsheet run FOLDER")
    say = console()
    if not yes and question != _NOTHING:
        if not say.is_terminal:
            raise WrongUse(f"{question} Nothing was changed; say it again with --yes.")
        if not typer.confirm(question):
            raise typer.Exit
    report = attend(lambda callsheet: _erase(callsheet, cameo, by or account_name()))
    _show(report)
    say.document(report.model_dump(mode="json"))


async def _erase(callsheet: "Callsheet", cameo: str, by: str) -> "ErasureReport":
    from callsheet.domain.identity import CameoId
    from callsheet.jobs.erasure import Eraser, erase

    studio = callsheet.studio

    async def forget_run(run: "RunId") -> None:
        async with studio.checkpoints() as saver:
            if await saver.aget_tuple({"configurable": {"thread_id": run}}) is not None:  # makes its tables, too
                await saver.adelete_thread(run)

    eraser = Eraser(
        database=studio.database,
        media=studio.media,
        jobs=studio.jobs,
        api_for=studio.lines,
        forget_run=forget_run,
        log=callsheet.settings.home.absolute() / LOG,
    )
    async with studio.lines.on_the_line():
        return await erase(eraser, CameoId(cameo), by)


def _question(tx: "Transaction", cameo: str) -> str:
    from callsheet.domain.identity import CameoId
    from callsheet.storage import erasure

    if erasure.was_erased(tx, CameoId(cameo)):
        return _NOTHING
    found = erasure.traces(tx, CameoId(cameo))
    erasure.check(tx, found)
    return (
        f"Erase {found.person.name} ({cameo}) for good, with {len(found.takes)} takes and {len(found.files)} files "
        f"of {len(found.runs)} runs?"
    )


def _show(report: "ErasureReport") -> None:
    say = console()
    if report.was_erased_before:
        say.say(f"{report.cameo} was erased before; there was nothing left to erase.", style="yellow")
        return
    say.say(f"{report.cameo} was erased.", style="yellow")
    say.say(f"  takes removed: {len(report.takes)}; files removed: {report.files}")
    say.say(f"  records removed: {report.records}; stored texts redacted: {report.documents}; jobs: {report.jobs}")
    for one in report.deletions:
        state = "deleted" if one.state == "deleted" else f"still there: {one.why}"
        say.say(f"  {' '.join(filter(None, (one.provider, one.what, one.id)))}: {state}", whole=True)
    say.say("Not erased:", style="bold")
    for remains in report.remains:
        say.say(f"  {remains}", whole=True)


COMMANDS = (erase,)
