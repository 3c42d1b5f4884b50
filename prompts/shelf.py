"""The shelf: which words each task of a campaign is written with. An override, else a pin, else the newest shipped.

A run freezes its shelf with the campaign when it begins, so neither an upgrade nor a later edit changes its words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from callsheet.domain.campaign import Campaign
from callsheet.domain.error import NotFound
from callsheet.domain.frozen import FrozenPrompt
from callsheet.prompts.prompt import Prompt, load_prompt, parse_prompt, shipped_text

_FILE = re.compile(r"([a-z_]+)\.v([1-9]\d*)\.md")


@dataclass(frozen=True)
class Shelf:
    """The prompts of one campaign by name; what it does not choose is the newest that is shipped."""

    chosen: Mapping[str, Prompt] = field(default_factory=dict)

    def resolve(self, address: str) -> Prompt:
        """The prompt of `role/task`, as this campaign has it; of `role/task@v1`, exactly that shipped version.

        Raises NotFound, and WrongUse for what is no address.
        """
        if "@" in address:
            return load_prompt(address)
        return self.chosen.get(address) or load_prompt(f"{address}@v{newest(address)}")


SHIPPED = Shelf()
"""The newest shipped version of every prompt: what there is where no campaign chooses."""


def shelf_of(campaign: Campaign) -> Shelf:
    """The words that were frozen with a campaign."""
    return _shelf(campaign.prompts)


def freeze(chosen: Sequence[FrozenPrompt] = ()) -> tuple[FrozenPrompt, ...]:
    """What a campaign chose, with the newest shipped version of everything else, by name."""
    mine = {one.name: one for one in chosen}
    return tuple(mine.get(name) or frozen(name, newest(name)) for name in sorted({*names(), *mine}))


def frozen(name: str, version: int) -> FrozenPrompt:
    """One shipped version, whole. Raises NotFound."""
    return FrozenPrompt(name=name, text=shipped_text(f"{name}@v{version}"))


def names() -> tuple[str, ...]:
    """Every prompt that is shipped, as role/task."""
    return tuple(_shipped())


def versions(name: str) -> tuple[int, ...]:
    """The shipped versions of a prompt, oldest first. Raises NotFound."""
    found = _shipped().get(name)
    if found is None:
        raise NotFound(f"there is no prompt {name[:80]}; there are: {', '.join(names())}")
    return found


def newest(name: str) -> int:
    """The version that a run takes which begins now and pins nothing. Raises NotFound."""
    return versions(name)[-1]


@lru_cache(maxsize=256)
def _shelf(prompts: tuple[FrozenPrompt, ...]) -> Shelf:
    return Shelf({one.name: parse_prompt(one.text.encode(), one.name, one.origin) for one in prompts})


@cache
def _shipped() -> Mapping[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for role in _folders(files("callsheet.prompts")):
        for file in role.iterdir():
            if match := _FILE.fullmatch(file.name):
                found.setdefault(f"{role.name}/{match[1]}", []).append(int(match[2]))
    return {name: tuple(sorted(found[name])) for name in sorted(found)}


def _folders(root: Traversable) -> list[Traversable]:
    return [one for one in root.iterdir() if one.is_dir()]
