"""What a tool says: JSON whose strings are capped and show what they hold, so that a text in it stays data."""

import json
import unicodedata
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict

LONGEST_TEXT = 600
MOST_ITEMS = 200
"""Characters of one string, and entries of one list, that an answer holds at most: a model reads all of it."""
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
"""Marks that draw nothing of their own and could carry what a reader does not see."""
_ESCAPES = (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e"))


class Answer(BaseModel):
    """The typed answer of a tool."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Trouble(Answer):
    """Why a tool did not do it: what happened, where, and what to do next."""

    what: str
    where: str
    do: str


def plain(value: Any) -> Any:
    """Plain JSON data with every string made visible and short, and every list cut to what can be read."""
    match value:
        case str():
            return text(value)
        case dict():
            return {text(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value[:MOST_ITEMS]]
        case _:
            return value


def text(words: str, most: int = LONGEST_TEXT) -> str:
    """One line of a text without marks that nobody sees, cut to its first characters."""
    head = words[: 4 * most]  # what is cut anyway need not be looked at
    seen = "".join(" " if mark.isspace() else mark for mark in head if mark.isspace() or _is_seen(mark))
    line = " ".join(seen.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def written(data: Any) -> str:
    """The JSON text of an answer. No tag can stand in it: angle brackets and ampersands are JSON escapes."""
    said = json.dumps(data, ensure_ascii=False, allow_nan=False)
    for mark, escape in _ESCAPES:
        said = said.replace(mark, escape)
    return said


def refusal(trouble: Trouble) -> str:
    """The JSON text of an answer that says no."""
    return written({"error": plain(trouble.model_dump())})


def seconds(length: Fraction | int) -> str:
    """A length in seconds as a decimal number: `2.5`."""
    return f"{float(length):.3f}".rstrip("0").rstrip(".")


def _is_seen(mark: str) -> bool:
    return unicodedata.category(mark) not in _UNSEEN
