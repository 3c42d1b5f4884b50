"""Shows a quote to people: each shot, the seconds bought and used, what it costs, and what would be cheaper."""

from textwrap import shorten

from callsheet.cli.console import Console
from callsheet.domain.campaign import Campaign
from callsheet.domain.quote import Quote, seconds_text
from callsheet.domain.storyboard import Storyboard

PICTURE_WIDTH = 72


def show_quote(console: Console, campaign: Campaign, storyboard: Storyboard, offer: Quote) -> None:
    """Print the quote of a plan."""
    _show_shots(console, storyboard, offer)
    _show_totals(console, campaign, offer)
    if offer.comparisons:
        console.table(
            f"The same {offer.seconds_purchased} s bought from a provider that charges",
            [">a second", ">in all"],
            [(point.per_second, point.master) for point in offer.comparisons],
        )
    for alternative in offer.alternatives:
        console.say(f"cheaper: {alternative}" if alternative.saves_seconds else f"unused: {alternative}")
    for problem in offer.over:
        console.say(f"OVER: {problem}", style="red")
    for problem in offer.worst_over:
        console.say(f"in the worst case {problem}; the run would stop there", style="yellow")
    for warning in offer.warnings:
        console.say(f"warning: {warning}", style="yellow")


def _show_shots(console: Console, storyboard: Storyboard, offer: Quote) -> None:
    rows = []
    for line in offer.lines:
        shot = storyboard.shot(line.shot)
        seen = shorten(f"{shot.subject}, {shot.setting}", PICTURE_WIDTH, placeholder=" …")
        picture = f"{shot.framing}, {shot.movement}: {seen}"
        bought = "held" if line.is_held else f"{line.takes} x {line.purchased_seconds} s"
        rows.append((line.shot, seconds_text(line.seconds), bought, line.cost, picture))
    console.table(
        f"{storyboard.title}: {len(rows)} shots, {offer.model} at {offer.size}",
        ["shot", ">used", ">bought", ">cost", "picture"],
        rows,
    )


def _show_totals(console: Console, campaign: Campaign, offer: Quote) -> None:
    variants = len(campaign.audiences)
    console.say(
        f"Seconds: {offer.seconds_purchased} bought, {seconds_text(offer.seconds_used)} used, "
        f"{seconds_text(offer.seconds_wasted)} not used. Finished film: {seconds_text(offer.finished_seconds)} "
        f"over {variants} variant{'s' * (variants > 1)}."
    )
    console.say(
        f"Cost: {offer.expected} expected, {offer.worst} at worst (every take repeated once); "
        f"{offer.per_finished_second} a finished second.",
        style="bold",
    )
    money = f" and {campaign.caps.money}" if campaign.caps.money else ""
    console.say(f"Caps: {campaign.caps.seconds} s{money}. Prices as of {offer.as_of}: {offer.source}.")
    if offer.provider == "sandbox":
        console.say("The sandbox draws previz on this machine: no network, nothing is spent.")
