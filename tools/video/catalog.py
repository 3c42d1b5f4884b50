"""The catalog of providers: what each sells, at which price, until when, under which terms, and who says so.

Prices, terms and retirement dates are data with a date and a source (`providers/*.yaml`), because they change without
notice. A folder of one's own adds providers or replaces packaged ones, each with its own date and source; a campaign
may put its own prices in their place.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from callsheet.domain.error import InputInvalid
from callsheet.domain.provider import Provider, Tier

EVERY_SIZE = "*"
"""The key of a price that holds for all sizes."""
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_SIZE = re.compile(r"[1-9]\d{1,4}x[1-9]\d{1,4}")
_LARGEST_FILE = 100_000


class CatalogInvalid(InputInvalid):
    """A provider file of yours cannot be used. Every problem is listed with its file and key."""

    def __init__(self, file: Path, problems: Sequence[str]) -> None:
        self.file = file
        super().__init__("\n".join([f"{file} does not describe a provider:", *(f"  {one}" for one in problems)]))


class ProviderUnknown(InputInvalid):
    """The catalog has no provider of that name."""

    def __init__(self, name: str, allowed: Sequence[str]) -> None:
        self.name = name
        self.allowed = tuple(allowed)
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


def providers(folder: Path | None = None) -> tuple[Provider, ...]:
    """Every provider, by name: those of the folder, and the packaged ones that it does not replace.

    Raises CatalogInvalid, which names the file and its keys.
    """
    own = {} if folder is None else _own(folder)
    return tuple(sorted(({**_packaged(), **own}).values(), key=lambda provider: provider.name))


def load_provider(name: str, overrides: Mapping[str, Decimal] | None = None, folder: Path | None = None) -> Provider:
    """The provider of that name, with its prices of a second replaced by the given ones.

    Overrides are keyed by size (`720x1280`), by tier name (`720p`), or `*` for all; a size beats a tier, a tier
    beats `*`. Raises `ProviderUnknown` and `PriceMisplaced`, both of which name what would be right.
    """
    known = {provider.name: provider for provider in providers(folder)}
    found = known.get(name)
    if found is None:
        raise ProviderUnknown(name, list(known))
    if not overrides:
        return found
    sold = {EVERY_SIZE, *(key for tier in found.tiers for key in (tier.name, *tier.sizes))}
    for key in overrides:
        if key not in sold:
            raise PriceMisplaced(key, found)
    tiers = tuple(part for tier in found.tiers for part in _repriced(tier, overrides))
    source = f"prices set in the campaign; else {found.source}"
    return found.model_copy(update={"tiers": tiers, "source": source, "are_prices_given": True})


@cache
def _packaged() -> Mapping[str, Provider]:
    folder = files("callsheet.tools.video") / "providers"
    records = [item for item in folder.iterdir() if item.name.endswith(".yaml")]
    read = [Provider.model_validate(yaml.safe_load(item.read_text(encoding="utf-8"))) for item in records]
    return {provider.name: provider for provider in read}


def _own(folder: Path) -> dict[str, Provider]:
    if not folder.is_dir():
        return {}
    return {(one := _read(file)).name: one for file in sorted(folder.glob("*.yaml"))}


def _read(file: Path) -> Provider:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise CatalogInvalid(file, [f"it has more than {_LARGEST_FILE} bytes"])
        written = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogInvalid(file, [f"it cannot be read as text: {error}"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise CatalogInvalid(file, [f"{where}not valid YAML: {getattr(error, 'problem', None) or error}"]) from None
    if not isinstance(written, dict):
        raise CatalogInvalid(file, ["it must hold keys and values: name, model, as_of, source, tiers"])
    try:
        provider = Provider.model_validate(written)
    except ValidationError as invalid:
        raise CatalogInvalid(file, [_problem(one, written) for one in invalid.errors()]) from None
    if problems := _judge(provider, file):
        raise CatalogInvalid(file, problems)
    return provider


def _problem(error: Any, written: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] != "extra_forbidden":
        return f"{key}: {error['msg']}"
    known = [name for name in (Tier if len(error["loc"]) > 1 else Provider).model_fields if name not in written]
    near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1, cutoff=0.6)
    return f"{key}: there is no such key; " + (f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}")


def _judge(provider: Provider, file: Path) -> list[str]:
    """What a form cannot say."""
    found = []
    if not _NAME.fullmatch(provider.name) or provider.name != file.stem:
        found.append(f"name: must be the name of the file, {file.stem}, in small letters, digits, dots and dashes")
    if not provider.source.strip():
        found.append("source: say who says so; a price without a source is a guess")
    if not provider.model.strip():
        found.append("model: must not be empty")
    if any(second < 1 for second in provider.seconds) or provider.max_seconds < 1:
        found.append("seconds, max_seconds: whole seconds, 1 or more")
    if not provider.tiers or any(not tier.sizes for tier in provider.tiers):
        found.append("tiers: at least one, each with sizes")
    for number, tier in enumerate(provider.tiers):
        found += [
            f"tiers.{number}.sizes: {size} is not WIDTHxHEIGHT" for size in tier.sizes if not _SIZE.fullmatch(size)
        ]
        if tier.per_second is not None and not (tier.per_second.is_finite() and tier.per_second >= 0):
            found.append(f"tiers.{number}.per_second: must be 0 or more")
    return found


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
