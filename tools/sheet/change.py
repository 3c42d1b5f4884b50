"""What a sheet would change: every row held against the record it names. Nothing is changed here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from callsheet.domain.claim import Claim, Disclosure
from callsheet.storage.legal import History, Key, Kind, LegalRecord
from callsheet.tools.intake.problem import Problem, nearest_of, shown
from callsheet.tools.sheet.column import BY_TITLE, canonical
from callsheet.tools.sheet.grid import Grid, Line, SheetInvalid
from callsheet.tools.sheet.row import KIND_WORDS, cells_of, changed_cells, id_of, misplaced, record_of

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
    tied: list[tuple[Line, tuple[str, ...]]] = field(default_factory=list)
    perhaps: set[str] = field(default_factory=set)
    """Ids of rows of no known kind: one of them may be the claim that a disclosure names."""
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
    """What would change if the sheet were taken in. Raises SheetInvalid with every problem of every row,
    those that were met in reading among them.

    A row made from an older revision stands only if nobody changed it in the sheet, or nobody else meanwhile.
    """
    comparison = _Comparison(grid, known, today)
    for line in grid.lines:
        _compare_line(comparison, line)
    _check_ties(comparison)
    problems = [*grid.problems, *comparison.problems]
    if problems:
        raise SheetInvalid(sorted(problems, key=lambda one: one.line or 0))
    missing = tuple(key for key in known if key not in comparison.seen)
    return Changes(tuple(comparison.changes), comparison.unchanged, missing, grid.notices)


def _compare_line(on: _Comparison, line: Line) -> None:
    """Every slip of the row is named, whatever else is wrong with it; a change it is only without one."""
    slips = len(on.problems)
    kind = _kind_of(on, line)
    if kind is None:
        on.problems += misplaced(on.grid.file, line.number, None, line.cells)
        on.perhaps.add(id_of(line, "claim"))
        return
    name = id_of(line, kind)
    key: Key = (kind, name)
    needed = "words" if kind == "topic" else "text"
    is_nameless = not name and not line.unread & {"id", needed}
    if is_nameless:
        on.wrong(line, needed, "is missing")
    elif key in on.seen and "id" not in line.unread:
        on.wrong(line, "id", f"is the {kind} of row {on.seen[key]} already; give this one an id of its own", name)
    elif "id" not in line.unread:
        on.seen[key] = line.number
    past = on.known.get(key, ())
    before = past[-1].record if past else None
    cells = changed_cells(line, cells_of(before) if before is not None else {})
    cells.pop("id", None)
    if before is not None and len(on.problems) == slips and (not cells or _is_as_it_was_made(line, past)):
        on.unchanged += 1
        return
    after, found = record_of(on.grid.file, line.number, kind, name or "nameless", before, cells, on.today)
    on.problems += [one for one in found if one.where not in line.unread and not (is_nameless and one.where == needed)]
    if after is None or (after == before and len(on.problems) == slips):
        on.unchanged += after is not None
        return
    _check_revision(on, line, past, after)
    if isinstance(after, Disclosure):
        on.tied.append((line, after.claims))
    if len(on.problems) == slips:
        on.changes.append(_change(key, before, after, on.today))


def _kind_of(on: _Comparison, line: Line) -> Kind | None:
    word = canonical(BY_TITLE["kind"], line.cells.get("kind", line.section))
    if word not in KIND_WORDS and "kind" not in line.unread:
        message = "is no kind of record" if word else "is missing"
        on.wrong(line, "kind", message, word, ", ".join(KIND_WORDS), nearest_of(word, KIND_WORDS))
    return KIND_WORDS.get(word)


def _check_revision(on: _Comparison, line: Line, past: History, after: LegalRecord) -> None:
    if not past:
        return
    latest = past[-1]
    written = line.cells.get("revision", "").strip()
    if written not in ("", str(latest.number)):
        name = latest.record.id
        message = f"is not that of {name}, which is at {latest.number} now; export the sheet anew and change it there"
        on.wrong(line, "revision", message, written)
    elif not written and latest.by and _approves_again(past, after):
        message = f"is yes again, and legal took it back in revision {latest.number}; export anew and change it there"
        on.wrong(line, "approved", message)


def _approves_again(past: History, after: LegalRecord) -> bool:
    """Whether a row that does not say which revision it was made from would bring back what was withdrawn."""
    approvals = [one.record.approved for one in past if isinstance(one.record, Claim)]
    return isinstance(after, Claim) and after.approved and any(approvals) and not approvals[-1]


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
    claims = on.perhaps | {name for kind, name in (*on.known, *on.seen) if kind == "claim"}
    if any("id" in line.unread for line in on.grid.lines):
        return
    for line, names in on.tied:
        for name in names:
            if name not in claims:
                on.wrong(line, "with claims", "names a claim that is not here", name, near=nearest_of(name, claims))


def _is_as_it_was_made(line: Line, past: History) -> bool:
    """Whether the row says exactly what the revision said that it was made from: then nobody changed it."""
    number = line.cells.get("revision", "").strip()
    made_from = next((one.record for one in past if str(one.number) == number), None)
    return made_from is not None and not changed_cells(line, cells_of(made_from))
