"""What a sheet would change: every row held against the record it names. Nothing is changed here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from callsheet.domain.claim import Claim, Disclosure
from callsheet.storage.legal import History, Key, LegalRecord
from callsheet.tools.intake.problem import Problem, nearest_of, shown
from callsheet.tools.sheet.column import BY_TITLE, canonical
from callsheet.tools.sheet.grid import Grid, Line, SheetInvalid
from callsheet.tools.sheet.row import KIND_WORDS, cells_of, changed_cells, id_of, record_of

What = Literal["added", "changed", "withdrawn"]


@dataclass(frozen=True)
class Change:
    """One record as it would be, and each cell that differs: its title, the old text and the new."""

    what: What
    key: Key
    after: LegalRecord
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Changes:
    """What a sheet would do. `missing` are records it does not name: they are left alone."""

    changes: tuple[Change, ...]
    unchanged: int
    missing: tuple[Key, ...]
    notices: tuple[str, ...]


@dataclass
class _Comparison:
    grid: Grid
    known: Mapping[Key, History]
    today: date
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[Key, int] = field(default_factory=dict)
    unchanged: int = 0

    def wrong(
        self, line: Line, where: str, message: str, found: str = "", allowed: str = "", near: str | None = None
    ) -> None:
        self.problems.append(
            Problem(
                file=self.grid.file,
                line=line.number,
                where=where,
                message=message,
                found=shown(found) if found else "",
                allowed=allowed,
                nearest=near,
            )
        )


def compare(grid: Grid, known: Mapping[Key, History], today: date) -> Changes:
    """What would change if the sheet were taken in. Raises SheetInvalid with every problem of every row.

    A row made from an older revision stands only if nobody changed it in the sheet, or nobody else meanwhile.
    """
    comparison = _Comparison(grid, known, today)
    for line in grid.lines:
        _compare_line(comparison, line)
    _check_ties(comparison)
    if comparison.problems:
        raise SheetInvalid(sorted(comparison.problems, key=lambda one: one.line or 0))
    missing = tuple(key for key in known if key not in comparison.seen)
    return Changes(tuple(comparison.changes), comparison.unchanged, missing, grid.notices)


def _compare_line(on: _Comparison, line: Line) -> None:
    word = canonical(BY_TITLE["kind"], line.cells.get("kind", line.section))
    if word not in KIND_WORDS:
        allowed = ", ".join(KIND_WORDS)
        on.wrong(
            line,
            "kind",
            "is missing" if not word else "is no kind of record",
            word,
            allowed,
            nearest_of(word, KIND_WORDS),
        )
        return
    kind = KIND_WORDS[word]
    name = id_of(line, kind)
    key: Key = (kind, name)
    if not name:
        on.wrong(line, "words" if kind == "topic" else "text", "is missing")
        return
    if key in on.seen:
        on.wrong(line, "id", f"is the {kind} of row {on.seen[key]} already; give this one an id of its own", name)
        return
    on.seen[key] = line.number
    past = on.known.get(key, ())
    before = past[-1].record if past else None
    cells = changed_cells(line, cells_of(before) if before is not None else {})
    cells.pop("id", None)
    if before is not None and (not cells or _is_as_it_was_made(line, past)):
        on.unchanged += 1
        return
    written = line.cells.get("revision", "").strip()
    if past and written not in ("", str(past[-1].number)):
        message = f"is not that of {name}, which is at {past[-1].number} now; export the sheet anew and change it there"
        on.wrong(line, "revision", message, written)
        return
    found = record_of(on.grid.file, line.number, kind, name, before, cells, on.today)
    if isinstance(found, list):
        on.problems += found
    elif found == before:
        on.unchanged += 1
    elif not written and past and past[-1].by and _approves_again(before, found):
        message = f"is yes again, and legal took it back in revision {past[-1].number}; export anew and change it there"
        on.wrong(line, "approved", message)
    else:
        on.changes.append(_change(key, before, found, on.today))


def _approves_again(before: LegalRecord | None, after: LegalRecord) -> bool:
    """Whether a row that does not say which revision it was made from would bring back what was withdrawn."""
    return isinstance(before, Claim) and isinstance(after, Claim) and after.approved and not before.approved


def _change(key: Key, before: LegalRecord | None, after: LegalRecord, today: date) -> Change:
    old, new = cells_of(before) if before is not None else {}, cells_of(after)
    cells = tuple((title, old.get(title, ""), cell) for title, cell in new.items() if cell != old.get(title, ""))
    if before is None:
        return Change("added", key, after, cells)
    return Change(
        "withdrawn" if _is_over(after, today) and not _is_over(before, today) else "changed", key, after, cells
    )


def _is_over(one: LegalRecord, today: date) -> bool:
    """Whether it holds no more: a claim that is not approved, or anything whose term has ended."""
    return (isinstance(one, Claim) and not one.approved) or (one.ends is not None and one.ends <= today)


def _check_ties(on: _Comparison) -> None:
    """A disclosure belongs to claims that are here, or that this very sheet brings."""
    claims = {name for kind, name in (*on.known, *on.seen) if kind == "claim"}
    for change in on.changes:
        if isinstance(change.after, Disclosure):
            for name in change.after.claims:
                if name not in claims:
                    line = Line(on.seen[change.key], {})
                    on.wrong(line, "with claims", "names a claim that is not here", name, near=nearest_of(name, claims))


def _is_as_it_was_made(line: Line, past: History) -> bool:
    """Whether the row says exactly what the revision said that it was made from: then nobody changed it."""
    number = line.cells.get("revision", "").strip()
    made_from = next((one.record for one in past if str(one.number) == number), None)
    return made_from is not None and not changed_cells(line, cells_of(made_from))
