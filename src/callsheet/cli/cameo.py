"""`callsheet cameo`: the people who may appear, what they permitted, how they were used, and what they are owed."""

import shlex
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli import cameo_erase, cameo_usage, revoke
from callsheet.cli.cameo_flags import in_options, notice_in_options
from callsheet.cli.console import AsJson, console
from callsheet.cli.decide import account_name
from callsheet.cli.workspace import look, media_store, open_database, read_settings, say_next
from callsheet.domain.error import NotFound, WrongUse

if TYPE_CHECKING:
    from datetime import datetime

    from callsheet.domain.cameo import Cameo, Release
    from callsheet.storage.approval import Given, Waiting
    from callsheet.storage.database import Transaction
    from callsheet.tools.intake.person import People

CameoArgument = Annotated[str, typer.Argument(metavar="CAMEO", help="The person's id.", show_default=False)]
By = Annotated[str, typer.Option(help="Who says so; your account on this machine if not said.")]
Many = list[str] | None


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    group = typer.Typer(
        help="People who may appear: what they permitted, where they were used, what they are owed.",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for command in (add, list_, show, approve, revoke.revoke, *cameo_usage.COMMANDS, *cameo_erase.COMMANDS):
        group.command(name=command.__name__.rstrip("_"))(command)
    app.add_typer(group, name="cameo")


def add(
    cameo: Annotated[str, typer.Argument(metavar="[CAMEO]", help="An id for the person.", show_default=False)] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="People as in cameos.yaml, instead of options.", show_default=False)
    ] = None,
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    owner: Annotated[str, typer.Option(help="Who licenses the likeness; the person if not said.")] = "",
    description: Annotated[str, typer.Option(help="How the person may be shown, for a prompt.")] = "",
    minor: Annotated[bool, typer.Option("--minor", help="The person is a minor.")] = False,
    namesake: Annotated[str, typer.Option(help="Why somebody with a public figure's name is not them.")] = "",
    reference: Annotated[Many, typer.Option(help="A picture of the face. Repeatable.", show_default=False)] = None,
    release: Annotated[str, typer.Option(help="An id for the release.")] = "",
    document: Annotated[
        Path | None, typer.Option("--release-document", help="The signed file; it is kept.", show_default=False)
    ] = None,
    starts: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day of a release.")] = "",
    ends: Annotated[str, typer.Option("--until", metavar="DAY", help="The first day without it.")] = "",
    rights: Annotated[Many, typer.Option("--right", help="face, voice, voice_clone.", show_default=False)] = None,
    grantees: Annotated[Many, typer.Option("--grantee", help="Who may use it.", show_default=False)] = None,
    uses: Annotated[Many, typer.Option("--use", help="What for.", show_default=False)] = None,
    media: Annotated[Many, typer.Option("--media", help="In which placements.", show_default=False)] = None,
    territories: Annotated[Many, typer.Option("--market", help="In which markets.", show_default=False)] = None,
    languages: Annotated[Many, typer.Option("--language", help="In which languages.", show_default=False)] = None,
    excluded: Annotated[Many, typer.Option("--exclude", help="A context to keep out of.", show_default=False)] = None,
    exclusive: Annotated[
        Many, typer.Option("--exclusive", help="A context for the grantees alone.", show_default=False)
    ] = None,
    each_use: Annotated[bool, typer.Option("--each-use", help="The owner says yes to every use.")] = False,
    biometrics: Annotated[bool, typer.Option("--biometrics", help="Pictures may be matched with the face.")] = False,
    per_second: Annotated[str, typer.Option(help="Royalty for a second on screen, such as '4 USD'.")] = "",
    share: Annotated[str, typer.Option(help="Royalty in per cent of what the takes cost.")] = "",
    guardian: Annotated[str, typer.Option(help="Who signed for a minor.")] = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Add a person, or a release to a person who is known, to the workspace.

    The files that are named are kept by their hash. What was known and is not said again stays as it is.
    """
    del as_json
    person = {
        "id": cameo, "name": name, "owner": owner, "description": description, "is_minor": minor, "namesake": namesake,
        "references": [str(Path(one)) for one in reference or ()],
    }  # fmt: skip
    signed = {
        "id": release, "document": str(document or ""), "starts": starts, "ends": ends, "rights": rights,
        "grantees": grantees, "uses": uses, "media": media, "territories": territories, "languages": languages,
        "excluded": excluded, "exclusive": exclusive, "approval": "each_use" if each_use else "",
        "biometrics": biometrics, "royalty": _said({"per_second": per_second, "share": share}), "guardian": guardian,
    }  # fmt: skip
    if file is not None and (cameo or _said(person) or _said(signed)):
        raise WrongUse("Name --file alone, or say the person with options; not both.")
    _add(file, _said(person), _said(signed), by or account_name())


def _add(file: Path | None, person: dict[str, Any], signed: dict[str, Any], by: str) -> None:
    from callsheet.domain.cameo import standing
    from callsheet.storage import cameo as people

    found = _read(file, person, signed)
    media = media_store()
    for path in found.files.values():
        media.keep(path)
    with open_database() as database:
        changed = database.write_now(lambda tx: [one.id for one in found.cameos if people.added(tx, one, by)])
        known, now = database.read_now(lambda tx: (people.cameos(tx, tuple(one.id for one in found.cameos)), tx.now))
    say = console()
    for one in known:
        what = "is in the workspace now" if one.id in changed else "was known so already"
        say.say(f"{one.name} ({one.id}) {what}, with {_count(len(one.releases), 'release')}.")
        for release in one.releases:
            say.say(f"  release {release.id}: {standing(one, release, now)}")
    for notice in found.notices:
        say.say(f"note: {notice if file is not None else notice_in_options(notice)}")
    say_next(f"callsheet cameo show {known[0].id}")
    say.document({"added": changed, "cameos": list(known), "notices": list(found.notices)})


def _read(file: Path | None, person: dict[str, Any], signed: dict[str, Any]) -> "People":
    from datetime import UTC, datetime

    from callsheet.storage import cameo as people
    from callsheet.tools.intake.person import PersonInvalid, read_people, said_person

    today, providers = datetime.now(UTC).date(), read_settings().providers_folder
    if file is not None:
        return read_people(file, today, providers)
    if not person:
        raise WrongUse("Say who: callsheet cameo add CAMEO --name NAME ..., or callsheet cameo add --file cameos.yaml")
    before = look(lambda tx: next(iter(people.cameos(tx, (str(person.get("id", "")),))), None), None)
    if before is not None:
        person = {"name": before.name, "is_minor": before.is_minor, "namesake": before.namesake, **person}
    try:
        found = said_person(Path.cwd(), {**person, "releases": [signed] if signed else []}, today, providers)
    except PersonInvalid as invalid:
        raise in_options(invalid) from None
    if signed and not {"id", "document"} & signed.keys():
        (one,) = found.cameos
        return replace(found, cameos=(look(lambda tx: _under_a_new_id(tx, one), one),))
    return found


def _under_a_new_id(tx: "Transaction", person: "Cameo") -> "Cameo":
    """Terms that are said again by hand after they were revoked are a new release: what was revoked stays so."""
    from callsheet.domain.identity import ReleaseId
    from callsheet.storage import cameo as people

    (signed,) = person.releases
    for number in count(2):
        (known,) = people.overlaid(tx, (person,))
        if known.releases[0].revoked_at is None:
            break
        person = person.model_copy(
            update={"releases": (signed.model_copy(update={"id": ReleaseId(f"{signed.id}-{number}")}),)}
        )
    return person


def _said(options: dict[str, Any]) -> dict[str, Any]:
    """Only what was said: the form knows what the rest stands at."""
    return {key: value for key, value in options.items() if value}


def list_(as_json: AsJson = False) -> None:
    """List the people of the workspace, and until when somebody may show them."""
    del as_json
    from callsheet.storage import cameo as people

    nobody: list[tuple[Cameo, str]] = []
    read = look(lambda tx: [(one, _standing(one, tx.now)) for one in people.every(tx)], nobody)
    say = console()
    if not read:
        say.say("Nobody is known here yet; add somebody: callsheet cameo add --file cameos.yaml")
    else:
        rows = [(one.id, one.name, one.licensor, standing) for one, standing in read]
        say.table("People", ("cameo", "name", "licensed by", "releases"), rows)
    say.document({"cameos": [one for one, _ in read]})


def show(cameo: CameoArgument, as_json: AsJson = False) -> None:
    """Show a person: releases, what each permits and pays, files, and uses that wait for the owner's yes."""
    del as_json
    from callsheet.storage import approval
    from callsheet.storage import cameo as people

    def read(tx: "Transaction") -> "tuple[Cameo, tuple[Waiting, ...], datetime]":
        one = people.find(tx, cameo)
        return one, approval.waiting(tx, one), tx.now

    found = look(read, None)
    if found is None:
        raise NotFound(f"No person {cameo} is known: there is no workspace here yet. Add somebody: callsheet cameo add")
    person, waits, now = found
    say = console()
    notes = [*(["a minor"] if person.is_minor else []), *(["a public figure"] if person.is_public_figure else [])]
    say.say(f"{person.name} ({person.id}){', ' if notes else ''}{', '.join(notes)}", style="bold")
    say.say(f"licensed by {person.licensor}")
    if person.description:
        say.say(person.description)
    for release in person.releases:
        _show_release(person, release, now)
    for likeness in person.references:
        say.say(f"{likeness.kind} reference {likeness.path}: {likeness.digest[:12]}")
    for character in person.characters:
        checked = f"verified by {character.verified_by}: {character.verification}"
        say.say(f"known to {character.provider} as {character.id} since {character.captured_at:%Y-%m-%d}, {checked}")
    for one in waits:
        say.say(f"Waits for the owner's yes under release {one.release}: {one.what}", style="yellow")
        say.say(f"  callsheet cameo approve {person.id} {one.use.digest[:12]}", whole=True)
    waiting = [{"release": one.release, "run": one.run, "use": one.use, "digest": one.use.digest} for one in waits]
    say.document({"cameo": person, "waiting": waiting})


def approve(
    cameo: CameoArgument,
    use: Annotated[
        str, typer.Argument(help="The use, by the first 8 or more letters of its hash.", show_default=False)
    ],
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Record the owner's yes to one use, where a release asks for it. `cameo show` lists what waits.

    A yes to a campaign covers each of its placements and markets, and a yes to one placement no other. Another product,
    brand or language needs its own.
    """
    del as_json
    from callsheet.storage import approval
    from callsheet.storage import cameo as people

    def give(tx: "Transaction") -> "tuple[tuple[Given, ...], list[tuple[str, str]]]":
        given = approval.approve(tx, people.find(tx, cameo), use, by or account_name())
        return given, [_what_follows(tx, cameo, one) for one in given]

    with open_database() as database:
        given, follows = database.write_now(give)
    say = console()
    for one, (why, _) in zip(given, follows, strict=True):
        say.say(f"The owner's yes is recorded for {one.what}, under release {one.release}.", style="green")
        say.say(why)
    say_next(*dict.fromkeys(command for _, command in follows))
    say.document({"approved": [{"release": one.release, "use": one.use.digest, "run": one.run} for one in given]})


def _what_follows(tx: "Transaction", cameo: str, given: "Given") -> tuple[str, str]:
    """What a yes does to its run, and the command by which the run takes notice: casting is part of planning."""
    from callsheet.storage import casting
    from callsheet.storage import gate as gates
    from callsheet.storage import run as runs

    run = runs.find(tx, given.run)
    if given.lacks is not None:
        whole = given.lacks.digest[:12]
        return f"{run.id} would show them in more than that: without a yes to it all it goes on without {cameo}.", (
            f"callsheet cameo approve {cameo} {whole}"
        )
    asked = [gate.id for gate in gates.gates_of(tx, run.id) if gate.kind == "greenlight"]
    if not asked or cameo in casting.cast_of(tx, run.id):
        return f"{run.id} goes on with {cameo}.", f"callsheet resume {run.id}"
    if gates.verdict_at(tx, asked[-1]).is_final:
        return f"{run.id} was planned without {cameo} and stays so; the next run of its folder may show them.", (
            f"callsheet run {shlex.quote(run.folder)}"
        )
    again = f'callsheet decide {run.id} greenlight edit --note "plan again"'
    return f"The plan that waits was made without {cameo}: have it made again.", again


def _show_release(person: "Cameo", release: "Release", now: "datetime") -> None:
    from callsheet.domain.cameo import standing

    say = console()
    say.say(f"release {release.id}: {standing(person, release, now)}")
    terms = [
        ("signed file", f"{release.document} ({(release.document_digest or '')[:12]})" if release.document else "none"),
        ("rights", _words(release.rights)),
        ("for", _words(release.grantees)),
        ("uses", _words(release.uses)),
        ("placements", _words(release.media)),
        ("markets", _words(release.territories)),
        ("languages", _words(release.languages)),
        ("never about", _words(release.excluded) if release.excluded else ""),
        ("alone in", _words(release.exclusive) if release.exclusive else ""),
        ("approval", "of every use" if release.approval == "each_use" else ""),
        ("face may be matched", "yes" if release.biometrics else ""),
        ("royalty", _royalty(release)),
        ("guardian", release.guardian or ""),
    ]
    for label, text in terms:
        if text:
            say.say(f"  {label}: {text}")


def _royalty(release: "Release") -> str:
    royalty = release.royalty
    if royalty is None:
        return ""
    second = f"{royalty.per_second.amount} {royalty.per_second.currency} a second" if royalty.per_second else ""
    share = f"{royalty.share} % of the takes' price" if royalty.share else ""
    return " and ".join(filter(None, (second, share)))


def _standing(person: "Cameo", now: "datetime") -> str:
    from callsheet.domain.cameo import standing

    return "; ".join(f"{one.id} {standing(person, one, now)}" for one in person.releases) or "none: may not be shown"


def _words(words: tuple[str, ...]) -> str:
    return "any" if "*" in words else ", ".join(words) or "none"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
