"""What the commands of `callsheet claims` share: which campaign is meant, who speaks, and how changes are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli.console import console
from callsheet.cli.workspace import open_database, read_settings
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.domain.principal import Principal
    from callsheet.storage.database import Database, Transaction
    from callsheet.storage.legal import LegalRecord
    from callsheet.tools.sheet import Change, Changes, Grid

CampaignName = Annotated[
    str, typer.Option("--campaign", metavar="NAME|FOLDER", help="Which campaign; needed only when there are several.")
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so; your account on this machine if not said.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]


@contextmanager
def legal_desk(campaign: str) -> "Iterator[tuple[Database, str]]":
    """The database and the name of the campaign that was meant. A folder's records are brought in first.

    Raises NotFound where there is no workspace or no such campaign, WrongUse when several could be meant.
    """
    folder = Path(campaign) if campaign and (Path(campaign) / "campaign.yaml").is_file() else None
    settings = read_settings()
    if folder is None and not settings.database_url and not (settings.home / "workspace.db").is_file():
        raise NotFound("There is no workspace here yet; begin with callsheet run FOLDER, or name --campaign FOLDER")
    with open_database() as database:
        if folder is None:
            yield database, database.read_now(lambda tx: _campaign_named(tx, campaign))
        else:
            yield database, _bring_in(database, folder)


def take_in(
    tx: "Transaction", campaign: str, grid: "Grid", by: "Principal", agreed: "Changes | None" = None
) -> "Changes":
    """Make the changes of a sheet in this transaction. Raises WrongUse when they are no longer those agreed to."""
    from callsheet.storage import legal
    from callsheet.tools.sheet import compare

    found = compare(grid, legal.histories(tx, campaign), tx.now.date())
    if agreed is not None and found.changes != agreed.changes:
        raise WrongUse("Somebody changed these records while you looked. Nothing was changed; run the command again.")
    for change in found.changes:
        legal.revise(tx, campaign, change.after, by)
    return found


def tell(campaign: str, found: "Changes", is_trial: bool = False) -> None:
    """Say what changes, from what to what, and what a sheet left out."""
    say = console()
    for notice in found.notices:
        say.say(notice, style="yellow")
    for change in found.changes:
        say.say(f"{change.what}: {change.key[0]} {change.key[1]}", style="bold")
        for title, old, new in change.cells:
            say.say(f"  {arrow(title, old, new)}")
    if found.missing:
        say.say(f"not in the sheet, left as they are: {', '.join(name for _, name in found.missing)}")
    say.document(
        {
            "campaign": campaign,
            "changes": [_told(change) for change in found.changes],
            "unchanged": found.unchanged,
            "missing": [f"{kind}:{name}" for kind, name in found.missing],
            "notices": list(found.notices),
            "dry_run": is_trial,
        }
    )


def person(by: str) -> "Principal":
    """Whoever says so: a name asserted by the local user."""
    from callsheet.cli.decide import LONGEST_NAME, account_name
    from callsheet.domain.principal import Principal

    if len(by) > LONGEST_NAME or not by.isprintable():
        raise WrongUse(f"--by takes a name of at most {LONGEST_NAME} characters on one line")
    return Principal(name=by or account_name())


def today() -> date:
    """The day by which terms are judged, UTC."""
    return datetime.now(UTC).date()


def stands(one: "LegalRecord", day: date) -> str:
    """Whether a record holds on that day, in its own markets and language; or why not."""
    from callsheet.domain.claim import Claim, lacks

    if isinstance(one, Claim):
        return lacks(one, one.markets, day) or "in force"
    if one.ends is not None and day >= one.ends:
        return f"ended on {one.ends}"
    return f"starts on {one.starts}" if one.starts is not None and day < one.starts else "in force"


def arrow(title: str, old: str, new: str) -> str:
    return f"{title}: {old!r} -> {new!r}" if old else f"{title}: {new!r}"


def _bring_in(database: "Database", folder: Path) -> str:
    from callsheet.storage import legal
    from callsheet.tools.intake import read_campaign

    found = read_campaign(folder, today(), read_settings().providers_folder).campaign
    database.write_now(lambda tx: legal.seed(tx, found))
    return found.name


def _campaign_named(tx: "Transaction", word: str) -> str:
    from callsheet.storage import legal
    from callsheet.storage import run as runs

    known = sorted({*legal.campaigns(tx), *(run.campaign for run in runs.every(tx))})
    if word in known:
        return word
    if word:
        raise NotFound(f"There is no campaign {word} here; there are: {', '.join(known) or 'none yet'}.")
    if not known:
        raise NotFound("There is no campaign here yet; name its folder once: --campaign FOLDER")
    if len(known) > 1:
        options = "\n".join(f"  --campaign {one}" for one in known)
        raise WrongUse(f"Which campaign? Name one:\n{options}")
    return known[0]


def _told(change: "Change") -> dict[str, Any]:
    cells = [{"column": title, "old": old, "new": new} for title, old, new in change.cells]
    return {"what": change.what, "kind": change.key[0], "id": change.key[1], "cells": cells}
