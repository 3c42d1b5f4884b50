"""`callsheet verify FILE`: what anybody can find out about a finished file, with a workspace at hand or without."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, Exit, console
from callsheet.cli.workspace import look, read_settings
from callsheet.domain.count import counted
from callsheet.domain.error import ExtraMissing, InputInvalid, NotFound

if TYPE_CHECKING:
    from callsheet.domain.credential import Reading
    from callsheet.studio.finished import KnownFile
    from callsheet.tools.provenance.protection import Range

_WITHOUT = {
    True: "nothing in it says how it was made. If Callsheet signed it, they were lost on the way, as when a "
    "platform encodes it again.",
    False: "this {kind} does not say who made it or how, a camera, a person or a model. Most pictures carry none, so "
    "that is no sign for or against it.",
}


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(verify)


def verify(
    file: Annotated[Path, typer.Argument(help="A finished film (MP4), or a picture.", show_default=False)],
    anchors: Annotated[
        str, typer.Option(help="PEM file of authorities to trust, instead of those of this workspace.", metavar="PEM")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Check a finished file: its content credentials with every reader, its takes inside, and whether it is known here.

    Ends with exit code 4 when there are no credentials or they do not hold, when nobody trusted vouches for the signer,
    or when the workspace knows that somebody in the film may not be shown any more; with 2 for an empty file or a
    folder, with 6 when there is no such file.
    """
    del as_json
    from callsheet.domain.credential import objections
    from callsheet.storage.media import file_digest
    from callsheet.studio.finished import find_file
    from callsheet.tools.provenance.identity import read_anchors
    from callsheet.tools.provenance.open import readers_for

    _check_there(file)
    settings = read_settings()
    trusted = read_anchors(settings.home / "signing", anchors or settings.sign_anchors, is_alone=bool(anchors))
    readers = readers_for(trusted)
    if not readers:
        raise ExtraMissing("provenance", "Reading content credentials")
    digest = file_digest(file)
    readings = tuple(one.read(file) for one in readers)
    nothing: tuple[KnownFile, ...] = ()
    known = look(lambda tx: find_file(tx, digest), nothing)
    gaps = _gaps(file)
    against = objections(readings, readings[0].serial)
    _say(digest, readings, gaps, known)
    console().document(
        {
            "file": file,
            "sha256": digest,
            "readings": [one.model_dump(mode="json") for one in readings],
            "unprotected": [{"begin": one.begin, "end": one.end, "reason": one.reason} for one in gaps],
            "known": [vars(one) for one in known],
            "objections": against,
        }
    )
    if against:
        console().warn(_sentence(file, readings, against))
    refused = tuple(dict.fromkeys(why for one in known for why in one.against))
    for why in refused:
        console().warn(f"{file.name} {why}")
    if against or refused:
        raise typer.Exit(int(Exit.REFUSED))


def _check_there(file: Path) -> None:
    if file.is_dir():
        raise InputInvalid(f"{file} is a folder; name the film in it")
    if not file.is_file():
        raise NotFound(f"There is no file {file}")
    if not file.stat().st_size:
        raise InputInvalid(f"{file} is empty: there is nothing to check. Fetch or write it again")


def _sentence(file: Path, readings: "tuple[Reading, ...]", against: tuple[str, ...]) -> str:
    from callsheet.tools.provenance.kind import kind_of

    name, kind, states = file.name, kind_of(file), {one.state for one in readings}
    if kind == "unknown":
        return (
            f"{name} is neither a film (MP4) nor a picture (PNG, JPEG, WebP), or its beginning was destroyed: no "
            "content credentials can be read from it."
        )
    if states <= {"absent", "unread"} and "absent" in states:
        return f"{name} carries no content credentials: {_WITHOUT[kind == 'film'].format(kind=kind)}"
    if states == {"untrusted"}:
        return (
            f"{name} is whole, and nobody trusted here vouches for {readings[0].signer}, who signed it. If you trust "
            "their authority, name its certificate with --anchors."
        )
    return f"{name}: {'; '.join(against)}. Do not take its word for how it was made."


def _gaps(file: Path) -> "tuple[Range, ...]":
    from callsheet.tools.edit.error import Unreadable
    from callsheet.tools.provenance.protection import NoManifest, unprotected

    try:
        return unprotected(file)
    except (NoManifest, Unreadable):
        return ()


def _say(
    digest: str, readings: "tuple[Reading, ...]", gaps: "tuple[Range, ...]", known: "tuple[KnownFile, ...]"
) -> None:
    from callsheet.tools.provenance.certificate import ORGANISATION

    say = console()
    say.say(f"SHA-256 {digest}", whole=True)
    for one in readings:
        signer = f", signed by {one.signer}" if one.signer else ""
        walked = f"; walked: manifests {one.manifests}, ingredients {one.ingredients}" if one.manifests else ""
        say.say(f"{one}{signer}{walked}", whole=True)
    if readings[0].state == "trusted" and readings[0].signer == ORGANISATION:
        say.say("a development certificate: trusted in the workspace that made it, and nowhere else", style="yellow")
    for note in dict.fromkeys(note for one in readings for note in one.notes):
        say.say(note, style="yellow")
    if len(readings) < 2:
        say.say('read by one reader alone: pip install "callsheet[provenance]" adds an independent one', style="yellow")
    if gaps:
        count = sum(one.end - one.begin for one in gaps)
        say.say(
            f"{counted(count, 'byte')} in {counted(len(gaps), 'range')} are outside what C2PA protects; the SHA-256 "
            "above covers them",
            whole=True,
        )
    for file in known:
        for line in file.lines():
            say.say(line, style="bold red" if line in file.against else None, whole=True)
    if not known:
        say.say("this workspace does not know these bytes")
