"""`callsheet claims`: what legal has said about a campaign, to look at and to change."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli import claims_sheet, claims_waiver
from callsheet.cli.console import AsJson, console
from callsheet.cli.legaldesk import By, CampaignName, arrow, legal_desk, person, stands, take_in, tell, today
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.storage.database import Transaction
    from callsheet.storage.legal import History, Key

Name = Annotated[str, typer.Argument(metavar="ID", help="The record's id; topic:ID where two kinds share one.")]
SHORT = 60


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    claims = typer.Typer(
        name="claims",
        help="What legal has said: claims, disclosures, banned topics, waivers.",
        no_args_is_help=True,
    )
    claims.command("list")(list_records)
    claims.command()(show)
    claims.command()(history)
    claims.command("set")(set_fields)
    claims.command()(withdraw)
    claims_sheet.register(claims)
    claims_waiver.register(claims)
    app.add_typer(claims)


def list_records(campaign: CampaignName = "", as_json: AsJson = False) -> None:
    """Every claim, disclosure and banned topic of a campaign, and whether it holds today."""
    del as_json
    from callsheet.storage import legal
    from callsheet.tools.sheet.row import cells_of

    with legal_desk(campaign) as (database, name):
        known = database.read_now(lambda tx: legal.histories(tx, name))
    found = [(cells_of(past[-1].record, past[-1]), stands(past[-1].record, today())) for past in known.values()]
    rows = [
        (one["kind"], one["id"], _short(one["text"] or one["words"]), one["markets"], one["ends"] or "-", standing)
        for one, standing in found
    ]
    console().table(f"Campaign {name}", ("kind", "id", "words", "markets", "ends", "today"), rows)
    if not rows:
        console().say("Legal has no records here yet. callsheet claims import FILE brings some in.")
    listed = [{**one, "today": standing} for one, standing in found]
    console().document({"campaign": name, "records": listed})


def show(record: Name, campaign: CampaignName = "", as_json: AsJson = False) -> None:
    """One record, field by field."""
    del as_json
    from callsheet.tools.sheet.row import cells_of

    with legal_desk(campaign) as (database, name):
        _, past = database.read_now(lambda tx: _found(tx, name, record))
        by = database.read_now(lambda tx: _writer(tx, past[-1].by))
    cells = {title: cell for title, cell in cells_of(past[-1].record, past[-1], by).items() if cell}
    standing = stands(past[-1].record, today())
    console().table(f"Campaign {name}", ("field", "value"), [*cells.items(), ("today", standing)])
    console().document({"campaign": name, **cells, "today": standing})


def history(record: Name, campaign: CampaignName = "", as_json: AsJson = False) -> None:
    """Who changed a record when, from what to what."""
    del as_json
    from callsheet.tools.sheet.row import cells_of

    with legal_desk(campaign) as (database, name):
        key, past = database.read_now(lambda tx: _found(tx, name, record))
        writers = database.read_now(lambda tx: [_writer(tx, one.by) for one in past])
    told: list[dict[str, Any]] = []
    before: dict[str, str] = {}
    for one, by in zip(past, writers, strict=True):
        now = cells_of(one.record)
        cells = [{"column": title, "old": before.get(title, ""), "new": now[title]} for title in now]
        changed = [cell for cell in cells if cell["old"] != cell["new"]]
        told.append({"revision": one.number, "at": one.at.isoformat(), "by": by, "cells": changed})
        before = now
    say = console()
    for one_told in told:
        say.say(f"revision {one_told['revision']}, {one_told['at'][:16]}, {one_told['by']}", style="bold")
        for cell in one_told["cells"]:
            say.say(f"  {arrow(cell['column'], cell['old'], cell['new'])}")
        if not one_told["cells"]:
            say.say("  the folder changed; what legal wrote stands")
    say.document({"campaign": name, "kind": key[0], "id": key[1], "revisions": told})


def set_fields(
    record: Name,
    changes: Annotated[
        list[str], typer.Argument(metavar="COLUMN=VALUE...", help="Such as approved=yes ends=2027-01-31.")
    ],
    campaign: CampaignName = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Change a record, or add one: callsheet claims set lightest kind=superlative text='The lightest we made'.

    The columns are those of an exported sheet. Several values stand with commas: markets=US,GB.
    """
    del as_json
    cells = dict(_cell_of(one) for one in changes)
    _apply_line(record, cells, campaign, by)


def withdraw(record: Name, campaign: CampaignName = "", by: By = "", as_json: AsJson = False) -> None:
    """Withdraw a claim, or end a disclosure or a ban today. No file of the campaign brings it back."""
    del as_json
    _apply_line(record, {"approved": "no"}, campaign, by)


def _apply_line(record: str, cells: dict[str, str], campaign: str, by: str) -> None:
    from callsheet.storage import legal
    from callsheet.tools.sheet import Grid, Line

    with legal_desk(campaign) as (database, name):
        known = database.read_now(lambda tx: legal.histories(tx, name))
        keys = _keys(known, record)
        if not keys and "kind" not in cells:
            raise NotFound(_unknown(known, name, record))
        section, plain = keys[0] if keys else ("", record.partition(":")[2] or record)
        revision = str(known[keys[0]][-1].number) if keys else ""
        grid = Grid("callsheet claims set", (Line(0, {**cells, "id": plain, "revision": revision}, section),))
        done = database.write_now(lambda tx: take_in(tx, name, grid, person(by)))
    tell(name, replace(done, missing=()))
    if not done.changes:
        console().say(f"Nothing was changed: {record} is so already.")


def _keys(known: "dict[Key, History]", word: str) -> "list[Key]":
    kind, _, name = word.rpartition(":")
    found = [key for key in known if key[1] == name and kind in ("", key[0])]
    if len(found) > 1:
        raise WrongUse(f"{word} could be {' or '.join(f'{one[0]}:{one[1]}' for one in found)}; name one of these")
    return found


def _found(tx: "Transaction", campaign: str, word: str) -> "tuple[Key, History]":
    from callsheet.storage import legal

    known = legal.histories(tx, campaign)
    keys = _keys(known, word)
    if not keys:
        raise NotFound(_unknown(known, campaign, word))
    return keys[0], known[keys[0]]


def _unknown(known: "dict[Key, History]", campaign: str, word: str) -> str:
    from callsheet.tools.intake.problem import nearest_of

    near = nearest_of(word, [name for _, name in known])
    hint = f"did you mean {near}?" if near else "callsheet claims list shows all; a new one needs its kind: kind=claim"
    return f"There is no record {word} in {campaign}; {hint}"


def _writer(tx: "Transaction", mark: str) -> str:
    from callsheet.storage.ledger import name_of

    return (name_of(tx, mark) or "a person whose name was erased") if mark else "the campaign folder"


def _cell_of(text: str) -> tuple[str, str]:
    from callsheet.tools.intake.problem import nearest_of
    from callsheet.tools.sheet.column import COLUMNS
    from callsheet.tools.sheet.grid import title_of

    title, equals, value = text.partition("=")
    known = [one.title for one in COLUMNS if one.form != "note" and one.title != "id"]
    if not equals or title_of(title) not in known:
        near = nearest_of(title, known)
        hint = f"did you mean {near}=?" if near else f"columns are: {', '.join(known)}"
        raise WrongUse(f"{text} changes nothing; write COLUMN=VALUE, such as approved=yes; {hint}")
    return title_of(title), value


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
