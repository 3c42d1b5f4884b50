"""Shows a quote to people: each shot, the seconds bought and used, what it costs, and what would be cheaper."""

from collections.abc import Mapping
from textwrap import shorten

from callsheet.cli.console import Console
from callsheet.domain.campaign import Campaign
from callsheet.domain.identity import ShotId, VariantId
from callsheet.domain.quote import Quote, seconds_text
from callsheet.domain.storyboard import Storyboard

PICTURE_WIDTH = 72


def show_quote(
    console: Console, campaign: Campaign, storyboard: Storyboard, offer: Quote, with_words: bool = True
) -> None:
    """Print the quote of a plan. `with_words` adds what each variant writes over each shot, under its line."""
    _show_shots(console, storyboard, offer, with_words)
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


def _show_shots(console: Console, storyboard: Storyboard, offer: Quote, with_words: bool) -> None:
    rows: list[tuple[object, ...]] = []
    for line in offer.lines:
        shot = storyboard.shot(line.shot)
        seen = shorten(f"{shot.subject}, {shot.setting}", PICTURE_WIDTH, placeholder=" …")
        picture = f"{shot.framing}, {shot.movement}: {seen}"
        bought = "held" if line.is_held else f"{line.takes} x {line.purchased_seconds} s"
        rows.append((line.shot, seconds_text(line.seconds), bought, line.cost, picture))
        rows.extend(("", "", "", "", words) for words in shot_words(storyboard, line.shot) if with_words)
    if with_words:
        first, *others = card_words(storyboard)
        rows.append(("end card", seconds_text(storyboard.variants[0].end_card.seconds), "", "", first))
        rows.extend(("", "", "", "", words) for words in others)
    console.table(
        f"{storyboard.title}: {len(offer.lines)} shots, {offer.model} at {offer.size}",
        ["shot", ">used", ">bought", ">cost", "picture"],
        rows,
    )


def shot_words(storyboard: Storyboard, shot: ShotId) -> list[str]:
    """What is written over a shot, whole: `a: "caption", callout "text"`. Variants that say the same share a line."""
    said: dict[VariantId, str] = {}
    for variant in storyboard.variants:
        for panel in variant.panels:
            if panel.shot == shot:
                callout = f'callout "{panel.callout.text}"' if panel.callout else ""
                said[variant.id] = ", ".join(filter(None, (f'"{panel.caption}"' if panel.caption else "", callout)))
    return _by_variant(said)


def card_words(storyboard: Storyboard) -> list[str]:
    """What is written on the end card, in the same way."""
    said: dict[VariantId, str] = {}
    for variant in storyboard.variants:
        card = variant.end_card
        legal = f'legal line "{card.legal}"' if card.legal else ""
        said[variant.id] = ", ".join(filter(None, (f'"{card.headline}"', f'"{card.call_to_action}"', card.url, legal)))
    return _by_variant(said)


def _by_variant(said: Mapping[VariantId, str]) -> list[str]:
    together: dict[str, list[VariantId]] = {}
    for variant, words in said.items():
        together.setdefault(words or "no words", []).append(variant)
    return [f"{', '.join(variants)}: {words}" for words, variants in together.items()]


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
    if offer.words is not None:
        console.say(f"Words by {offer.words}, beside the takes.")
    money = f" and {campaign.caps.money}" if campaign.caps.money else ""
    console.say(f"Caps: {campaign.caps.seconds} s{money}. Prices as of {offer.as_of}: {offer.source}.")
    if offer.provider == "sandbox":
        console.say("The sandbox draws previz on this machine: no network, nothing is spent.")
