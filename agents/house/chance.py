"""Choices that look free and are not: the same campaign always gets the same ones."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def shuffled(items: Sequence[T], *seed: str) -> tuple[T, ...]:
    """The items in an order that only the seed decides."""
    keys = {place: _key(str(place), *seed) for place in range(len(items))}
    return tuple(items[place] for place in sorted(keys, key=lambda place: keys[place]))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
