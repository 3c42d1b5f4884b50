"""The commands about the ledger: `export` writes it out, `verify` proves it, `head` signs it, `show` reads it."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import look, open_database
from callsheet.domain.count import counted
from callsheet.domain.error import InputInvalid, NotFound, WrongUse

if TYPE_CHECKING:
    from callsheet.domain.identity import RunId
    from callsheet.domain.ledger import Entry
    from callsheet.domain.witness import Proof
    from callsheet.storage.database import Transaction

OptionalRun = Annotated[str, typer.Argument(help="One run; all of them if not said.", show_default=False)]
_NO_RUN = "The ledger here is empty; begin a run: callsheet run FOLDER"
_STANDARD_INPUT = "-"
_LETTERS_OF_A_HASH = 64


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    ledger = typer.Typer(
        help="Write the ledger out, prove it, read it.",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for command in (export, verify, head, show):
        ledger.command()(command)
    app.add_typer(ledger, name="ledger")


def export(run: OptionalRun = "", as_json: AsJson = False) -> None:
    """Write the ledger to standard output as signed JSON lines that `callsheet ledger verify` proves anywhere."""
    del as_json  # it is JSON lines in any case
    from callsheet.storage import export as exports

    named = _named(run)
    out = getattr(console().out, "buffer", None)
    with open_database() as database:
        database.write_now(lambda tx: exports.sign_heads(tx, named))

        def write(tx: "Transaction") -> None:
            for line in exports.export(tx, named):
                out.write(line) if out is not None else console().out.write(line.decode())

        try:
            database.read_now(write)
            console().out.flush()
        except BrokenPipeError:  # whoever read along has seen enough; Python would complain at its own end
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the process ends


def verify(
    file: Annotated[
        str,
        typer.Argument(
            metavar="[FILE|-]",
            help="An export, or - for standard input; the workspace if not said.",
            show_default=False,
        ),
    ] = "",
    key: Annotated[
        str, typer.Option(help="Fingerprint of the only key whose signature counts.", show_default=False)
    ] = "",
    expect: Annotated[
        list[str] | None,
        typer.Option(help="A head noted down earlier that must be in it; may be given often.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Prove that nothing in the ledger was changed, dropped, added or moved.

    Exit code 0 says so, 4 that something was, 2 that the file is no export, 6 that there is no such file or ledger.
    """
    del as_json
    from callsheet.domain.ledger import LedgerBroken

    pinned, expected = _hash(key, "--key"), tuple(_hash(one, "--expect") for one in expect or ())
    try:
        proof = _proof_of_file(file, pinned, expected) if file else _proof_of_workspace(pinned, expected)
    except LedgerBroken as broken:
        raise LedgerBroken(
            f"The ledger does not verify: {broken}. Do not rely on it: go back to an export or a backup that verifies, "
            f"and find out who could write here."
        ) from None
    say = console()
    say.say(f"The ledger verifies: {_counts(proof)}.", style="green")
    for one in proof.runs:
        many = f"{_entries(one.entries)} in {counted(one.chains, 'chain')}, {counted(one.heads, 'signed head')}"
        say.say(f"  {one.run}  {many}, {one.head[:12]}")
    for notice in proof.notices:
        say.say(f"Note: {notice}.", style="yellow")
    if proof.signer is None:
        say.say("Nothing is signed yet: entries cut off at the end would not be noticed. Sign: callsheet ledger head")
    elif key:
        say.say(f"Signed with the key you named, {proof.signer}.", whole=True)
    else:
        whose = "file" if file else "ledger"
        say.say(f"Signed with the key {proof.signer}, by the {whose}'s own word; pin it with --key.", whole=True)
    say.document({"verifies": True, **proof.model_dump(mode="json"), "pinned": bool(key)})


def head(as_json: AsJson = False) -> None:
    """Sign what is not signed yet, and print the head to keep elsewhere for `verify --expect HEAD`.

    The head alone goes to standard output; when and with which key it was signed goes to standard error.
    """
    del as_json
    from callsheet.storage import export as exports
    from callsheet.storage.head import newest

    _named("")
    with open_database() as database:
        database.write_now(exports.sign_heads)
        found = database.read_now(newest)
    if found is None:
        raise NotFound(_NO_RUN)
    console().say(found.digest, whole=True)
    console().warn(f"signed {_moment(found.at)} UTC with the key {found.key}")
    console().document({"head": found.digest, "number": found.number, "at": found.at.isoformat(), "key": found.key})


def show(
    run: Annotated[
        str,
        typer.Argument(help="The run, or `workspace`; the newest run if not said.", show_default=False),
    ] = "",
    chain: Annotated[str, typer.Option(help="Only this chain, such as run or take:…", show_default=False)] = "",
    kind: Annotated[str, typer.Option(help="Only this kind of entry, such as GateDecided.", show_default=False)] = "",
    since: Annotated[
        str,
        typer.Option(help="Only from this day or moment on, UTC: 2026-11-22 or 2026-11-22T14:00.", show_default=False),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Print the ledger of a run in words, with the names of people as far as they were not erased."""
    del as_json
    from callsheet.cli.telling import in_words

    after = _since(since)
    chosen = _named(run) or look(_newest, None)
    if chosen is None:
        raise NotFound(_NO_RUN)

    def read(tx: "Transaction") -> "list[tuple[Entry, str]]":
        from callsheet.storage.ledger import stream

        return [
            (entry, in_words(tx, entry))
            for entry in stream(tx, chosen)
            if chain in ("", entry.chain)
            and kind.lower() in ("", entry.kind.lower())
            and (not after or entry.at >= after)
        ]

    nothing: list[tuple[Entry, str]] = []
    rows = look(read, nothing)
    say = console()
    for entry, words in rows:
        say.say(f"{_moment(entry.at)}  {entry.chain}  {entry.kind}  {words}", whole=True)
    if not rows:
        say.say(f"No entry of {chosen} is like that; without options all are shown.")
    say.document([{**entry.model_dump(mode="json"), "words": words} for entry, words in rows])


def _proof_of_workspace(pinned: str, expected: tuple[str, ...]) -> "Proof":
    from callsheet.storage.export import prove_workspace

    proof = look(lambda tx: prove_workspace(tx, pinned, expected), None)
    if proof is None:
        raise NotFound("There is no workspace here; name an export: callsheet ledger verify FILE")
    if not proof.runs:
        raise NotFound(_NO_RUN)
    return proof


def _proof_of_file(name: str, pinned: str, expected: tuple[str, ...]) -> "Proof":
    from callsheet.domain.export import NoExport
    from callsheet.storage.export import prove_export

    path = Path(name)
    if name != _STANDARD_INPUT and not path.exists():
        raise NotFound(f"There is no file {name}; write one: callsheet ledger export > {name}")
    if path.is_dir():
        raise InputInvalid(f"{name} is a folder; name the file that `callsheet ledger export` wrote")
    try:
        if name == _STANDARD_INPUT:
            return prove_export(sys.stdin.buffer, pinned, expected)
        with path.open("rb") as file:
            return prove_export(file, pinned, expected)
    except NoExport as none:
        what = "Standard input" if name == _STANDARD_INPUT else name
        raise NoExport(
            f"{what} {none}. There is nothing to verify; give it what `callsheet ledger export` wrote"
        ) from None
    except OSError as error:
        raise InputInvalid(f"{name} cannot be read ({error.strerror}); name a file that you may read") from error


def _named(word: str) -> "RunId | None":
    """The run that was meant; none when no word was said. Raises NotFound when the ledger is empty."""
    from callsheet.cli.naming import run_named
    from callsheet.storage.ledger import written_runs

    nothing: tuple[RunId, ...] = ()
    known = look(written_runs, nothing)
    if not known:
        raise NotFound(_NO_RUN)
    if not word:
        return None
    name = run_named(word, known)
    return next(one for one in known if one == name)


def _newest(tx: "Transaction") -> "RunId | None":
    from callsheet.storage import run as runs

    every = runs.every(tx)
    return every[-1].id if every else None


def _hash(text: str, option: str) -> str:
    """The hash that an option gives. Raises WrongUse when it is none, or a part of one: a part proves less."""
    from callsheet.domain.signature import is_hex

    cleaned = text.strip().lower()
    if cleaned and not is_hex(cleaned, _LETTERS_OF_A_HASH):
        raise WrongUse(
            f"{option} takes all {_LETTERS_OF_A_HASH} letters of a hash, 0 to 9 and a to f; this is {text!r}"
        )
    return cleaned


def _since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse(
            f"--since takes a day or a moment, such as 2026-11-22 or 2026-11-22T14:00, not {text!r}"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _counts(proof: "Proof") -> str:
    return f"{_entries(proof.entries)} and {counted(proof.heads, 'signed head')} of {counted(len(proof.runs), 'run')}"


def _entries(number: int) -> str:
    return counted(number, "entry", "entries")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
