"""The command that serves the sandbox on a port, for other programs and for other windows."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import near, read_settings
from callsheet.domain.error import WrongUse

if TYPE_CHECKING:
    from callsheet.tools.sandbox import SandboxSettings

HOST = "127.0.0.1"
DEFAULT_PORT = 8717
PROVING = "As a proving ground"

Port = Annotated[int, typer.Option(help="The port on this machine; 0 takes any free one.", min=0, max=65535)]
Latency = Annotated[float, typer.Option(help="Seconds a render takes at least.", min=0)]
Script = Annotated[
    Path | None, typer.Option(help="A YAML or JSON file of faults to play, in order.", rich_help_panel=PROVING)
]
Manners = Annotated[
    str, typer.Option(help="Whose manners: openai, azure, vllm-omni, sglang, gateway.", rich_help_panel=PROVING)
]
Pace = Annotated[
    str, typer.Option(help="latency, or seeded: each job takes the time its number draws.", rich_help_panel=PROVING)
]
Standing = Annotated[bool, typer.Option("--virtual-clock", help="Time moves by request only.", rich_help_panel=PROVING)]
Stock = Annotated[
    bool, typer.Option("--stock", help="One clip for each size and length, drawn once.", rich_help_panel=PROVING)
]
Webhook = Annotated[str, typer.Option(help="Where to ring when a job ends, on this machine.", rich_help_panel=PROVING)]
Secret = Annotated[str, typer.Option(help="whsec_ and base64: what rings are signed with.", rich_help_panel=PROVING)]


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(sandbox)


def sandbox(
    port: Port = DEFAULT_PORT,
    latency: Latency = 0.0,
    scenario: Script = None,
    profile: Manners = "openai",
    pace: Pace = "latency",
    virtual_clock: Standing = False,
    stock: Stock = False,
    webhook: Webhook = "",
    webhook_secret: Secret = "",
    as_json: AsJson = False,
) -> None:
    """Serve the video API's dialect from this machine. Its camera draws previz; nothing it sells costs money."""
    del as_json
    from callsheet.tools.sandbox import SandboxSettings, VirtualClock, serve
    from callsheet.tools.sandbox.fault import read_script

    settings = SandboxSettings(
        folder=read_settings().home.absolute() / "served-sandbox",
        latency=latency,
        profile=profile,
        pace=cast(Literal["latency", "seeded"], pace),  # the settings themselves refuse any other word
        stock=stock,
        webhook_url=webhook,
        webhook_secret=webhook_secret,
    )
    faults = read_script(scenario) if scenario else None
    clock = VirtualClock() if virtual_clock else time.time

    def ready(taken: int) -> None:
        _announce(taken, settings, len(faults.rules) if faults else 0)

    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(settings, port, HOST, clock=clock, scenario=faults, on_ready=ready))
    except OSError as error:
        raise WrongUse(f"Port {port} cannot be served: {error.strerror}. Take another, or --port 0.") from None
    console().say("The sandbox is closed; its jobs and its bill are kept.")


def _announce(port: int, settings: "SandboxSettings", faults: int) -> None:
    say = console()
    url, model = f"http://{HOST}:{port}/v1", settings.models[0]
    say.say(f"The sandbox serves {url}, model {model}. It draws previz on this machine and costs nothing.", whole=True)
    say.say("From another window:", style="bold")
    say.say(f"  CALLSHEET_VIDEO_URL={url} callsheet run FOLDER", whole=True)
    say.say("From Python, with the openai package:", style="bold")
    say.say(f'  client = OpenAI(base_url="{url}", api_key="any")', whole=True)
    say.say(f'  client.videos.create(model="{model}", prompt="...", seconds="4", size="720x1280")', whole=True)
    say.say(f"What it sold: http://{HOST}:{port}/_sim/ledger; kept in {near(settings.folder)}", whole=True)
    if faults:
        say.say(f"Faults to be played: {faults}. What is left: http://{HOST}:{port}/_sim/scenario", whole=True)
    say.say("Ctrl-C closes it.")
    say.document(
        {
            "url": url,
            "model": model,
            "port": port,
            "folder": settings.folder,
            "profile": settings.profile,
            "faults": faults,
        }
    )
    say.out.flush()
