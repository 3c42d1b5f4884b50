"""Shows what a video provider offers, and what the catalog knows about it: prices, dates, terms and who says so."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from callsheet.cli.console import Console

if TYPE_CHECKING:
    from callsheet.domain.provider import Provider

MOST_STRANGERS = 20
"""Models nothing is known about that are shown; a gateway may offer hundreds. With --json all are."""


def show_offer(
    say: Console,
    address: str,
    models: Sequence[str],
    known: "Sequence[Provider]",
    chosen: "Provider | None",
    today: date,
) -> None:
    """Print the models of an address. `known` are the providers of the catalog among them."""
    rows: list[tuple[object, ...]] = [
        (one.model, one.name, price_text(one), one.as_of, _retirement(one, today), _commercial(one.commercial_use))
        for one in known
    ]
    strangers = [model for model in models if model not in {one.model for one in known}]
    rows += [(model, "not in the catalog", "unknown", "", "", "") for model in strangers[:MOST_STRANGERS]]
    say.table(f"{address} offers", ["model", "provider", "a second", "as of", "retires", "for adverts"], rows)
    if len(strangers) > MOST_STRANGERS:
        say.say(f"  and {len(strangers) - MOST_STRANGERS} more, about which nothing is known; --json lists them")
    for one in known:
        say.say(f"{one.name}: {one.source}" + (f". Terms: {one.licence}" if one.licence else ""))
    if chosen is not None and not known:
        say.say(f"It does not offer {chosen.model}, the model of {chosen.name}.", style="yellow")
    if strangers:
        say.say("A model without a price stops every purchase: describe it in a file of yours (docs/providers.md).")


def price_text(provider: "Provider") -> str:
    """The prices of a second, tier by tier."""
    prices = [f"{tier.name} {'unknown' if tier.per_second is None else tier.per_second}" for tier in provider.tiers]
    return f"{', '.join(prices)} {provider.currency}"


def _retirement(provider: "Provider", today: date) -> str:
    if provider.retires is None:
        return "no date known"
    return f"{provider.retires}, GONE" if provider.has_retired(today) else str(provider.retires)


def _commercial(use: bool | None) -> str:
    return "unknown" if use is None else "yes" if use else "NO"
