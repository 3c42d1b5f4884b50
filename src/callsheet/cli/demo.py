"""The demo: the whole loop on the packaged campaign, offline and free, told as it happens."""

import asyncio
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from callsheet.cli.console import AsJson, Exit, console
from callsheet.cli.workspace import lead, near, read_settings, say_next
from callsheet.domain.error import WrongUse

if TYPE_CHECKING:
    from callsheet.cli.closing import Played
    from callsheet.session import Callsheet
    from callsheet.settings import Settings

FOLDER = "callsheet-demo"
CAMPAIGN = "runner"


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(demo)


def demo(as_json: AsJson = False) -> None:
    """Walk the whole loop on the example campaign, with no key and no network, and watch it happen."""
    del as_json
    from callsheet.cli.closing import demo_document, show_closing
    from callsheet.tools.intake import write_example

    say = console()
    usual = read_settings()
    folder = make_folder(Path.cwd())
    write_example(folder / CAMPAIGN, CAMPAIGN)
    say.say(
        f"The campaign of a running shoe is in {near(folder / CAMPAIGN)}: six shots, three audiences.", style="bold"
    )
    say.say(
        "A house crew plans it, a sandbox camera draws every shot as previz, and a written policy answers the gates."
    )
    began = time.monotonic()
    played = lead(lambda callsheet: _play(callsheet, folder), _embedded(usual, folder))
    seconds = time.monotonic() - began
    show_closing(say, played, seconds)
    say.document(demo_document(played, seconds))
    if played.stand.run.status != "finished":
        raise typer.Exit(int(Exit.UNEXPECTED))
    say_next(
        f"cd {near(folder)} && callsheet trace {_worth_tracing(played)}",
        'callsheet new spring --product "Your product" --image photo.jpg',
    )


def make_folder(parent: Path) -> Path:
    """A new folder for the demo; one that is there is never written into."""
    number = 1
    while True:
        folder = parent / (FOLDER if number == 1 else f"{FOLDER}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        except OSError as error:
            raise WrongUse(
                f"The demo cannot write into {parent}: {error.strerror}. Go to a folder of your own."
            ) from None
        else:
            return folder


def _embedded(usual: "Settings", folder: Path) -> "Settings":
    """Settings of its own: whatever servers the environment names, the demo uses none."""
    from pydantic import SecretStr

    own = {"home": folder / ".callsheet", "gate_hours": 0, "video_key": SecretStr(""), "chat_key": SecretStr("")}
    none = ("database_url", "media_url", "video_url", "video_model", "chat_url", "chat_model")
    return usual.model_copy(update={**own, **dict.fromkeys(none, "")})


async def _play(callsheet: "Callsheet", folder: Path) -> "Played":
    from callsheet.cli.closing import Played
    from callsheet.cli.narrator import Narrator
    from callsheet.cli.view import stand_of
    from callsheet.cli.watch import go_on
    from callsheet.domain.campaign import Campaign
    from callsheet.storage import document
    from callsheet.storage.ledger import entries
    from callsheet.studio.report import write_report

    run = await callsheet.start(folder / CAMPAIGN, approve_all=True)
    narrator = Narrator(callsheet.studio.media, console(), asyncio.get_running_loop())
    await go_on(
        callsheet,
        run,
        seen=0,
        told=narrator.tell,
        picture=narrator.draw,
        before_resume=f"cd {shlex.quote(near(folder))} && ",
    )
    await narrator.settle()
    database = callsheet.studio.database
    stand = await database.read(lambda tx: stand_of(tx, run.id))
    campaign = await database.read(lambda tx: document.fetch(tx, Campaign, stand.run.bundle))
    happened = await database.read(lambda tx: entries(tx, run.id))
    report = await write_report(database, callsheet.studio.media, run.id, Path(stand.run.out))
    return Played(stand=stand, campaign=campaign, entries=happened, report=report)


def _worth_tracing(played: "Played") -> str:
    takes = [entry.body["shot"] for entry in played.entries if entry.kind == "TakeStored"]
    return takes[-1] if takes else played.stand.run.id
