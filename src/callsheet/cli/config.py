"""The command that says which settings are in force and where each comes from."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import SETTINGS_FILE, read_settings

if TYPE_CHECKING:
    from callsheet.settings import Settings

MASK = "********"
_PASSWORD = re.compile(r"(?<=://)[^/@]*@")
_EMPTY_MEANS = {
    "database_url": "SQLite in home",
    "media_url": "a folder in home",
    "providers": "providers in home",
    "video_url": "the sandbox in this process",
    "video_key": "none",
    "video_model": "the provider's own",
    "chat_url": "the house crew",
    "chat_key": "none",
    "chat_model": "none",
    "day_money": "no such cap",
    "sign_cert": "the workspace's development certificate",
    "sign_key": "its key",
    "sign_passphrase": "none",
    "sign_anchors": "nobody is trusted",
}


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(config)


def config(
    explain: Annotated[bool, typer.Option("--explain", help="Say what each setting is for.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the settings in force and where each comes from. Keys and passwords are masked."""
    del as_json
    from callsheet.settings import unknown_variables

    say = console()
    settings = read_settings()
    origins = _origins(settings)
    values = {name: _masked(settings, name) for name in type(settings).model_fields}
    rows = [(name, value or f"({_EMPTY_MEANS[name]})", origins[name]) for name, value in values.items()]
    say.table("Settings", ["setting", "in force", "from"], rows)
    if explain:
        for name, field in type(settings).model_fields.items():
            say.say(f"{name}: {field.description}")
    strangers = unknown_variables()
    for name in strangers:
        say.warn(f"{name} is set in the environment, and there is no such setting: it has no effect")
    if settings.has_network:
        say.say("Work goes to the servers named above, and may cost money.", style="yellow")
    else:
        say.say("Everything is embedded: no network is used, and nothing can be spent.")
    say.say(f'Change one with CALLSHEET_NAME=value in the environment, or name = "value" in {SETTINGS_FILE} here.')
    say.document(
        {
            "settings": {name: {"value": value, "from": origins[name]} for name, value in values.items()},
            "embedded": not settings.has_network,
            "unknown": list(strangers),
        }
    )


def _origins(settings: "Settings") -> dict[str, str]:
    """Where each setting comes from. What was passed beats the environment, which beats the file."""
    from pydantic_settings import EnvSettingsSource, TomlConfigSettingsSource

    kind = type(settings)
    from_environment = EnvSettingsSource(kind)()
    from_file = TomlConfigSettingsSource(kind)()
    found = {}
    for name in kind.model_fields:
        if name in from_environment:
            found[name] = f"environment CALLSHEET_{name.upper()}"
        elif name in from_file:
            found[name] = SETTINGS_FILE
        else:
            found[name] = "default"
    return found


def _masked(settings: "Settings", name: str) -> str:
    from pydantic import SecretStr

    value = getattr(settings, name)
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    return _PASSWORD.sub(f"{MASK}@", str(value))
