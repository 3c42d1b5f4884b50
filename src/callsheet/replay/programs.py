"""The programs whose version can change bytes or words of a run, so that a difference can be explained."""

import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version

_LIBRARIES = ("callsheet", "numpy", "pillow", "langgraph", "langchain-openai")


@cache
def _ffmpeg() -> str:
    from callsheet.tools.ffmpeg import ffmpeg_exe

    said = subprocess.run([ffmpeg_exe(), "-version"], capture_output=True, text=True, timeout=20, check=False).stdout
    words = said.split()
    return words[2][:60] if len(words) > 2 else "unknown"


def programs() -> dict[str, str]:
    """Name and version of each; `not installed` for one that is not here."""
    return {"ffmpeg": _ffmpeg(), "machine": machine(), **{name: _version(name) for name in _LIBRARIES}}


def machine() -> str:
    """What kind of machine this is: an encoder rounds otherwise on another kind."""
    return f"{platform.system()} {platform.machine()}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
