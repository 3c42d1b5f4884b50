"""Legal's records out to a sheet that lawyers edit, and back in: all of it or nothing."""

from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.legaldesk import By, CampaignName, Yes, legal_desk, person, take_in, tell, today
from callsheet.cli.workspace import near, say_next
from callsheet.domain.count import counted
from callsheet.domain.error import WrongUse


def register(claims: typer.Typer) -> None:
    """Add these commands to `callsheet claims`."""
    claims.command("export")(export_sheet)
    claims.command("import")(import_sheet)


def export_sheet(
    file: Annotated[Path, typer.Argument(help="Where to write: .xlsx, .csv or .yaml.")],
    campaign: CampaignName = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write every record of a campaign to a sheet, one row each."""
    del as_json
    from callsheet.storage import legal
    from callsheet.storage.ledger import name_of
    from callsheet.tools.sheet import write_sheet

    if file.exists() and not overwrite:
        raise WrongUse(f"{file} is there already; give another name, or --overwrite to replace it")
    if not file.absolute().parent.is_dir():
        raise WrongUse(f"There is no folder {file.absolute().parent.name} to write {file.name} into; make it first")
    with legal_desk(campaign) as (database, name):
        known = database.read_now(lambda tx: legal.histories(tx, name))
        marks = {past[-1].by for past in known.values() if past[-1].by}
        names = database.read_now(lambda tx: {mark: name_of(tx, mark) for mark in marks})
    write_sheet(file, known, lambda mark: names.get(mark) or "a person whose name was erased")
    console().say(f"{near(file.absolute())} has {counted(len(known), 'record')} of {name}.")
    say_next(f"callsheet claims import {near(file.absolute())} --dry-run")
    console().document({"campaign": name, "records": len(known), "file": str(file)})


def import_sheet(
    file: Annotated[Path, typer.Argument(help="The sheet to read: .xlsx, .csv or .yaml.")],
    campaign: CampaignName = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    yes: Yes = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Take a sheet in. Every row is checked first; if one is wrong all slips are named and nothing is changed.

    A row that is not in the sheet is left as it is; to withdraw a record write no under approved.
    """
    del as_json
    from callsheet.storage import legal
    from callsheet.tools.sheet import compare, read_sheet

    who = person(by)
    grid = read_sheet(file)
    with legal_desk(campaign) as (database, name):
        found = compare(grid, database.read_now(lambda tx: legal.histories(tx, name)), today())
        tell(name, found, is_trial=dry_run)
        if not found.changes:
            console().say(f"The sheet says what {name} says already; nothing was changed.")
            return
        if dry_run:
            console().say("Nothing was changed: this was a trial.")
            return
        if console().is_terminal and not yes and not typer.confirm(f"Make these changes to {name}?"):
            raise typer.Exit
        database.write_now(lambda tx: take_in(tx, name, grid, who, found))
    count = counted(len(found.changes), "record was", "records were")
    console().say(f"{count} added or changed, as {who.name} said.")
