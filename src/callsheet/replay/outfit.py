"""What a recording is made with: frozen input, settings of its own, a server to hear, keys that must not be in it."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from callsheet.domain.error import WrongUse
from callsheet.jobs.order import Patience
from callsheet.outside import Outside
from callsheet.replay.answers import Answers, scanning, signing
from callsheet.replay.asker import on_behalf
from callsheet.replay.clock import counted
from callsheet.replay.recording import CAMPAIGN, PROVIDERS, RECORDING, Waits
from callsheet.replay.scrub import Scrub
from callsheet.settings import Settings
from callsheet.tools.sandbox import Sandbox, SandboxSettings
from callsheet.tools.sandbox.fault import parse_scenario
from callsheet.tools.sandbox.server import served

EMBEDDED = Waits(deadline=600_000, grace=5_000, first_look=150)
REMOTE = Waits(deadline=1_800_000, grace=5_000, first_look=2_000)
_LEFT_OUT = shutil.ignore_patterns("out", ".*", "__pycache__")


def listening(waits: Waits, answers: Answers, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> Outside:
    """What stands between a studio and the world while everything is kept. `sleep` is what waiting takes."""

    def patience(usual: Patience) -> Patience:
        as_kept = replace(
            usual, deadline=waits.deadline / 1000, grace=waits.grace / 1000, first_look=waits.first_look / 1000
        )
        return counted(as_kept, sleep)

    return Outside(
        patience=patience, buys=on_behalf, signer=signing(answers, plays=False), scan=scanning(answers, plays=False)
    )


def own_settings(usual: Settings, place: Path, stack: ExitStack, faults: Sequence[str]) -> Settings:
    """The settings with a workspace of its own, and with a sandbox on a port where no server is named."""
    own: dict[str, object] = {"home": place / "home", "database_url": "", "media_url": ""}
    if usual.video_url and faults:
        raise WrongUse("only the sandbox plays faults, and CALLSHEET_VIDEO_URL names another server: unset one of them")
    if not usual.video_url:
        sandbox = Sandbox(SandboxSettings(folder=place / "sandbox", hang_seconds=2.0), time.time)
        sandbox.scenario = parse_scenario(list(faults))
        own["video_url"] = stack.enter_context(served(sandbox))
        if usual.scan == "auto":  # what the sandbox draws is not looked at, as in a workspace of its own
            own["scan"] = "off"
    return usual.model_copy(update=own)


def freeze(campaign: Path, usual: Settings, part: Path) -> None:
    """Copy the campaign, and own provider files, into the recording. Raises WrongUse."""
    if not campaign.is_dir():
        raise WrongUse(f"{campaign} is no folder; name a campaign folder, such as one made by callsheet new")
    shutil.copytree(campaign, part / CAMPAIGN, ignore=_LEFT_OUT)
    if usual.providers_folder.is_dir():
        shutil.copytree(usual.providers_folder, part / PROVIDERS, ignore=_LEFT_OUT)


def check_place(to: Path) -> None:
    """Raise WrongUse for a folder that holds anything but a recording."""
    if to.exists() and not (to / RECORDING).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise WrongUse(f"{to} is there and holds no recording: name another folder with --to, nothing is overwritten")


def check_clean(part: Path, scrub: Scrub) -> None:
    """No key may be in any file, wherever it came from: the campaign folder and the ledger are not scrubbed."""
    for path in sorted(part.rglob("*")):
        if path.is_file() and scrub.finds_secret(path.read_bytes()):
            raise WrongUse(
                f"{path.relative_to(part)} of the recording would hold a key of the settings, so nothing was kept: "
                "take the key out of the campaign, or out of what the server says"
            )


def secrets(settings: Settings) -> list[str]:
    """Every key that the settings hold."""
    said = (getattr(settings, name) for name in type(settings).model_fields)
    return [one.get_secret_value() for one in said if isinstance(one, SecretStr)]


def hosts(settings: Settings) -> dict[str, str]:
    """Stand-ins for the servers: their names may tell a customer's or a machine's."""
    named = {"video.invalid": settings.video_url, "chat.invalid": settings.chat_url}
    return {urlsplit(url).netloc.rpartition("@")[2]: stand_in for stand_in, url in named.items() if url}
