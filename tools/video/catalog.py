"""The packaged catalog of providers: what each sells, at which price, until when, and who says so.

Prices and retirement dates are data with a date and a source (`providers/*.yaml`), because they change without notice.
A campaign may put its own prices in their place.
"""

import difflib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

from callsheet.domain.error import InputInvalid
from callsheet.domain.provider import Provider, Tier

EVERY_SIZE = "*"
"""The key of a price that holds for all sizes."""


class ProviderUnknown(InputInvalid):
    """The catalog has no provider of that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.allowed = tuple(provider.name for provider in providers())
        self.nearest = next(iter(difflib.get_close_matches(name, self.allowed, n=1, cutoff=0.5)), None)
        hint = f" Did you mean {self.nearest}?" if self.nearest else ""
        super().__init__(f"There is no provider {name!r}.{hint} Known: {', '.join(self.allowed)}.")


class PriceMisplaced(InputInvalid):
    """A price is given for a size or tier that the provider does not sell."""

    def __init__(self, key: str, provider: Provider) -> None:
        self.key = key
        self.allowed = (EVERY_SIZE, *(name for tier in provider.tiers for name in (tier.name, *tier.sizes)))
        self.nearest = next(iter(difflib.get_close_matches(key, self.allowed, n=1, cutoff=0.5)), None)
        super().__init__(f"{provider.name} sells no {key!r}. Prices may be given for: {', '.join(self.allowed)}.")


@cache
def providers() -> tuple[Provider, ...]:
    """Every provider of the packaged catalog, by name."""
    folder = files("callsheet.tools.video") / "providers"
    records = [item for item in folder.iterdir() if item.name.endswith(".yaml")]
    read = [Provider.model_validate(yaml.safe_load(item.read_text(encoding="utf-8"))) for item in records]
    return tuple(sorted(read, key=lambda provider: provider.name))


def load_provider(name: str, overrides: Mapping[str, Decimal] | None = None) -> Provider:
    """The provider of that name, with its prices of a second replaced by the given ones.

    Overrides are keyed by size (`720x1280`), by tier name (`720p`), or `*` for all; a size beats a tier, a tier
    beats `*`. Raises `ProviderUnknown` and `PriceMisplaced`, both of which name what would be right.
    """
    found = next((provider for provider in providers() if provider.name == name), None)
    if found is None:
        raise ProviderUnknown(name)
    if not overrides:
        return found
    known = {EVERY_SIZE, *(key for tier in found.tiers for key in (tier.name, *tier.sizes))}
    for key in overrides:
        if key not in known:
            raise PriceMisplaced(key, found)
    tiers = tuple(part for tier in found.tiers for part in _repriced(tier, overrides))
    source = f"prices set in the campaign; else {found.source}"
    return found.model_copy(update={"tiers": tiers, "source": source, "are_prices_given": True})


def _repriced(tier: Tier, overrides: Mapping[str, Decimal]) -> list[Tier]:
    """A tier whose sizes got prices of their own falls apart into one tier a price."""
    general = overrides.get(tier.name, overrides.get(EVERY_SIZE, tier.per_second))
    by_price: dict[Decimal | None, list[str]] = {}
    for size in tier.sizes:
        by_price.setdefault(overrides.get(size, general), []).append(size)
    if len(by_price) == 1:
        return [tier.model_copy(update={"per_second": next(iter(by_price))})]
    return [
        Tier(name=f"{tier.name} {sizes[0]}", sizes=tuple(sizes), per_second=price) for price, sizes in by_price.items()
    ]
