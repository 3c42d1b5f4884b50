"""The command that tries out a video provider: one free call, what it offers, what the catalog knows about that."""

import asyncio
import shlex
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from callsheet.cli.console import AsJson, Console, console
from callsheet.cli.offer import show_offer
from callsheet.cli.workspace import SETTINGS_FILE, read_settings, say_next
from callsheet.domain.error import ProviderTrouble, WrongUse

if TYPE_CHECKING:
    import httpx

    from callsheet.domain.provider import Provider
    from callsheet.settings import Settings

_LONGEST_MODEL = 100
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NO_ADDRESS = "That is not an address. One looks like https://video.example/v1"
_CALLS = ("/videos", "/models", "/interactions")


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(connect)


def connect(
    url: Annotated[str, typer.Option(help="Address of the API; most end in /v1.", show_default=False)] = "",
    key_from_env: Annotated[
        str, typer.Option("--key-from-env", help="Variable that holds the key.", metavar="NAME", show_default=False)
    ] = "",
    provider: Annotated[
        str, typer.Option(help="The provider of the catalog that it should be.", show_default=False)
    ] = "",
    save: Annotated[bool, typer.Option("--save", help=f"Write the address to {SETTINGS_FILE} here.")] = False,
    save_key: Annotated[bool, typer.Option("--save-key", help="With --save: write the key there as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try out a video provider with one free call: its models, their prices, retirement dates and terms."""
    del as_json
    from callsheet.tools.video.catalog import load_provider, providers

    say, settings = console(), read_settings()
    if save_key and not save:
        raise WrongUse(f"--save-key goes with --save: it writes the key to {SETTINGS_FILE}")
    catalog = providers(settings.providers_folder)
    chosen = load_provider(provider, folder=settings.providers_folder) if provider else None
    address = check_address(url or settings.video_url or _ask_address())
    key = _key(settings, address, key_from_env)
    if key and is_open_road(address):
        say.warn(f"{address} is not https: the key can be read on its way")
    models = asyncio.run(_ask(chosen or _speaker(catalog, address), address, key))
    known = [one for one in catalog if one.model in models and chosen in (None, one)]
    fitting = [one.name for one in known if not one.has_retired(_today())]
    show_offer(say, address, models, known, chosen, _today())
    written = _values(address, key if save_key else "", models, chosen)
    if save:
        _save(say, written, fitting)
        if key != settings.video_key.get_secret_value() and settings.video_key.get_secret_value() and not save_key:
            say.warn("The key in force is another one than you gave, and would be sent there: change it too")
    _say_next(written, key, is_saved=save, is_key_saved=save_key, fitting=fitting)
    say.document(
        {
            "url": address,
            "models": list(models),
            "providers": [{**one.model_dump(mode="json"), "retired": one.has_retired(_today())} for one in known],
            "unknown": [model for model in models if model not in {one.model for one in known}],
            "saved": str(Path(SETTINGS_FILE).absolute()) if save else None,
        }
    )


def check_address(text: str) -> str:
    """The address without the slash at its end. Raises WrongUse for what is none, or holds a name and password."""
    text = text.strip()
    try:
        url = urlsplit(text)
        is_one = text.isascii() and text.isprintable() and " " not in text and url.port != 0
    except ValueError:
        raise WrongUse(_NO_ADDRESS) from None
    if not is_one:
        raise WrongUse(_NO_ADDRESS)
    if url.username is not None or url.password is not None:
        raise WrongUse("Leave the name and password out of the address: it would be written down. Give a key instead.")
    if url.scheme not in ("http", "https") or not url.hostname:
        raise WrongUse("The address must begin with https:// (or http:// on this machine), such as https://host/v1")
    if url.query or url.fragment:
        raise WrongUse("Leave out what follows ? or # in the address: it may be a secret, and it is no part of it.")
    path = url.path.rstrip("/")
    for call in _CALLS:
        path = path.removesuffix(call)
    return f"{url.scheme}://{url.netloc}{path}"


def is_open_road(address: str) -> bool:
    """Whether what is sent there can be read on its way: unencrypted, and to another machine."""
    url = urlsplit(address)
    return url.scheme == "http" and url.hostname not in _LOOPBACK


def open_client(address: str) -> "httpx.AsyncClient":
    """A client that knows the address and no key."""
    import httpx

    return httpx.AsyncClient(base_url=address + "/")


async def _ask(provider: "Provider", address: str, key: str) -> tuple[str, ...]:
    """The models offered there. Raises ProviderTrouble with what to check."""
    from callsheet.tools.video.open import open_api
    from callsheet.tools.video.pace import UNPACED
    from callsheet.tools.video.port import ProviderBusy

    async with open_client(address) as client:
        try:
            models = await open_api(provider, lambda: client, key, time.time, UNPACED).models()
        except ProviderBusy as error:
            raise ProviderTrouble(
                f"{address}: {error}. Check the address (most end in /v1), that the server runs, and the key."
            ) from error
    if not models:
        raise ProviderTrouble(f"{address} answers, and offers no model: load one there, or ask for access to one.")
    return tuple(sorted(model[:_LONGEST_MODEL] for model in models))


def is_person_there() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and not console().as_json


def _ask_address() -> str:
    if not is_person_there():
        raise WrongUse("Say which server: callsheet connect --url https://host/v1")
    return str(typer.prompt("Address of the video API", err=True))


def _key(settings: "Settings", address: str, variable: str) -> str:
    """The key, from where it was said to be; asked for without showing it when nothing was said."""
    from callsheet.settings import key_from_environment

    if variable:
        if key := key_from_environment(variable).get_secret_value():
            return key
        raise WrongUse(f"There is no {variable} in the environment, or it is empty: export it first")
    if settings.video_key.get_secret_value() and settings.video_url.rstrip("/") in ("", address):
        return settings.video_key.get_secret_value()
    if not is_person_there():
        return ""
    given = typer.prompt("Key (not shown; empty for none)", default="", hide_input=True, show_default=False, err=True)
    return str(given).strip()


def _speaker(catalog: "Sequence[Provider]", address: str) -> "Provider":
    """A provider of the dialect that is spoken at this address, as far as its host says."""
    host = urlsplit(address).hostname or ""
    dialect = "gemini" if host.endswith(".googleapis.com") else "fal" if host.endswith("fal.run") else "videos"
    return next(one for one in catalog if one.dialect == dialect)


def _values(address: str, key: str, models: "Sequence[str]", chosen: "Provider | None") -> dict[str, str]:
    """The settings that lead to this server."""
    found = {"video_url": address}
    if key:
        found["video_key"] = key
    if chosen is not None and chosen.model not in models and len(models) == 1:
        found["video_model"] = models[0]
    return found


def _save(say: Console, values: dict[str, str], fitting: Sequence[str]) -> None:
    from callsheet.cli.settingsfile import write_settings

    notes = {"video_url": f"in campaign.yaml: provider: {fitting[0]}"} if len(fitting) == 1 else {}
    write_settings(Path(SETTINGS_FILE), values, notes)
    say.say(f"Written to {SETTINGS_FILE}: {', '.join(values)}.")
    if "video_key" in values:
        say.warn(f"{SETTINGS_FILE} now holds the key: only you can read it; keep it out of version control")


def _say_next(values: dict[str, str], key: str, is_saved: bool, is_key_saved: bool, fitting: Sequence[str]) -> None:
    steps = []
    if not is_saved:
        shown = {name: value for name, value in values.items() if name != "video_key"}
        steps += [f"export CALLSHEET_{name.upper()}={shlex.quote(value)}" for name, value in shown.items()]
    if key and not is_key_saved:
        steps.append("export CALLSHEET_VIDEO_KEY=...    # the key you gave; it is written down nowhere")
    if len(fitting) == 1:
        steps.append(f"provider: {fitting[0]}    # in campaign.yaml")
    elif fitting:
        steps.append(f"provider: NAME    # in campaign.yaml, one of {', '.join(fitting)}")
    if steps:
        say_next(*steps)


def _today() -> date:
    return datetime.now(UTC).date()
