"""Commands about a campaign folder: make one, check it, describe its format, price it. None of them spends anything."""

import asyncio
import shlex
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import read_settings
from callsheet.domain.error import WrongUse

if TYPE_CHECKING:
    from callsheet.domain.campaign import Campaign
    from callsheet.domain.storyboard import Storyboard
    from callsheet.domain.writing import Words
    from callsheet.tools.intake import Bundle

Folder = Annotated[Path, typer.Argument(help="The campaign folder.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(new)
    app.command()(validate)
    app.command()(schema)
    app.command()(quote)


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make.", show_default=False)],
    product: Annotated[str, typer.Option(help="The product's name.", show_default=False)] = "",
    image: Annotated[Path | None, typer.Option(help="A picture of it: PNG, JPEG or WebP.", show_default=False)] = None,
    url: Annotated[str, typer.Option(help="The address on the end card.", show_default=False)] = "",
    category: Annotated[str, typer.Option(help="What kind of product, in a word or two.")] = "product",
    example: Annotated[bool, typer.Option("--example", help="Copy the demo's own campaign instead.")] = False,
    pocket: Annotated[bool, typer.Option("--pocket", help="Copy the tiny example instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a campaign folder: twenty lines to edit and your picture, or a copy of an example."""
    del as_json
    from callsheet.tools.intake import unapproved, write_campaign, write_example

    if (example or pocket) and (product or image or (example and pocket)):
        raise WrongUse("Choose one: --product NAME for a product of your own, --example, or --pocket.")
    if example or pocket:
        written = write_example(folder, "pocket" if pocket else "runner")
    elif product:
        written = write_campaign(folder, folder.resolve().name, product, image, url, category)
    else:
        raise WrongUse('Say which product: --product "Fleet Runner". Or copy the demo\'s campaign: --example.')
    say = console()
    for path in written:
        say.say(f"wrote {path}")
    open_claims = unapproved(folder)
    for text, file, line in open_claims:
        say.say(f'not approved yet: "{text}" ({folder / file}:{line})')
    if product:
        say.say("A picture on a plain background is cut out; any other is shown as a card.")
    say.say(f"Next: callsheet validate {shlex.quote(str(folder))}", whole=True)
    claims = [{"text": text, "file": file, "line": line} for text, file, line in open_claims]
    say.document({"folder": folder, "files": written, "not_approved": claims})


def validate(folder: Folder, as_json: AsJson = False) -> None:
    """Check a campaign folder and list every problem at once, with file and line."""
    del as_json
    bundle = _read(folder)
    campaign = bundle.campaign
    say = console()
    say.say(
        f"{campaign.name} is sound: {_count(len(campaign.audiences), 'audience')}, "
        f"{_count(len(campaign.placements), 'placement')}, {_count(len(campaign.product.facts), 'fact')}, "
        f"{_count(len(campaign.claims), 'claim')}, {_count(len(campaign.cameos), 'cameo')}; "
        f"provider {campaign.provider.name}, {campaign.size}.",
        style="green",
    )
    for notice in bundle.notices:
        say.say(f"note: {folder}/{notice}")
    say.document(
        {
            "valid": True,
            "campaign": campaign.name,
            "digest": bundle.digest,
            "provider": campaign.provider.name,
            "size": campaign.size,
            "notices": list(bundle.notices),
        }
    )


def schema() -> None:
    """Print the JSON Schema of campaign.yaml, for editors that complete and check while you type."""
    from callsheet.tools.intake import campaign_schema

    say = console()
    say.as_json = True
    say.document(campaign_schema())


def quote(folder: Folder, as_json: AsJson = False) -> None:
    """Plan the shots and price them. Buys nothing, asks nobody, needs no network."""
    del as_json
    from callsheet.cli.quote import show_quote
    from callsheet.domain.quote import quote as price

    bundle = _read(folder)
    storyboard = asyncio.run(house_plan(bundle.campaign))
    words = _words(bundle.campaign, storyboard)
    offer = price(bundle.campaign, storyboard.shots, storyboard, day=_today(), words=words)
    say = console()
    show_quote(say, bundle.campaign, storyboard, offer)
    for notice in bundle.notices:
        say.say(f"note: {folder}/{notice}")
    say.document({"storyboard": storyboard, "quote": offer, "fits": offer.fits, "notices": list(bundle.notices)})


def _words(campaign: "Campaign", storyboard: "Storyboard") -> "Words | None":
    """What the chat model of the settings would cost for such a plan and its reshoots; nothing for the house."""
    from callsheet.domain.writing import Words, expected_words
    from callsheet.writers import word_price

    settings = read_settings()
    if not settings.chat_url:
        return None
    rounds = 1 + campaign.reshoots.rounds
    expected = expected_words(word_price(settings), len(storyboard.shots), len(storyboard.variants), rounds)
    return Words(by=settings.chat_model, expected=expected)


async def house_plan(campaign: "Campaign") -> "Storyboard":
    """The house Director's plan: a quote must cost nothing, so no model is asked for it."""
    from callsheet.agents.director import Director
    from callsheet.tools.writer.house import HouseWriter

    return await Director(HouseWriter()).plan(campaign)


def _read(folder: Path) -> "Bundle":
    from callsheet.tools.intake import read_campaign

    return read_campaign(folder, _today(), read_settings().providers_folder)


def _today() -> date:
    return datetime.now(UTC).date()


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
