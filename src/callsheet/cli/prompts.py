"""The commands about prompts: `list` names them, `show` prints one, `lint` says what is wrong with a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.domain.count import counted
from callsheet.domain.error import InputInvalid, NotFound

if TYPE_CHECKING:
    from callsheet.prompts.lint import Flaw
    from callsheet.prompts.shelf import Shelf

Folder = Annotated[
    Path | None,
    typer.Option("--campaign", help="A campaign folder: the words it is written with.", show_default=False),
]
Name = Annotated[str, typer.Argument(help="role/task, or role/task@v1 for exactly that version.")]
Files = Annotated[
    list[Path] | None, typer.Argument(help="Prompt files; every shipped one if not said.", show_default=False)
]


class PromptFlawed(InputInvalid):
    """A prompt file has flaws; all of them are listed."""


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    prompts = typer.Typer(
        help="The words that agents are given: name them, read them, check your own.",
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    prompts.command("list")(list_prompts)
    prompts.command()(show)
    prompts.command()(lint)
    app.add_typer(prompts, name="prompts")


def list_prompts(campaign: Folder = None, as_json: AsJson = False) -> None:
    """Name every prompt, its versions and the exact words that a run which begins now takes."""
    del as_json
    from callsheet.prompts.shelf import names, versions

    shelf, say = _shelf(campaign), console()
    rows = [(name, versions(name), shelf.resolve(name)) for name in names()]
    say.table(
        "Prompts",
        ["prompt", "shipped", "in use", "takes", "gives"],
        [(name, _listed(there), one.ref, ", ".join(one.inputs), one.output) for name, there, one in rows],
    )
    say.say("A campaign pins a version or brings its own words under `prompts:` (docs/prompts.md).")
    say.document(
        [
            {"name": name, "shipped": there, "ref": one.ref, "inputs": one.inputs, "output": one.output}
            for name, there, one in rows
        ]
    )


def show(name: Name, campaign: Folder = None, as_json: AsJson = False) -> None:
    """Print one prompt as it stands: what its system and user messages say, with the slots for data."""
    del as_json
    prompt, say = _shelf(campaign).resolve(name), console()
    say.say(prompt.ref, style="bold")
    for heading, text in (("system", prompt.system), ("user", prompt.user)):
        say.say(f"\n# {heading}\n{text}", whole=True)
    say.document(
        {
            "ref": prompt.ref,
            "digest": prompt.digest,
            "inputs": prompt.inputs,
            "output": prompt.output,
            "system": prompt.system,
            "user": prompt.user,
        }
    )


def lint(files: Files = None, as_json: AsJson = False) -> None:
    """Check prompt files: header, slots, length, quoting, neutral words; without files, all that are shipped.

    Exit code 0 says that nothing is wrong, 2 that something is, 6 that there is no such file.
    """
    del as_json
    from callsheet.prompts.lock import departures, locked, present

    found = _flaws_of_shipped() if not files else {str(path): _flaws(_read(path), str(path)) for path in files}
    departed = departures(locked(), present()) if not files else ()
    told = [f"{called}, {flaw}" for called, flaws in found.items() for flaw in flaws] + [*departed]
    if told:
        raise PromptFlawed(
            "\n".join([f"The prompts have {counted(len(told), 'flaw')}:", *(f"  {one}" for one in told)])
        )
    console().say(f"{counted(len(found), 'prompt')} read, nothing wrong.")
    console().document({"prompts": list(found), "flaws": []})


def output_types() -> frozenset[str]:
    """The names of everything that can be asked of a writer, and `text`."""
    import pkgutil
    from importlib import import_module

    from pydantic import BaseModel

    from callsheet import agents
    from callsheet.tools import writer

    rooms = ((agents.__path__, "callsheet.agents."), (writer.__path__, "callsheet.tools.writer."))
    modules = [import_module(one.name) for path, name in rooms for one in pkgutil.walk_packages(path, name)]
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    return frozenset({kind.__name__ for kind in kinds if issubclass(kind, BaseModel)} | {"text"})


def _shelf(campaign: Path | None) -> "Shelf":
    from callsheet.prompts.shelf import SHIPPED, shelf_of

    if campaign is None:
        return SHIPPED
    from callsheet.cli.workspace import read_settings
    from callsheet.tools.intake import read_campaign
    from callsheet.wiring import wall_clock

    return shelf_of(read_campaign(campaign, wall_clock().date(), read_settings().providers_folder).campaign)


def _flaws_of_shipped() -> "dict[str, tuple[Flaw, ...]]":
    from callsheet.prompts.prompt import shipped_text
    from callsheet.prompts.shelf import names, versions

    addresses = [f"{name}@v{version}" for name in names() for version in versions(name)]
    return {one: _flaws(shipped_text(one).encode(), one) for one in addresses}


def _flaws(content: bytes, called: str) -> "tuple[Flaw, ...]":
    from callsheet.prompts.lint import lint as look
    from callsheet.tools.intake.check_prompt import promises

    return look(content, called, output_types(), promises)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound(f"there is no prompt file {path}")
    return path.read_bytes()


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(f"v{number}" for number in numbers)
