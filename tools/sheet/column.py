"""The columns of a sheet of legal's records: what each holds, and how its cells are written and read.

Every value has one text form, the canonical cell. What differs only in spacing, line ends or the way a date or a yes is
written has the same canonical cell, so opening and saving a sheet changes nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Form = Literal["text", "word", "words", "slots", "yes", "date", "note"]
_YES = {"yes", "true", "approved"}
_NO = {"no", "false", "withdrawn"}
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_DOTTED = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$")
_UNDRAWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML file, and so no workbook, can hold; U+FFFE and U+FFFF are none by name."""


@dataclass(frozen=True)
class Column:
    """One column: its title, the field it fills, the kinds of record it is for, the form of its cells, and its help."""

    title: str
    field: str
    kinds: tuple[str, ...]
    form: Form
    width: int
    help: str


_ALL = ("claim", "disclosure", "topic")
COLUMNS = (
    Column(
        "kind", "kind", _ALL, "word", 13,
        "claim, comparison, superlative, disclosure or topic. A comparison or superlative needs its substantiation.",
    ),
    Column(
        "id", "id", _ALL, "word", 22,
        "The record's name: keep it, and the wording may change. Empty in a new row: one is made from the wording.",
    ),
    Column("text", "text", ("claim", "disclosure"), "text", 44, "The exact wording. A claim may have {slots}."),
    Column("slots", "slots", ("claim",), "slots", 26, "What each slot may say, a line each: price: 40 EUR | 50 EUR"),
    Column(
        "approved", "approved", _ALL, "yes", 11,
        "yes or no, for claims. no under a disclosure or topic ends it today. A row that is taken out changes nothing.",
    ),
    Column("substantiation", "substantiation", ("claim",), "text", 36, "Where the evidence is: document, date, scope."),
    Column("disclosure", "disclosure", ("claim",), "text", 30, "What must be shown with this claim."),
    Column("markets", "markets", _ALL, "words", 12, "Two-letter country codes: US, GB. * is every market."),
    Column("locale", "locale", _ALL, "word", 9, "The language of the words: en, de-CH. * is every language."),
    Column("starts", "starts", _ALL, "date", 12, "The first day on which it holds, such as 2026-01-31. May be empty."),
    Column("ends", "ends", _ALL, "date", 12, "The first day on which it no longer holds. May be empty."),
    Column("with claims", "claims", ("disclosure",), "words", 18, "Ids of the claims it is for; empty: every cut."),
    Column("words", "words", ("topic",), "words", 30, "The words of a banned topic: weight loss, slimming."),
    Column("reason", "reason", ("topic",), "text", 24, "Why the topic is banned."),
    Column("revision", "revision", _ALL, "note", 9, "Which revision this row was made from. Keep it as it is."),
    Column("last change", "", _ALL, "note", 26, "For you: when it was changed last, and by whom. Not read back."),
)  # fmt: skip
BY_TITLE = {one.title: one for one in COLUMNS}


def canonical(column: Column, cell: str) -> str:
    """The one form of a cell. What cannot be read stays as it is, to be named as it was written."""
    text = plain(cell)
    match column.form:
        case "yes":
            word = text.casefold()
            return "yes" if word in _YES else "no" if word in _NO else text
        case "date":
            found = read_date(text)
            return found.isoformat() if found else text
        case "words":
            return write_words(read_words(text))
        case "slots":
            return write_slots(read_slots(text))
        case "word":
            return text.casefold() if column.field in ("kind", "id") else text
        case _:
            return text


def plain(text: str) -> str:
    """A cell without what no sheet keeps: space around it, other line ends, characters that are none."""
    return _UNDRAWN.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def read_date(text: str) -> date | None:
    """A day as 2026-12-31, or as 31.12.2026, which spreadsheets in some countries make of it. 1/2/2026 is two days."""
    if found := _ISO.match(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DOTTED.match(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def write_words(words: Iterable[str]) -> str:
    """Several words in one cell; a comma within one has a backslash before it."""
    return ", ".join(re.sub(r"([\\,;])", r"\\\1", plain(word).replace("\n", " ")) for word in words if plain(word))


def read_words(cell: str) -> tuple[str, ...]:
    """Words parted by commas, semicolons or line breaks."""
    return tuple(part for part in _parts(cell, ",;\n") if part)


def write_slots(slots: Mapping[str, tuple[str, ...]]) -> str:
    """A line for each slot: `price: 40 EUR | 50 EUR`."""
    lines = []
    for name, values in slots.items():
        safe = [re.sub(r"([\\|])", r"\\\1", plain(one).replace("\n", " ")) for one in values]
        lines.append(f"{plain(name)}: {' | '.join(safe)}")
    return "\n".join(lines)


def read_slots(cell: str) -> dict[str, tuple[str, ...]]:
    """The slots of a cell by name; a line without a colon is a slot without values."""
    found: dict[str, tuple[str, ...]] = {}
    for line in cell.split("\n"):
        name, _, values = line.partition(":")
        if name.strip():
            found[name.strip()] = tuple(part for part in _parts(values, "|") if part)
    return found


def _parts(text: str, marks: str) -> list[str]:
    """Split at any of these marks that has no backslash before it; a backslash lets the next character stand."""
    parts, part, letters = [], "", iter(text)
    for letter in letters:
        if letter == "\\":
            part += next(letters, "\\")
        elif letter in marks:
            parts.append(part.strip())
            part = ""
        else:
            part += letter
    return [*parts, part.strip()]
