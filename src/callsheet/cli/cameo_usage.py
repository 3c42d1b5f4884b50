"""`callsheet cameo usage` and `statement`: where a person was shown, and what their owner is owed for it."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import look
from callsheet.domain.count import counted
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.domain.appearance import Appearance
    from callsheet.domain.royalty import Line, Statement
    from callsheet.domain.take import Take
    from callsheet.storage.database import Transaction

_NO_WORKSPACE = "There is no workspace here yet; begin with: callsheet run FOLDER"
_COLUMNS = (
    "at", "basis", "cameo", "release", "run", "name", "take", "count", "rate", "amount", "currency", "previz",
)  # fmt: skip


def usage(
    cameo: Annotated[str, typer.Argument(metavar="CAMEO", help="The person's id.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Say which takes, cuts, files and publications show a person: under which release, how long, and when."""
    del as_json
    from callsheet.storage import cameo as people
    from callsheet.storage import usage as used

    def read(tx: "Transaction") -> "tuple[dict[str, Take], tuple[Appearance, ...]]":
        cast = used.takes_of(tx, (people.find(tx, cameo).id,))
        return {str(name): take for name, take in cast.items()}, used.appearances_of(tx, cast)

    found = look(read, None)
    if found is None:
        raise NotFound(_NO_WORKSPACE)
    cast, shown = found
    say = console()
    in_cuts = {one.take for one in shown}
    cuts = len({one.cut for one in shown})
    counts = f"{counted(len(cast), 'take')}, {counted(cuts, 'cut')} and {counted(_files(shown), 'file')}"
    say.say(f"{cameo} is in {counts}." if cast else f"{cameo} is in no take yet.")
    for run in dict.fromkeys(one.run for one in shown):
        say.say(f"{run}:", style="bold")
        for one in (appearance for appearance in shown if appearance.run == run):
            say.say(f"  {_place(one)}")
            for airing in one.airings:
                until = f"{airing.down:%Y-%m-%d %H:%M}" if airing.down else "now"
                say.say(f"    up from {airing.up:%Y-%m-%d %H:%M} until {until} UTC ({airing.publication})")
    for take in cast.values():
        if take.id not in in_cuts:
            say.say(f"{take.id} is in no cut (release {take.release})")
    say.document({"cameo": cameo, "takes": list(cast.values()), "appearances": list(shown)})


def statement(
    owner: Annotated[
        str, typer.Argument(metavar="OWNER", help="Who licenses: a name, or a person's id.", show_default=False)
    ],
    starts: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day, UTC.")] = "",
    ends: Annotated[str, typer.Option("--to", metavar="DAY", help="The first day after it, UTC.")] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated lines for a spreadsheet.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print what the owner of a likeness is owed for what was published, line by line, with a total a currency.

    Amounts are exact; each total is rounded once, half to even, to cents. Previz is told and owes nothing.
    """
    from callsheet.storage import usage as used

    if as_csv and as_json:
        raise WrongUse("Choose one: --csv or --json.")
    first, last = _day(starts, "--from"), _day(ends, "--to")
    if first and last and last <= first:
        raise WrongUse(f"--to {ends} is not after --from {starts}; --to is the first day that is not in the statement")
    found = look(lambda tx: used.statement_of(tx, owner, first, last), None)
    if found is None:
        raise NotFound(_NO_WORKSPACE)
    if as_csv:
        console().out.write(_csv(found))
        return
    _show(found)
    console().document(
        {**found.model_dump(mode="json"), "totals": [one.model_dump(mode="json") for one in found.totals]}
    )


def _show(found: "Statement") -> None:
    say = console()
    first = f" from {found.starts:%Y-%m-%d}" if found.starts else ""
    when = f"{first} to {found.ends:%Y-%m-%d}" if found.ends else first
    if not found.lines:
        say.say(f"Nothing is owed to {found.owner}{when}: nothing with a royalty was published.")
        return
    rows = [
        (
            f"{one.at:%Y-%m-%d}",
            one.run,
            one.cameo,
            one.release,
            _what(one),
            _money(one.amount, one.currency),
            "previz" if one.previz else "",
        )
        for one in found.lines
    ]
    say.table(f"Royalties of {found.owner}{when}", ("day", "run", "cameo", "release", "for", ">owed", ""), rows)
    owed = [total for total in found.totals if total.amount]
    for total in owed:
        say.say(f"Total: {total.amount:.2f} {total.currency}", style="bold")
    if not owed:
        say.say(f"Nothing is owed to {found.owner}{when}.", style="bold")
    if any(one.previz for one in found.lines):
        say.say("Lines marked previz show a drawing and nobody's likeness: they are not in the total.")


def _what(line: "Line") -> str:
    if line.basis == "seconds":
        return f"{_exact(line.count)} s of {line.name} at {_money(Fraction(line.rate), line.currency)} a second"
    return f"{line.rate} % of {_money(line.count, line.currency)} for {line.take}"


def _money(exact: Fraction, currency: str) -> str:
    """An exact amount: with cents where they are all of it."""
    is_cents = (exact * 100).denominator == 1
    return f"{Decimal(int(exact * 100)).scaleb(-2) if is_cents else _exact(exact)} {currency}"


def _exact(number: Fraction) -> str:
    """A number in decimals where it has any, else as the fraction it is."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(number)
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _csv(found: "Statement") -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in found.lines:
        data = {**line.model_dump(mode="json"), "count": _exact(line.count), "amount": _exact(line.amount)}
        writer.writerow([_cell(data[name]) for name in _COLUMNS])
    for total in found.totals:
        row = {"basis": "total", "amount": f"{total.amount:.2f}", "currency": total.currency}
        writer.writerow([row.get(name, "") for name in _COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    """A cell no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _place(one: "Appearance") -> str:
    where = one.name or f"cut {one.cut[:12]} (no file)"
    how = f"{_exact(one.seconds)} s of {one.take}, release {one.release}"
    return f"{where}: {how}{', previz' if one.previz else ''}{'' if one.airings else ', not published'}"


def _files(shown: "tuple[Appearance, ...]") -> int:
    return len({one.file for one in shown if one.file})


def _day(text: str, option: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise WrongUse(f"{option} takes a day such as 2026-11-01, not {text[:40]}") from None


COMMANDS = (usage, statement)
