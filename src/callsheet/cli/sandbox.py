"""The command that serves the sandbox on a port, for other programs and for other windows."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.console import AsJson, console
from callsheet.cli.workspace import near, read_settings
from callsheet.domain.error import WrongUse

if TYPE_CHECKING:
    from callsheet.tools.sandbox import SandboxSettings

HOST = "127.0.0.1"
DEFAULT_PORT = 8717


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(sandbox)


def sandbox(
    port: Annotated[int, typer.Option(help="The port on this machine; 0 takes any free one.", min=0, max=65535)] = (
        DEFAULT_PORT
    ),
    latency: Annotated[float, typer.Option(help="Seconds a render takes at least.", min=0)] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Serve the video API's dialect from this machine. Its camera draws previz; nothing it sells costs money."""
    del as_json
    from callsheet.tools.sandbox import SandboxSettings, serve

    settings = SandboxSettings(folder=read_settings().home.absolute() / "served-sandbox", latency=latency)
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(settings, port, HOST, on_ready=lambda taken: _announce(taken, settings)))
    except OSError as error:
        raise WrongUse(f"Port {port} cannot be served: {error.strerror}. Take another, or --port 0.") from None
    console().say("The sandbox is closed; its jobs and its bill are kept.")


def _announce(port: int, settings: "SandboxSettings") -> None:
    say = console()
    url, model = f"http://{HOST}:{port}/v1", settings.models[0]
    say.say(f"The sandbox serves {url}, model {model}. It draws previz on this machine and costs nothing.", whole=True)
    say.say("From another window:", style="bold")
    say.say(f"  CALLSHEET_VIDEO_URL={url} callsheet run FOLDER", whole=True)
    say.say("From Python, with the openai package:", style="bold")
    say.say(f'  client = OpenAI(base_url="{url}", api_key="any")', whole=True)
    say.say(f'  client.videos.create(model="{model}", prompt="...", seconds="4", size="720x1280")', whole=True)
    say.say(f"What it sold: http://{HOST}:{port}/_sim/ledger; kept in {near(settings.folder)}", whole=True)
    say.say("Ctrl-C closes it.")
    say.document({"url": url, "model": model, "port": port, "folder": settings.folder})
    say.out.flush()
