"""The curated list of public figures and consumer brands that no advert names without leave.

The list is data (`names.yaml`, with its date); `callsheet.domain.words.name` finds its names in a text.
"""

from functools import cache
from importlib.resources import files

import yaml

from callsheet.domain.seen import fold
from callsheet.domain.words.name import Named, NameList, find_names

__all__ = ["Named", "brands", "find_listed", "name_list", "public_figures"]


@cache
def name_list() -> NameList:
    """The list as it ships: people, brands, and which of them are words of their own."""
    listed = yaml.safe_load((files("callsheet.tools.rules") / "names.yaml").read_text(encoding="utf-8"))
    return NameList(
        people=tuple(dict.fromkeys(str(name) for group in listed["people"].values() for name in group)),
        brands=tuple(dict.fromkeys(str(name) for group in listed["brands"].values() for name in group)),
        words=tuple(map(str, listed["words"])),
        slogans=tuple(listed["slogans"]),
        emblems=tuple(listed["emblems"]),
        ordinary=tuple(dict.fromkeys(str(name) for name in listed["ordinary"])),
    )


@cache
def public_figures() -> frozenset[str]:
    """Every public figure of the list, folded (`callsheet.domain.seen.fold`)."""
    return frozenset(fold(name) for name in name_list().people)


@cache
def brands() -> frozenset[str]:
    """Every brand of the list, folded."""
    return frozenset(fold(name) for name in name_list().brands)


def find_listed(text: str, allowed: tuple[str, ...] = (), *, capitals_tell: bool = True) -> tuple[Named, ...]:
    """Every listed person and brand that a text names, except those in `allowed`."""
    return find_names(text, name_list(), allowed, capitals_tell=capitals_tell)
